"""A release as it was judged: what every report of the gate is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from archlint.finding import Finding, Result
from archlint.finding.records import dataclass
from archlint.judging.release.policy import Waiver
from archlint.judging.release.semver import Bump


class Outcome(StrEnum):
    """How a part of a release stands to the policy."""

    PASSED = "passed"
    TOLD = "told"
    """There is something to know, and the policy lets it through."""
    SKIPPED = "skipped"
    """A safeguard that could not be applied, and whose absence the policy lets through."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Safeguard:
    """Something by which changes are judged, and which the release changes itself."""

    path: str
    line: int
    said: str
    """What is changed, as words: "profile: recommended is now minimal"."""
    is_policy: bool = False
    """Whether that is the policy itself, which a flag has named: then it is obeyed."""


@dataclass(frozen=True, slots=True)
class ContractVersion:
    """What a contract's version should be and what it is, seen from the last release."""

    path: str
    carrier: str
    """The file whose version counts: the contract itself, or the package or chart that it is part of."""
    before: str | None
    now: str | None
    needed: Bump
    had: Bump | None
    """``None`` where it went back."""
    least: str | None
    """The least version that would do, where it is known."""
    unknown: str | None = None
    """Why it cannot be judged."""
    cause: Finding | None = None
    """What asks for the most."""

    @property
    def is_enough(self) -> bool:
        """Whether the version was raised as far as it has to be."""
        return self.unknown is not None or (self.had is not None and self.had >= self.needed)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a verdict."""

    name: str
    title: str
    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    told: tuple[str, ...] = ()
    """Facts in words, one a line."""
    unknown: tuple[str, ...] = ()
    """What could not be judged, and why."""


@dataclass(frozen=True, slots=True)
class Waived:
    """A finding that a waiver excuses."""

    finding: Finding
    waiver: Waiver


@dataclass(frozen=True, slots=True)
class GateVerdict:
    """Whether a release may go out, with all that led to it."""

    result: Result
    """All findings that are new in the release, for the formats that show findings."""
    policy: str
    """Where the policy comes from, as people can find it."""
    safeguards: tuple[Safeguard, ...]
    excused: tuple[Finding, ...]
    """Findings that only the release's own suppressions take back; they count."""
    parts: tuple[Part, ...]
    waived: tuple[Waived, ...]
    versions: tuple[ContractVersion, ...]
    released: str | None
    """The release that versions are judged from."""
    commits: Mapping[str, str] = field(default_factory=dict)
    """``base``, ``head`` and ``released``, as far as there are such."""

    @property
    def passes(self) -> bool:
        """Whether no part fails, nor archlint itself: then nobody knows."""
        return not self.result.failed and all(part.outcome is not Outcome.FAILED for part in self.parts)

    @property
    def obeyed(self) -> str:
        """What is obeyed of what the release changes in its own safeguards."""
        named = any(item.is_policy for item in self.safeguards)
        return "the policy is its own, as a flag names it" if named else "none of it is obeyed"

    @property
    def skipped(self) -> tuple[str, ...]:
        """The safeguards that could not be applied."""
        return tuple(
            text for part in self.parts if part.outcome is not Outcome.FAILED for text in part.unknown
        )


def is_deletion(finding: Finding) -> bool:
    """Whether a finding tells that something is gone, which nobody sees in the new lines of a change."""
    return "removed" in finding.rule.split("-")
