"""The verdict on a release as Markdown, for a pull request and for release notes."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.finding import Finding, Severity
from archlint.finding.words import number_of
from archlint.judging.release.verdict import GateVerdict, Outcome, Part, Waived, is_deletion
from archlint.reports.consumers import broken_consumers
from archlint.reports.formats.markdown import LIMIT
from archlint.reports.gate.text import MOST, WORDS, capped, cut, ending
from archlint.reports.markdown_text import as_code, as_plain

_MARKS = {Outcome.PASSED: "✅", Outcome.TOLD: "ℹ️", Outcome.SKIPPED: "❔", Outcome.FAILED: "❌"}
_RESERVE = 200
"""Characters kept free for the sentence about what does not fit."""


def gate_markdown(verdict: GateVerdict) -> str:
    """The verdict as Markdown, the gravest first and what is deleted before all else, cut to what a
    comment may hold."""
    head = "may go out" if verdict.passes else "must not go out"
    end = ["", *map(as_plain, ending(verdict))]
    room = LIMIT - _RESERVE - sum(len(line) + 1 for line in end)
    lines: list[str] = []
    left = 0
    for line in (f"## archlint gate: the release {head}", "", *_body(verdict)):
        room -= len(line) + 1
        if room >= 0 and not left:
            lines.append(line)
        else:
            left += bool(line)
    if left:
        words = f"A comment may have {LIMIT:,} characters; the other formats have more."
        lines += ["", f"**{number_of(left, 'line')} not shown.** {words}"]
    return "\n".join([*lines, *end]) + "\n"


def _body(verdict: GateVerdict) -> Iterator[str]:
    yield from _safeguards(verdict)
    yield from ("| Part | Verdict |", "| --- | --- |")
    yield from (f"| {part.title} | {_MARKS[part.outcome]} {WORDS[part.outcome]} |" for part in verdict.parts)
    for part in verdict.parts:
        yield from _section(part)
    if verdict.waived:
        yield from ("", "### Waived", "", "| Finding | Reason | Approver, as the policy says | Until |")
        yield from ("| --- | --- | --- | --- |", *map(_waiver_row, verdict.waived[:MOST]))
        if len(verdict.waived) > MOST:
            yield from ("", f"and {len(verdict.waived) - MOST} more.")


def _safeguards(verdict: GateVerdict) -> Iterator[str]:
    if not verdict.safeguards and not verdict.excused:
        return
    said = f"{verdict.obeyed[0].upper()}{verdict.obeyed[1:]}"
    yield from (f"**This release changes what it is judged by.** {said}:", "")
    for item in verdict.safeguards[:MOST]:
        yield f"- {as_code(cut(f'{item.path}:{item.line}'))} {as_plain(cut(item.said))}"
    if len(verdict.safeguards) > MOST:
        yield f"- and {len(verdict.safeguards) - MOST} more"
    if verdict.excused:
        yield f"- It would have hidden {number_of(len(verdict.excused), 'finding')}, which count."
    yield ""


def _section(part: Part) -> Iterator[str]:
    if not (part.told or part.unknown or part.findings):
        return
    yield from ("", f"### {part.title}")
    if part.told or part.unknown:
        yield ""
    yield from (f"- {as_plain(cut(text))}" for text in capped(part.told))
    yield from (f"- not known: {as_plain(cut(text))}" for text in capped(part.unknown))
    if not part.findings:
        return
    yield from ("", "| Severity | Rule | Place | Finding |", "| --- | --- | --- | --- |")
    for item in sorted(part.findings[:MOST], key=is_deletion, reverse=True):
        yield _row(item)
    if len(part.findings) > MOST:
        yield from ("", f"and {len(part.findings) - MOST} more.")


def _row(item: Finding) -> str:
    at = item.location
    side = " (base)" if at.revision else ""
    place = as_code(f"{at.path}:{at.span.line}")
    told = "".join(f" **{as_plain(f'{each[0].upper()}{each[1:]}')}.**" for each in broken_consumers(item))
    severity = "**error**" if item.severity is Severity.ERROR else item.severity.label
    return f"| {severity} | {item.code} | {place}{side} | {as_plain(cut(item.message))}{told} |"


def _waiver_row(item: Waived) -> str:
    terms = item.waiver
    what = f"{item.finding.code} {as_code(item.finding.location.path)}"
    said = f"{as_plain(cut(terms.reason))} | {as_plain(cut(terms.approver))}"
    return f"| {what} | {said} | {terms.until.isoformat()} |"
