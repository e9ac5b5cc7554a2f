"""Compares the keywords of two schemas that limit values: bounds, patterns, lists of values, formats."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Any

from archlint.comparison.openapi.changes import Containment
from archlint.comparison.openapi.schema_changes import Transition
from archlint.comparison.openapi.views import View
from archlint.documents import Node

_LOWER = {"minLength": 0, "minItems": 0, "minProperties": 0, "minContains": 1}
_OPTIONAL = frozenset(("minItems",))
"""Lower bounds whose absence is told apart from their default."""
_UPPER = ("maxLength", "maxItems", "maxProperties", "maxContains")
_FLAGS = ("uniqueItems",)
_CONDITIONS = (
    *("contains", "propertyNames", "if", "then", "else", "dependentRequired", "dependentSchemas"),
    *("unevaluatedItems", "unevaluatedProperties", "contentSchema", "not"),
)
"""Keywords that only ever take values away: there or not there is known, what a change means is not."""
_EXCLUSIVE = ("contentMediaType", "contentEncoding")
"""Keywords two values of which exclude each other."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A keyword that differs, with its values as text; the nodes are where it stands, if it does."""

    keyword: str
    transition: Transition
    accepts: Containment
    old: str
    new: str
    base: Node | None
    revision: Node | None


def changed_limits(base: View, revision: View) -> Iterator[Limit]:
    """Every limiting keyword that differs in meaning, other than types, formats and listed values."""
    for keyword, default in _LOWER.items():
        yield from _count(base, revision, keyword, default, is_lower=True)
    for keyword in _UPPER:
        yield from _count(base, revision, keyword, None, is_lower=False)
    yield from _range(base, revision, is_lower=True)
    yield from _range(base, revision, is_lower=False)
    yield from _pattern(base, revision)
    yield from _multiple(base, revision)
    for keyword in _FLAGS:
        if base.flag(keyword) != revision.flag(keyword):
            yield _presence(base, revision, keyword, revision.flag(keyword))
    for keyword in _CONDITIONS:
        if _restricts(base, keyword) != _restricts(revision, keyword):
            yield _presence(base, revision, keyword, _restricts(revision, keyword))
    yield from _patterns(base, revision)
    for keyword in _EXCLUSIVE:
        yield from _exclusive(base, revision, keyword)


def _count(
    base: View, revision: View, keyword: str, default: int | None, *, is_lower: bool
) -> Iterator[Limit]:
    old, new = _number(base, keyword), _number(revision, keyword)
    if keyword == "minContains" and ("contains" not in base.keywords or "contains" not in revision.keywords):
        return
    if is_lower and (default if old is None else old) == (default if new is None else new):
        return
    if default is not None and keyword not in _OPTIONAL:
        old, new = Fraction(default) if old is None else old, Fraction(default) if new is None else new
    yield from _bound(base, revision, keyword, old, new, is_lower=is_lower)


def _range(base: View, revision: View, *, is_lower: bool) -> Iterator[Limit]:
    """``minimum`` and ``exclusiveMinimum`` (or the upper pair) as one bound."""
    old, old_keyword = _bound_of(base, is_lower)
    new, new_keyword = _bound_of(revision, is_lower)
    if _as_whole(base, old, is_lower) == _as_whole(revision, new, is_lower):
        return
    if old is not None and new is not None and old[0] == new[0]:
        accepts = Containment.NARROWER if new[1] else Containment.WIDER
        keywords = {"keyword": new_keyword, "old_keyword": old_keyword}
        yield _limit(base, revision, transition=Transition.CHANGED, accepts=accepts, **keywords)
        return
    keyword = old_keyword if new is None else new_keyword
    plain_old = None if old is None else old[0]
    plain_new = None if new is None else new[0]
    yield from _bound(
        base, revision, keyword, plain_old, plain_new, is_lower=is_lower, old_keyword=old_keyword
    )


_Bound = tuple[Fraction, bool]
"""A number, and whether it is itself excluded."""


def _bound_of(view: View, is_lower: bool) -> tuple[_Bound | None, str]:
    """The strictest of the two keywords, and which one it is; the boolean form of 3.0 understood."""
    plain_name, strict_name = ("minimum", "exclusiveMinimum") if is_lower else ("maximum", "exclusiveMaximum")
    plain, strict = _number(view, plain_name), _number(view, strict_name)
    if plain is not None and view.flag(strict_name):
        plain, strict = None, plain
    if strict is None:
        return (None if plain is None else (plain, False)), plain_name
    if plain is None or (strict >= plain if is_lower else strict <= plain):
        return (strict, True), strict_name
    return (plain, False), plain_name


def _as_whole(view: View, bound: _Bound | None, is_lower: bool) -> _Bound | None:
    """The bound of integers as the first integer that is allowed; any other bound as it is."""
    if bound is None or view.types != frozenset({"integer"}):
        return bound
    number, is_strict = bound
    if is_lower:
        return Fraction(floor(number) + 1 if is_strict else ceil(number)), False
    return Fraction(ceil(number) - 1 if is_strict else floor(number)), False


