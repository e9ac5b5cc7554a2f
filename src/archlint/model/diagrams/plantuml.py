"""PlantUML: component and deployment diagrams; which texts hold C4 macros or a sequence.

Source: PlantUML Language Reference, "Component Diagram" and "Deployment Diagram".
"""

from __future__ import annotations

from collections.abc import Iterator
from re import Match

from archlint.finding import Place
from archlint.finding.regex import regex
from archlint.model.diagrams.c4 import has_c4_macros, read_c4
from archlint.model.diagrams.elements import Arrow, BoxKind, Diagram, Notation, Sketch
from archlint.model.diagrams.passages import Passage
from archlint.model.diagrams.sequence import read_sequence

_START = regex(r"@startuml\b[^\n]*+")
_STOP = regex(r"\n[ \t]*+@enduml")
_WORDS = {
    "actor": BoxKind.PERSON,
    "person": BoxKind.PERSON,
    "database": BoxKind.STORE,
    "storage": BoxKind.STORE,
    "queue": BoxKind.QUEUE,
    "cloud": BoxKind.OUTSIDE,
}
_ELEMENT = regex(
    r"[ \t]*+(?P<word>component|database|queue|actor|person|cloud|node|package|rectangle|frame|folder"
    r"|interface|storage|artifact|collections|stack|agent|card|boundary|control|entity|hexagon|usecase|file|process|label"
    r"|portin|portout|port|together|circle)(?![\w-])[ \t]*+"
    r"(?P<first>\"[^\"\n]{1,500}+\"|\[[^\]\n]{1,500}+\]|[^\s\[\]{}<>\"#:]{1,200}+)?"
    r"[ \t]*+(?:as[ \t]++(?P<second>\"[^\"\n]{1,500}+\"|\[[^\]\n]{1,500}+\]|[^\s\[\]{}<>\"#:]{1,200}+))?"
    r"(?P<rest>[^\n]{0,500})"
)
_BRACKETS = regex(
    r"[ \t]*+(?P<first>\[[^\]\n]{1,500}+\]|:[^:\n]{1,200}+:|\(\)[ \t]*+(?:\"[^\"\n]{1,200}+\"|\S++))"
    r"[ \t]*+(?:as[ \t]++(?P<second>\"[^\"\n]{1,200}+\"|\w++))?[ \t]*+(?:<<[^>\n]*+>>)?"
    r"[ \t]*+(?:#\w++)?[ \t]*+(?=\Z)"
)
_TERM = regex(
    r"\"[^\"\n]{1,500}+\"|\[[^\]\n]{1,500}+\]|:[^:\n]{1,200}+:"
    r"|(?:\(\)[ \t]*+)?[\w.@/$]++(?:-(?=\w)[\w.@/$]++)*+"
)
_ARROW = regex(
    r"(?P<left><\|?|<<|[*o#+^x(0](?=[-.=~(0]))?"
    r"[-.=~]++(?:\[[^\]\n]{0,80}\])?(?:(?:left|right|up|down|le|ri|do|[lrud])(?=[-.=~\[>]))?"
    r"(?:\[[^\]\n]{0,80}\])?[-.=~]*+(?:\(?0\)?[-.=~]*+)?"
    r"(?P<right>\|?>>?|\\\\|//|[*o#+^x()0](?=[ \t\[\":]))?"
)
_OTHER = regex(
    r"(?m)^[ \t]*+(?:(?:abstract[ \t]++)?class|enum|state|object|map|json|start[ \t]*$|salt"
    r"|@startmindmap|partition|abstract|annotation|struct|protocol|exception)(?![\w-])"
)
_SEQUENCE = regex(r"(?m)^[ \t]*+(?:participant|activate|deactivate|autonumber|alt|loop)(?![\w-])")
_COMMENT = regex(r"[ \t]*+(?:'|!|@)")
_BLOCK_COMMENT = regex(r"/'(?:(?!'/)[\s\S])*+(?:'/)?")
_SEEN = regex(r"[^\n]")
_LONGEST_LINE = 2000


def is_plantuml(text: str) -> bool:
    """Whether a text has the mark with which diagrams begin."""
    return "@startuml" in text


def read_plantuml(passage: Passage) -> Iterator[Diagram | str]:
    """Each diagram between ``@startuml`` and ``@enduml``, or what shows no services; a text without these
    marks is one diagram."""
    text = passage.text
    starts = list(_START.finditer(text))
    if not starts:
        yield _one(passage, 0, len(text), 0)
    for start in starts[:200]:
        stop = _STOP.search(text, start.end())
        yield _one(passage, start.end(), stop.start() if stop else len(text), start.start())


