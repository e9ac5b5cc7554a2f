"""The flags that ``check`` and ``breaking`` share, as click gives them."""

from __future__ import annotations

from datetime import date

from archlint.cli.exits import UsageProblem
from archlint.finding.records import dataclass


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
    fix: bool = False
    unsafe_fixes: bool = False
    diff: bool = False
    tracked: bool = False
    isolated: bool = False
    stdin_filename: str | None = None
    kubernetes_version: str | None = None
    schemas: tuple[str, ...] = ()
    helm: str | None = None
    ruleset: str | None = None

    @property
    def wants_revision_facts(self) -> bool:
        """Whether a report says which commit was checked."""
        return "sarif" in (self.format_name, *(name for name, _ in self.outputs))


def refuse_misuse(flags: Flags) -> None:
    """Raises ``UsageProblem`` for flags that contradict each other."""
    if flags.unsafe_fixes and not (flags.fix or flags.diff):
        raise UsageProblem("--unsafe-fixes says which fixes to apply; add --fix, or --diff to see them")
    if flags.stdin_filename is not None and (flags.fix or flags.update_baseline):
        raise UsageProblem("standard input cannot be fixed or accepted; use --diff, or check the file itself")
    if flags.update_baseline and (flags.fix or flags.diff):
        raise UsageProblem("--fix fixes what --update-baseline would accept; run one after the other")
    if flags.diff and flags.format_name != "text":
        raise UsageProblem(
            "--diff is printed on standard output; write the report to a file, "
            f"such as --output {flags.format_name}=FILE"
        )
