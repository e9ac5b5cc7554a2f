"""Why a kustomization is not built, with the place that stands in the way."""

from __future__ import annotations

from enum import StrEnum
from types import TracebackType

from archlint.documents.kustomize.values import Origin


class Reason(StrEnum):
    """What kind of thing stands in the way."""

    REMOTE = "remote"
    """A base or file of another repository or server, which is never fetched."""
    PROGRAM = "program"
    """A plugin, a function or a chart to inflate: programs, which are never run."""
    ABSENT = "absent"
    """A file for a generator that is not there: often a secret that is kept out of the repository."""
    MISSING = "missing"
    """A file or object that is named and not there."""
    BROKEN = "broken"
    """A file that is no YAML or repeats a key, which is told at that file."""
    TWICE = "twice"
    """An object that is taken in twice, which is told at that object."""
    WRONG = "wrong"
    """Something that kustomize itself refuses."""
    LIMIT = "limit"
    """More than archlint builds."""


class Refusal(Exception):
    """A kustomization that is not built."""

    def __init__(
        self, message: str, origin: Origin, reason: Reason = Reason.WRONG, *, path: str | None = None
    ) -> None:
        super().__init__(message)
        self.path = path
        """The file or folder that is not there, if that is the reason."""
        self.message = message
        self.origin = origin
        self.reason = reason


LIMITS = frozenset({Reason.REMOTE, Reason.PROGRAM, Reason.ABSENT, Reason.LIMIT})
"""Reasons that are no fault of the kustomization, but limits of what archlint does or sees."""


class Tolerance:
    """Which refusals leave out a step, and not the whole kustomization; used with ``with``."""

    __slots__ = ("_reasons",)

    def __init__(self, *reasons: Reason) -> None:
        self._reasons = frozenset(reasons)

    def __enter__(self) -> None:
        """Begin a step."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        return isinstance(error, Refusal) and error.reason in self._reasons


STRICT = Tolerance()
PARTIAL = Tolerance(Reason.REMOTE, Reason.PROGRAM, Reason.ABSENT, Reason.MISSING)
"""For what is not wholly here: a patch that finds nothing may be meant for what is elsewhere."""
