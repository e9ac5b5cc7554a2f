"""The verdict on a release as text: what it changes of its own safeguards, each part, and the verdict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archlint.finding import Finding
from archlint.finding.words import number_of
from archlint.judging.release.verdict import GateVerdict, Outcome, Waived
from archlint.reports.characters import visible
from archlint.reports.consumers import broken_consumers
from archlint.reports.reading import reading_line

MOST = 50
"""Findings of a part that are listed; reports of findings list all."""
_LONGEST = 500
WORDS = {
    Outcome.PASSED: "pass",
    Outcome.TOLD: "pass, see below",
    Outcome.SKIPPED: "not known",
    Outcome.FAILED: "FAIL",
}


def gate_text(verdict: GateVerdict) -> str:
    """The verdict as lines: what it changes of its own safeguards, then each part, then the verdict."""
    lines = [*_safeguards(verdict), *_parts(verdict), *_waived(verdict.waived)]
    return "\n".join([*lines, *ending(verdict)]) + "\n"


def _safeguards(verdict: GateVerdict) -> Iterator[str]:
    if not verdict.safeguards and not verdict.excused:
        return
    yield f"This release changes what it is judged by; {verdict.obeyed}:"
    for item in verdict.safeguards[:MOST]:
        yield f"  {cut(item.path)}:{item.line} {cut(item.said)}"
    if len(verdict.safeguards) > MOST:
        yield f"  and {len(verdict.safeguards) - MOST} more"
    if verdict.excused:
        yield f"  It would have hidden {number_of(len(verdict.excused), 'finding')}, which count."
    yield ""


def _parts(verdict: GateVerdict) -> Iterator[str]:
    width = max(len(part.title) for part in verdict.parts)
    for part in verdict.parts:
        yield f"{part.title:<{width}}  {WORDS[part.outcome]}"
        for text in capped(part.told):
            yield f"  {cut(text)}"
        for text in capped(part.unknown):
            yield f"  not known: {cut(text)}"
        for item in part.findings[:MOST]:
            yield f"  {_finding(item)}"
        if len(part.findings) > MOST:
            yield f"  and {len(part.findings) - MOST} more; --output sarif=FILE has all"
    yield ""


def capped(texts: Sequence[str]) -> Iterator[str]:
    """As many texts as a report has room for, and how many more there are."""
    yield from texts[:MOST]
    if len(texts) > MOST:
        yield f"and {len(texts) - MOST} more"


def _finding(item: Finding) -> str:
    at = item.location
    side = " (base)" if at.revision else ""
    place = f"{cut(at.path)}:{at.span.line}:{at.span.column}{side}"
    told = "".join(f" {each[0].upper()}{each[1:]}." for each in broken_consumers(item))
    return f"{place} {item.severity.label} {item.code} {cut(item.message)}{told}"


def _waived(waived: Sequence[Waived]) -> Iterator[str]:
    if not waived:
        return
    yield "Waived:"
    for item in waived[:MOST]:
        terms = item.waiver
        yield f"  {_finding(item.finding)}"
        approver = f"approved by {cut(terms.approver)} (as the policy says)"
        yield f"    until {terms.until.isoformat()}, {approver}: {cut(terms.reason)}"
    if len(waived) > MOST:
        yield f"  and {len(waived) - MOST} more"
    yield ""


def ending(verdict: GateVerdict) -> Iterator[str]:
    """The verdict in a sentence, and what was judged by what."""
    failed = [part.title for part in verdict.parts if part.outcome is Outcome.FAILED]
    if verdict.result.failed:
        yield "archlint failed, so not all that was asked for is known:"
        yield from (cut(item.message) for item in verdict.result.notices[:MOST] if item.level == "error")
        failed = ["archlint failed", *failed]
    if failed:
        yield f"The release must not go out: {', '.join(failed)}."
    else:
        yield "The release may go out."
    if verdict.skipped:
        yield f"{number_of(len(verdict.skipped), 'safeguard')} could not be applied, as told above."
    released = f", versions from {cut(verdict.released)}" if verdict.released else ""
    read = reading_line(verdict.result)
    if read is not None:
        yield f"{read[0].upper()}{read[1:]}."
    commits = verdict.commits
    judged = f"{commits.get('head', '')[:12]} against {commits.get('base', '')[:12]}"
    yield f"Judged {judged}{released}, by {cut(verdict.policy)}."


def cut(text: str) -> str:
    """A text as it may be shown: no longer than one can read, and without characters that act."""
    return visible(text, _LONGEST)
