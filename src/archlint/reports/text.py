"""The report for people: by file, with source lines, a mark under each place and a summary by rule."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from archlint.finding import Finding, Location, Result, Severity
from archlint.reports import Report
from archlint.reports.characters import visible
from archlint.reports.counts import RuleCount, by_rule, by_severity, in_words, number_of
from archlint.reports.encoding import encode, plain
from archlint.reports.excerpt import excerpt
from archlint.reports.reading import reading_line

_MESSAGE_LIMIT = 2000
_VALUE_LIMIT = 200
_RELATED_LIMIT = 5
"""Related places shown with a finding; the rest is counted."""
_OPERATIONS_LIMIT = 3
_ALIKE_LIMIT = 5
"""Compatible changes by one rule at one place that are told one by one."""
_COLORS = {
    Severity.ERROR: "1;31",
    Severity.WARNING: "1;33",
    Severity.INFO: "1;36",
}
_NEWS = "changelog"
"""The tag of rules that tell of compatible changes."""
_BOLD, _DIM, _BLUE, _GREEN = "1", "2", "34", "1;32"


def render(report: Report) -> str:
    """The report as lines for a terminal."""
    findings = report.findings()
    terminal = _Terminal(report)
    lines: list[str] = []
    if report.statistics:
        lines += _statistics(by_rule(findings), report, terminal)
    else:
        changes = [finding for finding in findings if _is_news(finding, report)]
        others = [finding for finding in findings if not _is_news(finding, report)]
        for path, group in groupby(others, key=lambda finding: finding.location.path):
            lines += _file(path, list(group), terminal)
        lines += _news(changes, terminal)
    failures = [notice for notice in report.result.notices if notice.level == "error"]
    for notice in failures:
        where = f"{_path(notice.path)}: " if notice.path else ""
        word = terminal.paint("failure:", _COLORS[Severity.ERROR])
        lines.append(f"{word} {where}{visible(notice.message)}")
    if failures:
        lines.append("")
    if report.summary:
        lines += _summary(report, terminal)
        lines += filter(None, [reading_line(report.result)])
    return "\n".join(lines) + "\n" if lines else ""


class _Terminal:
    """Puts ANSI colours around text if they are wanted, and shows source lines with a mark below."""

    def __init__(self, report: Report) -> None:
        self._color = report.color
        self._lines = report.lines

    def paint(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._color and text else text

    def source(self, place: Location, mark: str, color: str, gutter: int) -> Iterator[str]:
        """The line of a place in the colour of its mark; nothing if the file does not have it."""
        found = excerpt(self._lines(place.path, place.revision), place.span)
        if found is None:
            return
        bar = self.paint("|", _BLUE)
        empty = " " * gutter
        yield f"  {empty} {bar}"
        yield f"  {self.paint(f'{place.span.line:>{gutter}}', _BLUE)} {bar} {found.text}".rstrip()
        marks = " " * found.mark_start + self.paint(mark * found.mark_width, color)
        yield f"  {empty} {bar} {marks}"


def _file(path: str, findings: list[Finding], terminal: _Terminal) -> Iterator[str]:
    counts = by_severity(finding for finding in findings if finding.suppressed is None)
    counted = in_words(counts) if any(counts.values()) else "suppressed"
    yield f"{terminal.paint(_path(path), '1;4')}  {terminal.paint(counted, _DIM)}"
    yield ""
    blocks: dict[tuple[object, ...], list[Finding]] = {}
    for finding in findings:
        blocks.setdefault(_sharing(finding), []).append(finding)
    for block in blocks.values():
        yield from _block(block, terminal)
        yield ""


def _sharing(finding: Finding) -> tuple[object, ...]:
    """What findings have in common that are shown in one block: the place, and if they name others, the rule
    as well, so that nobody has to guess what those belong to."""
    return _standing(finding) if finding.related else (finding.location.span, finding.object)


def _standing(finding: Finding) -> tuple[object, ...]:
    """Place and rule."""
    return finding.location.span, finding.code


def _is_news(finding: Finding, report: Report) -> bool:
    """Whether a finding tells of a compatible change, which nobody has to mend."""
    rule = report.rules.get(finding.code)
    return rule is not None and _NEWS in rule.tags and finding.severity is Severity.INFO


def _news(findings: list[Finding], terminal: _Terminal) -> Iterator[str]:
    """Compatible changes, a line each and after all else, so that they bury nothing."""
    if not findings:
        return
    yield f"{terminal.paint('Compatible changes', '1;4')}  {terminal.paint(str(len(findings)), _DIM)}"
    yield ""
    for _, alike in groupby(findings, key=lambda finding: (finding.location.path, *_standing(finding))):
        group = list(alike)
        told = group if len(group) <= _ALIKE_LIMIT else group[:1]
        for finding in told:
            code = terminal.paint(finding.code, _COLORS[finding.severity])
            hidden = "suppressed " if finding.suppressed is not None else ""
            message = visible(finding.message, _MESSAGE_LIMIT)
            yield f"  {_where(finding.location)}: {hidden}{code} {finding.rule}: {message}"
        if len(group) > len(told):
            yield f"    and {len(group) - 1} more like it here{_what_differs(group)}"
    yield ""


def _what_differs(findings: list[Finding]) -> str:
    """The names by which findings of one rule at one place differ from the first, if they have any."""
    first = findings[0].arguments
    differing = {
        name for finding in findings for name, text in finding.arguments.items() if first.get(name) != text
    }
    if "name" in differing:
        differing = {"name"}
    if len(differing) != 1:
        return ""
    (name,) = differing
    shown = ", ".join(visible(finding.arguments[name], _VALUE_LIMIT) for finding in findings[1:])
    return f": {visible(shown, _MESSAGE_LIMIT)}"


def _block(findings: list[Finding], terminal: _Terminal) -> Iterator[str]:
    """Findings at one place: a line each, then the place, what is said of all, and the related places."""
    first = findings[0]
    related = [place for finding in findings for place in finding.related]
    shown = related[:_RELATED_LIMIT]
    gutter = max(len(str(place.span.line)) for place in (first.location, *shown))
    color = _COLORS[first.severity]
    place = terminal.paint(_where(first.location), _BOLD)
    margin = " " * (gutter + 3) + terminal.paint("=", _BLUE) + " "
    remarks = [list(_remarks(finding)) for finding in findings]
    is_shared = all(each == remarks[0] for each in remarks)
    for finding, own in zip(findings, remarks, strict=True):
        yield f"  {place}: {_head(finding, terminal)}: {visible(finding.message, _MESSAGE_LIMIT)}"
        yield from () if is_shared else (margin + remark for remark in own)
    yield from terminal.source(first.location, "^", color, gutter)
    yield from (margin + remark for remark in remarks[0]) if is_shared else ()
    for other in shown:
        yield f"{margin}{_where(other)}: {visible(other.message, _MESSAGE_LIMIT)}".rstrip(": ")
        if len(findings) == 1:
            yield from terminal.source(other, "~", _BLUE, gutter)
    if len(related) > len(shown):
        yield f"{margin}and {number_of(len(related) - len(shown), 'more place')}"


def _head(finding: Finding, terminal: _Terminal) -> str:
    color = _COLORS[finding.severity]
    word = finding.severity.label if finding.suppressed is None else f"suppressed {finding.severity.label}"
    return f"{terminal.paint(word, color)} {terminal.paint(finding.code, color)} {finding.rule}"


def _where(place: Location) -> str:
    """``path:line:column``, which terminals and editors make a link of."""
    side = f" ({place.revision})" if place.revision else ""
    return f"{_path(place.path)}:{place.span.line}:{place.span.column}{side}"


def _path(path: str) -> str:
    """A path that no runner of workflows takes for a command, as GitHub's does with ``::name::``."""
    return f"./{visible(path)}" if path.startswith("::") else visible(path)


