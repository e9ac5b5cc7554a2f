"""``archlint graph``: the services below a path and what connects them."""

from __future__ import annotations

from collections.abc import Iterator

import click

from archlint.cli.exits import Exit
from archlint.cli.flags import Flags
from archlint.cli.options import CONFIG, EXCLUDE, HELM, ProgramCommand, format_option
from archlint.cli.output import tell
from archlint.cli.session import helm_program, open_session
from archlint.cli.sides import named_files
from archlint.documents import ParseProblem
from archlint.engine.charts import chart_terms, rendering
from archlint.engine.reading import read_world
from archlint.finding import Notice
from archlint.finding.unread import HELM_ABSENT
from archlint.model.graph import ServiceGraph
from archlint.model.graph.build import described_graph
from archlint.model.world import World
from archlint.reports.graph_json import graph_json
from archlint.reports.graph_mermaid import graph_mermaid

FORMATS = ("json", "mermaid", "dot", "svg")


@click.command("graph", cls=ProgramCommand)
@click.argument("path", default=".", metavar="[PATH]")
@format_option(FORMATS, "json")
@EXCLUDE
@CONFIG
@HELM
def command(
    path: str, format_name: str, exclude: tuple[str, ...], config_file: str | None, helm: str | None
) -> Exit:
    """Show the services below PATH (default: the current folder) and the calls between them."""
    flags = Flags(config_file=config_file, exclude=exclude, helm=helm)
    session = open_session([path], flags)
    files = named_files([path], session, flags)
    world = read_world(files.tree(), files.paths, files.named)
    world.charts = chart_terms(session.settings, helm_program(flags), world)
    with rendering(world):
        graph = described_graph(world)
    unread = [Notice("warning", problem.message, _where(problem)) for problem in world.problems]
    unread += _unrendered(world)
    return tell(
        _rendered(graph, format_name), (*session.notices, *files.notices, *unread), language=format_name
    )


def _rendered(graph: ServiceGraph, format_name: str) -> str:
    """The graph in a format."""
    if format_name == "json":
        return graph_json(graph)
    if format_name == "mermaid":
        return graph_mermaid(graph)
    if format_name == "dot":
        from archlint.reports.graph_dot import graph_dot

        return graph_dot(graph)
    from archlint.reports.graph_svg import graph_svg

    return graph_svg(graph)


def _unrendered(world: World) -> Iterator[Notice]:
    """That charts are missing in the graph, where nothing renders them."""
    if world.charts is not None and not world.charts.renderer.version:
        yield Notice("warning", f"what charts deploy is not in the graph: {HELM_ABSENT}")


def _where(problem: ParseProblem) -> str:
    return problem.path if problem.span is None else f"{problem.path}:{problem.span.line}"
