"""Exit codes, and the errors that end a command with one of them."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """What archlint tells the shell; scripts rely on these numbers."""

    OK = 0
    FINDINGS = 1
    USAGE = 2
    FAILURE = 3
    INTERRUPTED = 130
    TERMINATED = 143


left: list[object] | None = None
"""What goes with the process, where that ends at once: taking apart what a large run has built takes a
fortieth of its time."""


def leave(*things: object) -> None:
    """Nobody needs some things any more."""
    if left is not None:
        left.extend(things)


class UsageProblem(Exception):
    """Wrong usage or configuration, or an input that does not exist; the text tells what to type."""
