"""YAML text as plain data with the place of every key and value, built over libyaml's events.

Marks are nested tuples beside the data: ``(start, end, children)`` where children is ``None`` for a
scalar, a list of marks for a sequence, and ``{key: (key start, key end, marks)}`` for a mapping. Data and
marks of an anchor are shared by its aliases, so a place under an alias is the anchored text.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import field
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

from archlint.documents.marks import Extent, MarkTree
from archlint.documents.scalars import READERS, Reading
from archlint.finding.records import dataclass
from archlint.finding.regex import regex

MAX_DEPTH = 200
"""Levels of nesting that are read; flow nesting beyond costs quadratic time in libyaml."""
MAX_EXPANSION = 2_000_000
"""Nodes a document may have once all aliases are followed."""

_Event = Any  # one of libyaml's event classes; the type stubs give them no marks and anchors
_PROPERTIES = regex(r"(?:[&!]\S*|#[^\n]*|\s+)*")
_BLOCK_HEADER = regex(r"[|>][-+0-9]*")


class YamlError(Exception):
    """The text is no YAML that can be read; ``offset`` is in code points."""

    def __init__(self, message: str, offset: int, *, is_limit: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
        self.is_limit = is_limit
        """Whether the text may be well formed, and only is more than is read."""


@dataclass(slots=True)
class YamlDocument:
    """One document of a stream: plain data, its marks, and its repeated keys."""

    data: Any
    tree: MarkTree
    duplicates: list[tuple[str, Extent, Extent]] = field(default_factory=list)
    """Key, place of the repeated key, place of the first one."""

    def take(self) -> Any:
        """The data, as a function."""
        return self.data


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Building allocates many containers and no garbage: collection would only cost time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def read_yaml(text: str, reading: Reading) -> tuple[list[YamlDocument], YamlError | None]:
    """All documents of a stream up to the first error, and that error."""
    documents: list[YamlDocument] = []
    loader = yaml.CLoader(text)
    try:
        with _collector_paused():
            builder = _Builder(text, loader, reading)
            while (event := loader.get_event()) is not None and not isinstance(event, StreamEndEvent):
                if isinstance(event, DocumentStartEvent):
                    documents.append(builder.document())
    except yaml.MarkedYAMLError as error:
        return documents, _marked(error, len(text))
    except yaml.YAMLError as error:
        return documents, YamlError(_reader_problem(error), 0)
    except YamlError as error:
        return documents, error
    finally:
        loader.dispose()
    return documents, None


def _marked(error: yaml.MarkedYAMLError, length: int) -> YamlError:
    mark = error.problem_mark or error.context_mark
    problem = error.problem or "cannot be read"
    context = f" {error.context}" if error.context else ""
    return YamlError(f"{problem}{context}", min(mark.index, length) if mark is not None else 0)


def _reader_problem(error: yaml.YAMLError) -> str:
    reason = getattr(error, "reason", None)
    return str(reason) if reason else "cannot be read"


class _Builder:
    """Turns the events of one stream into documents."""

    def __init__(self, text: str, loader: yaml.CLoader, reading: Reading) -> None:
        self._text = text
        self._next: Callable[[], _Event] = loader.get_event
        self._read = READERS[reading]
        self._anchors: dict[str, tuple[Any, MarkTree, int]] = {}
        self._open: set[str] = set()
        self._size = 0
        self._duplicates: list[tuple[str, Extent, Extent]] = []

    def document(self) -> YamlDocument:
        self._anchors, self._open, self._size, self._duplicates = {}, set(), 0, []
        data, tree = self._node(self._next(), 0)
        return YamlDocument(data, tree, self._duplicates)

    def _node(self, event: _Event, depth: int) -> tuple[Any, MarkTree]:
        if type(event) is AliasEvent:
            return self._alias(event)
        self._size += 1
        if self._size > MAX_EXPANSION:
            raise YamlError("has too many values to be read", event.start_mark.index, is_limit=True)
        anchor: str | None = event.anchor
        if anchor is None:
            return self._value(event, depth)
        before = self._size
        self._open.add(anchor)
        self._anchors.pop(anchor, None)
        data, tree = self._value(event, depth)
        self._open.discard(anchor)
        self._anchors[anchor] = (data, tree, self._size - before + 1)
        return data, tree

    def _value(self, event: _Event, depth: int) -> tuple[Any, MarkTree]:
        if type(event) is ScalarEvent:
            return self._scalar(event)
        if depth >= MAX_DEPTH:
            raise YamlError(f"nests deeper than {MAX_DEPTH} levels", event.start_mark.index, is_limit=True)
        if type(event) is MappingStartEvent:
            return self._mapping(event, depth)
        return self._sequence(event, depth)

    def _alias(self, event: _Event) -> tuple[Any, MarkTree]:
        name, at = event.anchor, event.start_mark.index
        if name not in self._anchors:
            reason = "contains itself" if name in self._open else "is not defined before it is used"
            raise YamlError(f"alias '*{name}': the anchor '&{name}' {reason}", at)
        data, tree, size = self._anchors[name]
        self._size += size
        if self._size > MAX_EXPANSION:
            raise YamlError("expands to too many values through aliases (an alias bomb)", at, is_limit=True)
        return data, tree

    def _start(self, event: _Event) -> int:
        start: int = event.start_mark.index
        if event.anchor is None and event.tag is None:
            return start
        found = _PROPERTIES.match(self._text, start)
        return min(found.end(), event.end_mark.index) if found else start

    def _scalar(self, event: _Event) -> tuple[Any, MarkTree]:
        start, end, style = self._start(event), event.end_mark.index, event.style
        value: str = event.value
        if style in ("|", ">"):
            header = _BLOCK_HEADER.match(self._text, start)
            return value, (start, header.end() if header else start + 1, None)
        if style in ("'", '"') or event.tag is not None:
            return self._tagged(event.tag, value, quoted=style in ("'", '"')), (start, end, None)
        return self._read(value), (start, end, None)

    def _tagged(self, tag: str | None, value: str, *, quoted: bool) -> Any:
        if tag is None or tag in ("!", "tag:yaml.org,2002:str", "tag:yaml.org,2002:binary"):
            return value
        return value if quoted and not tag.startswith("tag:yaml.org,2002:") else self._read(value)

    def _sequence(self, event: _Event, depth: int) -> tuple[list[Any], MarkTree]:
        start = self._start(event)
        data: list[Any] = []
        children: list[MarkTree] = []
        while type(item := self._next()) is not SequenceEndEvent:
            value, tree = self._node(item, depth + 1)
            data.append(value)
            children.append(tree)
        return data, (start, start + 1, children)

    def _mapping(self, event: _Event, depth: int) -> tuple[dict[str, Any], MarkTree]:
        start = self._start(event)
        data: dict[str, Any] = {}
        children: dict[str, tuple[int, int, MarkTree]] = {}
        merged: list[tuple[Any, MarkTree]] = []
        while type(key_event := self._next()) is not MappingEndEvent:
            key, key_tree, is_merge = self._key(key_event)
            value, tree = self._node(self._next(), depth + 1)
            if is_merge:
                merged.append((value, tree))
                continue
            place = (key_tree[0], key_tree[1])
            if key in children:
                first = children[key]
                self._duplicates.append((key, place, (first[0], first[1])))
            data[key] = value
            children[key] = (*place, tree)
        for value, tree in merged:
            _merge(data, children, value, tree)
        return data, (start, start + 1, children)

    def _key(self, event: _Event) -> tuple[str, MarkTree, bool]:
        made = type(event)
        if made is ScalarEvent:
            start = self._start(event)
            plain = event.style not in ("'", '"', "|", ">")
            if event.anchor is not None:
                self._anchors[event.anchor] = (event.value, (start, event.end_mark.index, None), 1)
            return event.value, (start, event.end_mark.index, None), plain and event.value == "<<"
        if made is AliasEvent:
            data, _ = self._alias(event)
            if isinstance(data, str):
                return data, (event.start_mark.index, event.end_mark.index, None), False
        raise YamlError("a key must be a plain text, not a list or a map", event.start_mark.index)


def _merge(
    data: dict[str, Any], children: dict[str, tuple[int, int, MarkTree]], value: Any, tree: MarkTree
) -> None:
    """Apply a merge key: what stands in the mapping itself, or came first, wins (YAML 1.1 merge type)."""
    if isinstance(value, list):
        for item, item_tree in zip(value, tree[2], strict=True):
            _merge(data, children, item, item_tree)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key not in data:
                data[key] = item
                children[key] = tree[2][key]
