"""The macros of C4 diagrams, which Mermaid and C4-PlantUML write alike.

Sources: C4-PlantUML, README; Mermaid, "C4 Diagrams".
"""

from __future__ import annotations

from collections.abc import Iterator
from re import Match

from archlint.finding.regex import regex
from archlint.model.diagrams.elements import Arrow, BoxKind, Sketch
from archlint.model.diagrams.passages import Passage

_CALL = regex(r"(?P<name>[A-Za-z]\w{1,60}+)[ \t]*+\(")
_ELEMENT = regex(
    r"(?P<base>Person|System|Container|Component|Enterprise|Deployment|Node|Boundary)"
    r"(?P<form>Db|Queue)?(?P<outside>_Ext)?(?P<frame>_Boundary|_Node)?(?:_[LR])?"
)
_REL = regex(r"(?P<both>Bi)?Rel(?P<index>Index)?(?P<back>_Back)?(?:_\w{1,20}+)?")
_ARGUMENT = regex(
    r"[ \t\r\n]*+(?:\$(?P<word>\w++)[ \t]*+=[ \t]*+)?(?P<value>\"[^\"\n]{0,2000}+\"|[^,()\n\"]{0,500}+)"
)
_COMMENT = regex(r"[ \t]*+(?:'|%%)")
_NODES = frozenset(("Deployment_Node", "Node", "Node_L", "Node_R", "Boundary"))
_MOST_ARGUMENTS = 12


def has_c4_macros(text: str) -> bool:
    """Whether a PlantUML text uses the macros."""
    return any(
        _ELEMENT.fullmatch(call["name"]) or _REL.fullmatch(call["name"]) for call in _CALL.finditer(text)
    )


def read_c4(passage: Passage, start: int, sketch: Sketch) -> None:
    """Read the macros after some offset; all else is passed over."""
    _Reader(passage, sketch).read(start)


_LONGEST_LINE = 4000
_CLOSED = regex(r"[ \t]*+\)?[ \t]*+(?P<brace>\{)?")


class _Reader:
    def __init__(self, passage: Passage, sketch: Sketch) -> None:
        self._passage = passage
        self._sketch = sketch
        self._frames: list[str | None] = []

    def read(self, at: int) -> None:
        """Line by line."""
        for line in self._passage.text[at:].split("\n"):
            if not _COMMENT.match(line):
                self._line(at, line[:_LONGEST_LINE])
            at += len(line) + 1

    def _line(self, at: int, line: str) -> None:
        done = 0
        has_calls = False
        while done < len(line):
            call = _CALL.search(line, done)
            closing = line.count("}", done, call.start() if call else len(line))
            del self._frames[max(0, len(self._frames) - closing) :]
            if call is None:
                break
            has_calls = True
            arguments = list(_arguments(line, call.end()))
            done = arguments[-1].end() if arguments else call.end()
            end = _CLOSED.match(line, done)
            done = end.end() if end else done
            opened = self._define(at, call["name"], arguments)
            if end and end["brace"]:
                self._open(opened)
        if not has_calls and line.rstrip().endswith("{"):
            self._open(None)

    def _open(self, key: str | None) -> None:
        if len(self._frames) < 100:
            self._frames.append(key)

    def _define(self, at: int, name: str, arguments: list[Match[str]]) -> str | None:
        """Add what a macro draws; the key of the frame that it may open."""
        plain = [item for item in arguments if not item["word"] and item["value"].strip()]
        texts = [item["value"].strip().strip('"').strip() for item in plain]
        relation = _REL.fullmatch(name)
        if relation:
            self._relate(at, relation, plain, texts)
            return None
        element = _ELEMENT.fullmatch(name)
        if element is None or not texts:
            return None
        is_frame = element["frame"] is not None or name in _NODES
        parent = next((frame for frame in reversed(self._frames) if frame), None)
        shown = plain[1] if len(plain) > 1 else plain[0]
        start = at + shown.start("value") + len(shown["value"]) - len(shown["value"].lstrip())
        place = self._passage.place(start, start + len(shown["value"].strip()))
        kind = BoxKind.GROUP if is_frame else _kind(element)
        label = texts[1] if len(texts) > 1 else ""
        self._sketch.add(texts[0], place, label, kind, parent=parent)
        return texts[0]

    def _relate(self, at: int, relation: Match[str], plain: list[Match[str]], texts: list[str]) -> None:
        if relation["index"]:
            plain, texts = plain[1:], texts[1:]
        if len(texts) < 2:
            return
        ends = (texts[1], texts[0]) if relation["back"] else (texts[0], texts[1])
        place = self._passage.place(at + plain[0].start("value"), at + plain[1].end("value"))
        label = texts[2] if len(texts) > 2 else ""
        self._sketch.connect(Arrow(*ends, place, label, relation["both"] is None))


def _arguments(line: str, at: int) -> Iterator[Match[str]]:
    for _ in range(_MOST_ARGUMENTS):
        match = _ARGUMENT.match(line, at)
        if match is None:
            return
        yield match
        at = match.end()
        while at < len(line) and line[at] in " \t":
            at += 1
        if not line.startswith(",", at):
            return
        at += 1


def _kind(element: Match[str]) -> BoxKind:
    if element["base"] == "Person":
        return BoxKind.PERSON
    if element["outside"]:
        return BoxKind.OUTSIDE
    if element["form"]:
        return BoxKind.STORE if element["form"] == "Db" else BoxKind.QUEUE
    return BoxKind.BOX
