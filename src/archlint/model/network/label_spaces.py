"""What label selectors mean for any pod that there may be, whatever files describe: sets of labels.

A selector asks of each of some labels that its value is in a set. So a pod that one selector picks and
several others do not can be looked for label by label, and where there can be none, the others hold all of
the first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from archlint.documents import Node
from archlint.model.network.connectivity.bounded import broken_part, texts_of
from archlint.model.network.labels import NAMESPACE_NAME_LABEL

LabelKey = tuple[str, str]
"""``pod`` or ``namespace``, and the key of a label."""
_MOST_TERMS = 64
"""Of more terms than this, the first are taken: what they hold, all hold."""
_MOST_STEPS = 2_000
"""No search takes more steps, as it would not end where many selectors ask for many labels."""


class LabelValues(NamedTuple):
    """Some values of a label, or all but some; ``None`` stands for a label that is not there."""

    listed: frozenset[str | None]
    is_rest: bool
    """Whether the values are all but the listed ones."""

    def __bool__(self) -> bool:
        return self.is_rest or bool(self.listed)

    def __and__(self, other: LabelValues) -> LabelValues:
        if self.is_rest and other.is_rest:
            return LabelValues(self.listed | other.listed, True)
        if self.is_rest:
            return LabelValues(other.listed - self.listed, False)
        return LabelValues(self.listed - other.listed if other.is_rest else self.listed & other.listed, False)

    def __invert__(self) -> LabelValues:
        return LabelValues(self.listed, not self.is_rest)


_ANYTHING = LabelValues(frozenset(), True)
_ABSENT = LabelValues(frozenset({None}), False)
_PRESENT = ~_ABSENT


class PodTerm:
    """Pods, by what is asked of their labels and of those of their namespace."""

    __slots__ = ("asked",)

    def __init__(self, asked: Iterable[tuple[LabelKey, LabelValues]]) -> None:
        """Several requirements for one label hold together."""
        self.asked: dict[LabelKey, LabelValues] = {}
        for key, values in asked:
            self.asked[key] = self.asked.get(key, _domain(key)) & values

    def __bool__(self) -> bool:
        """Whether any pod can be one of these."""
        return all(self.asked.values())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PodTerm) and self.asked == other.asked

    def __hash__(self) -> int:
        return hash(frozenset(self.asked.items()))

    def picks(self, *, labelled: bool) -> bool:
        """Whether it picks pods with labels of which no selector speaks, or pods that have none."""
        if labelled:
            return all(values.is_rest for values in self.asked.values())
        return all(
            values.is_rest if key == _NAME_KEY else (None in values.listed) is not values.is_rest
            for key, values in self.asked.items()
        )


_NAME_KEY: LabelKey = ("namespace", NAMESPACE_NAME_LABEL)
EVERY_POD = PodTerm(())


def _domain(key: LabelKey) -> LabelValues:
    """The values that a label may have: each namespace has its name as a label."""
    return _PRESENT if key == _NAME_KEY else _ANYTHING


def namespace_named(name: str) -> tuple[LabelKey, LabelValues]:
    """The requirement that pods are in one namespace."""
    return _NAME_KEY, LabelValues(frozenset({name}), False)


def requirements(selector: Node, of: str) -> list[tuple[LabelKey, LabelValues]] | None:
    """What a LabelSelector asks for, of ``pod`` or ``namespace``; ``None`` for one that the API server
    refuses."""
    if broken_part(selector) is not None:
        return None
    found: list[tuple[LabelKey, LabelValues]] = []
    for key, value in selector.get("matchLabels").items():
        found.append(((of, key), LabelValues(frozenset({value.text}), False)))
    for expression in selector.get("matchExpressions").elements():
        found.append(((of, expression.get("key").text or ""), _values_of(expression)))
    return found


def contradiction(selector: Node, of: str) -> str | None:
    """The key of a label of which a selector asks what nothing can have at once; ``None`` if of none."""
    asked = requirements(selector, of) if selector.is_set else None
    return next((key[1] for key, values in PodTerm(asked or ()).asked.items() if not values), None)


def _values_of(expression: Node) -> LabelValues:
    operator = expression.get("operator").text
    if operator in ("In", "NotIn"):
        values: frozenset[str | None] = frozenset(texts_of(expression.get("values")))
        return LabelValues(values, operator == "NotIn")
    return _PRESENT if operator == "Exists" else _ABSENT


def are_all_in(term: PodTerm, others: Sequence[PodTerm]) -> bool:
    """Whether each pod that a term picks is surely picked by one of some others, whatever pods there are."""
    if not term:
        return True
    meeting = []
    for other in others:
        common = [(values & term.asked.get(key, _domain(key)), values) for key, values in other.asked.items()]
        if not all(both for both, _ in common):
            continue
        if all(not term.asked.get(key, _domain(key)) & ~values for key, values in other.asked.items()):
            return True
        meeting.append(other)
    return len(meeting) > 1 and not _Search(meeting[:_MOST_TERMS]).finds(term.asked, 0)


class _Search:
    """Looks for labels that none of some terms picks."""

    def __init__(self, terms: Sequence[PodTerm]) -> None:
        self._terms = terms
        self._steps = 0

    def finds(self, known: Mapping[LabelKey, LabelValues], start: int) -> bool:
        """Whether there are such labels within ``known``, as to the terms from ``start`` on; or no answer."""
        self._steps += 1
        if self._steps > _MOST_STEPS:
            return True
        for number in range(start, len(self._terms)):
            asked = self._terms[number].asked.items()
            met = [(key, values, known.get(key, _domain(key))) for key, values in asked]
            if all(values & own for _, values, own in met):
                return any(
                    self.finds({**known, key: left}, number + 1)
                    for key, values, own in met
                    if (left := own & ~values)
                )
        return True
