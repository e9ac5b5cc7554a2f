"""Faults of values against schemas, and the words of Spectral for them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from archlint.model.rulesets.values import text_of, type_of

__all__ = ["Fault", "describe", "each_unexpected"]

_Route = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """One keyword that a value breaks."""

    keyword: str
    route: _Route
    keywords: tuple[str | int, ...]
    """The way of keywords to it in the schema."""
    details: dict[str, Any]
    message: str
    branches: tuple[tuple[Fault, ...], ...] = ()
    is_limit: bool = False

    @property
    def is_choice_without_match(self) -> bool:
        """Whether none of the branches of a choice matches."""
        return self.keyword == "anyOf" or (self.keyword == "oneOf" and any(self.branches))

    @classmethod
    def of(cls, error: Any) -> Fault:
        """The fault that an error of jsonschema-rs tells."""
        keywords = tuple(error.schema_path)
        details = error.kind.as_dict()
        branches = getattr(error.kind, "context", None) or ()
        return cls(
            _keyword(keywords, error.kind.name),
            tuple(error.instance_path),
            keywords,
            details if isinstance(details, dict) else {},
            error.message,
            tuple(tuple(cls.of(inner) for inner in branch) for branch in branches),
            type(error.kind).__name__ in ("BacktrackLimitExceeded", "RegexEngineFailure"),
        )


def _keyword(keywords: Sequence[str | int], kind: str) -> str:
    if kind == "falseSchema" and keywords[-1:] != ("additionalProperties",):
        return "false schema"
    return next((part for part in reversed(keywords) if isinstance(part, str)), "")


def each_unexpected(fault: Fault, value: Any, all_errors: bool) -> list[Fault]:
    """A fault for each property that is not expected, or for the first alone; other faults as they are."""
    if fault.keyword != "additionalProperties":
        return [fault]
    for part in fault.route:
        value = value[part]
    names = list(fault.details.get("unexpected") or value)
    return [replace(fault, details={"name": name}) for name in (names if all_errors else names[:1])]


def describe(
    fault: Fault, same: Sequence[Fault], schema: Any, value: Any, *, name: str | None, choice: str | None
) -> str:
    """The message of a fault.

    ``same`` are the faults of lists of values that are told as one, ``name`` is the key of the value, and
    ``choice`` the keyword of which no branch matches at the fault's place.
    """
    target = value
    for part in fault.route:
        # keys of digits alone come as numbers
        target = target[str(part)] if isinstance(target, dict) else target[part]
    owner = str(fault.route[-1]) if fault.route else name
    if fault.keyword == "additionalProperties":
        return f'Property "{fault.details["name"]}" is not expected to be here'
    is_item = bool(fault.route) and owner is not None and owner.isdecimal()
    subject = f"Item at index {owner}" if is_item else f'"{owner}" property'
    if owner is None:
        subject = "Value" if fault.keyword == "type" else type_of(target).capitalize()
    if fault.keyword == "type":
        return f"{subject}{'' if is_item else ' type'} must be {_types(_written(schema, fault))}"
    if fault.keyword == "enum":
        return f"{subject} {_enumerated(same, target)}"
    if fault.keyword == "pattern":
        return f'{subject} must match pattern "{_written(schema, fault)}"'
    words = _WORDS.get(fault.keyword)
    text = f"{subject} {words(fault.details) if words else fault.message}"
    if choice is not None and text.endswith(f" in {choice}"):
        text += ". None of the schemas matched, see the other errors reported for this value"
    return text


def _written(schema: Any, fault: Fault) -> Any:
    """What the schema has for the keyword, or what the fault tells where a reference leads away from it."""
    for part in fault.keywords:
        try:
            schema = schema[part]
        except (KeyError, IndexError, TypeError):
            return fault.details.get("types", fault.details.get("pattern"))
    return schema


def _types(types: Any) -> str:
    return ",".join(types) if isinstance(types, list) else text_of(types)


def _enumerated(same: Sequence[Fault], target: Any) -> str:
    if not same:
        return "must be equal to one of the allowed values"
    values: list[Any] = []
    for fault in same:
        listed = fault.details.get("options", [])
        values += [value for value in (listed if isinstance(listed, list) else []) if value not in values]
    written = ", ".join(json.dumps(value, ensure_ascii=False) for value in values)
    text = f"must be equal to one of the allowed values: {written}"
    nearest = _nearest([value for value in values if isinstance(value, str)], target, len(values))
    return f'{text}. Did you mean "{nearest}"?' if nearest is not None else text


def _nearest(values: Sequence[str], target: Any, count: int) -> str | None:
    """The listed text that takes the fewest edits, if it takes fewer than it has characters."""
    if not isinstance(target, str) or not values or len(target) > 200 or len(values) > 200:
        return None
    best = min(values, key=lambda value: _edits(value[:200], target))
    return best if count == 1 or _edits(best[:200], target) < len(best) else None


def _edits(first: str, second: str) -> int:
    row = list(range(len(second) + 1))
    for position, character in enumerate(first, 1):
        before, row[0] = row[0], position
        for column, other in enumerate(second, 1):
            before, row[column] = (
                row[column],
                min(row[column] + 1, row[column - 1] + 1, before + (character != other)),
            )
    return row[-1]


def _number(details: dict[str, Any]) -> str:
    return text_of(details.get("limit"))


_WORDS: dict[str, Callable[[dict[str, Any]], str]] = {
    "required": lambda details: f'must have required property "{details.get("property")}"',
    "const": lambda details: "must be equal to constant",
    "format": lambda details: f'must match format "{details.get("format")}"',
    "minimum": lambda details: f"must be >= {_number(details)}",
    "maximum": lambda details: f"must be <= {_number(details)}",
    "exclusiveMinimum": lambda details: f"must be > {_number(details)}",
    "exclusiveMaximum": lambda details: f"must be < {_number(details)}",
    "multipleOf": lambda details: f"must be multiple of {text_of(details.get('multiple_of'))}",
    "minLength": lambda details: f"must not have fewer than {_number(details)} characters",
    "maxLength": lambda details: f"must not have more than {_number(details)} characters",
    "minItems": lambda details: f"must not have fewer than {_number(details)} items",
    "maxItems": lambda details: f"must not have more than {_number(details)} items",
    "minProperties": lambda details: f"must not have fewer than {_number(details)} properties",
    "maxProperties": lambda details: f"must not have more than {_number(details)} properties",
    "uniqueItems": lambda details: "must not have duplicate items",
    "false schema": lambda details: "boolean schema is false",
    "if": lambda details: f'must match "{details.get("branch")}" schema',
    "not": lambda details: "must not be valid",
    "anyOf": lambda details: "must match a schema in anyOf",
    "oneOf": lambda details: "must match exactly one schema in oneOf",
    "contains": lambda details: "must contain at least 1 valid item(s)",
    "propertyNames": lambda details: "property name must be valid",
    "unevaluatedProperties": lambda details: "must not have unevaluated properties",
}
