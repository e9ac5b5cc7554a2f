"""What a comparison fails at: one element is lost and named, and the rest is compared all the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from archlint.finding import Notice


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
