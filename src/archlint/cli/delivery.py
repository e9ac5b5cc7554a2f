"""From a result to reports and an exit code."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from archlint.cli.exits import Exit
from archlint.cli.flags import Flags
from archlint.cli.output import print_text, say, say_notice, write_report
from archlint.cli.standing import named_outside, opened_from
from archlint.cli.terminal import columns_of, wants_color, wants_links
from archlint.files import FileProblem, FileTree, TextProblem, decode
from archlint.finding import Result, Rule, Severity
from archlint.finding.records import replace
from archlint.finding.words import number_of
from archlint.model.evidence.pact_marks import may_be_pact
from archlint.origin.links import Links
from archlint.registry import Registry, body_of
from archlint.reports import Report, render
from archlint.reports.characters import visible
from archlint.reports.reading import reading_line, schema_line
from archlint.reports.screen import Screen
from archlint.reports.summary import totals

_SELF_TOLD = frozenset({"text", "json", "markdown"})
"""Formats that say themselves what was not read."""


def deliver(
    result: Result,
    flags: Flags,
    registry: Registry,
    trees: dict[str | None, FileTree],
    *,
    help_url: str | None = None,
    shown: Callable[[str], str] | None = None,
    instead: str | None = None,
) -> Exit:
    """Write all reports and say how the run ended; ``instead`` takes the place of the one that is printed.

    ``shown`` tells how a user can open a path; without it, all files are those of one repository.
    """
    if shown is None:
        shown = opened_from(Path.cwd(), Path(result.root), named_outside(trees))
    report = replace(
        report_of(result, registry, trees, help_url),
        color=wants_color(flags.color, sys.stdout),
        columns=columns_of(sys.stdout),
        links=wants_links(sys.stdout),
        shown=shown,
        statistics=flags.statistics,
        show_suppressed=flags.show_suppressed,
        summary=not flags.quiet,
    )
    for name, path in flags.outputs:
        text = render(name, replace(report, color=False, columns=None, links=False, summary=True))
        write_report(path, text, name, Path(result.root))
    if instead is None:
        print_text(render(flags.format_name, report), flags.format_name)
    else:
        print_text(instead)
    if flags.format_name == "concise" and instead is None and not flags.quiet:
        _say_totals(report, flags)
    _say_besides(result, flags, shown, has_text=flags.format_name == "text" and instead is None)
    return exit_code(result, flags.fail_on)


def report_of(
    result: Result, registry: Registry, trees: Mapping[str | None, FileTree], help_url: str | None
) -> Report:
    """What any format needs to know of a result; ``trees`` are the files of each side."""
    links = Links(help_url)
    return Report(
        result=result,
        rules=registry.by_code,
        page=_page,
        lines=_line_reader(trees),
        url=links.page,
        home=links.home,
    )


def _say_totals(report: Report, flags: Flags) -> None:
    """The totals on standard error: on standard output each line is a finding."""
    say(f"archlint: {totals(report, Screen(wants_color(flags.color, sys.stderr)))}")


def _say_besides(result: Result, flags: Flags, shown: Callable[[str], str], *, has_text: bool) -> None:
    """What standard error tells of the run; a text report has said some of it itself."""
    if flags.verbose:
        base = f", against {result.base}" if result.base else ""
        say(visible(f"archlint: {number_of(result.files, 'file')} below {result.root}{base}"))
        if result.schemas is not None:
            say(visible(f"archlint: {schema_line(result.schemas)}"))
    if flags.quiet:
        return
    line = None if flags.format_name in _SELF_TOLD else reading_line(result)
    if line is not None:
        say(f"archlint: {line}")
    for notice in result.notices:
        if notice.level != "error" or not has_text:
            say_notice(notice, shown)


def exit_code(result: Result, fail_on: str) -> Exit:
    """The documented exit code: a failure of archlint or a plugin wins over findings."""
    if result.failed:
        return Exit.FAILURE
    if fail_on == "never":
        return Exit.OK
    least = Severity.parse(fail_on)
    return Exit.FINDINGS if any(item.severity >= least for item in result.findings) else Exit.OK


def _page(rule: Rule) -> str:
    if rule.text:
        return rule.text
    try:
        return body_of(Path(rule.page).read_text("utf-8"))
    except OSError:
        return rule.title


def _line_reader(trees: Mapping[str | None, FileTree]) -> Callable[[str, str | None], Sequence[str]]:
    """What reports may quote: Pact files they may not, as their values may be secrets."""
    kept: dict[tuple[str, str | None], Sequence[str]] = {}

    def lines(path: str, revision: str | None) -> Sequence[str]:
        if (path, revision) not in kept:
            try:
                text = decode(trees[revision].read(path))
                kept[path, revision] = [] if may_be_pact(text) else text.split("\n")
            except (KeyError, FileProblem, TextProblem):
                kept[path, revision] = []
        return kept[path, revision]

    return lines
