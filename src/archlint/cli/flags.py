"""The flags that ``check`` and ``breaking`` share, as click gives them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Flags:
    """The flags that commands share, as click gives them; the defaults are those without a flag."""

    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] | None = None
    profile: str | None = None
    config_file: str | None = None
    exclude: tuple[str, ...] = ()
    format_name: str = "text"
    outputs: tuple[tuple[str, str], ...] = ()
    fail_on: str = "error"
    baseline: str | None = None
    update_baseline: bool = False
    show_suppressed: bool = False
    today: date | None = None
    jobs: int | None = None
    no_cache: bool = False
    statistics: bool = False
    quiet: bool = False
    verbose: bool = False
    color: str = "auto"

    @property
    def wants_revision_facts(self) -> bool:
        """Whether a report says which commit was checked."""
        return "sarif" in (self.format_name, *(name for name, _ in self.outputs))
