"""Short words for what a diagram shows."""

from __future__ import annotations

from collections.abc import Mapping

from archlint.model.diagrams.elements import Diagram
from archlint.model.diagrams.passages import Passage
from archlint.model.diagrams.read import read_diagrams


def diagrams(name: str, text: str, files: Mapping[str, str] | None = None) -> list[Diagram]:
    """The diagrams of a file; ``files`` are those that it may include."""

    def include(given: str, path: str) -> list[Passage]:
        known = files or {}
        return [Passage.whole(given, known[given])] if given in known else []

    return list(read_diagrams(name, text, include).diagrams)


def only(name: str, text: str, files: Mapping[str, str] | None = None) -> Diagram:
    """The one diagram of a file."""
    (found,) = diagrams(name, text, files)
    return found


def arrows(diagram: Diagram) -> list[str]:
    """All arrows, by the keys of their ends."""
    return [f"{item.source} {'->' if item.is_directed else '--'} {item.target}" for item in diagram.arrows]


def boxes(diagram: Diagram) -> list[str]:
    """All boxes: frame, key, label, kind."""
    return [
        f"{f'{box.parent}/' if box.parent else ''}{box.key}={box.label}:{box.kind}"
        for box in diagram.boxes.values()
    ]


def marked(text: str, diagram: Diagram) -> list[str]:
    """The text at the place of each arrow."""
    lines = text.split("\n")
    spans = [arrow.place.span() for arrow in diagram.arrows]
    return [lines[span.line - 1][span.column - 1 : span.end_column - 1] for span in spans]
