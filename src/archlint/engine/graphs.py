"""The service graph of a side, and the diagrams that are held against it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from archlint.config import Settings
from archlint.documents import ParseProblem
from archlint.engine.request import Side
from archlint.engine.whole import as_built, world_of
from archlint.files import FileProblem, TextProblem, decode
from archlint.finding import Notice
from archlint.finding.records import dataclass
from archlint.finding.unread import HELM_ABSENT
from archlint.model.diagrams.drift import Comparison, compare
from archlint.model.diagrams.drifts import with_drawn
from archlint.model.diagrams.names import NodeNames
from archlint.model.diagrams.read import including, read_diagrams
from archlint.model.graph import ServiceGraph
from archlint.model.graph.added import LARGEST, BadGraph, read_graph_json
from archlint.model.graph.build import described_graph
from archlint.model.sources.left_out import LARGEST as LARGEST_SOURCE
from archlint.model.sources.reading import source_files
from archlint.model.world import World

_LARGEST_DIAGRAM = 2_000_000


@dataclass(frozen=True)
class GraphReading:
    """The graph of a world."""

    world: World
    graph: ServiceGraph
    shown: ServiceGraph
    """The same without what diagrams draw: what they are held against."""
    notices: tuple[Notice, ...]


def read_graph(side: Side, settings: Settings, helm: str | None) -> GraphReading:
    """The graph of all that a side holds, and what of it was not read."""
    return reading_of(world_of(side, settings, helm))


def reading_of(world: World) -> GraphReading:
    """The graph of a world that was read already, and what of it was not read."""
    shown = described_graph(as_built(world))
    graph = with_drawn(shown, world)
    return GraphReading(world, graph, shown, tuple(_unseen(world)))


def _unseen(world: World) -> Iterator[Notice]:
    for problem in world.problems:
        yield Notice("warning", problem.message, _where(problem))
    if world.charts is not None and not world.charts.renderer.version:
        yield Notice("warning", f"what charts deploy is not in the graph: {HELM_ABSENT}")
    for path in world.fact(source_files).left_out:
        size = f"{LARGEST_SOURCE // 1_000_000} MB"
        yield Notice("warning", f"source larger than {size} is not looked at for calls", path)


def _where(problem: ParseProblem) -> str:
    return problem.path if problem.span is None else f"{problem.path}:{problem.span.line}"


class NoGraph(Exception):
    """A file that cannot be added to a graph; the text says why."""


def added_graphs(files: list[tuple[str, Path]]) -> list[tuple[str, ServiceGraph]]:
    """The graphs of files, with the names that they are told by; raises ``NoGraph``."""
    found = []
    for name, path in files:
        try:
            with path.open("rb") as file:
                content = file.read(LARGEST + 1)
            if len(content) > LARGEST:
                raise NoGraph(f"'{name}' is larger than {LARGEST // 1_000_000} MB")
            found.append((name, read_graph_json(name, decode(content))))
        except OSError as error:
            raise NoGraph(f"'{name}' cannot be read: {error.strerror}") from None
        except TextProblem as problem:
            raise NoGraph(f"'{name}' is no text: {problem.message}") from None
        except BadGraph as problem:
            raise NoGraph(str(problem)) from None
    return found


class NoDiagram(Exception):
    """A file that cannot be held against the graph; the text says why."""


def check_diagrams(
    reading: GraphReading, graph: ServiceGraph, files: list[tuple[str, Path]]
) -> list[Comparison]:
    """What each file, with its path on disk, shows otherwise than a graph; raises ``NoDiagram``."""
    names = NodeNames(graph)
    found = []
    for path, on_disk in files:
        text = _text(path, on_disk, reading.world)
        read = read_diagrams(path, text, including(reading.world))
        if not read.diagrams:
            others = f"; it holds {', '.join(read.others[:5])}" if read.others else ""
            raise NoDiagram(
                f"'{path}' holds no diagram of services{others}. Name a Mermaid flowchart, sequence or C4"
                " diagram, a Structurizr workspace, or a PlantUML component diagram"
            )
        comparison = compare(read.diagrams, graph, names)
        if not comparison.compared:
            known = ", ".join(names.shown()[:5]) or "none, so look at PATH"
            raise NoDiagram(f"no diagram of '{path}' shows services of the files (these are: {known})")
        found.append(comparison)
    return found


def _text(path: str, on_disk: Path, world: World) -> str:
    """The text of a named file; one of the world is read as the world does it."""
    try:
        if path in world.kinds:
            return decode(world.tree.read(path))
        with on_disk.open("rb") as file:
            content = file.read(_LARGEST_DIAGRAM + 1)
    except FileProblem as problem:
        raise NoDiagram(f"'{path}' cannot be read: {problem.message}") from None
    except TextProblem as problem:
        raise NoDiagram(f"'{path}' is no text: {problem.message}") from None
    except OSError as error:
        raise NoDiagram(f"'{path}' cannot be read: {error.strerror}") from None
    if len(content) > _LARGEST_DIAGRAM:
        raise NoDiagram(f"'{path}' is larger than {_LARGEST_DIAGRAM // 1_000_000} MB")
    try:
        return decode(content)
    except TextProblem as problem:
        raise NoDiagram(f"'{path}' is no text: {problem.message}") from None
