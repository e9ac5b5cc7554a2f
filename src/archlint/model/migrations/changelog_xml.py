"""Liquibase's changelogs in XML. Entities are not resolved: a text that declares any is not read."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import field
from xml.parsers import expat

from archlint.files import LineIndex
from archlint.finding import Span
from archlint.finding.records import dataclass
from archlint.model.migrations.change_set import ALWAYS, ROOT, ChangeSet

_LONGEST_TEXT = 5_000_000
_NO_CHANGES = frozenset({"comment", "preConditions", "rollback", "validCheckSum", "modifySql", "property"})


@dataclass
class _Reader:
    """Takes change sets from the events of the parser."""

    path: str
    text: str
    parser: expat.XMLParserType
    depth: int = 0
    is_changelog: bool = False
    found: list[ChangeSet] = field(default_factory=list)
    changes: list[tuple[str, Span]] | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    span: Span | None = None
    has_rollback: bool = False
    is_accepted: bool = False
    """Whether a change set names a checksum that is right beside its own."""
    is_left_out: bool = False
    """Whether it is in a part of a change set that changes nothing."""
    content: list[str] = field(default_factory=list)
    lines: LineIndex | None = None
    encoded: bytes = b""
    reached: tuple[int, int] = (0, 0)
    """A place in bytes and in characters."""

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins: the changelog, a change set of it, or a part of one."""
        local = name.rpartition(":")[2]
        self.depth += 1
        if self.depth == 1:
            self.is_changelog = local == ROOT
        elif self.depth == 2 and self.is_changelog and local == "changeSet":
            self.changes, self.attributes, self.content = [], attributes, []
            self.span, self.has_rollback, self.is_accepted = self._here(name), False, False
        elif self.depth == 3 and self.changes is not None:
            self.has_rollback = self.has_rollback or local == "rollback"
            self.is_accepted = self.is_accepted or local == "validCheckSum"
            self.is_left_out = local in _NO_CHANGES
            if not self.is_left_out:
                self.changes.append((local, self._here(name)))
        if self.depth > 2 and self.changes is not None and not self.is_left_out:
            self.content += [local, *(f"{key}={value}" for key, value in sorted(attributes.items()))]

    def say(self, text: str) -> None:
        """Text between elements."""
        if self.depth > 2 and self.changes is not None and not self.is_left_out:
            self.content += text.split()

    def end(self, name: str) -> None:
        """An element ends."""
        if self.depth == 2 and self.changes is not None and self.span is not None:
            given = self.attributes
            is_repeated = any(given.get(word, "").lower() == "true" for word in ALWAYS)
            called = f"{given.get('author', '')}:{given.get('id', '')}"
            self.found.append(
                ChangeSet(
                    self.path,
                    called,
                    tuple(self.changes),
                    self.has_rollback,
                    is_repeated,
                    self.span,
                    is_repeated or self.is_accepted,
                    " ".join(self.content),
                )
            )
            self.changes = None
        self.depth -= 1

    def refuse(self, *_: object) -> None:
        """A text that declares entities is not read."""
        raise expat.ExpatError("entities")

    def _here(self, name: str) -> Span:
        """The place of the name of the element that begins."""
        if self.lines is None:
            self.lines, self.encoded = LineIndex(self.text), self.text.encode()
        offset = self.parser.CurrentByteIndex
        at, characters = self.reached
        characters += len(self.encoded[at:offset].decode("utf-8", "replace"))
        self.reached = (offset, characters)
        start = characters + 1
        return Span(*self.lines.position(start), *self.lines.position(start + len(name)))


def xml_change_sets(path: str, text: str) -> list[ChangeSet]:
    """The change sets of a text; of one that is no XML, those before the fault."""
    if len(text) > _LONGEST_TEXT or ROOT not in text:
        return []
    parser = expat.ParserCreate("utf-8")
    reader = _Reader(path, text, parser)
    parser.StartElementHandler = reader.begin
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.say
    parser.EntityDeclHandler = reader.refuse
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    with suppress(expat.ExpatError):
        parser.Parse(text.encode("utf-8", "replace"), True)
    return reader.found
