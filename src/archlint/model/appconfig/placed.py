"""Text whose characters have exact places: a whole file, or a block inside of a YAML document."""

from __future__ import annotations

from collections.abc import Callable

from archlint.documents import Document, Node, TextFile
from archlint.documents.kustomize.built import node_at
from archlint.files import LineIndex
from archlint.finding import Place, Source, Span, Token
from archlint.finding.records import dataclass
from archlint.model.world import World

LONGEST_FILE = 1_048_576
"""Characters above which a file is no configuration that a person wrote."""

Position = Callable[[int], tuple[int, int]]
"""Line and column of an offset."""


@dataclass(frozen=True, slots=True)
class PlacedText:
    """A text and where its characters stand."""

    text: str
    source: Source
    position: Position | None
    """``None`` where no more is known than ``whole``."""
    whole: Place

    def place(self, start: int, end: int) -> Place:
        """The place of a stretch of the text; a place is one token, so it ends with its line."""
        if self.position is None:
            return self.whole
        line, column = self.position(start)
        end_line, end_column = self.position(end)
        if end_line != line:
            broken = self.text.find("\n", start, end)
            end_column = column + max(1, broken - start)
        return Place(self.source, self.whole.route, Token.VALUE, Span(line, column, line, end_column))

    @property
    def path(self) -> str:
        """The file that holds it."""
        return self.source.path


def of_file(world: World, path: str) -> PlacedText | None:
    """The text of a file; ``None`` if it is none, or too long for a person to have written it."""
    text = world.text(path)
    if text is None or len(text) > LONGEST_FILE:
        return None
    file = TextFile(path, world.tree.revision)
    return PlacedText(text, file, LineIndex(text).position, file.place())


def of_document(document: Document) -> PlacedText:
    """The text of the file of a document, with places that lead into the document."""
    return PlacedText(document.text, document, document.position, document.place((), Token.VALUE))


def of_block(node: Node) -> PlacedText | None:
    """The text of a scalar: exact in a literal block of a file, else with the place of the scalar."""
    text = node.text
    if text is None or len(text) > LONGEST_FILE:
        return None
    whole = node.value_place()
    written = node_at(whole)
    position = _in_block(written, text) if written is not None and written.text == text else None
    return PlacedText(text, whole.source, position, whole)


def _in_block(node: Node, text: str) -> Position | None:
    """Lines of a literal block stand one below the other after its header, all indented alike."""
    document = node.document
    if type(document) is not Document or not document.source_text(node.route).startswith("|"):
        return None
    header = document.span(node.route, Token.VALUE).line
    own = LineIndex(text)
    first = next((number for number in range(1, own.count + 1) if own.lines(number).strip()), None)
    if first is None:
        return None
    written = document.line(header + first)
    indent = len(written) - len(own.lines(first))
    if indent < 0 or written[indent:] != own.lines(first):
        return None

    def position(offset: int) -> tuple[int, int]:
        line, column = own.position(offset)
        return line + header, column + indent

    return position
