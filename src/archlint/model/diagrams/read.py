"""The diagrams of a file, by its name and text."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import dirname, join, normpath

from archlint.finding.records import dataclass
from archlint.model.diagrams.elements import Diagram
from archlint.model.diagrams.mermaid import read_mermaid
from archlint.model.diagrams.passages import Passage, blocks
from archlint.model.diagrams.plantuml import is_plantuml, read_plantuml
from archlint.model.diagrams.structurizr import Include, is_structurizr, read_structurizr
from archlint.model.world import World

PLANTUML = ("puml", "plantuml", "pu", "wsd", "iuml")
STRUCTURIZR = ("dsl",)
MARKDOWN = ("md", "markdown")
_LANGUAGES = frozenset(("mermaid", "plantuml", "puml", "uml", "structurizr"))
_LARGEST = 2_000_000
_MOST_DIAGRAMS = 200
_MOST_INCLUDED = 200


@dataclass(frozen=True)
class DiagramFile:
    """What a file holds of diagrams."""

    diagrams: tuple[Diagram, ...]
    others: tuple[str, ...] = ()
    """Other drawings, which show no services, in words."""


def read_diagrams(path: str, text: str, include: Include) -> DiagramFile:
    """All diagrams of a file; the name's ending tells how it is read, else what it says."""
    found: list[Diagram] = []
    others: list[str] = []
    if len(text) <= _LARGEST:
        for item in _read(path, text, include):
            if isinstance(item, Diagram):
                found.append(item)
            else:
                others.append(item)
            if len(found) >= _MOST_DIAGRAMS:
                break
    return DiagramFile(tuple(found), tuple(dict.fromkeys(others)))


def _read(path: str, text: str, include: Include) -> Iterator[Diagram | str]:
    suffix = path.rpartition(".")[2].lower()
    if suffix in MARKDOWN:
        for language, passage in blocks(path, text, _LANGUAGES):
            yield from _of_language(language, passage, include)
    elif suffix in PLANTUML or is_plantuml(text):
        yield from read_plantuml(Passage.whole(path, text))
    elif suffix in STRUCTURIZR:
        if is_structurizr(text):
            yield read_structurizr(Passage.whole(path, text), include)
    else:
        yield read_mermaid(Passage.whole(path, text))


def _of_language(language: str, passage: Passage, include: Include) -> Iterator[Diagram | str]:
    if language == "mermaid":
        yield read_mermaid(passage)
    elif language == "structurizr":
        yield read_structurizr(passage, include)
    else:
        yield from read_plantuml(passage)


def including(world: World) -> Include:
    """How ``!include`` of a workspace finds files of a world: a file, or all of a folder; nothing outside."""

    def include(given: str, path: str) -> list[Passage]:
        if "://" in given:
            return []
        target = normpath(join(dirname(path), given))
        inside = [target] if target in world.kinds else _below(target, world)
        texts = ((item, world.text(item)) for item in inside[:_MOST_INCLUDED])
        return [
            Passage.whole(item, text) for item, text in texts if text is not None and len(text) <= _LARGEST
        ]

    return include


def _below(folder: str, world: World) -> list[str]:
    found = [item for item in world.kinds if item.startswith(folder + "/") and item.endswith(".dsl")]
    return sorted(found)
