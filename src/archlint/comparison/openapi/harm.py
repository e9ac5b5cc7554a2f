"""What is known of the values of two schemas that stand for each other, told with each change of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from archlint.finding.records import dataclass


class Harm(StrEnum):
    """Whether values that one side counts on are refused by, or new to, the other."""

    NONE = "none"
    """Proved: all that callers of the base send is accepted, all that the revision sends was possible."""
    SHOWN = "shown"
    """There is a value that proves it."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How the values of two schemas lie to each other, in the direction in which they are sent."""

    kinship: str
    """``equal``, ``narrower``, ``wider``, ``incomparable`` or ``unknown``: what the revision takes."""
    harm: Harm
    witness: str | None = None
    """The value that proves harm, as JSON."""
    is_loose: bool = False
    """Whether there is harm only by how the branches of a ``oneOf`` overlap, which few authors mean."""
    reason: str = ""
    """Why one of the two directions is not known."""
    broken: frozenset[str] = frozenset()
    """The keywords that the witness breaks on the side that refuses it."""
    is_own: bool = False
    """Whether this is the verdict on one edit alone, and not on the schema with all its edits."""
    own: Mapping[int, Verdict] = field(default_factory=dict, compare=False)
    """The verdicts on edits alone, by their index."""
    rest: Verdict | None = field(default=None, compare=False)
    """The harm that is left if all edits that are known by themselves are set aside."""
    is_absorbed: bool = False
    """Whether the schema around takes, by another branch or as a condition does not hold, whatever this one
    no longer does."""
    is_outdone: bool = False
    """Whether that is told which the change does to a choice around the schema."""


EQUAL = Verdict("equal", Harm.NONE)
ABSORBED = Verdict("unknown", Harm.NONE, is_absorbed=True)


def gravest(one: Verdict | None, other: Verdict | None) -> Verdict | None:
    """The worse of two verdicts about one edit, which is seen through several schemas; none is unknown."""
    if one is None or other is None:
        return None
    return max(one, other, key=_gravity)


def _gravity(verdict: Verdict) -> tuple[int, bool, bool]:
    return _GRAVITY[verdict.harm], not verdict.is_absorbed, not verdict.is_outdone


_GRAVITY = {Harm.NONE: 0, Harm.UNKNOWN: 1, Harm.SHOWN: 2}
