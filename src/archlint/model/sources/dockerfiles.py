"""Dockerfiles: what the image that a file builds in the end is run with.

Read are the stages, ``ENV``, ``ARG`` with its defaults, ``EXPOSE``, ``CMD`` and ``ENTRYPOINT``; of the stages
only the last one, and those that it is built on, say something of what runs. Nothing is built.

Source: Docker's Dockerfile reference, and what BuildKit's parser does with continued lines and heredocs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import NamedTuple

from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.services import protocols
from archlint.model.sources.traced import UNKNOWN, Piece, Traced, joined

LONGEST = 200_000
"""Characters of a Dockerfile that are read."""
_LONGEST_VALUE, _MOST_PIECES = 4096, 200
"""Characters of a value, and parts of it: variables that double each other grow no further."""
_MOST_LINES, _MOST_WORDS = 300, 1000
"""Lines and words of one instruction that are read."""

_DIRECTIVE = regex(r"#[ \t]*+([A-Za-z]++)[ \t]*+=[ \t]*+(\S*+)[ \t]*+\r?\Z")
_INSTRUCTION = regex(r"\s*([A-Za-z]+)(?=\s|\Z)\s*")
_HEREDOC = regex(r"<<(-?)([\"']?)([A-Za-z_][\w.-]*)\2")
_NAME = regex(r"[A-Za-z_]\w*")
_VARIABLE = regex(r"\$(?:([A-Za-z_]\w*+)|\{([A-Za-z_]\w*+)(?::?([-+?])([^{}]*+))?\})")
_FLAG = regex(r"--[a-z]+(?:=\S*)?\s+")
_JSON_STRING = regex(r'"((?:[^"\\\n]++|\\.)*+)(?:"|\\?(?=\n|\Z))')
_EXPOSED = regex(r"([0-9]{1,5})(?:-([0-9]{1,5}))?(?:/\w+)?")
_WORD = regex(r"(?:[^\s\"'\\]++|\\.|\"(?:[^\"\\]++|\\.)*+\"?|'[^']*+'?|\\)++")
_QUOTED = regex(r"\"((?:[^\"\\]++|\\.)*+)\"|'([^']*+)'|\\(.)|[^\"'\\]++|[\"'\\]")
_QUOTED_BY_BACKTICK = regex(r"\"((?:[^\"`]++|`.)*+)\"|'([^']*+)'|`(.)|[^\"'`]++|[\"'`]")
_FIRST = regex(r"\s*([^\s=]+)(\s+|=|\Z)")
_STAGE = regex(r"(?<!\s)\s++(?i:as)\s++(\S++)")


class Line(NamedTuple):
    """An instruction: its name, and what follows, over all lines that it is continued on."""

    word: str
    rest: Traced
    escape: str
    """What takes the next character's meaning away."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A variable that an image sets."""

    name: str
    value: Traced
    offset: int
    """Where its name stands."""


@dataclass(eq=False)
class Stage:
    """What one ``FROM`` begins."""

    name: str
    base: str
    """The image or the stage that it is built on; ``UNKNOWN`` in it where an argument has no default."""
    parent: Stage | None
    settings: dict[str, Setting]
    """Its variables, those of the stages that it is built on included."""
    ports: list[int]
    entrypoint: tuple[Traced, ...] = ()
    command: tuple[Traced, ...] = ()

    @property
    def image(self) -> str:
        """The image that the first stage of all is built on."""
        return self.parent.image if self.parent else self.base

    @property
    def store_protocol(self) -> str | None:
        """What it speaks if it is a database, cache or broker."""
        return None if UNKNOWN in self.image.partition(":")[0] else protocols.of_image(self.image)


