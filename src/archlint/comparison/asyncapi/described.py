"""In which languages parts of messages are described, and whether what nobody compares is another now."""

from __future__ import annotations

from archlint.comparison.asyncapi.bindings import bound
from archlint.comparison.asyncapi.encodings import are_compared_as_avro
from archlint.comparison.asyncapi.flows import Flow
from archlint.documents import Document, Node
from archlint.finding import Route
from archlint.model.asyncapi import Described
from archlint.model.event_formats import family_of, is_judged

_TYPES = frozenset(("array", "boolean", "integer", "null", "number", "object", "string"))
"""The types of JSON Schema; those of Avro are others beside."""
_OWN = "the format of AsyncAPI"
_AVRO = "avro"
_KEY = ("kafka", "key")
_MOST_PAIRS = 20_000
"""Pairs of values that are looked at; beyond, two descriptions count as different."""


def part_of_binding(flow: Flow, owner: Node, route: tuple[str, ...]) -> Described:
    """A schema in a binding, where a key of Kafka may be one of Avro without saying so."""
    stated = bound(flow, owner, *route)
    found = flow.description.unwrapped(stated) if flow.description.is_third else Described(stated)
    is_avro = route == _KEY and found.language is None and _is_avro(found.node)
    return Described(stated, "Avro") if is_avro else found


def why_unjudged(
    pair: tuple[Flow, Flow], parts: tuple[Described, Described], messages: tuple[Node, Node] | None = None
) -> str | None:
    """Why two descriptions cannot be compared; None if they are, or say the same, or if one says nothing and
    the other one is a schema of JSON.

    ``messages`` are those whose payloads they are.
    """
    stated = [each for each in parts if each.node.is_set]
    if all(each.schema is not None for each in stated) or _are_same(pair, parts[0].node, parts[1].node):
        return None
    if messages is not None and are_compared_as_avro(pair, messages):
        return None
    first, last = stated[0], stated[-1]
    if is_judged(first.language) and is_judged(last.language):
        return "it is no schema"
    if (
        messages is not None
        and len(stated) == 2
        and _AVRO == family_of(first.language) == family_of(last.language)
    ):
        return "the schemas do not stand in the same file"
    if first.language != last.language:
        return f"schemas in {_called(first)} are not compared with those in {_called(last)}"
    return f"schemas in {_called(first)} are not compared inside of AsyncAPI documents"


def meant(flow: Flow, node: Node) -> Node:
    """What a node is, or refers to; a reference that leads nowhere is meant itself."""
    found = flow.description.meant(node)
    return found if found.exists else node


def _called(part: Described) -> str:
    """The language in words."""
    return _OWN if part.language is None else f"'{part.language}'"


def _is_avro(node: Node) -> bool:
    """Whether a schema without a format can only be one of Avro: the name of a type, a union, or a schema
    with a type that JSON Schema does not have."""
    types = node.get("type")
    names = [each.text for each in types.elements()] if types.is_list else [types.text]
    is_other = types.is_map or any(name is not None and name not in _TYPES for name in names)
    return node.text is not None or node.is_list or is_other or node.get("items").text is not None


def _are_same(pair: tuple[Flow, Flow], old: Node, new: Node) -> bool:
    """Whether two descriptions say the same, references looked through."""
    waiting = [(old, new)]
    seen: set[tuple[Document, Route, Document, Route]] = set()
    while waiting:
        first, second = (meant(flow, each) for flow, each in zip(pair, waiting.pop(), strict=True))
        key = first.document, first.route, second.document, second.route
        if key in seen:
            continue
        if len(seen) >= _MOST_PAIRS:
            return False
        seen.add(key)
        if first.is_map and second.is_map:
            if first.value.keys() != second.value.keys():
                return False
            waiting.extend((each, second.get(name)) for name, each in first.items())
        elif first.is_list and second.is_list:
            if len(first.value) != len(second.value):
                return False
            waiting.extend(zip(first.elements(), second.elements(), strict=True))
        elif first.value != second.value:
            return False
    return True
