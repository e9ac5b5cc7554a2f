"""From flags to a request, and from an outcome to reports and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import click

from archlint.cache import cache_folder
from archlint.cli.exits import Exit, UsageProblem
from archlint.config import Settings
from archlint.engine.checking import Outcome
from archlint.files import FileProblem, FileTree, TextProblem, decode
from archlint.finding import Profile, Result, Rule, Severity
from archlint.registry import Registry, UnknownRule, load_rules, split_page
from archlint.reports import Report, render
from archlint.reports.characters import visible


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


def registry_of(no_cache: bool = False) -> Registry:
    """All rules of archlint."""
    return Registry(load_rules(None if no_cache else cache_folder()))


def apply_flags(settings: Settings, flags: Flags) -> Settings:
    """Settings with the flags on top: a flag that is given replaces what the file says."""
    changed: dict[str, Any] = {}
    for name in ("select", "ignore"):
        if getattr(flags, name) is not None:
            changed[name] = getattr(flags, name)
    if flags.profile is not None:
        changed["profile"] = Profile[flags.profile.upper()]
    if flags.exclude:
        changed["exclude"] = flags.exclude
    if flags.baseline is not None:
        changed["baseline"] = flags.baseline
    return replace(settings, **changed)


def chosen_rules(registry: Registry, settings: Settings) -> tuple[Rule, ...]:
    """The rules in force; raises ``UsageProblem`` for a selector that names nothing."""
    for selector in (*settings.select, *settings.ignore):
        try:
            registry.require(selector)
        except UnknownRule as problem:
            raise UsageProblem(str(problem)) from None
    return registry.choose(settings.profile, settings.select, settings.ignore)


def deliver(outcome: Outcome, flags: Flags, registry: Registry, trees: dict[str | None, FileTree]) -> Exit:
    """Write all reports and say how the run ended."""
    result = outcome.result
    report = Report(
        result=result,
        rules=registry.by_code,
        page=_page,
        lines=_line_reader(trees),
        color=_wants_color(flags),
        statistics=flags.statistics,
        show_suppressed=flags.show_suppressed,
    )
    for name, path in flags.outputs:
        _write(path, render(name, replace(report, color=False)))
    _print(render(flags.format_name, report))
    if not flags.quiet:
        for notice in result.notices:
            if notice.level == "error" and flags.format_name == "text":
                continue  # the text report says it itself
            where = f"{notice.path}: " if notice.path else ""
            click.echo(visible(f"archlint: {notice.level}: {where}{notice.message}"), err=True)
    return exit_code(result, flags.fail_on, failed=outcome.failed)


def exit_code(result: Result, fail_on: str, *, failed: bool) -> Exit:
    """The documented exit code: a failure of archlint or a plugin wins over findings."""
    if failed:
        return Exit.FAILURE
    if fail_on == "never":
        return Exit.OK
    least = Severity.parse(fail_on)
    return Exit.FINDINGS if any(item.severity >= least for item in result.findings) else Exit.OK


def _page(rule: Rule) -> str:
    try:
        return split_page(Path(rule.page).read_text("utf-8"), rule.page).body
    except OSError:
        return rule.title


def _line_reader(trees: dict[str | None, FileTree]) -> Callable[[str, str | None], Sequence[str]]:
    kept: dict[tuple[str, str | None], Sequence[str]] = {}

    def lines(path: str, revision: str | None) -> Sequence[str]:
        if (path, revision) not in kept:
            try:
                kept[path, revision] = decode(trees[revision].read(path)).split("\n")
            except (KeyError, FileProblem, TextProblem):
                kept[path, revision] = []
        return kept[path, revision]

    return lines


def _wants_color(flags: Flags) -> bool:
    if flags.color != "auto":
        return flags.color == "always"
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _write(path: str, text: str) -> None:
    try:
        target = Path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise UsageProblem(f"cannot write the report '{path}': {error.strerror}") from None


def _print(text: str) -> None:
    stream = getattr(sys.stdout, "buffer", None)
    if stream is None:
        sys.stdout.write(text)
        return
    stream.write(text.encode("utf-8", "backslashreplace"))
    stream.flush()
