"""What diagrams of all notations consist of: boxes, some of them within others, and arrows between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum

from archlint.finding import Place
from archlint.finding.records import dataclass, replace

MOST_BOXES = 5_000
MOST_ARROWS = 20_000
"""Bounds of one diagram: nobody reads more, and what is compared stays small."""


class Notation(StrEnum):
    """In what a diagram is written."""

    FLOWCHART = "Mermaid flowchart"
    SEQUENCE = "Mermaid sequence diagram"
    C4 = "Mermaid C4 diagram"
    STRUCTURIZR = "Structurizr model"
    PLANTUML = "PlantUML diagram"
    PLANTUML_C4 = "C4-PlantUML diagram"
    PLANTUML_SEQUENCE = "PlantUML sequence diagram"


FLOWS = frozenset((Notation.SEQUENCE, Notation.PLANTUML_SEQUENCE))
"""Notations that show one course of events, and never promise to show all that there is."""


class BoxKind(StrEnum):
    """What a notation says that a box is."""

    BOX = "box"
    STORE = "store"
    QUEUE = "queue"
    PERSON = "person"
    OUTSIDE = "outside"
    """A system of others."""
    GROUP = "group"
    """A frame around boxes, which says nothing of its own."""


@dataclass(frozen=True, slots=True)
class Box:
    """One box, or a frame around boxes."""

    key: str
    """How the text of the diagram refers to it."""
    label: str
    """What readers see; the key if nothing else is said."""
    kind: BoxKind
    place: Place
    """Where it is first named, or given its label."""
    parent: str | None = None
    """The key of the frame around it."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """One arrow, by the keys of its ends."""

    source: str
    target: str
    place: Place
    label: str = ""
    is_directed: bool = True
    """False for lines without a head, and those with a head at both ends."""


@dataclass(frozen=True, slots=True)
class Diagram:
    """One diagram."""

    notation: Notation
    place: Place
    """Where it begins."""
    boxes: Mapping[str, Box]
    arrows: tuple[Arrow, ...]

    def members(self) -> Mapping[str, tuple[str, ...]]:
        """The boxes directly within each frame."""
        found: dict[str, list[str]] = {}
        for box in self.boxes.values():
            if box.parent is not None:
                found.setdefault(box.parent, []).append(box.key)
        return {key: tuple(keys) for key, keys in found.items()}

    def around(self, key: str) -> Iterator[str]:
        """The frames around a box, the innermost first."""
        seen = {key}
        box = self.boxes.get(key)
        while box is not None and box.parent is not None and box.parent not in seen:
            seen.add(box.parent)
            yield box.parent
            box = self.boxes.get(box.parent)


class Sketch:
    """A diagram while it is read."""

    def __init__(self, notation: Notation, place: Place) -> None:
        self.notation = notation
        self._place = place
        self._boxes: dict[str, Box] = {}
        self._arrows: list[Arrow] = []
        self._labelled: set[str] = set()

    def __contains__(self, key: str) -> bool:
        return key in self._boxes

    def add(
        self,
        key: str,
        place: Place,
        label: str = "",
        kind: BoxKind | None = None,
        *,
        parent: str | None = None,
    ) -> None:
        """Name a box. The first label counts, and whoever names it within a frame first puts it there."""
        known = self._boxes.get(key)
        if known is None:
            if len(self._boxes) >= MOST_BOXES:
                return
            known = Box(key, key, kind or BoxKind.BOX, place, parent)
        elif known.parent is None and parent is not None and parent != key:
            known = replace(known, parent=parent)
        if label and key not in self._labelled:
            self._labelled.add(key)
            known = replace(known, label=label, place=place, kind=kind or known.kind)
        elif kind is not None and known.kind is BoxKind.BOX:
            known = replace(known, kind=kind)
        self._boxes[key] = known

    def connect(self, arrow: Arrow) -> None:
        """Add an arrow; it counts if both ends turn out to be boxes."""
        if len(self._arrows) < MOST_ARROWS:
            self._arrows.append(arrow)

    def diagram(self) -> Diagram:
        """What has been read."""
        ends = self._boxes
        drawn = (arrow for arrow in self._arrows if arrow.source in ends and arrow.target in ends)
        return Diagram(self.notation, self._place, ends, tuple(drawn))
