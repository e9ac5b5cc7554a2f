"""The model of a Structurizr workspace: people, systems, containers, components and what they use.

Source: Structurizr, "Structurizr DSL", language reference. Views are passed over: they choose from the model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import field

from archlint.finding import Place
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.diagrams.elements import Arrow, BoxKind, Diagram, Notation, Sketch
from archlint.model.diagrams.passages import Passage

Include = Callable[[str, str], list[Passage]]
"""The passages that ``!include`` means, from what it says and the path of the file that says so."""

_TOKEN = regex(
    r"[ \t]*+(?:\"\"\"(?:(?!\"\"\")[\s\S]){0,20000}(?:\"\"\")?|\"(?P<text>(?:[^\"\\\n]|\\[^\n]){0,4000}+)\"?"
    r"|(?P<brace>[{}])(?=\s|\Z)|(?P<word>[^\s\"]++))"
)
_COMMENT = regex(r"[ \t]*+(?:#|//)[^\n]*+")
_BLOCK_COMMENT = regex(r"[ \t]*+/\*(?:(?!\*/)[\s\S])*+(?:\*/)?")
_CONTINUED = regex(r"[ \t]*+\\\r?\n")
_VARIABLE = regex(r"\$\{([\w.-]{1,100}+)\}")
_RELATION = regex(r"->|--?(?:\w|-(?!>)){1,60}+->")
_ELEMENTS = {
    "person": BoxKind.PERSON,
    "softwaresystem": BoxKind.BOX,
    "container": BoxKind.BOX,
    "component": BoxKind.BOX,
    "element": BoxKind.BOX,
    "group": BoxKind.GROUP,
    "enterprise": BoxKind.GROUP,
}
_OPEN_BLOCKS = frozenset(("workspace", "model", "archetypes"))
_STORES = frozenset(("database", "db", "datastore", "data store", "storage", "cache"))
_QUEUES = frozenset(("queue", "topic", "broker", "messagebroker", "message broker", "bus"))
_OUTSIDE = frozenset(("external", "externalsystem", "external system", "existing system", "third party"))
_MOST_STATEMENTS = 50_000


@dataclass(slots=True)
class _Statement:
    """One line of the language."""

    words: list[tuple[str, Place]]
    passage: Passage
    opens: bool = False
    closes: bool = False


@dataclass
class _Frame:
    """What stands around a statement."""

    key: str | None
    """The element, if it is one."""
    scope: str
    """Its hierarchical identifier."""
    is_skipped: bool = False
    is_archetypes: bool = False


@dataclass
class _State:
    frames: list[_Frame] = field(default_factory=list)
    constants: dict[str, str] = field(default_factory=dict)
    archetypes: dict[str, str] = field(default_factory=dict)


def is_structurizr(text: str) -> bool:
    """Whether a text is a workspace, or a part of one."""
    return _IS_DSL.search(text) is not None


_IS_DSL = regex(
    r"(?im)^[ \t]*+(?:workspace\b|model[ \t]*+\{"
    r"|(?:[\w.-]{1,80}+[ \t]*+=[ \t]*+)?(?:softwareSystem|container)[ \t]++[\"\w])"
)


def read_structurizr(passage: Passage, include: Include) -> Diagram:
    """The model of a workspace, with the files that it includes."""
    reader = _Reader(passage, include)
    reader.read(passage, 0)
    return reader.finished()


class _Reader:
    def __init__(self, passage: Passage, include: Include) -> None:
        self._include = include
        self._sketch = Sketch(Notation.STRUCTURIZR, passage.place(0, 1))
        self._state = _State()
        self._is_hierarchical = False
        self._keys: dict[str, str] = {}
        """Keys of elements by their identifiers, in lower case."""
        self._labels: dict[tuple[str | None, str], str] = {}
        self._uses: list[tuple[str, str, str, Place, str]] = []
        self._count = 0
        self._statements = 0

    def finished(self) -> Diagram:
        """The diagram; identifiers may be used before what they stand for is defined in another file."""
        for scope, source, target, place, label in self._uses:
            ends = self._resolve(source, scope), self._resolve(target, scope)
            if ends[0] and ends[1]:
                self._sketch.connect(Arrow(ends[0], ends[1], place, label))
        return self._sketch.diagram()

    def read(self, passage: Passage, depth: int) -> None:
        """One file."""
        frames = self._state.frames
        for statement in _statements(passage):
            self._statements += 1
            if self._statements > _MOST_STATEMENTS:
                return
            if statement.closes and frames:
                frames.pop()
            if statement.words:
                frame = self._statement(statement, depth)
            else:
                frame = _Frame(None, self._scope, is_skipped=self._is_skipped)
            if statement.opens:
                frames.append(frame)

    @property
    def _scope(self) -> str:
        return self._state.frames[-1].scope if self._state.frames else ""

    @property
    def _is_skipped(self) -> bool:
        return bool(self._state.frames) and self._state.frames[-1].is_skipped

    def _element_around(self) -> str | None:
        return next((frame.key for frame in reversed(self._state.frames) if frame.key is not None), None)

    def _statement(self, statement: _Statement, depth: int) -> _Frame:
        """Take a statement in; what it opens, if it does."""
        words = [text for text, _ in statement.words]
        first = words[0].lower()
        skipped = _Frame(None, self._scope, is_skipped=True)
        if self._is_skipped:
            return skipped
        if first.startswith("!"):
            return self._directive(first, words, statement, depth)
        if first == "tags" and self._state.frames and self._state.frames[-1].key is not None:
            kind = _tagged(BoxKind.BOX, ",".join(words[1:]))
            around, place = self._state.frames[-1].key, statement.words[0][1]
            self._sketch.add(around, place, kind=None if kind is BoxKind.BOX else kind)
            return skipped
        if first in _OPEN_BLOCKS and (len(words) == 1 or first == "workspace"):
            if first == "workspace" and len(words) > 2 and words[1].lower() == "extends":
                self._read_included(words[2], statement, depth)
            return _Frame(None, self._scope, is_archetypes=first == "archetypes")
        if self._relation(statement):
            return skipped
        identifier, at = (words[0], 2) if len(words) > 2 and words[1] == "=" else ("", 0)
        keyword = words[at].lower() if at < len(words) else ""
        if self._state.frames and self._state.frames[-1].is_archetypes:
            if identifier:
                self._state.archetypes[identifier.lower()] = self._state.archetypes.get(keyword, keyword)
            return skipped
        keyword = self._state.archetypes.get(keyword, keyword)
        if keyword in _ELEMENTS and len(words) > at + 1:
            return self._element(statement, identifier, keyword, at + 1)
        return skipped

    def _directive(self, first: str, words: list[str], statement: _Statement, depth: int) -> _Frame:
        skipped = _Frame(None, self._scope, is_skipped=True)
        if first == "!identifiers" and len(words) > 1:
            self._is_hierarchical = words[1].lower() == "hierarchical"
        elif first in ("!const", "!constant", "!var") and len(words) > 2:
            self._state.constants[words[1]] = words[2]
        elif first == "!include" and len(words) > 1:
            self._read_included(words[1], statement, depth)
        elif first in ("!extend", "!ref", "!element") and len(words) > 1:
            key = self._resolve(words[1], self._scope)
            if key is not None:
                scope = next((name for name, known in self._keys.items() if known == key), self._scope)
                return _Frame(key, scope if self._is_hierarchical else self._scope)
        return skipped

    def _read_included(self, given: str, statement: _Statement, depth: int) -> None:
        if depth >= 10:
            return
        for passage in self._include(self._filled(given), statement.passage.source.path):
            self.read(passage, depth + 1)

    def _filled(self, text: str) -> str:
        if "${" not in text:
            return text
        return _VARIABLE.sub(lambda match: self._state.constants.get(match[1], match.group()), text)

    def _element(self, statement: _Statement, identifier: str, keyword: str, at: int) -> _Frame:
        texts = [self._filled(text) for text, _ in statement.words]
        name, place = texts[at], statement.words[at][1]
        parent = self._element_around()
        identity = identifier.lower()
        full = f"{self._scope}.{identity}" if self._is_hierarchical and self._scope else identity
        key = self._labels.get((parent, name)) if not identity else None
        if key is None:
            self._count += 1
            key = full or f"{name} {self._count}"
        self._labels.setdefault((parent, name), key)
        details = texts[at + 1 :]
        tags = details[2:3] if keyword in ("container", "component") else details[1:2]
        kind = _tagged(_ELEMENTS[keyword], tags[0] if tags else "")
        self._sketch.add(key, place, name, kind, parent=parent)
        if identity:
            self._keys.setdefault(full, key)
            self._keys.setdefault(identity, key)
        is_group = kind is BoxKind.GROUP
        return _Frame(key, self._scope if is_group and not identity else full or self._scope)

    def _relation(self, statement: _Statement) -> bool:
        """Whether it says that an element uses another."""
        words = [text for text, _ in statement.words]
        at = next((index for index, word in enumerate(words[:4]) if _RELATION.fullmatch(word)), None)
        if at is None or at + 1 >= len(words):
            return False
        before = words[at - 1] if at else "this"
        if before == "=" or before.lower() == "this":
            around = self._element_around()
            source = f"\0{around}" if around is not None else ""
        else:
            source = before
        target = words[at + 1]
        label = self._filled(words[at + 2]) if at + 2 < len(words) else ""
        if source:
            self._uses.append((self._scope, source, target, statement.words[at][1], label))
        return True

    def _resolve(self, name: str, scope: str) -> str | None:
        """The element that an identifier means where it stands."""
        if name.startswith("\0"):
            return name[1:]
        wanted = name.lower()
        if wanted == "this":
            return None
        while scope:
            found = self._keys.get(f"{scope}.{wanted}")
            if found is not None:
                return found
            scope = scope.rpartition(".")[0]
        return self._keys.get(wanted)


def _tagged(kind: BoxKind, tags: str) -> BoxKind:
    if kind is not BoxKind.BOX:
        return kind
    named = {tag.strip().lower() for tag in tags.split(",")}
    if named & _OUTSIDE:
        return BoxKind.OUTSIDE
    if named & _STORES:
        return BoxKind.STORE
    return BoxKind.QUEUE if named & _QUEUES else kind


def _statements(passage: Passage) -> Iterator[_Statement]:
    """The lines of a file as words, without comments."""
    text = passage.text
    at = 0
    words: list[tuple[str, Place]] = []
    opens = closes = False
    while at < len(text):
        comment = None if words else _COMMENT.match(text, at)
        skipped = _CONTINUED.match(text, at) or comment or _BLOCK_COMMENT.match(text, at)
        if skipped:
            at = skipped.end()
            continue
        token = _TOKEN.match(text, at)
        if token is None or token.end() == at:
            if text[at] == "\n":
                if words or opens or closes:
                    yield _Statement(words, passage, opens, closes)
                words, opens, closes = [], False, False
            at += 1
            continue
        at = token.end()
        if token["brace"] == "{":
            opens = True
        elif token["brace"] == "}":
            if words or opens:
                yield _Statement(words, passage, opens, closes)
                words, opens, closes = [], False, False
            closes = True
            yield _Statement([], passage, False, True)
            closes = False
        else:
            value = token["text"] if token["text"] is not None else token["word"] or ""
            start = token.start("text") - 1 if token["text"] is not None else token.start("word")
            words.append((value, passage.place(max(start, 0), token.end())))
    if words or opens or closes:
        yield _Statement(words, passage, opens, closes)
