"""Documents as plain text for the cache and for other processes, and back, without parsing YAML again.

A stored document is read back in two steps: its data when somebody asks for it, its marks when somebody asks
for a place. JSON needs neither, as reading it again is as fast as reading a copy.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from archlint.documents.document import Document
from archlint.documents.load import load_text
from archlint.documents.marks import Extent, Marks, YamlMarks
from archlint.files import Kind, LineIndex
from archlint.finding import Route
from archlint.finding.records import dataclass


@dataclass(frozen=True, slots=True)
class StoredDocuments:
    """The documents of one file: JSON lists of their data and of their marks; empty for a JSON file."""

    data: str = ""
    marks: str = ""


def store(documents: tuple[Document, ...]) -> StoredDocuments:
    """The documents of one file in their stored form."""
    trees = [item.marks.tree for item in documents if isinstance(item.marks, YamlMarks)]
    if not trees:
        return StoredDocuments()
    data = [item.data for item in documents]
    return StoredDocuments(json.dumps(data, separators=(",", ":")), json.dumps(trees, separators=(",", ":")))


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where the stored documents of a file can be taken from; ``None`` if they are no longer there."""

    data: Callable[[], str | None]
    marks: Callable[[], str | None]


def revive(
    path: str,
    text: Callable[[], str],
    kind: Kind,
    count: int,
    shelf: Shelf,
    *,
    revision: str | None = None,
) -> tuple[Document, ...]:
    """The documents of one file from their stored form; the text is parsed again if the shelf is empty.

    ``text`` gives the text when somebody asks for it: of most files nobody does.
    """
    lines = LineIndex(load=text)
    parsed: list[Document] = []

    def again() -> list[Document]:
        if not parsed:
            parsed.extend(load_text(path, lines.text, kind, revision=revision).documents)
        return parsed

    values = _Shelved(shelf.data, lambda: [item.data for item in again()], count)
    trees = _Shelved(shelf.marks, lambda: [item.marks for item in again()], count)
    return tuple(
        Document(
            path,
            values.item(index),
            _ShelvedMarks(trees.item(index)),
            lines,
            kind=kind,
            index=index,
            revision=revision,
        )
        for index in range(count)
    )


class _Shelved:
    """The items of a stored list, decoded together when the first one is asked for."""

    def __init__(self, load: Callable[[], str | None], again: Callable[[], list[Any]], count: int) -> None:
        self._load = load
        self._again = again
        self._count = count
        self._items: list[Any] | None = None

    def item(self, index: int) -> Callable[[], Any]:
        """A function that gives one item."""
        return lambda: self._all()[index]

    def _all(self) -> list[Any]:
        if self._items is None:
            self._items = self._decoded()
        return self._items

    def _decoded(self) -> list[Any]:
        try:
            items = json.loads(self._load() or "")
        except ValueError:
            return self._again()
        return items if isinstance(items, list) and len(items) == self._count else self._again()


class _ShelvedMarks:
    """Marks that are decoded when the first place is asked for."""

    def __init__(self, load: Callable[[], Any]) -> None:
        self._load = load
        self._marks: Marks | None = None

    def key(self, route: Route) -> Extent | None:
        return self._decoded().key(route)

    def value(self, route: Route) -> Extent | None:
        return self._decoded().value(route)

    def _decoded(self) -> Marks:
        if self._marks is None:
            found = self._load()
            self._marks = YamlMarks(tuple(found)) if isinstance(found, list) else found
        return self._marks
