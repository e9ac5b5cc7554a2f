"""The one error of configuration: what is wrong, where, and what to type."""

from __future__ import annotations

from collections.abc import Sequence


class ConfigurationError(Exception):
    """A configuration that cannot be followed; each line of the text is ``file:line:column: what to do``."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)
