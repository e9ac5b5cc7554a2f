"""The verdict on a release as Markdown, for a pull request and for release notes."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.finding import Finding, Severity
from archlint.finding.words import number_of
from archlint.judging.release.verdict import GateVerdict, Outcome, Part, Waived
from archlint.reports.consumers import broken_consumers
from archlint.reports.gate_text import MOST, WORDS, ending
from archlint.reports.markdown_text import as_code, as_plain

_MARKS = {Outcome.PASSED: "✅", Outcome.TOLD: "ℹ️", Outcome.SKIPPED: "❔", Outcome.FAILED: "❌"}


def gate_markdown(verdict: GateVerdict) -> str:
    """The verdict as Markdown, the gravest first and what is deleted before all else."""
    head = "may go out" if verdict.passes else "must not go out"
    lines = [f"## archlint gate: the release {head}", ""]
    if verdict.safeguards or verdict.excused:
        lines += ["**This release changes what it is judged by.** None of it is obeyed:", ""]
        lines += [
            f"- {as_code(f'{item.path}:{item.line}')} {as_plain(item.said)}" for item in verdict.safeguards
        ]
        if verdict.excused:
            lines.append(f"- It would have hidden {number_of(len(verdict.excused), 'finding')}, which count.")
        lines.append("")
    lines += ["| Part | GateVerdict |", "| --- | --- |"]
    lines += [f"| {part.title} | {_MARKS[part.outcome]} {WORDS[part.outcome]} |" for part in verdict.parts]
    for part in verdict.parts:
        lines += _section(part)
    if verdict.waived:
        lines += ["", "### Waived", "", "| Finding | Reason | Approver, as the policy says | Until |"]
        lines += ["| --- | --- | --- | --- |", *map(_waiver_row, verdict.waived)]
    lines += ["", *map(as_plain, ending(verdict))]
    return "\n".join(lines) + "\n"


def _section(part: Part) -> Iterator[str]:
    if not (part.told or part.unknown or part.findings):
        return
    yield from ("", f"### {part.title}", "")
    yield from (f"- {as_plain(text)}" for text in part.told)
    yield from (f"- not known: {as_plain(text)}" for text in part.unknown)
    if not part.findings:
        return
    yield from ("", "| Severity | Rule | Place | Finding |", "| --- | --- | --- | --- |")
    for item in part.findings[:MOST]:
        yield _row(item)
    if len(part.findings) > MOST:
        yield from ("", f"and {len(part.findings) - MOST} more.")


def _row(item: Finding) -> str:
    at = item.location
    side = " (base)" if at.revision else ""
    place = as_code(f"{at.path}:{at.span.line}")
    told = "".join(f" **{as_plain(f'{each[0].upper()}{each[1:]}')}.**" for each in broken_consumers(item))
    severity = "**error**" if item.severity is Severity.ERROR else item.severity.label
    return f"| {severity} | {item.code} | {place}{side} | {as_plain(item.message)}{told} |"


def _waiver_row(item: Waived) -> str:
    terms = item.waiver
    what = f"{item.finding.code} {as_code(item.finding.location.path)}"
    return f"| {what} | {as_plain(terms.reason)} | {as_plain(terms.approver)} | {terms.until.isoformat()} |"
