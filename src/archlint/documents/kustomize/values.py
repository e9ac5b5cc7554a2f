"""Values of which each knows where it was written: what kustomizations are built of.

A value is a map, a list or a scalar with its origin, a chain of steps that ends at a document. Scalars are
never changed, only replaced; maps and lists are, so what is built anew is built on a copy. Maps and lists
are read one level at a time, where somebody looks: of a large definition that only gets a label the rest
stays the data of its document, which all copies share.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from archlint.documents.document import Document
from archlint.documents.scalars import read_kubernetes
from archlint.finding import Place, Route, Token

Origin = tuple[Any, Any]
"""``(origin of the parent, key or index)``; at the top ``(None, source)``."""


class Value:
    """Plain data whose parts are values, and the place that set it."""

    __slots__ = ("data", "origin", "raw", "taken")
    data: Any

    def __init__(self, data: Any, origin: Origin) -> None:
        self.data = data
        self.origin = origin
        self.raw: Any = None
        """The plain data of a map or list that nobody has looked into; it is never changed."""
        self.taken: dict[Any, Origin] | None = None
        """Where parts were taken away that had been there, by key."""

    def __getattr__(self, name: str) -> Any:
        """The parts of what nobody has looked into, as values; called only where ``data`` is not set."""
        if name != "data":
            raise AttributeError(name)
        raw, origin = self.raw, self.origin
        if isinstance(raw, dict):
            self.data = {key: made(item, (origin, key)) for key, item in raw.items()}
        else:
            self.data = [made(item, (origin, index)) for index, item in enumerate(raw)]
        self.raw = None
        return self.data

    def __repr__(self) -> str:
        return f"Value({plain(self)!r})"

    def get(self, *route: Any) -> Value | None:
        """The value some steps below, if it is there."""
        here: Value | None = self
        for part in route:
            if here is None or not isinstance(here.data, dict):
                return None
            here = here.data.get(part)
        return here

    @property
    def text(self) -> str:
        """The scalar as text; empty for anything else and for null."""
        if self.raw is not None:
            return ""
        data = self.data
        if isinstance(data, str):
            return data
        return "" if data is None or isinstance(data, (dict, list)) else text_of(self)

    @property
    def text_is_null(self) -> bool:
        """Whether it is null and says so, other than by saying nothing."""
        if self.data is not None:
            return False
        source, route = root_of(self.origin)
        return not isinstance(source, Document) or bool(source.source_text(route))

    def drop(self, key: str, why: Origin) -> None:
        """Take a key out of a map and remember which place asked for it."""
        if self.data.pop(key, None) is not None:
            self.note(key, why)

    def note(self, key: Any, why: Origin) -> None:
        """Remember which place took a part away."""
        if self.taken is None:
            self.taken = {}
        self.taken[key] = why


def from_document(document: Document) -> Value:
    """The whole of a document."""
    return made(document.data, (None, document))


def object_of(document: Document) -> Value:
    """A document with an object, in which kustomize reads ``yes`` and its like as text; or with a list of
    operations, in which it does not."""
    value = from_document(document)
    data = document.data
    waiting: list[tuple[Any, Route]] = [(data, ())] if isinstance(data, dict) else []
    while waiting:
        data, route = waiting.pop()
        for key, item in data.items() if isinstance(data, dict) else enumerate(data):
            if isinstance(item, (dict, list)):
                waiting.append((item, (*route, key)))
            elif isinstance(item, bool):
                written = document.source_text((*route, key))
                if written.lower() in _WORDS_OF_OLD_YAML:
                    here = value
                    for part in (*route, key):
                        here = here.data[part]
                    here.data = written
    return value


_WORDS_OF_OLD_YAML = frozenset(("y", "yes", "on", "n", "no", "off"))
"""What YAML 1.1 reads as a boolean and kustomize does not; it writes them in quotes."""


def read_plain(text: str) -> Any:
    """A plain scalar as kustomize reads it in an object."""
    return text if not text or text.lower() in _WORDS_OF_OLD_YAML else read_kubernetes(text)


def at_route(document: Document, route: Route) -> Value:
    """A part of a document; it has to exist."""
    origin: Origin = (None, document)
    for part in route:
        origin = (origin, part)
    return made(document.at(route).value, origin)


def made(data: Any, origin: Origin) -> Value:
    """Plain data as values, each part at its own place below an origin."""
    if not isinstance(data, (dict, list)):
        return Value(data, origin)
    value = Value.__new__(Value)
    value.origin = origin
    value.raw = data
    value.taken = None
    return value


def stamped(data: Any, origin: Origin) -> Value:
    """Plain data as values that all come from one place."""
    if isinstance(data, dict):
        return Value({key: stamped(item, origin) for key, item in data.items()}, origin)
    if isinstance(data, list):
        return Value([stamped(item, origin) for item in data], origin)
    return Value(data, origin)


def copied(value: Value) -> Value:
    """A value that can be changed without changing the given one."""
    if value.raw is not None:
        return made(value.raw, value.origin)
    data = value.data
    if isinstance(data, dict):
        copy = Value({key: copied(item) for key, item in data.items()}, value.origin)
    elif isinstance(data, list):
        copy = Value([copied(item) for item in data], value.origin)
    else:
        return value
    if value.taken:
        copy.taken = dict(value.taken)
    return copy


def plain(value: Value) -> Any:
    """The plain data of a value; what nobody has looked into is that of the document."""
    if value.raw is not None:
        return value.raw
    data = value.data
    if isinstance(data, dict):
        return {key: plain(item) for key, item in data.items()}
    if isinstance(data, list):
        return [plain(item) for item in data]
    return data


def text_of(value: Value) -> str:
    """A scalar as it is written; what was not written in a document as YAML writes it."""
    data = value.data
    if isinstance(data, str):
        return data
    source, route = root_of(value.origin)
    if isinstance(source, Document):
        node = source.at(route)
        if type(node.value) is type(data) and node.value == data:
            written = source.source_text(route)
            if written:
                return written
    return written_as(data)


def written_as(data: Any) -> str:
    """A scalar that is no text, as YAML writes it."""
    if data is None:
        return ""
    if isinstance(data, bool):
        return "true" if data else "false"
    return repr(data) if isinstance(data, float) else str(data)


def root_of(origin: Origin) -> tuple[Any, Route]:
    """The source that an origin ends at, and the route in it."""
    parts: list[Any] = []
    parent, part = origin
    while parent is not None:
        parts.append(part)
        parent, part = parent
    return part, tuple(reversed(parts))


def place_of(origin: Origin, token: Token = Token.ANCHOR) -> Place:
    """The place that an origin stands for."""
    source, route = root_of(origin)
    place: Place = source.place(route, token)
    return place


def sameness(value: Value) -> Hashable:
    """Equal for values that have the same parts, which come from the same places."""
    if value.raw is not None:
        return (id(value.raw), value.origin)
    data = value.data
    gone = tuple(value.taken.items()) if value.taken else ()
    if isinstance(data, dict):
        return (value.origin, tuple((key, sameness(item)) for key, item in data.items()), gone)
    if isinstance(data, list):
        return (value.origin, tuple(map(sameness, data)), gone)
    return (value.origin, type(data), data)


class Sizes:
    """How many parts values are made of; what nobody has looked into is counted once for all copies."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Any, int]] = {}

    def of(self, value: Value) -> int:
        """How many values it is, or would be."""
        count = 0
        waiting = [value]
        while waiting:
            here = waiting.pop()
            if here.raw is not None:
                count += self._counted(here.raw)
                continue
            count += 1
            data = here.data
            if isinstance(data, dict):
                waiting.extend(data.values())
            elif isinstance(data, list):
                waiting.extend(data)
        return count

    def _counted(self, raw: Any) -> int:
        known = self._known.get(id(raw))
        if known is None:
            known = self._known[id(raw)] = (raw, _count(raw))  # held, so that its id stays its own
        return known[1]


def _count(raw: Any) -> int:
    count = 0
    waiting = [raw]
    while waiting:
        here = waiting.pop()
        count += 1
        if isinstance(here, dict):
            waiting.extend(here.values())
        elif isinstance(here, list):
            waiting.extend(here)
    return count
