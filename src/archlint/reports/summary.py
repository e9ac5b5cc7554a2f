"""The end of the text report: totals, the rules that found most, what can be fixed, and counts by rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from archlint.finding import Finding, Result, Severity
from archlint.finding.words import number_of
from archlint.reports import Report
from archlint.reports.blocks import BOLD, COLORS, FIXABLE, GREEN, is_fixable
from archlint.reports.counts import GRAVEST_FIRST, RuleCount, by_rule, by_severity, in_words, is_news
from archlint.reports.screen import Screen, words_of

_ROWS = 10
"""Rules that are named at the end of a report, if they found more than one thing."""
_FEW = 10
"""Findings that one sees at a glance, so that nobody has to count them by rule."""


def summary(report: Report, screen: Screen) -> Iterator[str]:
    """Totals by severity, and unless the counts by rule stand above them, the rules and what to do next."""
    result = report.result
    yield from _sentence(totals(report, screen), screen)
    findings = _asking(report)
    rules = by_rule(findings)
    if not report.statistics and len(findings) > _FEW:
        yield from _table(rules, screen)
    for told in _fixable(result):
        yield from _sentence(told, screen)
    if rules and not report.statistics:
        yield from _sentence(
            f"`archlint explain {rules[0].code}` tells why it matters and how to fix it.", screen
        )


def totals(report: Report, screen: Screen) -> str:
    """How many findings there are of each severity, how many compatible changes, and in how many files; or
    that there are none."""
    result = report.result
    if not result.findings:
        return _nothing_found(result, screen) + _hidden(result)
    counts = by_severity(_asking(report))
    files = number_of(result.files, "file")
    touched = len({finding.location.path for finding in result.findings})
    # what is read through references is not counted among the files, and may be where a finding is
    places = f"{touched} of {files}" if touched <= result.files else number_of(touched, "file")
    news = len(result.findings) - sum(counts.values())
    if news == len(result.findings):
        told = screen.paint(f"Found nothing but {in_words({}, news)}", GREEN)
    else:
        told = screen.paint(f"Found {in_words(counts, news)}", COLORS[_gravest(counts)])
    return f"{told} in {places}{_hidden(result)}."


def _asking(report: Report) -> list[Finding]:
    """The findings that ask somebody to do something."""
    return [finding for finding in report.result.findings if not is_news(finding, report.rules)]


def _hidden(result: Result) -> str:
    return f" ({len(result.suppressed)} suppressed)" if result.suppressed else ""


def _sentence(text: str, screen: Screen) -> Iterator[str]:
    yield from screen.wrapped(words_of(text), "", "  ")


def _nothing_found(result: Result, screen: Screen) -> str:
    """That there are no findings; all is clear only if nothing failed and nothing was left unread."""
    files = number_of(result.files if result.read is None else result.read, "file")
    if not result.files:
        return "Nothing to check: no files were found."
    if result.read == 0:
        return "Nothing to check: no file was read."
    if any(notice.level == "error" for notice in result.notices):
        return f"Nothing found in {files}, but not everything could be checked."
    if result.unread:
        return f"Nothing found in {files}, and not everything was read."
    return screen.paint(f"All clear: {files} checked, nothing found.", GREEN)


def _gravest(counts: dict[Severity, int]) -> Severity:
    return next(severity for severity, count in counts.items() if count)


def _table(rules: Sequence[RuleCount], screen: Screen) -> Iterator[str]:
    """The rules that found most, if few of them found at least half of it all; a last row counts the findings
    of all others, so that the column adds up."""
    shown = [rule for rule in rules if rule.findings > 1][:_ROWS]
    others = [rule for rule in rules if rule not in shown]
    if len(rules) < 2 or _sum(shown) < _sum(others):
        return
    rest = {
        severity: _sum(rule for rule in others if rule.severity is severity) for severity in GRAVEST_FIRST
    }
    digits = len(str(max(_sum(others), *(rule.findings for rule in shown))))
    width = max(len(rule.code) for rule in shown)
    for rule in shown:
        severity = screen.paint(f"{rule.severity.label:<7}", COLORS[rule.severity])
        yield f"  {rule.findings:>{digits}} {severity} {rule.code:<{width}} {rule.rule}"
    if others:
        codes = len({rule.code for rule in others} - {rule.code for rule in shown})
        of = f" of {number_of(codes, 'other rule')}" if codes else ""
        told = f"more{of}: {in_words(rest)}; `--statistics` counts by rule"
        yield from screen.wrapped(words_of(told), f"  {_sum(others):>{digits}} ", " " * (digits + 3))


def _sum(rules: Iterable[RuleCount]) -> int:
    return sum(rule.findings for rule in rules)


def _fixable(result: Result) -> Iterator[str]:
    """How many findings flags would fix."""
    safe = sum(is_fixable(finding) for finding in result.findings)
    unsafe = sum(finding.fix is not None and not finding.fix.safe for finding in result.findings)
    if safe:
        more = f" ({unsafe} more with `--fix --unsafe-fixes`)" if unsafe else ""
        yield f"{FIXABLE} {number_of(safe, 'finding')} can be fixed with `--fix`{more}."
    elif unsafe:
        yield f"{number_of(unsafe, 'finding')} can be fixed with `--fix --unsafe-fixes`."


def statistics(rules: Sequence[RuleCount], report: Report, screen: Screen) -> Iterator[str]:
    """Counts by rule with the number of files and the title of the rule's page."""
    if not rules:
        return
    rows = [(str(rule.findings), str(rule.files), rule) for rule in rules]
    first = max(len("findings"), *(len(row[0]) for row in rows))
    second = max(len("files"), *(len(row[1]) for row in rows))
    code = max(len(rule.code) for rule in rules)
    name = max(len(_marked(rule, report)) for rule in rules)
    yield screen.paint(f"{'findings':>{first}}  {'files':>{second}}  severity  {'code':<{code}}  rule", BOLD)
    for findings, files, rule in rows:
        known = report.rules.get(rule.code)
        severity = screen.paint(f"{rule.severity.label:<8}", COLORS[rule.severity])
        text = f"{findings:>{first}}  {files:>{second}}  {severity}  {rule.code:<{code}}  "
        yield (text + f"{_marked(rule, report):<{name}}  {known.title if known else ''}").rstrip()
    yield ""


def _marked(rule: RuleCount, report: Report) -> str:
    """The name of a rule, marked if ``--fix`` repairs what it finds."""
    known = report.rules.get(rule.code)
    return f"{rule.rule} {FIXABLE}" if known is not None and known.fix == "safe" else rule.rule
