"""Mermaid flowcharts: nodes with their shapes, links of all kinds, chains, ``&``, subgraphs.

Source: Mermaid, "Flowcharts - Basic Syntax". Each statement is read from its beginning; what is no statement
is passed over to the end of its line, so that one odd line costs nothing else.
"""

from __future__ import annotations

import re

from archlint.finding.regex import regex
from archlint.model.diagrams.elements import Arrow, BoxKind, Sketch
from archlint.model.diagrams.passages import Passage

_BLANK = regex(r"[ \t]*+")
_SEPARATOR = regex(r"(?:[\s;]++|%%[^\n]*+)*+")
_REST = regex(r"[^\n]*+")
_ID = regex(r"(?:[\w!#$%'*+.?\\/,]|-(?![->.])|=(?!=)|:(?!::))++")
_CLASS = regex(r":::[\w-]++")
_SKIPPED = regex(r"(?:style|classDef|class|click|linkStyle|accTitle|accDescr|direction|title)(?![\w-])")
_SUBGRAPH = regex(r"subgraph(?![\w-])[ \t]*+")
_END = regex(r"end(?=[ \t]*+(?:[;\n]|%%|\Z))")
_DESCRIPTION = regex(r"accDescr[ \t]*+\{[^}]{0,4000}+\}")
_ATTRIBUTES = regex(r"@\{((?:[^}\"]|\"[^\"]{0,1000}+\"){0,1000}+)\}")
_SHAPE = regex(r"shape[ \t]*+:[ \t]*+\"?([\w-]++)")
_LABEL = regex(r"label[ \t]*+:[ \t]*+(?:\"([^\"]*+)\"|([^,}\n]++))")
_STORE_SHAPES = frozenset(("cyl", "cylinder", "database", "db", "lin-cyl", "disk", "das", "h-cyl"))

_LINK = regex(
    r"(?:[A-Za-z_]\w*+@)?(?P<head>[xo<])?"
    r"(?:(?P<invisible>~~~++)|(?P<plain>--+(?P<end>[-xo>]))|(?P<thick>==+(?P<fat>[=xo>]))"
    r"|(?P<dotted>-?\.++-(?P<dot>[xo>])?))"
)
_LINK_TEXT = regex(r"[ \t]*+\|[ \t]*+(\"[^\"\n]{0,500}+\"|[^|\n]{0,500}+)\|")
_OPEN = {
    "plain": regex(r"(?:(?<!\w)[A-Za-z_]\w*+@)?(?P<head>[xo<])?--(?![-.])"),
    "thick": regex(r"(?:(?<!\w)[A-Za-z_]\w*+@)?(?P<head>[xo<])?==(?!=)"),
    "dotted": regex(r"(?:(?<!\w)[A-Za-z_]\w*+@)?(?P<head>[xo<])?-\.(?!-)"),
}
_CLOSE = {
    "plain": regex(r"(?:\"[^\"\n]{0,500}+\"|(?!--)[^\n\"]){1,250}+--++(?P<end>[xo>])?"),
    "thick": regex(r"(?:\"[^\"\n]{0,500}+\"|(?!==)[^\n\"]){1,250}+==++(?P<end>[xo>])?"),
    "dotted": regex(r"(?:\"[^\"\n]{0,500}+\"|(?!\.{1,9}-)[^\n\"]){1,250}+\.++-(?P<end>[xo>])?"),
}

_SHAPES: tuple[tuple[str, tuple[str, ...], BoxKind | None], ...] = (
    ("(((", (")))",), None),
    ("((", ("))",), None),
    ("([", ("])",), None),
    ("(-", ("-)",), None),
    ("(", (")",), None),
    ("[[", ("]]",), None),
    ("[(", (")]",), BoxKind.STORE),
    ("[/", ("/]", "\\]"), None),
    ("[\\", ("\\]", "/]"), None),
    ("[|", ("|]",), None),
    ("[", ("]",), None),
    ("{{", ("}}",), None),
    ("{", ("}",), None),
    (">", ("]",), None),
)
_LONGEST_LABEL, _LONGEST_QUOTED = 2_000, 50_000
_MOST_PAIRS = 2000
"""Arrows of one link between lists of nodes."""