class Dockerfile:
    """A file that builds an image."""

    def __init__(self, text: str) -> None:
        self.stages: list[Stage] = []
        self._arguments: dict[str, Traced] = {}
        self._known: dict[str, Traced] = {}
        for line in instructions(text[:LONGEST]):
            self._read(line)

    @property
    def final(self) -> Stage | None:
        """The stage that is built if none is named."""
        return self.stages[-1] if self.stages else None

    def stage(self, name: str) -> Stage | None:
        """The stage of a name or a number."""
        if name.isascii() and name.isdigit():
            return self.stages[int(name)] if len(name) < 5 and int(name) < len(self.stages) else None
        named = (stage for stage in reversed(self.stages) if stage.name and stage.name == name.lower())
        return next(named, None)

    def _read(self, line: Line) -> None:
        if line.word == "FROM":
            self._begin(line.rest)
        elif line.word == "ARG":
            self._declare(line.rest)
        elif self.stages:
            stage = self.stages[-1]
            if line.word == "ENV":
                self._set(stage, line)
            elif line.word == "EXPOSE":
                stage.ports += _ports(expanded(line.rest, self._known).text)
            elif line.word == "CMD":
                stage.command = _arguments(line)
            elif line.word == "ENTRYPOINT":
                stage.entrypoint, stage.command = _arguments(line), ()

    def _begin(self, rest: Traced) -> None:
        text = rest.text
        flag = _FLAG.match(text)
        text = text[flag.end() if flag else 0 :]
        image = (text.split() or [""])[0]
        name = _STAGE.search(text)
        whole = expanded(Traced((Piece(image.strip("\"'"), 0),)), self._arguments).text
        parent = self.stage(whole) if not whole.isdigit() else None
        settings = dict(parent.settings) if parent else {}
        ports = list(parent.ports) if parent else []
        stage = Stage(name[1].lower() if name else "", whole, parent, settings, ports)
        if parent:
            stage.entrypoint, stage.command = parent.entrypoint, parent.command
        self.stages.append(stage)
        self._known = {setting.name: setting.value for setting in settings.values()}

    def _declare(self, rest: Traced) -> None:
        for word in words(rest):
            name, equals, _ = word.text.partition("=")
            if not _NAME.fullmatch(name):
                continue
            value = expanded(word.part(len(name) + 1), self._known if self.stages else self._arguments)
            if not self.stages:
                self._arguments[name] = value if equals else Traced((Piece(UNKNOWN, word.offset(0)),))
            elif name not in self.stages[-1].settings:
                given = value if equals else self._arguments.get(name)
                self._known[name] = given or Traced((Piece(UNKNOWN, word.offset(0)),))

    def _set(self, stage: Stage, line: Line) -> None:
        found = list(_pairs(line.rest))
        # all values of one instruction see what was known before it
        values = [expanded(value, self._known) for _, value in found]
        for (name, _), value in zip(found, values, strict=True):
            stage.settings[name.text] = Setting(name.text, unquoted(value, line.escape), name.offset(0))
            self._known[name.text] = stage.settings[name.text].value


def instructions(text: str) -> Iterator[Line]:
    """The instructions of a file, comments and the texts of heredocs left out."""
    lines = _Lines(text)
    while lines.is_left:
        found = lines.instruction()
        if found:
            yield found


class _Lines:
    """Goes through the lines of a file."""

    def __init__(self, text: str) -> None:
        self._lines: list[tuple[int, str]] = []
        offset = 0
        for line in text.split("\n"):
            self._lines.append((offset, line.removesuffix("\r")))
            offset += len(line) + 1
        self._at = 0
        self._escape = self._directives()

    @property
    def is_left(self) -> bool:
        """Whether there are lines that were not read."""
        return self._at < len(self._lines)

    def _directives(self) -> str:
        escape = "\\"
        for _, line in self._lines:
            match = _DIRECTIVE.match(line.strip())
            if match is None:
                break
            if match[1].lower() == "escape" and match[2] in ("`", "\\"):
                escape = match[2]
        return escape

    def instruction(self) -> Line | None:
        """The next instruction; ``None`` for a line without one."""
        pieces: list[Piece] = []
        while self.is_left:
            offset, line = self._lines[self._at]
            self._at += 1
            stripped = line.strip()
            if stripped.startswith("#") or (pieces and not stripped):
                if pieces:
                    continue
                return None
            body = line.rstrip()
            is_continued = body.endswith(self._escape) and not body.endswith(self._escape * 2)
            if len(pieces) < _MOST_LINES:
                pieces.append(Piece(body[:-1] if is_continued else line, offset))
            if not is_continued:
                break
        whole = Traced(tuple(pieces))
        match = _INSTRUCTION.match(whole.text)
        if match is None:
            return None
        word, rest = match[1].upper(), whole.part(match.end())
        if word in ("RUN", "COPY", "ADD"):
            self._skip_heredocs(rest.text)
        return Line(word, rest, self._escape)

    def _skip_heredocs(self, text: str) -> None:
        for match in _HEREDOC.finditer(text):
            if "<" in text[max(0, match.start() - 1) : match.start()]:
                continue
            for index in range(self._at, len(self._lines)):
                line = self._lines[index][1]
                if (line.lstrip("\t") if match[1] else line) == match[3]:
                    self._at = index + 1
                    break
            else:
                self._at = len(self._lines)
                return


