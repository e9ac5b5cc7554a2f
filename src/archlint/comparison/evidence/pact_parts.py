"""Where a contract says something of a part of a value, and what: to mark it, and to tell it in words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from archlint.documents import Node
from archlint.model.evidence.pact_values import At, ExpectedPart
from archlint.model.openapi import types_of
from archlint.model.openapi.references import References

_MOST = 200
_MOST_VALUES = 8
_CHOICES = ("allOf", "anyOf", "oneOf")


def forms_of(schema: Node, references: References) -> list[Node]:
    """A schema behind its references, and those that look at the same value."""
    found: list[Node] = []
    waiting, seen = [schema], set[tuple[str, tuple[str | int, ...]]]()
    while waiting and len(found) < _MOST:
        node = waiting.pop()
        where = (node.document.path, node.route)
        if not node.is_map or where in seen:
            continue
        seen.add(where)
        if isinstance(node.value.get("$ref"), str):
            target, _ = references.step(node, node.value["$ref"])
            if target is not None:
                waiting.append(target)
            if len(node.value) == 1:
                continue
        found.append(node)
        for name in _CHOICES:
            waiting.extend(reversed(list(node.get(name).elements())))
    return found


def declared_at(schema: Node, part: ExpectedPart, references: References) -> list[Node]:
    """The schemas that a contract states for a part of a value, by their entries."""
    return [node for form in forms_of(schema, references) for node in _entries(form, part)]


def _entries(form: Node, part: ExpectedPart) -> Iterator[Node]:
    if part.at in (At.MEMBER, At.VALUE):
        own = form.get("properties", part.name)
        rest = form.get("additionalProperties")
        if part.at is At.MEMBER and own.exists:
            yield own
        elif rest.is_map:
            yield rest
    else:
        first = form.get("prefixItems", part.index)
        items = form.get("items")
        if first.exists:
            yield first
        elif items.is_map:
            yield items


def lacking(schema: Node, part: ExpectedPart, references: References) -> Node:
    """The element to add a member to that no schema declares: where others are declared, else the schema."""
    forms = forms_of(schema, references)
    home = next((form for form in forms if form.get("properties").is_map), None)
    return home.get("properties", part.name) if home is not None else (forms or [schema])[0]


def stated_words(schema: Node, references: References) -> str:
    """What a contract says of a value, in few words."""
    found: dict[str, None] = {}
    for form in forms_of(schema, references):
        values = form.get("enum")
        if values.is_list and 0 < len(values.value) <= _MOST_VALUES:
            found[value_words([item.value for item in values.elements()])] = None
        elif form.get("const").exists:
            found[_shown(form.get("const").value)] = None
        elif types_of(form.value):
            kind = " or ".join(TYPE_WORDS[name] for name in types_of(form.value))
            found[kind + _more_of(form)] = None
    return " or ".join(list(found)[:4]) or "something else"


def value_words(values: Sequence[object]) -> str:
    """Values that a contract lists."""
    return " or ".join(map(_shown, values[:_MOST_VALUES]))


def _more_of(form: Node) -> str:
    """What a contract says besides the type: a form, else the limits."""
    form_of = next((form.get(name).text for name in ("format", "pattern") if form.get(name).text), None)
    limits = (
        f"{name} {json.dumps(form.get(name).value)}" for name in _LIMITS if _is_limit(form.get(name).value)
    )
    said = form_of or ", ".join(limits)
    return f" ({said})" if said else ""


def _is_limit(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


_LIMITS = (
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    *("minLength", "maxLength", "minItems", "maxItems"),
)
TYPE_WORDS = {
    "object": "an object",
    "array": "an array",
    "string": "a string",
    "integer": "an integer",
    "number": "a number",
    "boolean": "a boolean",
    "null": "null",
}
"""How values of each type of JSON Schema are called."""
_LONGEST = 40


def _shown(value: object) -> str:
    """A value that the contract states."""
    if isinstance(value, (dict, list)):
        return "a value of its own"
    return f"'{value[:_LONGEST]}'" if isinstance(value, str) else json.dumps(value)[:_LONGEST]