def _remarks(finding: Finding) -> Iterator[str]:
    """What else there is to say: the object, the operations, the proof, why it does not count."""
    if finding.object is not None and finding.object.name not in finding.message:
        yield f"in {visible(str(finding.object), _VALUE_LIMIT)}"
    if finding.operations:
        named = [f"{operation.method} {operation.path}" for operation in finding.operations]
        shown = ", ".join(visible(name, _VALUE_LIMIT) for name in named[:_OPERATIONS_LIMIT])
        more = len(named) - _OPERATIONS_LIMIT
        yield f"affects {shown}" + (f" and {number_of(more, 'more operation')}" if more > 0 else "")
    if finding.witness is not None:
        value = visible(encode(plain(finding.witness.value)), _VALUE_LIMIT)
        is_lost = finding.witness.accepted_by == "base"
        yield f"{'accepted before, rejected now' if is_lost else 'possible now, shut out before'}: {value}"
    if finding.unproved is not None:
        yield f"no value is shown: {visible(finding.unproved, _MESSAGE_LIMIT)}"
    if finding.suppressed is not None:
        yield f"suppressed: {visible(finding.suppressed, _MESSAGE_LIMIT)}"


def _summary(report: Report, terminal: _Terminal) -> Iterator[str]:
    result = report.result
    files = number_of(result.files, "file")
    hidden = f" ({len(result.suppressed)} suppressed)" if result.suppressed else ""
    if not result.findings:
        yield _nothing_found(result, terminal) + hidden
        return
    counts = by_severity(result.findings)
    touched = len({finding.location.path for finding in result.findings})
    found = terminal.paint(f"Found {in_words(counts)}", _COLORS[_gravest(counts)])
    # what is read through references is not counted among the files, and may be where a finding is
    places = f"{touched} of {files}" if touched <= result.files else number_of(touched, "file")
    yield f"{found} in {places}{hidden}."
    if report.statistics:
        return
    rules = by_rule(result.findings)
    yield ""
    yield from _table(rules, terminal)
    yield ""
    yield f"`archlint explain {rules[0].code}` tells what this rule checks and how to mend it."


