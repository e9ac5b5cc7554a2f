"""Findings of one place in the text report: what was found, the line with a mark, and what else is known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import field

from archlint.finding import Finding, Location, Severity
from archlint.finding.records import dataclass, replace
from archlint.finding.regex import regex
from archlint.finding.words import number_of
from archlint.reports import Report
from archlint.reports.alike import Alike, alike
from archlint.reports.characters import columns_of, visible
from archlint.reports.consumers import broken_consumers, consumer_places
from archlint.reports.excerpt import WIDTH, Excerpt, excerpt
from archlint.reports.proof import proof
from archlint.reports.screen import Screen, words_of

COLORS = {
    Severity.ERROR: "1;31",
    Severity.WARNING: "1;33",
    Severity.INFO: "1;36",
}
BOLD, DIM, BLUE, GREEN = "1", "2", "34", "1;32"
MESSAGE_LIMIT = 2000
_NAME_LIMIT = 200
_RELATED_LIMIT = 5
"""Related places shown with a block; the rest is counted."""
_OPERATIONS_LIMIT = 3
_INDENT = "  "
_WORD = regex(r"\w+")
_NESTED = ("{", "[")
"""How values begin that do not stand in a message by chance."""


@dataclass(frozen=True, slots=True)
class Blocks:
    """Writes blocks below the heading of a file, whose places take a column of some width."""

    report: Report
    screen: Screen
    width: int
    base: str = ""
    """The file of the base that the heading names, so that places in it need no path."""
    told: set[Location] = field(default_factory=set)
    """Places of consumers that were told below this heading."""

    def block(self, findings: Sequence[Finding]) -> Iterator[str]:
        """Findings at one place: a line each, then the place, what is said of all, and the related places."""
        first = findings[0]
        found = self._excerpt(first.location)
        groups = list(alike(findings))
        notes = [_notes(group, found) for group in groups]
        is_shared = all(each == notes[0] for each in notes)
        for group, own in zip(groups, notes, strict=True):
            yield from self._head(group.first)
            yield from self.others(group)
            if not is_shared:
                yield from self._own_lines(own)
        shared = notes[0] if is_shared else _Notes()
        if found is not None:
            label = ", ".join(shared.label)
            yield from self._source(found, "^", COLORS[first.severity], label)
            if self._has_room(found, label):
                shared = replace(shared, label=())
        yield from self._own_lines(shared)
        yield from self._related(findings, found)

    def place(self, finding: Finding) -> str:
        """The first columns of a line that tells of a finding."""
        text = where(finding.location)
        return _INDENT + self.screen.paint(text, BOLD) + " " * (self.width - len(text) + 2)

    def head(self, finding: Finding, word: str, mark: str = "") -> list[str]:
        """Code, name and message as words; ``word`` stands first."""
        color = COLORS[finding.severity]
        rule = self.report.rules.get(finding.code)
        address = self.report.url(rule) if rule is not None and self.screen.links else None
        code = self.screen.linked(self.screen.paint(finding.code, color), address)
        name = f"{finding.rule}{mark}:"
        return [
            *filter(None, [word, code]),
            *name.split(),
            *visible(finding.message, MESSAGE_LIMIT).split(" "),
        ]

    def _head(self, finding: Finding) -> Iterator[str]:
        word = self.screen.paint(finding.severity.label, COLORS[finding.severity])
        if finding.suppressed is not None:
            word = f"{self.screen.paint('suppressed', COLORS[finding.severity])} {word}"
        mark = f" {FIXABLE}" if is_fixable(finding) else ""
        yield from self.screen.wrapped(self.head(finding, word, mark), self.place(finding), self.margin)

    def others(self, group: Alike) -> Iterator[str]:
        """The names of those that are like the first of a group."""
        if group.others:
            words = group.others_in_words().split(" ")
            yield from self.screen.wrapped(words, self.margin, self.margin)

    @property
    def margin(self) -> str:
        """What stands left of all lines but the first."""
        return " " * (len(_INDENT) + self.width + 2)

    def _excerpt(self, place: Location) -> Excerpt | None:
        room = WIDTH if self.screen.columns is None else self.screen.columns - len(self.margin) - 2
        return excerpt(self.report.lines(place.path, place.revision), place.span, room)

    def _source(self, found: Excerpt, mark: str, color: str, label: str = "") -> Iterator[str]:
        """A line of a file and the mark below, with a label if there is room for it."""
        bar = self.margin + self.screen.paint("|", BLUE)
        yield f"{bar} {found.text}".rstrip()
        told = f" {label}" if label and self._has_room(found, label) else ""
        yield f"{bar} {' ' * found.mark_start}{self.screen.paint(mark * found.mark_width, color)}{told}"

    def _has_room(self, found: Excerpt, label: str) -> bool:
        taken = len(self.margin) + 2 + found.mark_start + found.mark_width + 1
        return self.screen.columns is None or taken + columns_of(label) <= self.screen.columns

    def _own_lines(self, notes: _Notes) -> Iterator[str]:
        if notes.label:
            yield from self._own_line(", ".join(notes.label).split(" "))
        for words in notes.lines:
            yield from self._own_line(words)

    def _own_line(self, words: Sequence[str]) -> Iterator[str]:
        sign = self.screen.paint("=", BLUE)
        yield from self.screen.wrapped(words, f"{self.margin}{sign} ", f"{self.margin}  ")

    def _related(self, findings: Sequence[Finding], found: Excerpt | None) -> Iterator[str]:
        """The related places, each with its line where that says something new."""
        here = findings[0].location
        said = " ".join((findings[0].message, found.text if found is not None else ""))
        apart = {place for finding in findings for place in consumer_places(finding)}
        related = [place for finding in findings for place in finding.related if place not in apart]
        related = list(dict.fromkeys(related))
        for place in related[:_RELATED_LIMIT]:
            message = visible(place.message, MESSAGE_LIMIT)
            side = "" if place.revision in (None, here.revision) else _in_words(place.revision)
            at = [self._place(place, here), *side.split()]
            told = [] if message in ("", side) else words_of(message)
            seen = self._excerpt(place) if len(findings) == 1 else None
            is_shown = seen is not None and _says_more(seen.rest, f"{said} {message}")
            if is_shown or not _is_told(place, findings):
                yield from self._own_line([*at[:-1], f"{at[-1]}:", *told] if told else at)
            if seen is not None and is_shown:
                yield from self._source(seen, "~", BLUE)
        if len(related) > _RELATED_LIMIT:
            more = number_of(len(related) - _RELATED_LIMIT, "more place")
            yield from self._own_line([f"and {more}"])
        for line in dict.fromkeys(line for finding in findings for line in self._broken(finding)):
            yield from self._own_line(line.split(" "))

    def _broken(self, finding: Finding) -> list[str]:
        """The consumers that a change breaks, and how the provider is rolled out."""
        if not finding.affected:
            return []
        return broken_consumers(finding, lambda path: path_of(path, self.report), self.told)

    def _place(self, place: Location, here: Location) -> str:
        """``line:column``, with the path unless it is said above."""
        is_near = place.path == here.path or (place.revision is not None and place.path == self.base)
        path = "" if is_near else f"{path_of(place.path, self.report)}:"
        return f"{path}{place.span.line}:{place.span.column}"


FIXABLE = "[*]"
"""The mark of a finding that ``--fix`` repairs, as ruff has it."""


def is_fixable(finding: Finding) -> bool:
    """Whether ``--fix`` repairs a finding without further leave."""
    return finding.fix is not None and finding.fix.safe and finding.suppressed is None


def where(place: Location) -> str:
    """``line:column``, and which side of a comparison if it is not the one that is checked."""
    side = f" ({place.revision})" if place.revision else ""
    return f"{place.span.line}:{place.span.column}{side}"


def base_of(findings: Sequence[Finding]) -> str:
    """The file of the base that findings of one file lead to, if several do and none leads to another."""
    places = [place for finding in findings for place in finding.related if place.revision is not None]
    paths = {place.path for place in places}
    return paths.pop() if len(paths) == 1 and len(places) > 1 else ""


def path_of(path: str, report: Report) -> str:
    """A path as a user can open it, which no runner of workflows takes for a command."""
    shown = visible(report.shown(path))
    return f"./{shown}" if shown.startswith("::") else shown


@dataclass(frozen=True, slots=True)
class _Notes:
    """What else there is to say of a finding: beside the mark, and on lines of its own."""

    label: tuple[str, ...] = ()
    lines: tuple[tuple[str, ...], ...] = ()
    """The words of each; a value is one word, so that it is never broken."""


def _notes(group: Alike, found: Excerpt | None) -> _Notes:
    """Object, operations, proof, why it does not count; what message and source line say is left out, and
    operations are where they are those of the first of several."""
    finding = group.first
    lines: list[tuple[str, ...]] = []
    shown = proof(finding)
    if shown is not None:
        said, value = shown
        words = [value] if finding.witness is not None else words_of(value)
        if not (value.startswith(_NESTED) and value in finding.message):
            lines.append((*f"{said}:".split(" "), *words))
    if finding.suppressed is not None:
        lines.append(("suppressed:", *words_of(visible(finding.suppressed, MESSAGE_LIMIT))))
    source = "" if found is None else found.text
    label = (_in_object(finding), "" if group.others else _affects(finding, source))
    return _Notes(tuple(filter(None, label)), tuple(lines))


def _in_object(finding: Finding) -> str:
    """Which object it is about: for contracts the file says it, and often the message."""
    named = finding.object
    if named is None or named.kind == "OpenAPI":
        return ""
    message = finding.message.replace(" ", "").casefold()
    is_kind_said = named.kind == "Operation" or "".join(named.kind.split()[-1:]).casefold() in message
    if is_kind_said and _says(finding.message, named.name):
        return ""
    if any(f"{operation.method} {operation.path}" == named.name for operation in finding.operations):
        return ""
    return f"in {visible(str(named), _NAME_LIMIT)}"


def _affects(finding: Finding, source: str) -> str:
    """The operations, unless message or source line name all of them."""
    named = [f"{operation.method} {operation.path}" for operation in finding.operations]
    if len(named) == 1 and any(_says(text, finding.operations[0].path) for text in (finding.message, source)):
        return ""
    if all(_says(finding.message, name) for name in named):
        return ""
    shown = ", ".join(visible(name, _NAME_LIMIT) for name in named[:_OPERATIONS_LIMIT])
    more = len(named) - _OPERATIONS_LIMIT
    return f"affects {shown}" + (f" and {number_of(more, 'more operation')}" if more > 0 else "")


def _says(text: str, name: str) -> bool:
    """Whether a name stands in a text, and not as a part of a longer one."""
    return name in text and re.search(rf"(?<![\w/.-]){re.escape(name)}(?![\w/{{}}-])", text) is not None


def _in_words(revision: str) -> str:
    """A side as a person names it: the base, or a version by its tag."""
    return "in the base" if revision == "base" else f"in {revision}"


def _is_told(place: Location, findings: Sequence[Finding]) -> bool:
    """Whether a message says the line of a place in the same file."""
    said = f"line {place.span.line}"
    return any(item.location.path == place.path and _says(item.message, said) for item in findings)


def _says_more(text: str, said: str) -> bool:
    """Whether a text has a word that was not said."""
    return not {word.casefold() for word in _WORD.findall(text)} <= {
        word.casefold() for word in _WORD.findall(said)
    }
