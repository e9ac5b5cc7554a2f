"""Checks configuration against the part of JSON Schema that archlint's own schemas use, with exact places.

Loading a library for it takes longer than a short run may; one is used only for options of rules whose
schema says more than this module knows (see ``is_simple``), and for patterns.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from math import isfinite
from typing import Any

from archlint.config.patterns import is_pattern, matches
from archlint.config.words import as_text, nearest, one_of
from archlint.documents import Node
from archlint.finding import Place
from archlint.finding.days import is_day

Problem = tuple[Place, str]
"""Where something is wrong, and a sentence that tells what to write."""

_TYPES: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "object": (lambda value: isinstance(value, dict), "a map"),
    "array": (lambda value: isinstance(value, list), "a list"),
    "string": (lambda value: isinstance(value, str), "a text"),
    "boolean": (lambda value: isinstance(value, bool), "true or false"),
    "integer": (lambda value: isinstance(value, int) and not isinstance(value, bool), "a whole number"),
    "number": (lambda value: _is_number(value) and (isinstance(value, int) or isfinite(value)), "a number"),
    "null": (lambda value: value is None, "null"),
}
_CHECKED = frozenset(
    {
        "type",
        "enum",
        "minimum",
        "maximum",
        "pattern",
        "format",
        "minItems",
        "items",
        "properties",
        "additionalProperties",
        "required",
    }
)
_SAID = frozenset({"title", "description", "default", "examples", "deprecated", "$comment"})


def is_simple(schema: Any) -> bool:
    """Whether ``problems`` understands every word of a schema, and every word is used as it should be."""
    if not isinstance(schema, dict) or set(schema) - _CHECKED - _SAID:
        return False
    if not all(_is_well_formed(key, value) for key, value in schema.items()):
        return False
    below = [*schema.get("properties", {}).values()]
    below += [schema["items"]] if "items" in schema else []
    others = schema.get("additionalProperties", True)
    return all(map(is_simple, below)) and (isinstance(others, bool) or is_simple(others))


def _is_well_formed(key: str, value: Any) -> bool:
    """Whether the value of a word of a schema has the type that it must have."""
    if key == "type":
        return all(isinstance(item, str) and item in _TYPES for item in _listed(value))
    if key == "pattern":
        return isinstance(value, str) and is_pattern(value)
    if key == "format":
        return value in ("date", "regex")
    if key in ("minimum", "maximum", "minItems"):
        return _is_number(value)
    if key in ("enum", "examples"):
        return isinstance(value, list)
    if key == "required":
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    return key != "properties" or isinstance(value, dict)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def problems(node: Node, schema: Mapping[str, Any], name: str) -> Iterator[Problem]:
    """What is wrong with a value; ``name`` is how messages call it."""
    types = _listed(schema.get("type", []))
    if "enum" not in schema and types and not any(_TYPES[item][0](node.value) for item in types):
        called = f"'{name}'" if name else "the configuration"
        words = " or ".join(_TYPES[item][1] for item in types)
        yield (
            node.value_place(),
            f"{called} must be {words}, not {as_text(node.value)}{_example(name, schema)}",
        )
        return
    if "enum" in schema and node.value not in schema["enum"]:
        choice = one_of(schema["enum"])
        hint = nearest(str(node.value), [str(item) for item in schema["enum"]])
        yield node.value_place(), f"'{name}' is {as_text(node.value)}; write {choice}{hint}{_advice(schema)}"
    yield from _scalar_problems(node, schema, name)
    if node.is_list:
        yield from _list_problems(node, schema, name)
    if node.is_map:
        yield from _map_problems(node, schema, name)


def _scalar_problems(node: Node, schema: Mapping[str, Any], name: str) -> Iterator[Problem]:
    value = node.value
    if isinstance(value, (int, float)):
        if "minimum" in schema and value < schema["minimum"]:
            yield node.value_place(), f"'{name}' is {value}; the least that is allowed is {schema['minimum']}"
        if "maximum" in schema and value > schema["maximum"]:
            yield node.value_place(), f"'{name}' is {value}; the most that is allowed is {schema['maximum']}"
    if not isinstance(value, str):
        return
    if schema.get("format") == "date" and not is_day(value):
        yield node.value_place(), f"'{name}' is {as_text(value)}; write a date as YYYY-MM-DD"
    if schema.get("format") == "regex" and not is_pattern(value):
        said = "which is no regular expression without look-around and references back"
        yield node.value_place(), f"'{name}' is {as_text(value)}, {said}{_example(name, schema)}"
    if "pattern" in schema and not matches(schema["pattern"], value):
        yield node.value_place(), f"'{name}' {_mismatch(value, schema)}{_example(name, schema)}"


def _mismatch(value: str, schema: Mapping[str, Any]) -> str:
    """How a text differs from a pattern: the title of the schema says what the pattern means."""
    if not value.strip():
        return "is empty"
    wanted = f"is no {schema['title']}" if "title" in schema else f"does not match {schema['pattern']}"
    return f"is {as_text(value)}, which {wanted}"


def _list_problems(node: Node, schema: Mapping[str, Any], name: str) -> Iterator[Problem]:
    if len(node.value) < schema.get("minItems", 0):
        yield node.value_place(), f"'{name}' is empty{_example(name, schema)}"
    for index, item in enumerate(node.elements()):
        yield from problems(item, schema.get("items", {}), f"{name}[{index}]")


def _map_problems(node: Node, schema: Mapping[str, Any], name: str) -> Iterator[Problem]:
    known: Mapping[str, Any] = schema.get("properties", {})
    others = schema.get("additionalProperties", True)
    for key in schema.get("required", ()):
        if key not in node.value:
            yield node.place(), f"'{key}' is missing{_where(name)}{_example(key, known.get(key, {}))}"
    for key, value in node.items():
        if key in known:
            yield from problems(value, known[key], key)
        elif others is False:
            yield value.place(), f"unknown key '{key}'{_where(name)}{unknown_hint(key, known)}"
        elif isinstance(others, dict):
            yield from problems(value, others, key)


def unknown_hint(key: str, known: Iterable[str]) -> str:
    """What to write instead of an unknown key."""
    names = list(known)
    return nearest(key, names) or (f"; known are {', '.join(names)}" if names else "; it has no keys")


def _where(name: str) -> str:
    return f" in '{name}'" if name else ""


def _advice(schema: Mapping[str, Any]) -> str:
    """The part of a description that says what to do instead."""
    description = str(schema.get("description", ""))
    _, separator, advice = description.partition(". ")
    return f". {advice.rstrip('.')}" if separator else ""


def _example(name: str, schema: Mapping[str, Any]) -> str:
    """What to type, from the first example of a schema, or else from its default."""
    examples = schema.get("examples") or [schema[key] for key in ("default",) if key in schema]
    return f"; write {name.partition('[')[0]}: {json.dumps(examples[0])}" if examples else ""
