"""What a comparison is told besides the two sides, and what it fails at: one element is lost and named."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import field
from enum import StrEnum
from fnmatch import fnmatchcase

from archlint.files.globs import Exclusion
from archlint.finding import Notice
from archlint.finding.records import dataclass


class Failures:
    """Elements at which the comparison raised, as notices; the run ends with the exit code of a failure."""

    def __init__(self) -> None:
        self._notices: dict[str, Notice] = {}

    @property
    def notices(self) -> tuple[Notice, ...]:
        """One notice for each element that was lost, in the order in which they were met."""
        return tuple(self._notices.values())

    def add(self, what: str, path: str | None, error: Exception) -> None:
        """Note that something was not compared."""
        reason = f"{what} was not compared, because archlint failed: {type(error).__name__}: {error}"
        self._notices.setdefault(what, Notice("error", reason, path))

    @contextmanager
    def losing(self, what: str | Callable[[], str], path: str | None = None) -> Iterator[None]:
        """Go on after whatever is raised inside, and note that ``what`` was not compared."""
        try:
            yield
        except Exception as error:  # a defect of archlint: what it is cannot be known before
            self.add(what if isinstance(what, str) else what(), path, error)


STABILITIES = ("draft", "alpha", "beta", "stable")
"""Levels of ``x-stability-level``, the least promising first; what states none is stable."""


class Compatibility(StrEnum):
    """Who must be able to read what with which schema of an event, as registries of schemas call it."""

    NONE = "NONE"
    BACKWARD = "BACKWARD"
    """Readers with the newer schema read what was written with the older one."""
    FORWARD = "FORWARD"
    """Readers with the older schema read what is written with the newer one."""
    FULL = "FULL"
    """Both."""
    BACKWARD_TRANSITIVE = "BACKWARD_TRANSITIVE"
    FORWARD_TRANSITIVE = "FORWARD_TRANSITIVE"
    FULL_TRANSITIVE = "FULL_TRANSITIVE"

    @property
    def is_backward(self) -> bool:
        """Whether readers with the newer schema count."""
        return self.startswith(("BACKWARD", "FULL"))

    @property
    def is_forward(self) -> bool:
        """Whether readers with the older schema count."""
        return self.startswith(("FORWARD", "FULL"))

    @property
    def is_transitive(self) -> bool:
        """Whether all earlier versions count, and not the last one alone."""
        return self.endswith("_TRANSITIVE")


class Readers(StrEnum):
    """Who does not read what the other side wrote."""

    NEW = "new"
    """Readers with the newer schema refuse what was written with the older one."""
    OLD = "old"
    """Readers with the older schema refuse what is written with the newer one."""
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class ComparisonTerms:
    """How files are paired, and what is promised at all."""

    renames: Mapping[str, str] = field(default_factory=dict)
    """Paths of the revision and what they were called at the base."""
    names_pairs: bool = False
    """Whether somebody named these pairs, and it is not git that takes files for renamed."""
    stability: str = "beta"
    """The lowest level of stability whose changes count."""
    compatibility: Compatibility = Compatibility.BACKWARD
    """Which readers of events count."""
    subjects: tuple[tuple[str, Compatibility], ...] = ()
    """Patterns of files or names of schemas of events that promise something else."""
    registry: str = "values"
    """Whose verdict on events counts."""
    failures: Failures | None = field(default=None, compare=False)
    """Where elements at which the comparison fails are noted; without it, what is raised ends the whole."""

    def losing(self, what: str | Callable[[], str], path: str | None = None) -> AbstractContextManager[None]:
        """The context in which one element is compared, so that it loses itself alone."""
        return nullcontext() if self.failures is None else self.failures.losing(what, path)

    def compatibility_of(self, path: str, name: str) -> Compatibility:
        """Which readers of a schema of events count: by the last pattern that fits its file or name."""
        fitting = (promised for pattern, promised in reversed(self.subjects) if _fits(pattern, path, name))
        return next(fitting, self.compatibility)

    def is_subject(self, path: str, name: str) -> bool:
        """Whether a pattern names a schema of events."""
        return any(_fits(pattern, path, name) for pattern, _ in self.subjects)

    def promises(self, level: str) -> bool:
        """Whether something of this level promises to stay as it is; an unknown level does."""
        return level not in STABILITIES or STABILITIES.index(level) >= STABILITIES.index(self.stability)


def _fits(pattern: str, path: str, name: str) -> bool:
    """Whether a pattern is one of a file, as in ``.gitignore``, or of the name of what stands in it."""
    return Exclusion((pattern,)).excludes_file(path, "") or fnmatchcase(name, pattern)
