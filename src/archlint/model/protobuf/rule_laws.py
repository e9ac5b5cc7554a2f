"""What cannot be true of rules of protovalidate: rules that do not fit, contradict each other, or do nothing.

Each law gives the rule that is to be edited; of two rules that contradict each other both.
Source: https://protovalidate.com/reference/rules/ and, for what is told, https://buf.build/docs/lint/rules/
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from archlint.finding.articles import with_article
from archlint.finding.records import dataclass
from archlint.model.protobuf.fields import Field, Label, knows_presence
from archlint.model.protobuf.rule_sets import WRAPPERS, RuleSet
from archlint.model.protobuf.validation import Numbers

_NUMBERS = frozenset(
    (
        *("float", "double", "int32", "int64", "uint32", "uint64", "sint32", "sint64", "fixed32"),
        *("fixed64", "sfixed32", "sfixed64"),
    )
)
TIMES = frozenset(("duration", "timestamp"))
_BOUNDED = _NUMBERS | TIMES
_WITH_CONST = _BOUNDED | {"string", "bytes", "enum", "field_mask"}
_BOUNDS = ("gt", "gte", "lt", "lte")
_LENGTHS = {
    "string": (("len", "min_len", "max_len"), ("len_bytes", "min_bytes", "max_bytes")),
    "bytes": (("len", "min_len", "max_len"),),
    "repeated": (("", "min_items", "max_items"),),
    "map": (("", "min_pairs", "max_pairs"),),
}
_PARTS = ("prefix", "suffix", "contains")
_LONGEST_CHARACTER = 4
"""Bytes of UTF-8."""
NANOS = 1_000_000_000
"""Nanoseconds of a second."""
_LONGEST_DURATION = 9_223_372_036_854_775_428
"""Nanoseconds of the longest duration that all validators can count: 292 years."""
_FIRST_SECOND, _LAST_SECOND = -62_135_596_800, 253_402_300_799
"""The years 1 to 9999."""


@dataclass(frozen=True, slots=True)
class BrokenLaw:
    """A rule that is to be edited."""

    law: str
    numbers: Numbers
    rule: str
    """Its name, as one writes it behind the option."""
    arguments: Mapping[str, Any]


def _broken(law: str, rules: RuleSet, name: str, index: int | None = None, **arguments: Any) -> BrokenLaw:
    return BrokenLaw(law, rules.to_rule(name, index), rules.shown_rule(name), arguments)


def _broken_beside(law: str, rules: RuleSet, name: str, **arguments: Any) -> BrokenLaw:
    """Of a rule that stands beside those for a type, such as ``required``."""
    return BrokenLaw(law, rules.to(name), rules.shown(name), arguments)


def misfits(field: Field, rules: RuleSet) -> Iterator[BrokenLaw]:
    """Rules for another type than the value has, and rules where they can do nothing."""
    kind = rules.kind
    if kind is not None and not _fits(field, rules, kind):
        yield _broken_beside("default", rules, kind, type=_type_text(field, rules), kind=kind)
    if kind == "repeated" and rules.rules.get("unique") and _cannot_be_unique(field, rules):
        yield _broken("unique", rules, "unique", type=field.type_name)
    why = _why_not_required(field, rules) if rules.said.get("required") else None
    if why is not None:
        yield _broken_beside("required", rules, "required", why=why)
    if rules.is_zero_ignored and not rules.part and field.extendee:
        yield _broken_beside("ignore", rules, "ignore")


def _cannot_be_unique(field: Field, rules: RuleSet) -> bool:
    is_list = not rules.part and field.label is Label.REPEATED
    return is_list and rules.is_message and rules.type_name not in WRAPPERS


def _why_not_required(field: Field, rules: RuleSet) -> str | None:
    """Why a value cannot be demanded, if it cannot."""
    if rules.part:
        return f"{with_article(rules.part)} that is there is always set"
    if field.extendee:
        return "an extension cannot be demanded of those who do not know it"
    return f"it is one of several in the oneof '{field.oneof}'" if field.oneof else None


def _fits(field: Field, rules: RuleSet, kind: str) -> bool:
    if kind == "repeated":
        return field.label is Label.REPEATED and not rules.part
    if kind == "map":
        return field.label is Label.MAP and not rules.part
    if not rules.part and field.label in (Label.REPEATED, Label.MAP):
        return False
    return rules.fits == kind


def _type_text(field: Field, rules: RuleSet) -> str:
    if rules.part:
        return f"{with_article(rules.part)} of type {rules.type_name or rules.type}"
    own = field.type_text
    return f"a list of {own}" if field.label is Label.REPEATED else f"a value of type {own}"


def conflicts(rules: RuleSet) -> Iterator[BrokenLaw]:
    """Rules that no value can fulfil together, or that say nothing that can be checked."""
    kind, said = rules.kind, rules.rules
    if rules.said.get("required") and rules.is_zero_ignored:
        for one, other in (("required", "ignore"), ("ignore", "required")):
            yield _broken_beside("demanded", rules, one, other=rules.shown(other))
    if kind is None:
        return
    if kind in _BOUNDED:
        yield from _bounds(rules)
    if kind in ("float", "double"):
        yield from _not_numbers(rules)
    if kind in TIMES:
        yield from _times(rules)
    for _, least, most in _LENGTHS.get(kind, ()):
        low, high = said.get(least), said.get(most)
        if low is not None and high is not None and low > high:
            yield from _pair(rules, least, most)
    if kind in ("string", "bytes"):
        yield from _texts(rules)
    if kind == "field_mask":
        for path in sorted(set(said.get("in", ())) & set(said.get("not_in", ()))):
            yield _broken("both", rules, "in", 0, value=path, other=rules.shown_rule("not_in"))


def _pair(rules: RuleSet, one: str, other: str) -> Iterator[BrokenLaw]:
    """Two rules that contradict each other, each with the other."""
    said = rules.rules
    for first, second in ((one, other), (other, one)):
        yield _broken(
            "pair",
            rules,
            first,
            value=shown_value(said[first]),
            other=rules.shown_rule(second),
            second=shown_value(said[second]),
        )


def _bounds(rules: RuleSet) -> Iterator[BrokenLaw]:
    """The same bound from both sides, which nothing fulfils unless both may be reached."""
    said = rules.rules
    low = next((name for name in ("gt", "gte") if name in said), None)
    high = next((name for name in ("lt", "lte") if name in said), None)
    if low is None or high is None or (low, high) == ("gte", "lte"):
        return
    if exact(said[low]) == exact(said[high]):
        yield from _pair(rules, low, high)


def exact(value: Any) -> Any:
    """A value that can be compared: durations and times by their seconds and nanoseconds."""
    return (value.get("seconds", 0), value.get("nanos", 0)) if isinstance(value, Mapping) else value


def shown_value(value: Any) -> str:
    """A value of a rule as people read it."""
    if isinstance(value, Mapping):
        if "paths" in value:
            return ",".join(value["paths"])
        seconds, nanos = exact(value)
        return f"{seconds}s" if not nanos else f"{seconds}s and {nanos}ns"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, bytes):
        return repr(value)[2:-1]
    return str(value)


def _not_numbers(rules: RuleSet) -> Iterator[BrokenLaw]:
    """NaN, which is neither equal to anything nor less or more."""
    said = rules.rules
    for name in ("const", *_BOUNDS):
        if name in said and math.isnan(said[name]):
            yield _broken("invalid", rules, name, value="NaN", why="which nothing compares with")
    for name in ("in", "not_in"):
        for index, value in enumerate(said.get(name, ())):
            if math.isnan(value):
                yield _broken("invalid", rules, name, index, value="NaN", why="which nothing is equal to")


def _times(rules: RuleSet) -> Iterator[BrokenLaw]:
    said = rules.rules
    for name in ("const", *_BOUNDS):
        why = _why_invalid(exact(said[name]), rules.kind == "duration") if name in said else None
        if why is not None:
            yield _broken("invalid", rules, name, value=shown_value(said[name]), why=why)
    within = said.get("within")
    if within is not None:
        is_span = exact(within) > (0, 0)
        why = _why_invalid(exact(within), is_duration=True) if is_span else "not a span of time above 0"
        if why is not None:
            yield _broken("invalid", rules, "within", value=shown_value(within), why=why)
    if said.get("gt_now") and said.get("lt_now"):
        yield from _pair(rules, "gt_now", "lt_now")


def _why_invalid(value: tuple[int, int], is_duration: bool) -> str | None:
    """Why seconds and nanoseconds are no duration or time."""
    seconds, nanos = value
    if is_duration:
        if abs(seconds * NANOS + nanos) > _LONGEST_DURATION:
            return "longer than the 292 years that validators can count"
        if abs(nanos) >= NANOS:
            return "with more nanoseconds than a second has"
        return "with signs that differ" if seconds * nanos < 0 else None
    if not _FIRST_SECOND <= seconds <= _LAST_SECOND:
        return "outside of the years 1 to 9999"
    return None if 0 <= nanos < NANOS else "with nanoseconds that are not from 0 to 999,999,999"


def _texts(rules: RuleSet) -> Iterator[BrokenLaw]:
    said = rules.rules
    longest, most_bytes = said.get("max_len"), said.get("max_bytes")
    if rules.kind == "string":
        if most_bytes is not None and said.get("min_len", 0) > most_bytes:
            yield from _pair(rules, "min_len", "max_bytes")
        if longest is not None and said.get("min_bytes", 0) > longest * _LONGEST_CHARACTER:
            yield from _pair(rules, "max_len", "min_bytes")
        if said.get("strict") is False and "well_known_regex" not in said:
            yield _broken("alone", rules, "strict", other=rules.shown_rule("well_known_regex"))
    for name in _PARTS:
        part = said.get(name)
        if part is None:
            continue
        if longest is not None and len(part) > longest:
            yield _broken(
                "longer", rules, name, length=len(part), other=rules.shown_rule("max_len"), most=longest
            )
        elif most_bytes is not None and len(part.encode()) > most_bytes:
            other = rules.shown_rule("max_bytes")
            yield _broken("longer", rules, name, length=len(part.encode()), other=other, most=most_bytes)
        excluded = said.get("not_contains")
        if excluded is not None and excluded in part:
            other = rules.shown_rule("not_contains")
            yield _broken("excluded", rules, name, value=part, other=other, second=excluded)


def is_countable(value: Any, *, is_duration: bool) -> bool:
    """Whether validators can calculate with a duration or time, though it may be written in an odd way."""
    seconds, nanos = exact(value)
    if is_duration:
        return bool(abs(seconds * NANOS + nanos) <= _LONGEST_DURATION)
    return bool(_FIRST_SECOND <= seconds + nanos // NANOS <= _LAST_SECOND)


def redundant(field: Field, rules: RuleSet) -> Iterator[BrokenLaw]:
    """Rules that change nothing, since others decide, or that are said more simply."""
    kind, said = rules.kind, rules.rules
    known = [name for name in rules.said if isinstance(name, str)]
    if rules.is_ignored and len(known) > 1:
        yield _broken_beside("ignored", rules, "ignore")
    if rules.is_zero_ignored and _tracks_presence(field, rules) and not field.extendee:
        yield _broken_beside("presence", rules, "ignore")
    if kind in _WITH_CONST and "const" in said and sum(isinstance(name, str) for name in said) > 1:
        yield _broken("const", rules, "const", value=shown_value(said["const"]))
    if kind in _BOUNDED and "gte" in said and "lte" in said and exact(said["gte"]) == exact(said["lte"]):
        yield from _same(rules, "gte", "lte", "const")
    for whole, least, most in _LENGTHS.get(kind or "", ()):
        for name in (least, most):
            if whole and whole in said and name in said:
                yield _broken("length", rules, name, other=rules.shown_rule(whole), second=said[whole])
        if whole and least in said and said[least] == said.get(most):
            yield from _same(rules, least, most, whole)


def _tracks_presence(field: Field, rules: RuleSet) -> bool:
    """Whether validators do not ask rules about a value that is not set anyway. What is in a map is a field
    of an entry, with the presence that fields of the file have."""
    if not rules.part:
        return field.label not in (Label.REPEATED, Label.MAP) and has_presence(field)
    return rules.part != "element" and (rules.is_message or knows_presence(field.source.descriptor))


def _same(rules: RuleSet, one: str, other: str, simply: str) -> Iterator[BrokenLaw]:
    value = shown_value(rules.rules[one])
    for first, second in ((one, other), (other, one)):
        yield _broken("same", rules, first, value=value, other=rules.shown_rule(second), simply=simply)


def has_presence(field: Field) -> bool:
    """Whether a field that is set to zero can be told from one that is not set."""
    return field.type in ("message", "group") or bool(field.oneof) or field.label is not Label.SINGULAR
