"""Which of many numbered things something is about, where not everything is known.

Labels of a namespace that no file defines, or of a pod that its controller gives it, are not known. So each
answer has three bounds: what it is about for sure, what it is taken to be about, and what it may be about.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from enum import IntEnum
from typing import NamedTuple

from archlint.documents import Node
from archlint.model.kubernetes.controller_labels import spellings
from archlint.model.kubernetes.validation.selectors import selector_refusals
from archlint.model.network.labels import Bits


class Bound(IntEnum):
    """How much certainty is asked for; the position in an ``BoundedSet``."""

    SURE = 0
    TAKEN = 1
    """As netpol-analyzer reads it: what no file says is not there."""
    POSSIBLE = 2


class BoundedSet(NamedTuple):
    """Numbers of things, for each bound; each holds the one before it."""

    sure: Bits
    taken: Bits
    possible: Bits

    @property
    def is_certain(self) -> bool:
        """Whether nothing about it is unknown."""
        return self.sure == self.possible


NOTHING = BoundedSet(0, 0, 0)


def exactly(bits: Bits) -> BoundedSet:
    """What is known for sure."""
    return BoundedSet(bits, bits, bits)


def either(one: BoundedSet, other: BoundedSet) -> BoundedSet:
    """What one or the other is about."""
    return BoundedSet(one.sure | other.sure, one.taken | other.taken, one.possible | other.possible)


def both(one: BoundedSet, other: BoundedSet) -> BoundedSet:
    """What both are about."""
    return BoundedSet(one.sure & other.sure, one.taken & other.taken, one.possible & other.possible)


class BoundedIndex:
    """Numbered things by their labels, to be asked with label selectors."""

    def __init__(self) -> None:
        self.all: Bits = 0
        self._with_pair: dict[tuple[str, str], Bits] = defaultdict(int)
        self._with_key: dict[str, Bits] = defaultdict(int)
        self._vague: Bits = 0
        """Things that may have labels of which no file tells."""
        self._given: dict[str, Bits] = defaultdict(int)
        """By key, vague things of which this label is known nevertheless."""

    def add(
        self, number: int, labels: Mapping[str, str], *, vague: bool = False, known: Collection[str] = ()
    ) -> None:
        """Add one thing; a vague one may have other labels than these, but for the keys in ``known``."""
        bit = 1 << number
        self.all |= bit
        for key, value in labels.items():
            self._with_pair[key, value] |= bit
            self._with_key[key] |= bit
        if vague:
            self._vague |= bit
            for key in known:
                self._given[key] |= bit

    def selected(self, selector: Node) -> BoundedSet:
        """What a LabelSelector picks. One that the API server refuses picks nothing."""
        if broken_part(selector) is not None:
            return NOTHING
        found = exactly(self.all)
        for key, value in selector.get("matchLabels").items():
            found = both(found, self.with_any(key, (value.text or "",)))
        for expression in selector.get("matchExpressions").elements():
            found = both(found, self._expressed(expression))
        return found

    def with_any(self, key: str, values: Collection[str]) -> BoundedSet:
        """What has a label with one of some values."""
        sure = taken = 0
        for value in values:
            sure |= self._with_pair.get((key, value), 0)
            for text in spellings(key, value):
                taken |= self._with_pair.get((key, text), 0)
        open_ones = self._open(key)
        return BoundedSet(sure & ~open_ones, taken, taken | open_ones)

    def _open(self, key: str) -> Bits:
        return self._vague & ~self._given.get(key, 0)

    def _expressed(self, expression: Node) -> BoundedSet:
        key, values = expression.get("key").text or "", tuple(texts_of(expression.get("values")))
        operator = expression.get("operator").text
        found = self.with_any(key, values) if operator in _WITH_VALUES else self._having(key)
        return self.without(found) if operator in ("NotIn", "DoesNotExist") else found

    def _having(self, key: str) -> BoundedSet:
        present, open_ones = self._with_key.get(key, 0), self._open(key)
        return BoundedSet(present & ~open_ones, present, present | open_ones)

    def without(self, extent: BoundedSet) -> BoundedSet:
        """Everything else."""
        return BoundedSet(self.all & ~extent.possible, self.all & ~extent.taken, self.all & ~extent.sure)


_WITH_VALUES = ("In", "NotIn")
_WITHOUT_VALUES = ("Exists", "DoesNotExist")


def broken_part(selector: Node) -> Node | None:
    """The first part of a LabelSelector for which the API server refuses it; ``None`` if it takes it."""
    if not selector.is_set:
        return None
    labels, expressions = selector.get("matchLabels"), selector.get("matchExpressions")
    if not selector.is_map:
        return selector
    if labels.is_set and not labels.is_map:
        return labels
    if expressions.is_set and not expressions.is_list:
        return expressions
    broken = next((value for _, value in labels.items() if value.text is None), None)
    broken = broken or next((each for each in expressions.elements() if not _is_whole(each)), None)
    if broken is not None:
        return broken
    return next((refused.node for refused in selector_refusals(selector)), None)


def _is_whole(expression: Node) -> bool:
    operator, values = expression.get("operator").text, expression.get("values")
    if expression.get("key").text is None or (values.is_set and not values.is_list):
        return False
    has_values = any(True for _ in texts_of(values))
    return operator in _WITH_VALUES if has_values else operator in _WITHOUT_VALUES


def texts_of(values: Node) -> Iterator[str]:
    """The values of an expression that are texts."""
    yield from (item.text for item in values.elements() if item.text is not None)
