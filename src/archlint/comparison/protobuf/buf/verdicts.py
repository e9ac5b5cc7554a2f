"""What buf says of two revisions: one of its rules, at the place that it marks."""

from __future__ import annotations

from collections.abc import Iterable

from archlint.finding import Place
from archlint.finding.records import dataclass


@dataclass(frozen=True, slots=True)
class BufVerdict:
    """A rule of ``buf breaking`` that a change is against."""

    rule: str
    kind: str
    """``gone``, ``freed``, ``changed`` or ``added``."""
    place: Place
    older: Place
    about: str
    """What it is about, as a sentence begins."""
    old: str = ""
    new: str = ""
    is_asked: bool = False
    """Whether settings of buf speak of breaking changes here, and of this rule."""
    object: None = None


def gone(rule: str, about: str, place: Place, older: Place) -> BufVerdict:
    """Something is not there any more."""
    return BufVerdict(rule, "gone", place, older, about)


def changed(rule: str, about: str, places: tuple[Place, Place], values: Iterable[object]) -> BufVerdict:
    """Something is otherwise; the newer place comes first, of the two values the older one."""
    place, older = places
    old, new = (str(value) or "''" for value in values)
    return BufVerdict(rule, "changed", place, older, about, old, new)
