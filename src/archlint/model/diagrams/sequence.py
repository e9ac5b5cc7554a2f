"""Sequence diagrams of Mermaid and PlantUML: participants and messages.

Sources: Mermaid, "Sequence diagrams"; PlantUML, "Sequence Diagram". A dashed message back to who called is
its answer, and no call.
"""

from __future__ import annotations

from re import Match

from archlint.finding.regex import regex
from archlint.model.diagrams.elements import Arrow, BoxKind, Sketch
from archlint.model.diagrams.passages import Passage

_PARTICIPANT = regex(
    r"[ \t]*+(?:create[ \t]++)?(?P<what>participant|actor|database|queue|boundary|control|entity|collections)"
    r"[ \t]++(?P<first>\"[^\"\n]{1,300}+\"|(?:(?!\s++as\s)[^\n@{]){1,300}+)(?:@\{[^}\n]{0,300}+\})?"
    r"(?:[ \t]++as[ \t]++(?P<second>\"[^\"\n]{1,300}+\"|[^\n]{1,300}+))?"
)
_KINDS = {"actor": BoxKind.PERSON, "database": BoxKind.STORE, "queue": BoxKind.QUEUE}
_ARROW = regex(r"(?P<back><{1,2})?(?P<line>--?)(?:\[[^\]\n]{0,40}\])?(?P<head>>{1,2}|\)|\\\\?|//?)")
_CROSS = regex(r"(?P<back>\A(?!))?(?P<line>--?)(?P<head>x)(?=[ \t+A-Z-])")
_BACKWARDS = regex(r"(?P<back><{1,2})(?P<line>--?)(?P<head>(?![->]))")
_LONGEST_LINE = 1000
_OTHERS = regex(
    r"[ \t]*+(?:note|loop|alt|else|opt|par|and|critical|option|break|rect|end|activate|deactivate|autonumber"
    r"|title|links?|box|destroy|accTitle|accDescr|properties|details|group|ref|==|\.\.\.|\|\||return|skinparam|hide"
    r"|header|footer|legend|newpage|!)(?![\w-])",
)


def read_sequence(passage: Passage, start: int, sketch: Sketch, *, is_label_first: bool = False) -> None:
    """Read what follows ``sequenceDiagram``, or ``@startuml``, where ``participant LABEL as KEY`` is the
    order of the words."""
    messages: list[tuple[Arrow, bool]] = []
    at = start
    for line in passage.text[start:].split("\n"):
        if len(line) <= _LONGEST_LINE and not line.lstrip().startswith(("%%", "'")):
            named = _PARTICIPANT.match(line)
            if named:
                _participant(passage, at, named, sketch, is_label_first)
            elif not _OTHERS.match(line):
                message = _message(passage, at, line, sketch)
                messages += [message] if message else []
        at += len(line) + 1
    solid = {(arrow.source, arrow.target) for arrow, is_solid in messages if is_solid}
    for arrow, is_solid in messages:
        if is_solid:
            sketch.connect(arrow)
        elif (arrow.target, arrow.source) not in solid:
            sketch.connect(Arrow(arrow.source, arrow.target, arrow.place, arrow.label, is_directed=False))


def _participant(passage: Passage, at: int, named: Match[str], sketch: Sketch, is_label_first: bool) -> None:
    first, second = named["first"].strip(), (named["second"] or "").strip()
    key, label = (second, first) if is_label_first and second else (first, second)
    start = at + named.start("first")
    place = passage.place(start, start + len(named["first"].rstrip()))
    sketch.add(key.strip('"'), place, label.strip('"'), _KINDS.get(named["what"]))


def _message(passage: Passage, at: int, line: str, sketch: Sketch) -> tuple[Arrow, bool] | None:
    head, colon, label = line.partition(":")
    match = _ARROW.search(head) or _CROSS.search(head) or _BACKWARDS.search(head)
    if match is None:
        return None
    ends = []
    for start, end in ((0, match.start()), (match.end(), len(head))):
        written = head[start:end]
        name = written.strip().lstrip("+-").strip().strip('"')
        if not name:
            return None
        begin = at + start + written.find(name)
        sketch.add(name, passage.place(begin, begin + len(name)))
        ends.append(name)
    place = passage.place(at + match.start(), at + match.end())
    if match["back"] and not match["head"]:
        ends.reverse()
    both = bool(match["back"] and match["head"])
    return Arrow(ends[0], ends[1], place, label.strip() if colon else "", not both), match["line"] == "-"
