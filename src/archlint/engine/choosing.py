"""Which findings a report is about, and that it tells each of them once.

The paths that a user names choose: a finding belongs to them if one of its places lies below them, or what it
was found through.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence

from archlint.finding import Finding
from archlint.finding.records import replace
from archlint.finding.regex import regex

MALFORMED = "OAS001"
"""The rule about the form of a document: what stands where a schema belongs and is none is not compared."""
UNDECIDED = "OAS570"
"""The rule about schemas of which a comparison cannot tell what they mean now."""

_KEYWORD = regex(r"(?<![A-Za-z$])([A-Za-z$]++): ")
"""A keyword and what stands there, as the reason of a verdict names it."""


def chosen(findings: Iterable[Finding], lies_below: Callable[[str], bool]) -> tuple[Finding, ...]:
    """Those of the findings that belong to the named paths."""
    return tuple(finding for finding in findings if belongs(finding, lies_below))


def belongs(finding: Finding, lies_below: Callable[[str], bool]) -> bool:
    """Whether a place of a finding lies below a named path, or what it was found through does."""
    if lies_below(finding.location.path):
        return True
    places = (place.path for place in finding.related)
    return any(map(lies_below, (*places, *finding.through)))


def told_once(findings: Sequence[Finding]) -> list[Finding]:
    """The findings without those that a schema cannot be compared for what is told to be no schema at all."""
    malformed = {
        (finding.location.path, finding.location.pointer)
        for finding in findings
        if finding.code == MALFORMED and finding.location.pointer
    }
    return [finding for finding in findings if not _is_echo(finding, malformed)]


def _is_echo(finding: Finding, malformed: Container[tuple[str, str | None]]) -> bool:
    if finding.code != UNDECIDED or finding.message_id != "unknown":
        return False
    keys = _KEYWORD.findall(str(finding.arguments.get("reason", "")))
    at = finding.location
    return any((at.path, f"{at.pointer}/{key}") in malformed for key in keys)


def unique(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings in report order, each place, rule and message once, with all that led to it."""
    told: list[Finding] = []
    alike: list[Finding] = []
    for finding in sorted(findings, key=Finding.sort_key):
        if alike and not _begin_alike(alike[0], finding):
            told += _once(alike)
            alike = []
        alike.append(finding)
    return (*told, *_once(alike))


def _begin_alike(one: Finding, other: Finding) -> bool:
    """Whether two findings may be one: then they stand side by side in the order of reports."""
    if one.message != other.message or one.code != other.code:
        return False
    at, there = one.location, other.location
    begins = (at.span.line, at.span.column) == (there.span.line, there.span.column)
    return begins and (at.path, at.document) == (there.path, there.document)


def _once(findings: Sequence[Finding]) -> Sequence[Finding]:
    """Findings that begin at one place, those that end alike as one."""
    if len(findings) == 1 and len(findings[0].through) < 2:
        return findings
    first: dict[tuple[int, int], Finding] = {}
    through: dict[tuple[int, int], set[str]] = {}
    for finding in findings:
        end = (finding.location.span.end_line, finding.location.span.end_column)
        first.setdefault(end, finding)
        through.setdefault(end, set()).update(finding.through)
    return [_led_to(finding, tuple(sorted(through[end]))) for end, finding in first.items()]


def _led_to(finding: Finding, through: tuple[str, ...]) -> Finding:
    return finding if finding.through == through else replace(finding, through=through)
