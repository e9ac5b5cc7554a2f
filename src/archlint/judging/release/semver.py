"""Versions as Semantic Versioning 2.0.0 reads them, and how far one is from another.

Source: https://semver.org/spec/v2.0.0.html, items 2, 4, 9 and 11.
"""

from __future__ import annotations

from enum import IntEnum

from archlint.finding.records import dataclass
from archlint.finding.regex import regex

_VERSION = regex(
    r"[vV]?(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?(?:\.\d{1,9})?"
    r"(?:-?((?:[A-Za-z]|\d+-)[0-9A-Za-z.-]{0,80}|-\d[0-9A-Za-z.-]{0,80}))?(?:\+[0-9A-Za-z.-]{0,80})?\Z"
)
"""Also what package managers of Python and Java write: ``1.2``, ``2.0rc1``, ``1.4-SNAPSHOT``."""


class Bump(IntEnum):
    """The part of a version that is raised, the least first."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3

    @property
    def label(self) -> str:
        """As people call it."""
        return self.name.lower()


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """The numbers of a version; of a pre-release those that it leads to."""

    major: int
    minor: int
    patch: int

    def needed_for(self, bump: Bump) -> Bump:
        """The part to raise from here where a stable version needs ``bump``.

        Below 1.0.0 nothing is promised yet (item 4); the custom of package managers, that a caret stays
        below the next minor version, makes a minor version of what breaks and a patch of all else.
        """
        if self.major > 0 or bump is Bump.NONE:
            return bump
        return Bump.MINOR if bump is Bump.MAJOR else Bump.PATCH

    def raised(self, bump: Bump) -> Version:
        """The next version that raises a part."""
        if bump is Bump.MAJOR:
            return Version(self.major + 1, 0, 0)
        if bump is Bump.MINOR:
            return Version(self.major, self.minor + 1, 0)
        return Version(self.major, self.minor, self.patch + 1) if bump is Bump.PATCH else self

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"


def parse_version(text: str | None) -> Version | None:
    """The version that a text names, with or without ``v``; ``None`` if it names none."""
    found = _VERSION.match((text or "").strip())
    if found is None:
        return None
    major, minor, patch = (int(part or 0) for part in found.groups()[:3])
    return Version(major, minor, patch)


def bump_between(old: Version, new: Version) -> Bump | None:
    """The part that was raised; ``None`` where the version went back."""
    if new < old:
        return None
    if new.major != old.major:
        return Bump.MAJOR
    if new.minor != old.minor:
        return Bump.MINOR
    return Bump.PATCH if new.patch != old.patch else Bump.NONE
