"""Reads records of decisions: their numbers, their statuses, and which others they replace."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from enum import StrEnum
from posixpath import basename, dirname, join, normpath

from archlint.documents import TextFile
from archlint.files import Kind
from archlint.finding import ObjectRef, Place, Span
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.world import World

_FOLDERS = frozenset(
    {
        *("adr", "adrs", "adl", "decisions", "decision-records", "decision-log", "decision_records"),
        *("architecture-decisions", "architecture-decision-records", "architecture_decisions"),
    }
)
_FILE = regex(r"(?:adr[-_ ]?)?([0-9]{1,5})(?:[-_. ](.*))?\.md\Z")
_DATE = regex(r"[0-9]{4}[-_][0-9]{2}[-_][0-9]{2}|[0-9]{6,}")
_MARKUP = " \t>*+-|_`[("
_STATUS = regex(r"(?:decision )?status[ \t*_`]{0,9}:")
_HEADING = regex(r"#{1,6}[ \t]+([^\n]*)")
_VERB = regex(
    r"\b(?:(supersedes|supercedes|replaces|obsoletes)|(?:superseded|superceded|replaced|obsoleted)[- ]by)\b"
)
_TARGET = regex(
    r"\[([^\[\]\n]*+)\]\(([^\[\]()\s]++)[^\[\]()\n]*+\)|\badr[-_ #]{0,3}([0-9]{1,5})\b"
    r"|(?<![\w./#-])#?(0[0-9]{2,4})(?![\w./-])"
)
_BARE = regex(r"[ \t:*_`]{0,9}#?([0-9]{1,5})(?![\w/-]|\.[0-9])")
_ELSEWHERE = regex(r"[^\w\n(]{0,9}\(?(?:of|in|from)\b[^\n.;,]{1,80}?\brepo(?:s|sitory|sitories)?\b")
"""What stands behind a record of another repository."""
_NUMBER = regex(r"[0-9]{1,5}")
_FENCE = ("```", "~~~")
_MOST_LINES = 3_000
_LONGEST_LINE = 1_000
_FIRST_YEAR = 1_900


class DecisionRelation(StrEnum):
    """What a record says of another."""

    REPLACES = "replaces"
    REPLACED_BY = "is replaced by"


@dataclass(frozen=True, slots=True)
class NamedDecision:
    """Another record that one names."""

    relation: DecisionRelation
    number: int | None
    path: str | None
    """The file that a link leads to, from the root."""
    text: str
    span: Span
    is_in_part: bool = False


@dataclass(frozen=True, eq=False)
class Decision:
    """One record."""

    path: str
    number: int
    slug: str
    heading: Span
    status: str = ""
    """What is said of its state; empty where nothing is."""
    status_span: Span | None = None
    references: tuple[NamedDecision, ...] = field(default=())

    @classmethod
    def all(cls, world: World) -> Iterable[Decision]:
        """Every record, by path."""
        yield from world.fact(decisions).all

    @property
    def source(self) -> TextFile:
        """Its file."""
        return TextFile(self.path)

    @property
    def object(self) -> ObjectRef:
        """The record."""
        return ObjectRef("decision", self.name)

    @property
    def name(self) -> str:
        """The name of its file."""
        return basename(self.path)

    def place(self, span: Span | None = None) -> Place:
        """A place in its file, by default its heading."""
        return self.source.place(span or self.heading)


class Decisions:
    """All records of a world."""

    def __init__(self, world: World) -> None:
        self.all = [item for path in world.paths(Kind.MARKDOWN) for item in _record(path, world)]
        self.by_path = {item.path: item for item in self.all}
        self.by_number: Mapping[tuple[str, int], list[Decision]] = defaultdict(list)
        self.by_folder: Mapping[str, list[Decision]] = defaultdict(list)
        for item in self.all:
            self.by_folder[dirname(item.path)].append(item)
            self.by_number[dirname(item.path), item.number].append(item)

    def meant(self, decision: Decision, reference: NamedDecision) -> list[Decision]:
        """The records that a reference may mean."""
        if reference.path in self.by_path:
            return [self.by_path[reference.path]]
        if reference.number is None:
            return []
        return self.by_number.get((dirname(decision.path), reference.number), [])


def decisions(world: World) -> Decisions:
    """The records of a world; ask with ``world.fact(decisions)``."""
    return Decisions(world)


def _record(path: str, world: World) -> Iterator[Decision]:
    name, folder = basename(path).lower(), basename(dirname(path)).lower()
    match = _FILE.match(name)
    if folder not in _FOLDERS or match is None or _DATE.match(name) or "template" in name:
        return
    text = world.text(path)
    if text is not None:
        yield _read(path, int(match[1]), match[2] or "", text)


def _read(path: str, number: int, slug: str, text: str) -> Decision:
    heading = Span(1, 1, 1, 1)
    status, span = "", None
    references: list[NamedDecision] = []
    for at, line, is_status in _lines(text):
        title = _HEADING.match(line)
        if title is not None and heading.end_column == 1:
            heading = Span(at, 1, at, len(line.rstrip()) + 1)
        value = line if title is None and is_status else _status_value(line)
        if value and not span:
            status, span = _told(at, line, value)
        references += _references(path, at, line, is_status=is_status or bool(_status_value(line)))
    return Decision(path, number, slug, heading, status, span, tuple(references))


def _lines(text: str) -> Iterator[tuple[int, str, bool]]:
    """Lines outside of code and comments, with numbers, and whether they stand below ``Status``."""
    fence, is_comment, is_status = "", False, False
    for number, raw in enumerate(text.split("\n")[:_MOST_LINES], 1):
        line = raw[:_LONGEST_LINE].rstrip("\r")
        start = line.lstrip()[:3]
        if fence or start in _FENCE:
            fence = "" if start == fence else fence or start
            continue
        if is_comment or "<!--" in line:
            is_comment = "-->" not in line
            continue
        title = _HEADING.match(line)
        if title is not None:
            is_status = title[1].strip(" *_#:").lower() in ("status", "decision status")
            yield number, line, False
        elif line.strip():
            yield number, line, is_status


def _status_value(line: str) -> str:
    """What stands behind ``Status:``; empty for any other line."""
    plain = line.lstrip(_MARKUP)
    match = _STATUS.match(plain.lower())
    return plain[match.end() :] if match is not None else ""


def _told(number: int, line: str, value: str) -> tuple[str, Span | None]:
    """A status without markup and where it stands; nothing for a list to choose from."""
    text = value.strip(" \t*_`[]()>|-.:\"'")
    if not text or "|" in text or "{" in text:
        return "", None
    at = line.index(text) + 1
    return text, Span(number, at, number, at + len(text))


def _references(path: str, number: int, line: str, *, is_status: bool) -> Iterator[NamedDecision]:
    """What a line that begins with such a verb, or tells the status, says of others."""
    lower = line.lower()
    verb = _VERB.search(lower)
    if verb is None or not (is_status or not line[: verb.start()].strip(_MARKUP)):
        return
    relation = DecisionRelation.REPLACES if verb[1] else DecisionRelation.REPLACED_BY
    is_in_part = "part" in lower
    for start, end, target, link in _targets(lower, verb.end(), is_status=is_status):
        shown = line[start:end]
        file = (
            None
            if link is None
            else normpath(join(dirname(path), line[link:end].partition(")")[0].split()[0].partition("#")[0]))
        )
        span = Span(number, start + 1, number, end + 1)
        yield NamedDecision(relation, target, file, shown, span, is_in_part)


def _targets(lower: str, start: int, *, is_status: bool) -> Iterator[tuple[int, int, int | None, int | None]]:
    """Begin, end and number of each target, and where the file of a link begins; none on the web, or of
    another repository."""
    bare = _BARE.match(lower, start) if is_status else None
    if bare is not None and int(bare[1]) < _FIRST_YEAR:
        if _ELSEWHERE.match(lower, bare.end()):
            return
        yield bare.start(1), bare.end(1), int(bare[1]), None
        return
    for match in _TARGET.finditer(lower, start):
        if _ELSEWHERE.match(lower, match.end()):
            continue
        if match[2] is None:
            yield match.start(), match.end(), int(match[3] or match[4]), None
        elif "://" not in match[2] and not match[2].startswith("#"):
            found = _NUMBER.search(basename(match[2])) or _NUMBER.search(match[1])
            yield match.start(), match.end(), int(found[0]) if found else None, match.start(2)
