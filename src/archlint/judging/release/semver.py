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
    is_final: bool = True
    """Whether it is no pre-release; one that is stands before the version that it leads to."""

    @property
    def numbers(self) -> tuple[int, int, int]:
        """All three."""
        return self.major, self.minor, self.patch

    @property
    def target(self) -> Bump:
        """The part that was raised to make it, as its zeros tell."""
        if self.patch:
            return Bump.PATCH
        return Bump.MINOR if self.minor else Bump.MAJOR

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

    def least_for(self, bump: Bump) -> Version:
        """The least version that is enough from here; a pre-release may become what it leads to."""
        if not self.is_final and self.target >= bump:
            return Version(self.major, self.minor, self.patch)
        return self.raised(bump)

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"


def parse_version(text: str | None) -> Version | None:
    """The version that a text names, with or without ``v``; ``None`` if it names none."""
    found = _VERSION.match((text or "").strip())
    if found is None:
        return None
    major, minor, patch = (int(part or 0) for part in found.groups()[:3])
    return Version(major, minor, patch, is_final=found[4] is None)


def bump_between(old: Version, new: Version) -> Bump | None:
    """The part that was raised; ``None`` where the version went back. From a pre-release to the version that
    it leads to, or to the next such, it is what the pre-release has raised."""
    if new < old:
        return None
    if new.major != old.major:
        return Bump.MAJOR
    if new.minor != old.minor:
        return Bump.MINOR
    if new.patch != old.patch:
        return Bump.PATCH
    return Bump.NONE if old.is_final else old.target
