"""Documents inside of documents: YAML or JSON that stands as text in an entry of a ConfigMap or the like."""

from __future__ import annotations

from collections.abc import Sequence

from archlint.documents import Document, Node, load_text
from archlint.files import Kind, LineIndex
from archlint.finding import Place, Route, Token
from archlint.model.appconfig.placed import PlacedText, of_block


class InnerDocument(Document):
    """A document whose places lead into the text that it was read from."""

    __slots__ = ("_outer",)

    def __init__(self, read: Document, outer: PlacedText) -> None:
        super().__init__(
            outer.path,
            lambda: read.data,
            read.marks,
            LineIndex(outer.text),
            kind=read.kind,
            index=outer.source.index,
            revision=outer.source.revision,
        )
        self._outer = outer

    def place(self, route: Route, token: Token) -> Place:
        """The place of a route, in the file that holds the text."""
        here = self.existing(route)
        is_value = token is Token.VALUE and here == route
        extent = self.marks.value(here) if is_value else self._anchor(here)
        return self._outer.place(*(extent or (0, 0)))


def documents_in(node: Node, name: str = "") -> Sequence[Document]:
    """The documents that the text at a node holds; ``name`` is that of the file that it becomes."""
    text = of_block(node)
    if text is None:
        return ()
    loaded = load_text(name or "inner.yaml", text.text, Kind.DATA)
    return () if loaded.problems else [InnerDocument(item, text) for item in loaded.documents]


def content_of(text: str | None) -> str:
    """A text without the mark that some editors put first, to hold a file against what is made of it."""
    return (text or "").removeprefix("\ufeff")
