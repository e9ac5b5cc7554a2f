"""Texts as files have them, for the tests of readers."""

from __future__ import annotations

from archlint.documents import Document, TextFile, load_text
from archlint.files import Kind, LineIndex
from archlint.finding import Place
from archlint.model.appconfig.placed import PlacedText


def placed(text: str, path: str = "some.conf") -> PlacedText:
    """A text as that of a file."""
    file = TextFile(path)
    return PlacedText(text, file, LineIndex(text).position, file.place())


def documents(text: str, path: str = "some.yaml") -> tuple[Document, ...]:
    """The documents of a text; fails if it is none."""
    loaded = load_text(path, text, Kind.DATA)
    assert not loaded.problems, loaded.problems
    return loaded.documents


def marked(text: str, place: Place) -> str:
    """What stands at a place of a text."""
    span = place.span()
    return LineIndex(text).lines(span.line)[span.column - 1 : span.end_column - 1]
