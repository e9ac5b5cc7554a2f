"""The one error of configuration: what is wrong, where, and what to type."""

from __future__ import annotations

from collections.abc import Sequence

from archlint.reports.characters import visible


class ConfigurationError(Exception):
    """A configuration that cannot be followed; each line of the text is ``file:line:column: what to do``.

    Problems may quote the file, which must not add lines of its own.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(map(visible, problems))
        super().__init__("\n".join(self.problems))
