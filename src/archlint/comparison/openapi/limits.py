"""Compares the keywords of two schemas that limit values: bounds, patterns, lists of values, formats."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from math import ceil, floor
from typing import Any

from archlint.comparison.openapi.changes import Containment
from archlint.comparison.openapi.schema_changes import Transition
from archlint.comparison.openapi.views import View
from archlint.documents import Node
from archlint.finding.records import dataclass

_LOWER = {"minLength": 0, "minItems": 0, "minProperties": 0, "minContains": 1}
_UPPER = ("maxLength", "maxItems", "maxProperties", "maxContains")
_FLAGS = ("uniqueItems",)
_EVERYTHING = (None, ".*", "^.*$")
"""Patterns that every text has."""
_CONDITIONS = (
    *("contains", "propertyNames", "if", "then", "else", "unevaluatedItems", "unevaluatedProperties"),
    *("contentSchema", "not"),
)
"""Keywords that only ever take values away: there or not there is known, what a change means is not."""
_COMPARED = frozenset(_CONDITIONS) - {"contains"}
"""Those that are schemas for every value: what stands on both sides, and takes any value on one,
is compared as the schema that it is."""
_MAPS = ("dependentSchemas", "patternProperties")
"""Keywords with a schema for each of some names."""
_BYTES = {
    "contentMediaType": frozenset(("binary", "application/octet-stream")),
    "contentEncoding": frozenset(("byte", "base64")),
}
"""Formats, and the values of keywords of 3.1 that say the same."""
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
    entry: str = ""
    """Which entry of the keyword, where it is a map or list of schemas."""
    is_whole: bool = False
    """Whether the new pattern takes every text."""


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
        if keyword in _COMPARED and all(_is_stated(view, keyword) for view in (base, revision)):
            continue
        if _restricts(base, keyword) != _restricts(revision, keyword):
            yield _presence(base, revision, keyword, _restricts(revision, keyword))
    for keyword in _MAPS:
        yield from _entries(base, revision, keyword)
    yield from _required_by(base, revision)
    yield from _positions(base, revision)
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
    if default is not None:
        old, new = Fraction(default) if old is None else old, Fraction(default) if new is None else new
    yield from _bound(base, revision, keyword, old, new, is_lower=is_lower)


_Bound = tuple[Fraction, bool]
"""A number, and whether it is itself excluded."""


def _range(base: View, revision: View, *, is_lower: bool) -> Iterator[Limit]:
    """``minimum`` and ``exclusiveMinimum`` (or the upper pair) as one bound; where both keywords changed, the
    one that the bound is made of is what was done."""
    old, old_keyword = _bound_of(base, is_lower)
    new, new_keyword = _bound_of(revision, is_lower)
    if _as_whole(base, old, is_lower) == _as_whole(revision, new, is_lower):
        return
    main = old_keyword if new is None else new_keyword
    is_tighter = old is None or (new is not None and _is_tighter(new, old, is_lower))
    accepts = Containment.NARROWER if is_tighter else Containment.WIDER
    yield from _literal(base, revision, main, accepts)
    other = _TWINS[main]
    if _literal_value(base, other) is not None and _literal_value(revision, other) is not None:
        yield from _literal(base, revision, other, Containment.UNKNOWN)


_TWINS = {
    "minimum": "exclusiveMinimum",
    "exclusiveMinimum": "minimum",
    "maximum": "exclusiveMaximum",
    "exclusiveMaximum": "maximum",
}


def _is_tighter(new: _Bound, old: _Bound, is_lower: bool) -> bool:
    if new[0] != old[0]:
        return (new[0] > old[0]) is is_lower
    return new[1]


def _literal(base: View, revision: View, keyword: str, accepts: Containment) -> Iterator[Limit]:
    """What happened to one keyword of a bound, as it is written."""
    old, new = _literal_value(base, keyword), _literal_value(revision, keyword)
    if old is None or new is None:
        transition = Transition.SET if old is None else Transition.UNSET
    elif old == new:
        transition = Transition.CHANGED  # the bound itself is what the twin says
    else:
        transition = Transition.INCREASED if new > old else Transition.DECREASED
    yield _limit(base, revision, keyword, transition, accepts)


def _literal_value(view: View, keyword: str) -> Fraction | None:
    """The number that a keyword states; as a flag it says as much as the bound beside it."""
    if view.flag(keyword):
        return _number(view, _TWINS[keyword])
    return _number(view, keyword)


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
) -> Iterator[Limit]:
    if old == new:
        return
    if old is None:
        yield _limit(base, revision, keyword, Transition.SET, Containment.NARROWER)
    elif new is None:
        yield _limit(base, revision, keyword, Transition.UNSET, Containment.WIDER)
    else:
        rose = new > old
        accepts = Containment.NARROWER if rose is is_lower else Containment.WIDER
        transition = Transition.INCREASED if rose else Transition.DECREASED
        yield _limit(base, revision, keyword, transition, accepts)


def _pattern(base: View, revision: View) -> Iterator[Limit]:
    texts = base.text("pattern") or None, revision.text("pattern") or None
    if texts[0] == texts[1]:
        return
    old, new = (None if text in _EVERYTHING else text for text in texts)
    accepts = Containment.UNKNOWN
    if old is None or new is None:
        accepts = Containment.NARROWER if new is not None else Containment.WIDER
    if old == new:
        accepts = Containment.UNKNOWN  # both take every text
    transition = Transition.CHANGED
    if texts[0] is None or texts[1] is None:
        transition = Transition.SET if texts[0] is None else Transition.UNSET
    stated = base.keywords.get("pattern"), revision.keywords.get("pattern")
    is_whole = texts[1] == ".*"
    yield Limit("pattern", transition, accepts, texts[0] or "", texts[1] or "", *stated, is_whole=is_whole)


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


def _entries(base: View, revision: View, keyword: str) -> Iterator[Limit]:
    """Names are held to a schema that did not exist, or no longer to one that did; what takes any value, and
    is there on both sides, is compared as the schema that it is."""
    old, new = (_schemas(view, keyword) for view in (base, revision))
    homes = base.keywords.get(keyword), revision.keywords.get(keyword)
    for name in sorted(name for name in new.keys() - old.keys() if not _is_stated(base, keyword, name)):
        shown = show(new[name])
        yield Limit(keyword, Transition.SET, Containment.NARROWER, "", shown, homes[0], new[name], name)
    for name in sorted(name for name in old.keys() - new.keys() if not _is_stated(revision, keyword, name)):
        shown = show(old[name])
        yield Limit(keyword, Transition.UNSET, Containment.WIDER, shown, "", old[name], homes[1], name)


def _schemas(view: View, keyword: str) -> dict[str, Node]:
    node = view.keywords.get(keyword)
    return {} if node is None else {name: each for name, each in node.items() if each.value not in (True, {})}


def _is_stated(view: View, keyword: str, *name: str) -> bool:
    node = view.keywords.get(keyword)
    return node is not None and node.get(*name).is_map


def _required_by(base: View, revision: View) -> Iterator[Limit]:
    """What a property must be accompanied by."""
    keyword = "dependentRequired"
    old, new = (
        dict(view.keywords[keyword].items()) if keyword in view.keywords else {} for view in (base, revision)
    )
    for name in sorted(old.keys() | new.keys()):
        before, after = old.get(name), new.get(name)
        names = [
            {item.text for item in node.elements()} if node is not None else set() for node in (before, after)
        ]
        if names[0] == names[1]:
            continue
        if names[0] < names[1]:
            accepts = Containment.NARROWER
        else:
            accepts = Containment.WIDER if names[1] < names[0] else Containment.INCOMPARABLE
        transition = (
            Transition.SET if before is None else Transition.UNSET if after is None else Transition.CHANGED
        )
        homes = base.keywords.get(keyword), revision.keywords.get(keyword)
        yield Limit(keyword, transition, accepts, show(before), show(after), *homes, entry=name)


def _positions(base: View, revision: View) -> Iterator[Limit]:
    """Items at more, or fewer, positions of an array have a schema of their own."""
    keyword = "prefixItems"
    homes = base.keywords.get(keyword), revision.keywords.get(keyword)
    old, new = (list(node.elements()) if node is not None else [] for node in homes)
    if len(old) == len(new):
        return
    is_closed = all(
        view.keywords["items"].value is False for view in (base, revision) if "items" in view.keywords
    )
    is_closed = is_closed and "items" in base.keywords and "items" in revision.keywords
    is_more = len(new) > len(old)
    transition = Transition.SET if is_more else Transition.UNSET
    accepts = Containment.WIDER if is_more is is_closed else Containment.NARROWER
    before, after = (
        f"{len(each)} position{'s' if len(each) > 1 else ''}" if each else "" for each in (old, new)
    )
    yield Limit(keyword, transition, accepts, before, after, *homes)


def _exclusive(base: View, revision: View, keyword: str) -> Iterator[Limit]:
    old, new = base.text(keyword), revision.text(keyword)
    bytes_of = _BYTES[keyword]
    if old == new or (
        (old or base.text("format")) in bytes_of and (new or revision.text("format")) in bytes_of
    ):
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
) -> Limit:
    before, after = base.keywords.get(keyword), revision.keywords.get(keyword)
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


def values_of(view: View, *, with_null: bool = False) -> dict[str, Node] | None:
    """The listed values by a key that is equal only for values that are equal in JSON, or ``None``.

    Null is left out where whether it is allowed is told by the types; authors of 3.0 rarely list it, but if
    one of two lists beside ``nullable`` has it, that is an edit of the list.
    """
    const = view.keywords.get("const")
    if const is not None:
        return {_canonical(const.value): const}
    listed = view.keywords.get("enum")
    if listed is None or not listed.is_list:
        return None
    items = (item for item in listed.elements() if with_null or item.value is not None)
    return {_canonical(item.value): item for item in items}


def _canonical(value: Any) -> str:
    if isinstance(value, float) and value == value // 1:
        value = int(value)
    return json.dumps(value, sort_keys=True, default=str)