def _bound(
    base: View,
    revision: View,
    keyword: str,
    old: Fraction | None,
    new: Fraction | None,
    *,
    is_lower: bool,
    old_keyword: str | None = None,
) -> Iterator[Limit]:
    if old == new:
        return
    if old is None:
        yield _limit(base, revision, keyword, Transition.SET, Containment.NARROWER, old_keyword=old_keyword)
    elif new is None:
        yield _limit(base, revision, keyword, Transition.UNSET, Containment.WIDER, old_keyword=old_keyword)
    else:
        rose = new > old
        accepts = Containment.NARROWER if rose is is_lower else Containment.WIDER
        transition = Transition.INCREASED if rose else Transition.DECREASED
        yield _limit(base, revision, keyword, transition, accepts, old_keyword=old_keyword)


def _pattern(base: View, revision: View) -> Iterator[Limit]:
    old, new = base.text("pattern"), revision.text("pattern")
    everything = (None, "", ".*", "^.*$")
    old, new = (None if old in everything else old), (None if new in everything else new)
    if old == new:
        return
    if old is None:
        yield _limit(base, revision, "pattern", Transition.SET, Containment.NARROWER)
    elif new is None:
        yield _limit(base, revision, "pattern", Transition.UNSET, Containment.WIDER)
    else:
        yield _limit(base, revision, "pattern", Transition.CHANGED, Containment.UNKNOWN)


def _multiple(base: View, revision: View) -> Iterator[Limit]:
    old, new = _number(base, "multipleOf"), _number(revision, "multipleOf")
    if old == new or (old is not None and old <= 0) or (new is not None and new <= 0):
        return
    if old is None:
        yield _limit(base, revision, "multipleOf", Transition.SET, Containment.NARROWER)
    elif new is None:
        yield _limit(base, revision, "multipleOf", Transition.UNSET, Containment.WIDER)
    else:
        if (old / new).denominator == 1:
            accepts = Containment.WIDER
        elif (new / old).denominator == 1:
            accepts = Containment.NARROWER
        else:
            accepts = Containment.INCOMPARABLE
        yield _limit(base, revision, "multipleOf", Transition.CHANGED, accepts)


def _patterns(base: View, revision: View) -> Iterator[Limit]:
    """Names that match a pattern are held to a schema that did not exist, or no longer to one that did."""
    keyword = "patternProperties"
    old, new = (
        {name for name, schema in view.keywords[keyword].items() if schema.value not in (True, {})}
        if keyword in view.keywords
        else set()
        for view in (base, revision)
    )
    for name in sorted(new - old)[:1]:
        schema = revision.keywords[keyword].get(name)
        yield Limit(keyword, Transition.SET, Containment.NARROWER, "", name, None, schema)
    for name in sorted(old - new)[:1]:
        schema = base.keywords[keyword].get(name)
        yield Limit(keyword, Transition.UNSET, Containment.WIDER, name, "", schema, None)


def _exclusive(base: View, revision: View, keyword: str) -> Iterator[Limit]:
    old, new = base.text(keyword), revision.text(keyword)
    if old == new:
        return
    if old is None:
        yield _limit(base, revision, keyword, Transition.SET, Containment.UNKNOWN)
    elif new is None:
        yield _limit(base, revision, keyword, Transition.UNSET, Containment.UNKNOWN)
    else:
        yield _limit(base, revision, keyword, Transition.CHANGED, Containment.INCOMPARABLE)


def _restricts(view: View, keyword: str) -> bool:
    """Whether a condition is there and refuses anything at all."""
    node = view.keywords.get(keyword)
    if node is None or node.value is True or node.value == {}:
        return False
    return node.is_map or node.value is False


def _presence(base: View, revision: View, keyword: str, is_set: bool) -> Limit:
    if is_set:
        return _limit(base, revision, keyword, Transition.SET, Containment.NARROWER)
    return _limit(base, revision, keyword, Transition.UNSET, Containment.WIDER)


def _limit(
    base: View,
    revision: View,
    keyword: str,
    transition: Transition,
    accepts: Containment,
    *,
    old_keyword: str | None = None,
) -> Limit:
    before, after = base.keywords.get(old_keyword or keyword), revision.keywords.get(keyword)
    return Limit(keyword, transition, accepts, show(before), show(after), before, after)


def _number(view: View, keyword: str) -> Fraction | None:
    """The exact value of a number, as it is written in decimals."""
    node = view.keywords.get(keyword)
    value = None if node is None else node.value
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        return Fraction(repr(value)) if isinstance(value, float) else Fraction(value)
    except (ValueError, OverflowError):
        return None


def show(node: Node | None) -> str:
    """A value for a message: short, and empty if there is none."""
    if node is None or not node.exists:
        return ""
    value = node.value
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    return text if len(text) <= 60 else text[:57] + "..."


def values_of(view: View) -> dict[str, Node] | None:
    """The listed values by a key that is equal only for values that are equal in JSON, or ``None``.

    Null is left out: whether it is allowed is told by the types.
    """
    const = view.keywords.get("const")
    if const is not None:
        return {_canonical(const.value): const}
    listed = view.keywords.get("enum")
    if listed is None or not listed.is_list:
        return None
    return {_canonical(item.value): item for item in listed.elements() if item.value is not None}


def _canonical(value: Any) -> str:
    if isinstance(value, float) and value == value // 1:
        value = int(value)
    return json.dumps(value, sort_keys=True, default=str)
