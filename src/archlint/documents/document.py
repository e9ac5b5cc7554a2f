"""A document: plain data at a path, with exact places looked up on demand; and what went wrong while
a file was read.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from archlint.documents.marks import Extent, Marks
from archlint.documents.node import Node
from archlint.files import Kind, LineIndex
from archlint.finding import Fix, Location, Place, Route, Span, Token
from archlint.finding.digest import blake2b
from archlint.finding.records import dataclass

_TOP_KEYS = ("openapi", "swagger", "asyncapi", "kind", "package")


class Document:
    """One document of a file: the plain data in it and where each part of it stands."""

    __slots__ = ("_data", "_digests", "_lines", "_load", "index", "kind", "marks", "path", "revision")

    def __init__(
        self,
        path: str,
        load: Callable[[], Any],
        marks: Marks,
        lines: LineIndex,
        *,
        kind: Kind,
        index: int = 0,
        revision: str | None = None,
    ) -> None:
        """``load`` gives the plain data; it is called at most once, when somebody asks for it."""
        self.path = path
        self.marks = marks
        self._load: Callable[[], Any] | None = load
        self._data: Any = None
        self._digests: dict[int, str] = {}
        self.index = index
        self.revision = revision
        self.kind = kind
        self._lines = lines

    @property
    def data(self) -> Any:
        """The plain data: dicts, lists, strings, numbers, booleans and nulls."""
        if self._load is not None:
            self._data = self._load()
            self._load = None
        return self._data

    @property
    def root(self) -> Node:
        """The whole document as a node."""
        return Node(self, (), self.data)

    def at(self, route: Route) -> Node:
        """The node at a route; a missing node where the route does not exist."""
        return self.root.get(*route)

    @property
    def text(self) -> str:
        """The text of the whole file."""
        return self._lines.text

    def line(self, number: int) -> str:
        """A line of the text, without its end; empty for one that does not exist."""
        return self._lines.lines(number)

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset in the text."""
        return self._lines.position(offset)

    def source_text(self, route: Route) -> str:
        """The text of the value token at a route as written, without its quotes resolved."""
        extent = self.marks.value(route)
        return "" if extent is None else self._lines.text[extent[0] : extent[1]]

    def span(self, route: Route, token: Token) -> Span:
        """See ``archlint.finding.Source.span``."""
        here = self.existing(route)
        extent = self.marks.value(here) if token is Token.VALUE and here == route else self._anchor(here)
        return self._span(extent or (0, 0))

    def place(self, route: Route, token: Token) -> Place:
        """The place of a route of this document."""
        return Place(self, route, token)

    def nearest(self, route: Route) -> Place:
        """What a person edits to change the element at a route, or to add it where it is missing."""
        return self.place(self.existing(route), Token.ANCHOR)

    def edited(self, route: Route, edit: Callable[[Node], Fix | None]) -> Fix | None:
        """What an edit makes of the element at a route, in the text that it is written in."""
        return edit(self.at(route))

    @property
    def through(self) -> tuple[str, ...]:
        """The files through which it is found."""
        return (self.path,)

    def existing(self, route: Route) -> Route:
        """The longest part of a route that exists."""
        value = self.data
        for depth, part in enumerate(route):
            is_there = (isinstance(value, dict) and part in value) or (
                isinstance(value, list) and isinstance(part, int) and part < len(value)
            )
            if not is_there:
                return route[:depth]
            value = value[part]
        return route

    def names(self, route: Route) -> tuple[str, ...]:
        """See ``archlint.finding.Source.names``."""
        named: list[str] = []
        value = self.data
        for part in route:
            is_item = isinstance(part, int) and isinstance(value, list) and part < len(value)
            value = value[part] if is_item else value.get(part) if isinstance(value, dict) else None
            if is_item and _is_object(value):
                named.clear()  # an item of a List object is named by itself, as if it stood alone
            else:
                named.append(self._item_name(value) if is_item else str(part))
        return tuple(named)

    def _item_name(self, item: Any) -> str:
        """A name of a list item that survives reordering: its name, else a digest of its content."""
        if isinstance(item, dict) and isinstance(item.get("name"), str):
            place = item.get("in")
            return f"{place}:{item['name']}" if isinstance(place, str) else item["name"]
        if isinstance(item, str):
            return item
        if id(item) not in self._digests:  # many findings may lie in one item
            self._digests[id(item)] = _digest(item)
        return self._digests[id(item)]

    def _anchor(self, route: Route) -> Extent | None:
        value = self.at(route).value
        if not route or isinstance(route[-1], int):
            for key in _naming_keys(value, at_top=not route):
                named = self.marks.value((*route, key)) if key else None
                if named is not None:
                    return named
            if isinstance(value, dict) and value:
                return self.marks.key((*route, next(iter(value))))
            return self.marks.value(route)
        return self.marks.key(route) or self.marks.value(route)

    def _span(self, extent: Extent) -> Span:
        start, end = extent
        line, column = self._lines.position(start)
        text = self._lines.text
        if 0 <= start <= end <= len(text) and text.find("\n", start, end) < 0:
            return Span(line, column, line, column + end - start)
        end_line, end_column = self._lines.position(end)
        if end_line != line:
            end_line, end_column = line, column + max(len(self._lines.lines(line)) - column + 1, 0)
        return Span(line, column, end_line, end_column)


def _naming_keys(value: Any, *, at_top: bool) -> tuple[str, ...]:
    """The keys whose value stands for a whole map that has no key of its own."""
    if not isinstance(value, dict):
        return ()
    if _is_object(value):
        return ("kind",)
    if at_top:
        return tuple(key for key in _TOP_KEYS if _is_scalar(value.get(key, {})))
    return ("name",) if _is_scalar(value.get("name", {})) else ()


def _is_object(value: Any) -> bool:
    """Whether a value is a Kubernetes object."""
    return isinstance(value, dict) and "apiVersion" in value and "kind" in value


def _is_scalar(value: Any) -> bool:
    return not isinstance(value, (dict, list))


def _digest(item: Any) -> str:
    content = _canonical(item)
    return blake2b(content.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def _canonical(value: Any) -> str:
    """JSON in which neither the order of keys nor that of lists counts; each level is written once."""
    if isinstance(value, dict):
        return "{" + ", ".join(_named(key) + _canonical(value[key]) for key in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(sorted(map(_canonical, value))) + "]"
    return json.dumps(value, default=str)


def _named(key: Any) -> str:
    return json.dumps({key: None}).removeprefix("{").removesuffix("null}")


@dataclass(frozen=True, slots=True)
class ParseProblem:
    """A file, or one document of it, that could not be read; ``span`` is ``None`` if no place is known."""

    path: str
    message: str
    span: Span | None = None
    related: tuple[Location, ...] = ()
    is_template: bool = False
    """Whether the text looks like a template that some program fills in first."""


@dataclass(frozen=True, slots=True)
class DuplicateKey:
    """A key that is set twice in one mapping; all readers but the last value's are misled."""

    path: str
    key: str
    span: Span
    first: Span
    document: int = 0