def _nothing_found(result: Result, terminal: _Terminal) -> str:
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
    return terminal.paint(f"All clear: {files} checked, nothing found.", _GREEN)


def _gravest(counts: dict[Severity, int]) -> Severity:
    return next(severity for severity, count in counts.items() if count)


def _table(rules: list[RuleCount], terminal: _Terminal) -> Iterator[str]:
    digits = max(len(str(rule.findings)) for rule in rules)
    width = max(len(rule.code) for rule in rules)
    for rule in rules:
        severity = terminal.paint(f"{rule.severity.label:<7}", _COLORS[rule.severity])
        yield f"  {rule.findings:>{digits}}  {severity}  {rule.code:<{width}}  {rule.rule}"


def _statistics(rules: list[RuleCount], report: Report, terminal: _Terminal) -> Iterator[str]:
    """Counts by rule with the number of files and the title of the rule's page."""
    if not rules:
        return
    rows = [(str(rule.findings), str(rule.files), rule) for rule in rules]
    first = max(len("findings"), *(len(row[0]) for row in rows))
    second = max(len("files"), *(len(row[1]) for row in rows))
    code = max(len(rule.code) for rule in rules)
    name = max(len(rule.rule) for rule in rules)
    yield terminal.paint(
        f"{'findings':>{first}}  {'files':>{second}}  severity  {'code':<{code}}  rule", _BOLD
    )
    for findings, files, rule in rows:
        known = report.rules.get(rule.code)
        severity = terminal.paint(f"{rule.severity.label:<8}", _COLORS[rule.severity])
        text = f"{findings:>{first}}  {files:>{second}}  {severity}  {rule.code:<{code}}  "
        yield (text + f"{rule.rule:<{name}}  {known.title if known else ''}").rstrip()
    yield ""
