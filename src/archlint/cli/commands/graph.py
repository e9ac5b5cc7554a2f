"""``archlint graph``: the services below a path and what connects them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from archlint.cli.exits import Exit, UsageProblem
from archlint.cli.flags import Flags
from archlint.cli.options import CONFIG, EXCLUDE, HELM, ProgramCommand
from archlint.cli.output import tell
from archlint.cli.session import helm_program, open_session
from archlint.cli.sides import named_files
from archlint.engine.graphs import GraphReading, NoDiagram, check_diagrams, read_graph
from archlint.engine.request import Side
from archlint.finding import Notice
from archlint.model.graph import ServiceGraph
from archlint.reports.graph_drift import drift_json, drift_text
from archlint.reports.graph_json import graph_json
from archlint.reports.graph_mermaid import graph_mermaid

FORMATS = ("json", "mermaid", "dot", "svg", "html")


@click.command("graph", cls=ProgramCommand)
@click.argument("path", default=".", metavar="[PATH]")
@click.option(
    "--check",
    "diagrams",
    multiple=True,
    metavar="FILE",
    help="Tell where a diagram (Mermaid, Structurizr, PlantUML) differs from the files; repeatable.",
)
@click.option(
    "--format",
    "format_name",
    type=click.Choice((*FORMATS, "text")),
    help="Format on standard output (default: json, and text with --check).",
)
@EXCLUDE
@CONFIG
@HELM
@click.option("--no-findings", is_flag=True, help="With html: do not ask the rules what is wrong.")
def command(
    path: str, diagrams: tuple[str, ...], format_name: str | None, no_findings: bool, **given: Any
) -> Exit:
    """Show the services below PATH (default: the current folder) and the calls between them.

    The page that html makes also shows what is wrong with them, as `archlint check` finds it."""
    flags = Flags(**given)
    session = open_session([path], flags)
    files = named_files([path], session, flags)
    side = Side(files.tree(), files.paths, files.named)
    reading = read_graph(side, session.settings, helm_program(flags))
    notices = (*session.notices, *files.notices, *reading.notices)
    if diagrams:
        named = [(_from_root(name, session.root), Path(name)) for name in diagrams]
        return _checked(reading, named, format_name or "text", notices)
    chosen = format_name or "json"
    if chosen == "text":
        raise UsageProblem(f"--format text is for --check; a graph is printed as {', '.join(FORMATS)}")
    if chosen == "html":
        from archlint.cli.graph_page import graph_page

        text, failures = graph_page(reading.graph, session, files, flags, with_findings=not no_findings)
        return tell(text, (*notices, *failures), language=chosen)
    return tell(_rendered(reading.graph, chosen), notices, language=chosen)


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


def _checked(
    reading: GraphReading, named: list[tuple[str, Path]], format_name: str, notices: tuple[Notice, ...]
) -> Exit:
    if format_name not in ("text", "json"):
        raise UsageProblem(f"--check prints text or json, not {format_name}")
    try:
        found = check_diagrams(reading, named)
    except NoDiagram as problem:
        raise UsageProblem(str(problem)) from None
    render = drift_json if format_name == "json" else drift_text
    told = tell(render(found), notices, language=format_name)
    differs = any(comparison.differences for comparison in found)
    return Exit.FINDINGS if differs and told is Exit.OK else told


def _from_root(name: str, root: Path) -> str:
    """A named file as seen from the root; as it was named if it lies elsewhere; raises ``UsageProblem``."""
    if not Path(name).is_file():
        raise UsageProblem(f"there is no file '{name}' to check")
    whole = Path(os.path.realpath(name))
    return whole.relative_to(root).as_posix() if whole.is_relative_to(root) else name
