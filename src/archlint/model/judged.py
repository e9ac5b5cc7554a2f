"""What judging finds out about suppressions and baselines, as subjects for the rules about them."""

from __future__ import annotations

from collections.abc import Mapping

from archlint.finding import ObjectRef, Place, Source
from archlint.finding.records import dataclass


@dataclass(frozen=True)
class _Written:
    """What is written at a place."""

    place: Place

    @property
    def source(self) -> Source:
        """Where it is written."""
        return self.place.source


@dataclass(frozen=True)
class InvalidSuppression(_Written):
    """A suppression that has no effect."""

    fault: str
    """Which of the rule's messages applies."""
    arguments: Mapping[str, str]
    text: str
    """The suppression as written: what tells it from others of its object."""
    object: ObjectRef | None = None


@dataclass(frozen=True)
class UnusedSuppression(_Written):
    """A suppression that no finding needs any more, or some of its rules."""

    rules: tuple[str, ...]
    """The rules, as written, that nothing was found of."""
    text: str
    object: ObjectRef | None = None
    line: int | None = None
    """The line below where a comment would suppress something, if it stands too high."""
    elements: tuple[str, ...] = ()
    """If only some of its elements are not needed, these."""
    is_waiver: bool = False
    """Whether it is one of a policy for releases."""


@dataclass(frozen=True)
class StaleBaselineEntry(_Written):
    """An entry of the baseline that no finding matches any more."""

    path: str
    fingerprint: str
    rule: str
    left: int
    """How many findings of this entry are no longer there."""
    count: int
    """How many it stands for."""
    object: ObjectRef | None = None

    @property
    def through(self) -> tuple[str, ...]:
        """The file that the entry is about."""
        return (self.path,)
