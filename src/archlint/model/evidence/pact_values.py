"""What a consumer reads of a body: its example and its matchers as sets of values.

An expectation is a tree: what is said of a value itself, as keywords of JSON Schema 2020-12, and what is
expected at its members and items. Members that the example does not have may be there and are not read. What
nothing is known of (a plugin's matcher, an example nested too deeply) takes every value.

Source: Pact Specification, versions 2 to 4, "Matching rules".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.evidence.pact_rules import Matchers, MatchingRules, Reach
from archlint.model.evidence.pact_times import literal, pattern_of_time

MOST_PARTS = 3_000
_DEEPEST = 60
_LONGEST_PATTERN = 2_000
_SEMVER = r"^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$"
_TYPES: dict[type, str] = {
    dict: "object",
    list: "array",
    str: "string",
    bool: "boolean",
    int: "number",
    float: "number",
}
_TIMES = frozenset(("date", "time", "timestamp", "datetime"))

TakenValues = Mapping[str, Any]


class At(StrEnum):
    """How a part stands in the value around it."""

    MEMBER = "member"
    ITEM = "item"
    """The item at one position."""
    EACH = "each"
    """Every item."""
    VALUE = "value"
    """Every member, whatever its name."""
    SOME = "some"
    """Some item."""


@dataclass(frozen=True, slots=True, eq=False)
class ExpectedPart:
    """A part of a value: where it is, and what is expected there."""

    at: At
    name: str
    """The name of a member."""
    index: int
    """The position of an item."""
    expected: Expected


@dataclass(frozen=True, slots=True, eq=False)
class Expected:
    """What is expected of a value."""

    node: Node
    """The example; of a part of a text the whole of it."""
    own: TakenValues
    """What is said of the value itself; a ``title`` is the name of its matcher."""
    parts: tuple[ExpectedPart, ...] = ()
    is_matched: bool = False
    """Whether a matcher says what may come, and not the example alone."""

    def least(self) -> TakenValues:
        """The values that have all that is read, as a schema: what is read has to be there."""
        found: dict[str, Any] = dict(self.own)
        members = [part for part in self.parts if part.at is At.MEMBER]
        if members:
            found["properties"] = {part.name: part.expected.least() for part in members}
            found["required"] = [part.name for part in members]
        others = [around(part, part.expected.least()) for part in self.parts if part.at is not At.MEMBER]
        if others:
            found["allOf"] = [*found.get("allOf", ()), *others]
        return found


def around(part: ExpectedPart, inner: TakenValues) -> TakenValues:
    """The values that have something at a part, and of which nothing else is asked."""
    if part.at is At.MEMBER:
        return {"type": "object", "required": [part.name], "properties": {part.name: inner}}
    if part.at is At.VALUE:
        return {"type": "object", "minProperties": 1, "additionalProperties": inner}
    if part.at is At.SOME:
        return {"type": "array", "contains": inner}
    if part.at is At.EACH:
        return {"type": "array", "minItems": 1, "items": inner}
    return {"type": "array", "minItems": part.index + 1, "prefixItems": [*[True] * part.index, inner]}


def expected_of(example: Node, reach: Reach) -> Expected:
    """What an example and its matchers expect."""
    return _Reader().read(example, reach, _DEEPEST)


def expected_text(node: Node, example: str, rule: Matchers) -> Expected:
    """What a text that stands by itself, and a rule about it expect: numbers are written in it."""
    each = [_TEXTS.get(matcher.get("match")) or _of_matcher(matcher, example, True) for matcher in rule.each]
    return Expected(node, _combined(each, rule) if each else _equal(example), is_matched=True)


_TEXTS: dict[Any, TakenValues] = {
    "integer": {"type": "string", "pattern": r"^-?\d+$"},
    "decimal": {"type": "string", "pattern": r"^-?\d+\.\d+$"},
    "real": {"type": "string", "pattern": r"^-?\d+\.\d+$"},
    "number": {"type": "string", "pattern": r"^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$"},
    "boolean": {"enum": ["true", "false"]},
    "null": {"enum": ["", "null"]},
}
"""How a text by itself is written that a matcher about other values takes."""


class _Reader:
    def __init__(self) -> None:
        self._left = MOST_PARTS

    def read(self, node: Node, reach: Reach, depth: int) -> Expected:
        self._left -= 1
        if depth <= 0 or self._left < 0:
            return Expected(node, {})
        rule = reach.best
        own = _own(node.value, rule, reach.is_own)
        parts = tuple(self._parts(node, reach, depth))
        return Expected(node, own, parts, rule is not None)

    def _parts(self, node: Node, reach: Reach, depth: int) -> Iterator[ExpectedPart]:
        rule = reach.best if reach.is_own else None
        if node.is_map:
            yield from self._members(node, reach, rule, depth)
        elif node.is_list:
            yield from self._items(node, reach, rule, depth)

    def _members(self, node: Node, reach: Reach, rule: Matchers | None, depth: int) -> Iterator[ExpectedPart]:
        values = rule and (rule.named("values") or rule.named("eachValue") or rule.named("eachKey"))
        if not values:
            for name, value in node.items():
                yield ExpectedPart(At.MEMBER, name, 0, self.read(value, reach.below(name), depth - 1))
            return
        first = next(node.items(), None)
        if first is not None and values.get("match") != "eachKey":
            stated = values.get("rules")
            inner = reach.below(first[0])
            if isinstance(stated, list):
                inner = Reach((), Matchers(tuple(item for item in stated if isinstance(item, dict))), True)
            # its key may be a secret, so places end at the map
            value = Node(node.document, node.route, first[1].value)
            yield ExpectedPart(At.VALUE, "", 0, self.read(value, inner, depth - 1))

    def _items(self, node: Node, reach: Reach, rule: Matchers | None, depth: int) -> Iterator[ExpectedPart]:
        variants = rule.named("arrayContains") if rule else None
        if variants is not None:
            yield from self._variants(node, variants.get("variants"), depth)
        elif reach.best is not None and _is_each(reach.best):
            for item in list(node.elements())[:1]:
                yield ExpectedPart(At.EACH, "", 0, self.read(item, reach.below(0), depth - 1))
        else:
            for index, item in enumerate(node.elements()):
                yield ExpectedPart(At.ITEM, "", index, self.read(item, reach.below(index), depth - 1))

    def _variants(self, node: Node, variants: Any, depth: int) -> Iterator[ExpectedPart]:
        for position, variant in enumerate(variants if isinstance(variants, list) else ()):
            index = variant.get("index", position) if isinstance(variant, dict) else None
            item = node.get(index) if isinstance(index, int) else node.get(-1)
            if item.exists and isinstance(variant, dict):
                rules = Node(node.document, (), variant.get("rules", {}))
                yield ExpectedPart(
                    At.SOME, "", 0, self.read(item, MatchingRules.of_variant(rules), depth - 1)
                )


def _is_each(rule: Matchers) -> bool:
    """Whether a list may have any number of items, each like the first."""
    return any(
        matcher.get("match") in ("type", "min", "max", "notEmpty", "eachLike") for matcher in rule.each
    )


def _own(example: Any, rule: Matchers | None, is_own: bool) -> TakenValues:
    """What is said of a value itself."""
    if rule is None or not rule.each:
        return _equal(example)
    return _combined([_of_matcher(matcher, example, is_own) for matcher in rule.each], rule)


def _combined(each: list[TakenValues], rule: Matchers) -> TakenValues:
    if len(each) == 1:
        return each[0]
    return {"anyOf": each} if rule.is_any else {"allOf": each}


def _equal(example: Any) -> TakenValues:
    """The example itself; of a map or a list that it is one, as its parts say the rest."""
    if isinstance(example, dict):
        return {"type": "object"}
    if isinstance(example, list):
        return {"type": "array", "minItems": len(example), "maxItems": len(example)}
    return {"const": example}


def _alike(example: Any) -> TakenValues:
    """A value of the type of the example."""
    return {"type": "null" if example is None else _TYPES.get(type(example), "string")}


def _of_matcher(matcher: TakenValues, example: Any, is_own: bool) -> TakenValues:
    name = matcher.get("match")
    if name in ("type", "min", "max", "eachLike"):
        return {**_alike(example), **(_bounds(matcher) if is_own and isinstance(example, list) else {})}
    if name == "notEmpty":
        return {**_alike(example), "minLength": 1, "minItems": 1, "minProperties": 1}
    if name in _SIMPLE:
        return _SIMPLE[name]
    if name == "equality":
        return _equal(example)
    if name == "eachKey":
        return _keys(matcher.get("rules"))
    if name in ("values", "eachValue"):
        return {"type": "object"}
    if name == "arrayContains":
        return {"type": "array"}
    if name == "regex":
        pattern = matcher.get("regex")
        if isinstance(example, (dict, list)):
            return _alike(example)
        return {**_alike(example), **_pattern(pattern)} if isinstance(example, str) else _pattern(pattern)
    if name == "include":
        text = matcher.get("value")
        return _pattern(literal(text)) if isinstance(text, str) else {}
    if name in _TIMES and isinstance(example, str):
        pattern = pattern_of_time(matcher)
        return {"type": "string", "title": name, **({} if pattern is None else {"pattern": pattern})}
    return {}


def _keys(rules: Any) -> TakenValues:
    """A map all of whose keys fit some rules; it has at least one, as the example does."""
    stated = [rule for rule in rules if isinstance(rule, dict)] if isinstance(rules, list) else []
    fitting = [_of_matcher(rule, "", True) for rule in stated]
    return {"type": "object", "minProperties": 1, "propertyNames": {"allOf": fitting} if fitting else {}}


_SIMPLE: dict[Any, TakenValues] = {
    "integer": {"type": "integer"},
    "decimal": {"type": "number", "not": {"type": "integer"}},
    "real": {"type": "number", "not": {"type": "integer"}},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "null": {"type": "null"},
    "semver": {"type": "string", "pattern": _SEMVER},
}


def _bounds(matcher: TakenValues) -> TakenValues:
    found = {}
    for name, keyword in (("min", "minItems"), ("max", "maxItems")):
        bound = matcher.get(name)
        if isinstance(bound, int) and not isinstance(bound, bool) and bound >= 0:
            found[keyword] = bound
    return found


def _pattern(pattern: Any) -> TakenValues:
    if isinstance(pattern, str) and len(pattern) <= _LONGEST_PATTERN:
        return {"pattern": pattern}
    return {}