def read_flowchart(passage: Passage, start: int, sketch: Sketch) -> None:
    """Read what follows the word ``flowchart`` or ``graph``."""
    _Reader(passage, sketch).read(start)


class _Reader:
    def __init__(self, passage: Passage, sketch: Sketch) -> None:
        self._passage = passage
        self._text = passage.text
        self._sketch = sketch
        self._frames: list[str] = []

    def read(self, start: int) -> None:
        """Statement after statement."""
        at = _end(_REST, self._text, start)
        semicolon = self._text.find(";", start, at)
        at = semicolon if semicolon >= 0 else at
        while at < len(self._text):
            at = _end(_SEPARATOR, self._text, at)
            if at < len(self._text):
                before = at
                at = self._statement(at)
                if at <= before:
                    at = max(_end(_REST, self._text, before), before + 1)

    def _statement(self, at: int) -> int:
        """The end of a statement; at most ``at`` if there is none."""
        described = _DESCRIPTION.match(self._text, at)
        if described:
            return described.end()
        if _SKIPPED.match(self._text, at) and not self._is_chain(at):
            return _end(_REST, self._text, at)
        opening = _SUBGRAPH.match(self._text, at)
        if opening:
            return self._subgraph(opening.end())
        closing = _END.match(self._text, at)
        if closing:
            if self._frames:
                self._frames.pop()
            return closing.end()
        return self._chain(at)

    def _is_chain(self, at: int) -> bool:
        """Whether a node has the name of a statement: a link follows it."""
        word = _ID.match(self._text, at)
        assert word is not None
        return _LINK.match(self._text, _end(_BLANK, self._text, word.end())) is not None

    def _subgraph(self, at: int) -> int:
        end = _end(_REST, self._text, at)
        semicolon = self._text.find(";", at, end)
        end = semicolon if semicolon >= 0 else end
        name = _ID.match(self._text, at)
        if name and name.end() <= end:
            shaped = self._shaped(name.end() + self._blanks(name.end(), end))
            if shaped:
                stop, label, _ = shaped
                self._open(name.group(), label, at, name.end())
                return stop
        written = self._text[at:end].strip()
        title = written.strip('"').strip()
        self._open(title or f"subgraph {at}", "", at, at + len(written))
        return end

    def _blanks(self, at: int, end: int) -> int:
        return min(_end(_BLANK, self._text, at), end) - at

    def _open(self, key: str, label: str, start: int, end: int) -> None:
        parent = self._frames[-1] if self._frames else None
        place = self._passage.place(start, end)
        self._sketch.add(key, place, label, BoxKind.GROUP, parent=parent)
        if len(self._frames) < 100:
            self._frames.append(key)

    def _chain(self, at: int) -> int:
        """Nodes, and links to further nodes."""
        at, nodes = self._nodes(at)
        while nodes:
            link = self._link(_end(_BLANK, self._text, at))
            if link is None:
                break
            arrow_start, arrow_end, text_end, label, is_drawn, heads = link
            after, targets = self._nodes(_end(_BLANK, self._text, text_end, across=True))
            if not targets:
                return text_end
            if is_drawn:
                self._connect(nodes, targets, (arrow_start, arrow_end), label, heads)
            at, nodes = after, targets
        return at

    def _connect(
        self, nodes: list[str], targets: list[str], at: tuple[int, int], label: str, heads: tuple[bool, bool]
    ) -> None:
        place = self._passage.place(*at)
        pairs = [(source, target) for source in nodes[:_MOST_PAIRS] for target in targets[:_MOST_PAIRS]]
        for source, target in pairs[:_MOST_PAIRS]:
            self._sketch.connect(Arrow(source, target, place, label, heads == (False, True)))

    def _link(self, at: int) -> tuple[int, int, int, str, bool, tuple[bool, bool]] | None:
        """Start and end of the arrow, the end of its text, the text, whether it is seen, its heads."""
        match = _LINK.match(self._text, at)
        if match:
            last = match["end"] or match["fat"] or match["dot"] or ""
            label = _LINK_TEXT.match(self._text, match.end())
            end = label.end() if label else match.end()
            heads = (match["head"] is not None, last not in ("", "-", "="))
            text = label[1].strip().strip('"') if label else ""
            return match.start(), match.end(), end, text, match["invisible"] is None, heads
        for kind, opener in _OPEN.items():
            start = opener.match(self._text, at)
            stop = _CLOSE[kind].match(self._text, start.end()) if start else None
            if start and stop:
                text = stop.group().strip("-=.xo> \t").strip('"')
                heads = (start["head"] is not None, stop["end"] is not None)
                return start.start(), stop.end(), stop.end(), text, True, heads
        return None

    def _nodes(self, at: int) -> tuple[int, list[str]]:
        """One node, or several with ``&`` between them."""
        found: list[str] = []
        end = at
        while True:
            node = self._node(at)
            if node is None:
                return end, found
            end, key = node
            found.append(key)
            at = _end(_BLANK, self._text, end)
            if not self._text.startswith("&", at):
                return end, found
            at = _end(_BLANK, self._text, at + 1, across=True)

    def _node(self, at: int) -> tuple[int, str] | None:
        name = _ID.match(self._text, at)
        if name is None:
            return None
        key, end, label, kind = name.group(), name.end(), "", None
        attributes = _ATTRIBUTES.match(self._text, end)
        shaped = None if attributes else self._shaped(end)
        if attributes:
            end = attributes.end()
            label, kind = _attributed(attributes[1])
        elif shaped:
            end, label, kind = shaped
        styled = _CLASS.match(self._text, end)
        parent = self._frames[-1] if self._frames else None
        place = self._passage.place(name.start(), name.end())
        self._sketch.add(key, place, label, kind, parent=parent if parent != key else None)
        return (styled.end() if styled else end), key

    def _shaped(self, at: int) -> tuple[int, str, BoxKind | None] | None:
        """The end, label and kind of a shape that begins here."""
        text = self._text
        for opener, closers, kind in _SHAPES:
            if not text.startswith(opener, at):
                continue
            start = _end(_BLANK, text, at + len(opener))
            limit = min(len(text), start + _LONGEST_LABEL)
            if text.startswith('"', start):
                quote = text.find('"', start + 1, start + _LONGEST_QUOTED)
                end = _end(_BLANK, text, quote + 1)
                closer = next((item for item in closers if text.startswith(item, end)), None)
                if quote < 0 or closer is None:
                    continue
                return end + len(closer), text[start + 1 : quote].strip("` \n"), kind
            line_end = text.find("\n", start, limit)
            limit = line_end if line_end >= 0 else limit
            ends = [(found, item) for item in closers if (found := text.find(item, start, limit)) >= 0]
            if ends:
                end, closer = min(ends)
                return end + len(closer), text[start:end].strip(), kind
        return None


def _attributed(text: str) -> tuple[str, BoxKind | None]:
    label = _LABEL.search(text)
    shape = _SHAPE.search(text)
    kind = BoxKind.STORE if shape and shape[1] in _STORE_SHAPES else None
    return ((label[1] or label[2] or "").strip() if label else ""), kind


_ACROSS = regex(r"\s*+")


def _end(pattern: re.Pattern[str], text: str, at: int, *, across: bool = False) -> int:
    """Where a pattern that matches everywhere ends; blanks may go on in the next line."""
    match = _ACROSS.match(text, at) if across else pattern.match(text, at)
    return match.end() if match else at
