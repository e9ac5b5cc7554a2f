"""The flags that ``check`` and ``breaking`` share, as click gives them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Flags:
    """The flags that ``check`` and ``breaking`` share, as click gives them."""

    select: tuple[str, ...] | None
    ignore: tuple[str, ...] | None
    profile: str | None
    config_file: str | None
    exclude: tuple[str, ...]
    format_name: str
    outputs: tuple[tuple[str, str], ...]
    fail_on: str
    baseline: str | None
    update_baseline: bool
    show_suppressed: bool
    today: date | None
    jobs: int | None
    no_cache: bool
    statistics: bool
    quiet: bool
    verbose: bool
    color: str

    @property
    def wants_revision_facts(self) -> bool:
        """Whether a report says which commit was checked."""
        return "sarif" in (self.format_name, *(name for name, _ in self.outputs))
