"""What the files of a repository refer to of the components of API descriptions."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from archlint.documents import Node
from archlint.files import API_DESCRIPTIONS, Kind
from archlint.finding.place import pointer_of
from archlint.model.world import World


def component_references(world: World) -> dict[str, Counter[str]]:
    """What is referred to in each file, and how often: pointers to components, and anchors."""
    found: dict[str, Counter[str]] = {}
    for document in world.documents(*API_DESCRIPTIONS, Kind.JSON_SCHEMA, Kind.DATA):
        for text in _texts(document.data):
            file, _, fragment = text.partition("#")
            path = document.path
            if file:
                path = posixpath.normpath(posixpath.join(posixpath.dirname(path), file))
            parts = fragment.split("/")
            depth = 4 if parts[1:2] == ["components"] else 3
            found.setdefault(path, Counter())["/".join(parts[:depth])] += 1
            if "/" not in text and "#" not in text:  # a discriminator may map to the bare name of a schema
                found.setdefault(document.path, Counter()).update(
                    (f"/components/schemas/{text}", f"/definitions/{text}", text)
                )
    return found


def _texts(data: Any) -> Iterator[str]:
    """The text of each reference in a value wherever it stands, and all that a discriminator maps to."""
    waiting: list[Any] = [data]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            reference, mapping = value.get("$ref"), value.get("mapping")
            if isinstance(reference, str):
                yield unquote(reference)
            if isinstance(mapping, dict):
                yield from (unquote(text) for text in mapping.values() if isinstance(text, str))
            waiting.extend(item for item in value.values() if isinstance(item, (dict, list)))
        elif isinstance(value, list):
            waiting.extend(item for item in value if isinstance(item, (dict, list)))


def is_referred_to(entry: Node, used: Counter[str]) -> bool:
    """Whether anything but the component itself refers to it."""
    pointer = pointer_of(entry.route)
    if used[pointer]:
        own = sum(text == "#" + pointer or text.startswith(f"#{pointer}/") for text in _texts(entry.value))
        return used[pointer] > own
    named = [entry.value.get(key) for key in ("$anchor", "$dynamicAnchor", "$id")] if entry.is_map else []
    return any(isinstance(name, str) and name in used for name in named)
