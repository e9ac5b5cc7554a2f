"""Runs configurable rules of Redocly over the contracts of a world."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from archlint.documents import Document, Node
from archlint.files import Kind
from archlint.finding import Route
from archlint.finding.place import pointer_of
from archlint.finding.records import dataclass
from archlint.model.openapi.references import References
from archlint.model.redocly.assertions import ASSERTIONS, Asked, Wrong
from archlint.model.redocly.rules import Condition, ConfigurableRule, Demand, RedoclyRules
from archlint.model.redocly.types import ANY, spec_of, types_of
from archlint.model.redocly.walking import Element, TooManySteps, Walker
from archlint.model.rulesets.patterns import PatternError, PatternLimit
from archlint.model.rulesets.values import UNDEFINED
from archlint.model.world import World


@dataclass(frozen=True, eq=False)
class Told:
    """What a rule says of a place."""

    rule: ConfigurableRule
    contract: Document
    document: Document
    """The file in which it is, which may be another."""
    route: Route
    """The way to the place, which leads on from what is there if something is missing."""
    at_key: bool
    text: str

    @property
    def node(self) -> Node:
        """The element that is there."""
        return self.document.at(self.document.existing(self.route))

    @property
    def pointer(self) -> str:
        """The place as the ignore file calls it."""
        return f"#{pointer_of(self.route)}"


@dataclass(frozen=True, eq=False)
class Unfinished:
    """A rule that was not run to its end over a contract."""

    rule: ConfigurableRule
    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Found:
    wrong: Wrong
    document: Document
    route: Route
    member: str | None
    """The property that was looked at."""


def told_of(world: World, config: RedoclyRules, names: Collection[str]) -> Iterator[Told | Unfinished]:
    """What some rules say of the contracts of a world, each thing once."""
    references = world.fact(References)
    for path in world.paths(Kind.OPENAPI):
        for document in world.loaded(path).documents[:1]:
            spec = spec_of(document.data)
            rules = [] if spec is None else config.of(path, spec)
            if spec is not None and rules:
                walker = Walker(references, types_of(spec))
                yield from _over(document, [rule for rule in rules if rule.name in names], walker)


def _over(document: Document, rules: list[ConfigurableRule], walker: Walker) -> Iterator[Told | Unfinished]:
    by_type: dict[str, list[Element]] = {}
    try:
        for element in walker.all(document.root):
            by_type.setdefault(element.type, []).append(element)
            by_type.setdefault(ANY, []).append(element)
    except TooManySteps as limit:
        yield from (Unfinished(rule, document.path, str(limit)) for rule in rules)
        return
    for rule in rules:
        seen: set[tuple[Any, ...]] = set()
        try:
            for element in _subjects(rule, by_type, walker):
                for told in _told(rule, element, document):
                    key = (told.document, told.route, told.text)
                    if key not in seen:
                        seen.add(key)
                        yield told
        except (TooManySteps, PatternError, PatternLimit) as limit:
            yield Unfinished(rule, document.path, str(limit))


def _subjects(rule: ConfigurableRule, by_type: dict[str, list[Element]], walker: Walker) -> Iterator[Element]:
    """The elements that a rule asks something of: below those that fulfil its conditions, one after the
    other; the last condition is about the subject itself if it is about elements of that type."""
    conditions = list(rule.where)
    own = (
        conditions.pop()
        if conditions and conditions[-1].subject.type == rule.condition.subject.type
        else None
    )
    kinds = [*(each.subject.type for each in conditions), rule.condition.subject.type]
    found: Iterator[Element] = iter(by_type.get(kinds[0], ()))
    for condition, kind in zip(conditions, kinds[1:], strict=True):
        found = _below(found, condition, kind, walker)
    for element in found:
        # As in Redocly: keys that a condition about the subject itself names count, and not the subject's.
        if rule.condition.subject.is_meant(element.key) if own is None else _is_fulfilled(own, element):
            yield element


def _below(elements: Iterator[Element], condition: Condition, kind: str, walker: Walker) -> Iterator[Element]:
    """The elements of a type below those that fulfil a condition, once for each place where one is met."""
    seen: set[tuple[Any, ...]] = set()
    for element in elements:
        for found in walker.nearest(element, kind) if _is_fulfilled(condition, element) else ():
            if found.way not in seen:
                seen.add(found.way)
                yield found


def _is_fulfilled(condition: Condition, element: Element) -> bool:
    return condition.subject.is_meant(element.key) and not any(_wrong(condition, element))


def _told(rule: ConfigurableRule, element: Element, contract: Document) -> Iterator[Told]:
    """What is wrong with an element, once for each place."""
    by_place: dict[tuple[Document, Route], list[_Found]] = {}
    for found in _wrong(rule.condition, element):
        by_place.setdefault((found.document, found.route), []).append(found)
    for (document, route), several in by_place.items():
        text = _text(rule, element, several)
        yield Told(rule, contract, document, route, several[0].wrong.at_key, text)


def _wrong(condition: Condition, element: Element) -> Iterator[_Found]:
    for demand in condition.demands:
        for name in condition.subject.properties or (None,):
            yield from _asked(demand, name, element)


def _asked(demand: Demand, name: str | None, element: Element) -> Iterator[_Found]:
    node, raw = element.node, element.raw
    at = raw if demand.name == "ref" else node
    route = at.route if name is None else (*at.route, name)
    if name is None:
        asked = Asked(_names(node.value), raw.value)
    else:
        target = _member(node, name)
        asked = Asked(_resolved(target, element), _value(_member(raw, name)))
    for wrong in ASSERTIONS[demand.name](asked, demand.condition):
        below = route if wrong.below is None else (*route, wrong.below)
        yield _Found(wrong, at.document, below, name)


def _names(value: Any) -> list[Any]:
    """The names of members, the elements of a list, or the positions of the letters of a text."""
    if isinstance(value, dict):
        return list(value)
    if isinstance(value, list):
        return value
    return [str(at) for at in range(len(value))] if isinstance(value, str) else []


def _member(node: Node, name: str) -> Node | None:
    found = node.get(name) if node.is_map else None
    return found if found is not None and found.exists else None


def _value(node: Node | None) -> Any:
    return UNDEFINED if node is None else node.value


def _resolved(node: Node | None, element: Element) -> Any:
    """The value of a member, where a reference leads."""
    if node is None:
        return UNDEFINED
    resolved = element.follow(node)
    return UNDEFINED if resolved.problem is not None else resolved.node.value


def _text(rule: ConfigurableRule, element: Element, found: list[_Found]) -> str:
    """The message of a rule, with its placeholders replaced; of one without, what is wrong with what."""
    subject = rule.condition.subject
    named = ", ".join(subject.properties)
    problems = "; ".join(each.wrong.text for each in found)
    if rule.message is None:
        member = found[0].member
        about = subject.type if member is None else f"{subject.type} '{member}'"
        return f"{about}: {problems}"
    words = {
        "problems": problems,
        "assertionName": rule.name,
        "nodeType": subject.type,
        "property": named,
        "key": str(element.key),
        "pointer": f"#{pointer_of(element.node.route)}",
        "file": element.node.document.path.rpartition("/")[2],
    }
    text = rule.message
    for name, word in words.items():
        text = text.replace(f"{{{{{name}}}}}", word)
    return " ".join(text.split())
