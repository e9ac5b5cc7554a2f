"""Rules of protovalidate as sets of values: JSON Schemas for the engine that compares schemas.

Bytes are texts of one character for each, durations and times numbers of nanoseconds. What no schema says
(formats, expressions, lengths in bytes) is left aside by name.
Source: https://protovalidate.com/reference/rules/
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from archlint.finding.records import dataclass, replace
from archlint.model.protobuf.rule_laws import NANOS, TIMES, exact, shown_value
from archlint.model.protobuf.rule_sets import RuleSet

_LOWERED = frozenset(
    (
        *("const", "in", "not_in", "lt", "lte", "gt", "gte", "len", "min_len", "max_len", "pattern"),
        *("prefix", "suffix", "contains", "not_contains", "min_items", "max_items", "unique"),
        *("min_pairs", "max_pairs", "example", "items", "keys", "values", "finite", "strict"),
    )
)
_COUNTS = {
    "repeated": ("array", "minItems", "maxItems", "min_items", "max_items"),
    "map": ("object", "minProperties", "maxProperties", "min_pairs", "max_pairs"),
}
_BOUNDS = {"gt": "exclusiveMinimum", "gte": "minimum", "lt": "exclusiveMaximum", "lte": "maximum"}
_TEXTS = frozenset(("string", "bytes"))
_ZEROS: dict[str, Any] = {"string": "", "bytes": "", "bool": False}


@dataclass(frozen=True, slots=True)
class ValueSet:
    """The values that rules let through."""

    schema: Any
    beside: frozenset[str]
    """Rules that are not in the schema, by what they say; each lets fewer values through."""
    is_demanded: bool
    """Whether the value has to be set; what is in a list or map always is."""
    zero: Any = None
    """The schema of what a field holds that is not set, where nobody can tell the two apart."""

    @property
    def without_zero(self) -> ValueSet:
        """The values but for that one."""
        return replace(self, schema={"allOf": [self.schema, {"not": self.zero}]})


def value_set(rules: RuleSet, kind: str) -> ValueSet:
    """The values that the rules of a field, element, key or value let through; ``kind`` is that of rules
    which fit it, empty for messages."""
    said = rules.said
    everything = _schema(kind, {}) if kind else True
    if rules.is_ignored or said.get("skipped") or rules.kind not in (None, kind):
        return ValueSet(everything, frozenset(), is_demanded=False)
    schema = _schema(kind, rules.rules) if kind else True
    if rules.is_zero_ignored and kind:
        schema = {"anyOf": [_zero(kind), schema]}
    beside = {
        f"{kind}.{name} = {shown_value(value)}" for name, value in rules.rules.items() if name not in _LOWERED
    }
    beside |= {f"cel = {rule.get('expression', '')}" for rule in said.get("cel", ())}
    beside |= {f"cel_expression = {text}" for text in said.get("cel_expression", ())}
    return ValueSet(schema, frozenset(beside), is_demanded=not rules.part and said.get("required") is True)


def _zero(kind: str) -> Any:
    if kind in _COUNTS:
        type_, _, most, _, _ = _COUNTS[kind]
        return {"type": type_, most: 0}
    return {"const": _ZEROS.get(kind, 0)}


def with_zero(values: ValueSet, kind: str) -> ValueSet:
    """The values of a field that holds zero if it is not set, so that to demand it is to refuse zero."""
    found = replace(values, zero=_zero(kind))
    return found.without_zero if values.is_demanded else found


def both(one: ValueSet, other: ValueSet) -> ValueSet:
    """What two sets let through together."""
    schemas = [each.schema for each in (one, other) if each.schema is not True]
    alike = schemas[:1] if len(schemas) == 2 and schemas[0] == schemas[1] else schemas
    schema = {"allOf": alike} if len(alike) > 1 else alike[0] if alike else True
    return ValueSet(schema, one.beside | other.beside, one.is_demanded or other.is_demanded)


def _schema(kind: str, said: Mapping[str | int, Any]) -> Any:
    if kind in _COUNTS:
        type_, least, most, low, high = _COUNTS[kind]
        found = {"type": type_} | {
            key: said[name] for key, name in ((least, low), (most, high)) if name in said
        }
        return found | ({"uniqueItems": True} if said.get("unique") else {})
    if kind in _TEXTS:
        return _text(kind, said)
    if kind in ("any", "field_mask"):
        return True
    type_ = "boolean" if kind == "bool" else "number" if kind in ("float", "double") else "integer"
    parts: list[Any] = [{"type": type_}, *_values(said)]
    limits = {name: plain(said[name]) for name in _BOUNDS if name in said}
    below = [limits[name] for name in ("gt", "gte") if name in limits]
    above = [limits[name] for name in ("lt", "lte") if name in limits]
    ranges: list[Any] = [{_BOUNDS[name]: value} for name, value in limits.items()]
    is_outside = bool(below and above) and below[0] > above[0]
    return {"allOf": [*parts, {"anyOf": ranges}] if is_outside else [*parts, *ranges]}


def plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, Mapping):
        seconds, nanos = exact(value)
        return seconds * NANOS + nanos
    if isinstance(value, float) and (math.isinf(value) or math.isnan(value)):
        return 0 if math.isnan(value) else math.copysign(2.0**1000, value)
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _values(said: Mapping[str | int, Any]) -> list[Any]:
    found: list[Any] = [{"const": plain(said["const"])}] if "const" in said else []
    if said.get("in"):
        found.append({"enum": [plain(value) for value in said["in"]]})
    if said.get("not_in"):
        found.append({"not": {"enum": [plain(value) for value in said["not_in"]]}})
    return found


def _text(kind: str, said: Mapping[str | int, Any]) -> Any:
    parts: list[Any] = [{"type": "string"}, *_values(said)]
    for name, key in (("min_len", "minLength"), ("max_len", "maxLength")):
        if name in said:
            parts.append({key: said[name]})
    if "len" in said:
        parts.append({"minLength": said["len"], "maxLength": said["len"]})
    for name, pattern in (("prefix", "^{}"), ("suffix", "{}$"), ("contains", "{}")):
        if name in said:
            parts.append({"pattern": pattern.format(re.escape(plain(said[name])))})
    if "not_contains" in said:
        parts.append({"not": {"pattern": re.escape(said["not_contains"])}})
    if "pattern" in said:
        parts.append({"pattern": said["pattern"]})
    return {"allOf": parts}


def shown_witness(kind: str, value: Any) -> str:
    """A value that proves something, as people read it."""
    if kind in TIMES and isinstance(value, int):
        whole, rest = divmod(abs(value), NANOS)
        return f"{'-' if value < 0 else ''}{f'{whole}.{rest:09}'.rstrip('0').rstrip('.')}s"
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:50]}... ({len(text)} characters)"
