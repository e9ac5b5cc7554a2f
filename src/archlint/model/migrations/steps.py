"""What the files of a migration tool tell of one migration."""

from __future__ import annotations

from enum import StrEnum

from archlint.finding import Span
from archlint.finding.records import dataclass


class WayBack(StrEnum):
    """What a migration has to undo it."""

    PRESENT = "present"
    MISSING = "missing"
    """There is no undo script, or no function for it."""
    EMPTY = "empty"
    """It is there and does nothing."""
    REFUSED = "refused"
    """It is there and only raises an error."""
    NOT_NEEDED = "not-needed"
    """The migration itself does nothing, or the tool is used without undo scripts."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step forward, and its way back."""

    path: str
    tool: str
    name: str
    """The file's name, or the revision that it declares."""
    way_back: WayBack
    span: Span
    """What to edit."""
    undo: str
    """Where the way back belongs: the name of a file or function."""
    forward: str = ""
    """The file of the step forward, if that is another one than the one to edit."""
