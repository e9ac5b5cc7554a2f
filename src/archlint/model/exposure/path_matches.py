"""What a route asks of a path, and which templates of OpenAPI have such paths."""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property

from archlint.finding.records import dataclass

Segments = tuple[str | None, ...]
"""The parts of a path between slashes; ``None`` for one that a parameter fills in."""


def segments_of(path: str) -> Segments:
    """The segments of a path or of a template; a slash at the end means nothing."""
    return tuple(None if "{" in part else part for part in path.split("/") if part)


class Mode(StrEnum):
    """How a path is compared."""

    EXACT = "exact"
    ELEMENTS = "elements"
    """It begins with whole segments: Ingress ``Prefix``, ``PathPrefix`` of the Gateway API."""
    LETTERS = "letters"
    """It begins with letters: ``prefix`` of Istio."""


@dataclass(frozen=True)
class PathMatch:
    """The paths that a route takes, or that arrive at its target."""

    text: str
    mode: Mode

    @cached_property
    def parts(self) -> Segments:
        """The segments that must be there whole."""
        parts = segments_of(self.text)
        return parts[:-1] if self.begun else parts

    @cached_property
    def begun(self) -> str:
        """The first letters of the segment after these."""
        is_begun = self.mode is Mode.LETTERS and not self.text.endswith("/")
        return self.text.rpartition("/")[2] if is_begun else ""

    def takes(self, template: Segments) -> bool:
        """Whether a path of a template may be among these."""
        parts = self.parts
        if len(template) < len(parts) + bool(self.begun):
            return False
        if self.mode is Mode.EXACT and len(template) != len(parts):
            return False
        if any(one not in (None, part) for one, part in zip(template, parts, strict=False)):
            return False
        following = template[len(parts)] if self.begun else None
        return following is None or following.startswith(self.begun)


EVERYTHING = PathMatch("/", Mode.ELEMENTS)