def _one(passage: Passage, start: int, stop: int, mark: int) -> Diagram | str:
    text = _BLOCK_COMMENT.sub(lambda match: _SEEN.sub(" ", match.group()), passage.text[start:stop])
    place = passage.place(mark, mark + len("@startuml"))
    part = _Part(passage, start, text)
    if has_c4_macros(text):
        sketch = Sketch(Notation.PLANTUML_C4, place)
        read_c4(part, 0, sketch)
    elif _SEQUENCE.search(text):
        sketch = Sketch(Notation.PLANTUML_SEQUENCE, place)
        read_sequence(part, 0, sketch, is_label_first=True)
    elif _OTHER.search(text):
        return "a PlantUML diagram of classes, states or the like"
    else:
        sketch = Sketch(Notation.PLANTUML, place)
        _Reader(part, sketch).read()
    return sketch.diagram()


class _Part(Passage):
    """Some characters of a passage."""

    def __init__(self, whole: Passage, start: int, text: str) -> None:
        self.text = text
        self.source = whole.source
        self._whole = whole
        self._offset = start

    def place(self, start: int, end: int) -> Place:
        """As of the whole passage."""
        return self._whole.place(self._offset + start, self._offset + end)


class _Reader:
    def __init__(self, passage: Passage, sketch: Sketch) -> None:
        self._passage = passage
        self._sketch = sketch
        self._frames: list[str | None] = []
        self._labels: dict[str, str] = {}
        self._is_note = False

    def read(self) -> None:
        """Line by line; what is no element and no arrow is passed over."""
        at = 0
        for line in self._passage.text.split("\n"):
            if len(line) <= _LONGEST_LINE and not _COMMENT.match(line):
                self._line(at, line)
            at += len(line) + 1

    def _line(self, at: int, line: str) -> None:
        words = line.split(None, 1)
        first = words[0] if words else ""
        if self._is_note:
            self._is_note = not line.strip().startswith(("end note", "endlegend", "end legend"))
            return
        if first in ("note", "legend"):
            self._is_note = ":" not in line and " as " not in line
            return
        if first.startswith("}"):
            del self._frames[-1:]
            return
        if self._arrow(at, line):
            return
        element = _ELEMENT.match(line) or _BRACKETS.match(line)
        if element:
            self._element(at, element, line)
        elif line.rstrip().endswith("{") and len(self._frames) < 100:
            self._frames.append(None)

    def _element(self, at: int, match: Match[str], line: str) -> None:
        named = match.groupdict()
        first, second = named["first"], named.get("second")
        opens = line.rstrip().endswith("{")
        key = None
        if first:
            key, label = _bare(second or first), _bare(first)
            if second and second[0] in '"[':
                key, label = _bare(first), _bare(second)
            group = "first" if _bare(first) == label else "second"
            kind = BoxKind.GROUP if opens else _WORDS.get(named.get("word") or "")
            if first.startswith(":"):
                kind = BoxKind.PERSON
            place = self._passage.place(at + match.start(group), at + match.end(group))
            self._sketch.add(key, place, label, kind, parent=self._frame())
            self._labels.setdefault(label, key)
        if opens and len(self._frames) < 100:
            self._frames.append(key)

    def _frame(self) -> str | None:
        return next((frame for frame in reversed(self._frames) if frame), None)

    def _arrow(self, at: int, line: str) -> bool:
        begin = len(line) - len(line.lstrip())
        source = _TERM.match(line, begin)
        if source is None:
            return False
        arrow = _ARROW.match(line, _after(line, source.end()))
        target = _TERM.match(line, _after(line, arrow.end())) if arrow else None
        if arrow is None or target is None or (len(arrow.group()) < 2 and arrow.group() not in ("-", ".")):
            return False
        ends = [self._end(at, source), self._end(at, target)]
        heads = (_is_head(arrow["left"]), _is_head(arrow["right"]))
        if heads == (True, False):
            ends.reverse()
        label = line[target.end() :].partition(":")[2].strip()
        place = self._passage.place(at + arrow.start(), at + arrow.end())
        self._sketch.connect(Arrow(ends[0], ends[1], place, label, heads[0] != heads[1]))
        return True

    def _end(self, at: int, term: Match[str]) -> str:
        written = _bare(term.group())
        key = written if written in self._sketch else self._labels.get(written, written)
        kind = BoxKind.PERSON if term.group().startswith(":") else None
        self._sketch.add(
            key, self._passage.place(at + term.start(), at + term.end()), "", kind, parent=self._frame()
        )
        return key


def _is_head(mark: str | None) -> bool:
    return mark is not None and any(sign in mark for sign in "<>(\\/")


def _bare(text: str) -> str:
    return text.removeprefix("()").strip().strip('"[]:').strip()


def _after(line: str, at: int) -> int:
    while at < len(line) and line[at] in " \t":
        at += 1
    return at