def words(rest: Traced) -> Iterator[Traced]:
    """The words of an instruction, as blanks outside of quotes part them."""
    for match in islice(_WORD.finditer(rest.text), _MOST_WORDS):
        yield rest.part(match.start(), match.end())


def _pairs(rest: Traced) -> Iterator[tuple[Traced, Traced]]:
    """The names and values of ``ENV``: pairs with ``=``, or one name and all that follows it."""
    text = rest.text
    first = _FIRST.match(text)
    if first is None:
        return
    if first[2] != "=":
        yield rest.part(first.start(1), first.end(1)), rest.part(first.end(), len(text.rstrip()))
        return
    for word in words(rest):
        name, equals, _ = word.text.partition("=")
        if equals and name:
            yield word.part(0, len(name)), word.part(len(name) + 1)


def expanded(value: Traced, known: Mapping[str, Traced]) -> Traced:
    """A value with the variables that are known put in; what is not known is ``UNKNOWN``."""
    text = value.text
    if "$" not in text:
        return value
    parts: list[Traced] = []
    pos = size = count = 0
    for match in _VARIABLE.finditer(text):
        if text[match.start() - 1 : match.start()] == "\\" or _in_single_quotes(text, match.start()):
            continue
        parts.append(value.part(pos, match.start()))
        pos = match.end()
        put_in = _put_in(match, value, known)
        size += sum(len(piece.text) for piece in put_in.pieces)
        count += len(put_in.pieces)
        is_long = size > _LONGEST_VALUE or count > _MOST_PIECES
        parts.append(Traced((Piece(UNKNOWN, value.offset(pos)),)) if is_long else put_in)
    parts.append(value.part(pos))
    return joined(parts)


def _in_single_quotes(text: str, at: int) -> bool:
    return text[:1] == "'" and text.find("'", 1) > at


def _put_in(match: re.Match[str], value: Traced, known: Mapping[str, Traced]) -> Traced:
    given = known.get(match[1] or match[2])
    is_empty = given is None or not given.text
    if match[3] == "-" and is_empty:
        return value.part(match.start(4), match.end(4))
    if match[3] == "+":
        return Traced() if is_empty else value.part(match.start(4), match.end(4))
    return Traced((Piece(UNKNOWN, value.offset(match.start())),)) if given is None else given


def unquoted(value: Traced, escape: str) -> Traced:
    """A value without the quotes and backslashes that only guard what stands in it."""
    text = value.text
    if not any(sign in text for sign in ('"', "'", escape)):
        return value
    parts: list[Traced] = []
    for match in islice((_QUOTED if escape == "\\" else _QUOTED_BY_BACKTICK).finditer(text), _MOST_WORDS):
        group = match.lastindex or 0
        parts.append(value.part(match.start(group), match.end(group)))
    return joined(parts)


def _arguments(line: Line) -> tuple[Traced, ...]:
    """What is run: the strings of a JSON list, else the words of a shell's line."""
    rest = line.rest
    if rest.text.lstrip().startswith("["):
        strings = _JSON_STRING.finditer(rest.text)
        return tuple(rest.part(match.start(1), match.end(1)) for match in strings)
    return tuple(unquoted(word, line.escape) for word in words(rest))


def _ports(text: str) -> list[int]:
    found = []
    for word in text.split():
        match = _EXPOSED.fullmatch(word)
        if match and 0 < int(match[1]) < 65536:
            found.append(int(match[1]))
    return found
