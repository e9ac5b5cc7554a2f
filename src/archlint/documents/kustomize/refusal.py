"""Why a kustomization is not built, with the place that stands in the way."""

from __future__ import annotations

from enum import StrEnum

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

    def __init__(self, message: str, origin: Origin, reason: Reason = Reason.WRONG) -> None:
        super().__init__(message)
        self.message = message
        self.origin = origin
        self.reason = reason
