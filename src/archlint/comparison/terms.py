"""What a comparison is told besides the two sides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import field

from archlint.comparison.failures import Failures
from archlint.finding.records import dataclass

STABILITIES = ("draft", "alpha", "beta", "stable")
"""Levels of ``x-stability-level``, the least promising first; what states none is stable."""


@dataclass(frozen=True, slots=True)
class ComparisonTerms:
    """How files are paired, and what is promised at all."""

    renames: Mapping[str, str] = field(default_factory=dict)
    """Paths of the revision and what they were called at the base."""
    stability: str = "beta"
    """The lowest level of stability whose changes count."""
    failures: Failures | None = field(default=None, compare=False)
    """Where elements at which the comparison fails are noted; without it, what is raised ends the whole."""

    def losing(self, what: str | Callable[[], str], path: str | None = None) -> AbstractContextManager[None]:
        """The context in which one element is compared, so that it loses itself alone."""
        return nullcontext() if self.failures is None else self.failures.losing(what, path)

    def promises(self, level: str) -> bool:
        """Whether something of this level promises to stay as it is; an unknown level does."""
        return level not in STABILITIES or STABILITIES.index(level) >= STABILITIES.index(self.stability)
