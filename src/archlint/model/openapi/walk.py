"""Every reference of a document, by a walk that tells maps of names and literal data from objects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archlint.documents import Document, Node
from archlint.finding import Route

_NAME_MAPS = frozenset(
    (
        *("properties", "patternProperties", "dependentSchemas", "definitions", "$defs", "schemas"),
        *("responses", "parameters", "requestBodies", "headers", "securitySchemes"),
        *("securityDefinitions", "links", "callbacks", "pathItems", "paths", "webhooks", "content"),
        *("encoding", "variables", "additionalOperations", "mediaTypes"),
    )
)
"""Keys whose value is a map from names that the author chose, so that ``default`` in it is a name."""
_LITERALS = frozenset(("example", "default", "enum", "const", "value", "dataValue", "mapping", "scopes"))
"""Keys whose value is data, in which ``$ref`` means nothing."""


def references_in(document: Document, top: Route = ()) -> Iterator[tuple[Node, str]]:
    """Each element with a ``$ref`` and its text, and each entry of a discriminator's mapping that is a
    reference, in no particular order; ``top`` narrows the walk to one element."""
    for route, value in objects_in(document, top):
        if isinstance(value.get("$ref"), str):
            yield Node(document, route, value), value["$ref"]
        if "discriminator" in value:
            yield from _mapped(document, route, value["discriminator"])


def dynamic_references_in(document: Document) -> Iterator[tuple[Node, str]]:
    """Each schema with a ``$dynamicRef``, and its text."""
    if "$dynamicRef" in document.text:
        for route, value in objects_in(document):
            if isinstance(value.get("$dynamicRef"), str):
                yield Node(document, route, value), value["$dynamicRef"]


def objects_in(document: Document, top: Route = ()) -> Iterator[tuple[Route, dict[str, Any]]]:
    """Each map that is no map of names and no data, those around it before it."""
    start = document.at(top)
    is_v2 = start.is_map and document.root.get("swagger").exists
    waiting: list[tuple[Route, Any, bool]] = [(top, start.value, bool(top) and top[-1] in _NAME_MAPS)]
    while waiting:
        route, value, is_names = waiting.pop()
        if isinstance(value, list):
            waiting.extend(((*route, at), item, False) for at, item in enumerate(value) if _holds(item))
            continue
        if not isinstance(value, dict):
            continue
        if not is_names:
            yield route, value
        for key, child in value.items():
            if not _holds(child):
                continue
            if is_names:
                waiting.append(((*route, key), child, False))
            else:
                kind = kind_of(key, child, is_v2=is_v2)
                if kind is not None:
                    waiting.append(((*route, key), child, kind))


def kind_of(key: str, child: Any, *, is_v2: bool = False) -> bool | None:
    """Whether what stands at a key of an object is a map of names; ``None`` if it is data."""
    if key == "examples":
        return True if isinstance(child, dict) and not is_v2 else None
    if key in _LITERALS or key.startswith("x-"):
        return None
    return key in _NAME_MAPS and isinstance(child, dict)


def _holds(value: Any) -> bool:
    return isinstance(value, (dict, list))


def _mapped(document: Document, route: Route, discriminator: Any) -> Iterator[tuple[Node, str]]:
    """Entries of a mapping that can only be references: names of components have no ``/``."""
    mapping = discriminator.get("mapping") if isinstance(discriminator, dict) else None
    for key, text in mapping.items() if isinstance(mapping, dict) else ():
        if isinstance(text, str) and "/" in text:
            yield Node(document, (*route, "discriminator", "mapping", key), text), text
