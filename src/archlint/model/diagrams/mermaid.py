"""Mermaid: which kind of diagram a text is, and what all kinds have in common.

Source: Mermaid, "Diagram Syntax".
"""

from __future__ import annotations

from archlint.finding.regex import regex
from archlint.model.diagrams.c4 import read_c4
from archlint.model.diagrams.elements import Diagram, Notation, Sketch
from archlint.model.diagrams.flowchart import read_flowchart
from archlint.model.diagrams.passages import Passage
from archlint.model.diagrams.sequence import read_sequence

_BEFORE = regex(r"(?:[ \t\r\n]++|---[ \t]*+\n(?:(?!---)[^\n]*+\n)*+---[ \t]*+(?=\n|\Z)|%%[^\n]*+)*+")
_HEADER = regex(r"(?:graph|flowchart(?:-elk)?|sequenceDiagram|C4\w{1,20}+)(?![\w-])")
_FIRST_WORD = regex(r"[\w-]{1,40}+")


def read_mermaid(passage: Passage) -> Diagram | str:
    """The diagram, or what it is that shows no services."""
    text = passage.text
    before = _BEFORE.match(text)
    at = before.end() if before else 0
    header = _HEADER.match(text, at)
    if header is None:
        word = _FIRST_WORD.match(text, at)
        return word.group() if word else "an empty block"
    kind = header.group()
    place = passage.place(header.start(), header.end())
    if kind == "sequenceDiagram":
        sketch = Sketch(Notation.SEQUENCE, place)
        read_sequence(passage, header.end(), sketch)
    elif kind.startswith("C4"):
        sketch = Sketch(Notation.C4, place)
        read_c4(passage, header.end(), sketch)
    else:
        sketch = Sketch(Notation.FLOWCHART, place)
        read_flowchart(passage, header.end(), sketch)
    return sketch.diagram()
