"""Terraform: blocks of HCL, with the values that stand there literally.

Only the outline of the language is read: blocks with their labels, and ``name = value`` in them. An
expression is evaluated where it is one text, number or boolean, or a variable with such a default in the same
folder; every other value is unknown.

Source: the native syntax of HCL, https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from posixpath import dirname

from archlint.documents import TextFile
from archlint.files import LineIndex
from archlint.finding import Place, Span
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.world import World

LONGEST_FILE = 1_000_000
_DEEPEST = 40

_TOKEN = regex(
    r"(?P<space>[ \t\r]++)|(?P<line>\n)|(?P<comment>#[^\n]*+|//[^\n]*+|/\*(?:[^*]|\*(?!/))*+(?:\*/)?)"
    r"|(?P<heredoc><<-?(?P<end>[A-Za-z_][\w-]*+)[^\n]*+)"
    r'|(?P<text>"(?:[^"\\\n]|\\.)*+"?)|(?P<word>[A-Za-z_][\w.-]*+)|(?P<number>[0-9][\w.]*+)|(?P<mark>.)'
)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class HclValue:
    """A literal, or the expression of one name, with where it stands."""

    text: str
    is_reference: bool
    start: int
    end: int


@dataclass
class HclBlock:
    """A block: its type, its labels, what it sets and what it holds."""

    kind: str
    labels: list[str]
    values: dict[str, HclValue] = field(default_factory=dict)
    blocks: list[HclBlock] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    """All arguments that are set, to whatever."""
    start: int = 0
    """Where its type is written."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A value that is known, and where it is used."""

    value: str
    place: Place


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource of a file, with what its values mean."""

    path: str
    block: HclBlock
    literals: Literals

    @property
    def kind(self) -> str:
        """Its type, such as ``kafka_topic``."""
        return self.block.labels[0]

    @property
    def label(self) -> str:
        """Type and name, as Terraform writes it: ``kafka_topic.orders``."""
        return ".".join(self.block.labels)


def resources(world: World, kinds: Iterable[str]) -> Iterator[Resource]:
    """The resources of some types in the ``.tf`` files of a world; folders without any are not read."""
    folders: dict[str, list[tuple[str, str]]] = {}
    for path in sorted(world.kinds):
        if path.endswith(".tf"):
            text = world.text(path)
            if text is not None and len(text) <= LONGEST_FILE:
                folders.setdefault(dirname(path), []).append((path, text))
    wanted = frozenset(kinds)
    for files in folders.values():
        if any(kind in text for _, text in files for kind in wanted):
            yield from _of_folder(files, wanted, world.tree.revision)


def _of_folder(
    files: list[tuple[str, str]], wanted: frozenset[str], revision: str | None
) -> Iterator[Resource]:
    read = [(path, text, _Reader(text).blocks()) for path, text in files]
    known: dict[str, HclValue] = {}
    for _, _, blocks in read:
        for block in blocks:
            if block.kind == "variable" and block.labels and "default" in block.values:
                known[f"var.{block.labels[0]}"] = block.values["default"]
            elif block.kind == "locals":
                known.update((f"local.{name}", value) for name, value in block.values.items())
    for path, text, blocks in read:
        literals = Literals(TextFile(path, revision), text, known)
        for block in blocks:
            if block.kind == "resource" and len(block.labels) == 2 and block.labels[0] in wanted:
                yield Resource(path, block, literals)


class Literals:
    """What the values of a file mean."""

    def __init__(self, source: TextFile, text: str, known: Mapping[str, HclValue]) -> None:
        self._source = source
        self._lines = LineIndex(text)
        self._known = known

    def of(self, value: HclValue | None) -> Literal | None:
        """A value that is literal, or a name with one."""
        if value is None:
            return None
        meant = self._known.get(value.text) if value.is_reference else value
        if meant is None or meant.is_reference or "${" in meant.text or "%{" in meant.text:
            return None
        return Literal(meant.text, self.place(value.start, value.end))

    def place(self, start: int, end: int) -> Place:
        """The place of a stretch of the text."""
        line, column = self._lines.position(start)
        end_line, end_column = self._lines.position(end)
        return self._source.place(Span(line, column, end_line, end_column))


class _Reader:
    """Reads the outline of one file; whatever does not fit is passed over."""

    def __init__(self, text: str) -> None:
        self._tokens = list(_tokens(text))
        self._at = 0

    def blocks(self) -> list[HclBlock]:
        """The blocks at the top of the file."""
        top = HclBlock("", [])
        while self._at < len(self._tokens):
            self._body(top, 0)
            self._at += 1  # a brace that closes nothing
        return top.blocks

    def _body(self, block: HclBlock, depth: int) -> None:
        """Attributes and blocks up to the brace that ends them, which is left to the caller."""
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            if token.text == "}" and token.kind == "mark":
                return
            if token.kind in ("word", "text"):
                self._entry(block, depth)
            else:
                self._at += 1

    def _entry(self, block: HclBlock, depth: int) -> None:
        name, start = _unquoted(self._tokens[self._at]), self._tokens[self._at].start
        self._at += 1
        labels: list[str] = []
        while self._at < len(self._tokens) and self._tokens[self._at].kind in ("text", "word"):
            labels.append(_unquoted(self._tokens[self._at]))
            self._at += 1
        mark = self._tokens[self._at] if self._at < len(self._tokens) else None
        if mark is None or mark.kind != "mark":
            return
        if mark.text == "{":
            self._at += 1
            self._inner(HclBlock(name, labels, start=start), block, depth)
        elif mark.text in "=:" and not labels:
            self._at += 1
            block.names.add(name)
            self._value(name, block, depth)

    def _inner(self, inner: HclBlock, outer: HclBlock, depth: int) -> None:
        if depth >= _DEEPEST:
            self._skip_brackets(1)
            return
        self._body(inner, depth + 1)
        self._at += 1
        outer.blocks.append(inner)

    def _value(self, name: str, block: HclBlock, depth: int) -> None:
        """An expression: kept if it is one token or a map, else passed over up to the end of its line."""
        first = self._tokens[self._at] if self._at < len(self._tokens) else None
        if first is not None and first.text == "{" and first.kind == "mark":
            self._at += 1
            self._inner(HclBlock(name, []), block, depth)
            return
        taken: list[_Token] = []
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            if token.kind == "line" or (token.kind == "mark" and token.text in ",}"):
                break
            taken.append(token)
            self._at += 1
            if token.kind == "mark" and token.text in "([{":
                self._skip_brackets(1)
        if len(taken) == 1 and taken[0].kind in ("text", "number", "word"):
            token = taken[0]
            is_name = token.kind == "word" and token.text not in ("true", "false")
            block.values[name] = HclValue(_unquoted(token), is_name, token.start, token.end)

    def _skip_brackets(self, depth: int) -> None:
        while self._at < len(self._tokens) and depth:
            token = self._tokens[self._at]
            if token.kind == "mark":
                depth += (token.text in "([{") - (token.text in ")]}")
            self._at += 1


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    while (match := _TOKEN.match(text, at)) is not None:
        at = match.end()
        kind = match.lastgroup or ""
        if match["heredoc"] is not None:
            at = _end_of_heredoc(text, at, match["end"])
            yield _Token("heredoc", "", match.start(), at)
        elif kind not in ("space", "comment"):
            yield _Token(kind, match[0], match.start(), at)


def _end_of_heredoc(text: str, at: int, word: str) -> int:
    while at < len(text):
        end = text.find("\n", at + 1)
        line = text[at : end if end >= 0 else len(text)]
        if line.strip() == word:
            return at + len(line)
        at = end if end >= 0 else len(text)
    return at


def _unquoted(token: _Token) -> str:
    return (
        token.text.strip('"').replace('\\"', '"').replace("\\\\", "\\")
        if token.kind == "text"
        else token.text
    )
