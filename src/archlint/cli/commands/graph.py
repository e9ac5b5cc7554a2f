"""``archlint graph``: the services below a path and what connects them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import click

from archlint.cli.exits import Exit, UsageProblem
from archlint.cli.flags import Flags
from archlint.cli.options import CONFIG, EXCLUDE, HELM, ProgramCommand
from archlint.cli.output import tell
from archlint.cli.session import Session, helm_program, open_session
from archlint.cli.sides import base_side, named_files
from archlint.comparison.graphs import GraphDiff, graph_changes
from archlint.engine.graphs import (
    GraphReading,
    NoDiagram,
    NoGraph,
    added_graphs,
    check_diagrams,
    read_graph,
)
from archlint.engine.request import Side
from archlint.files import FileSet, GitProblem
from archlint.finding import Notice
from archlint.finding.records import dataclass
from archlint.model.graph import ServiceGraph
from archlint.model.graph.merging import merged
from archlint.reports.graph.diff import graph_diff_text
from archlint.reports.graph.drift import drift_json, drift_text
from archlint.reports.graph.json import graph_diff_json, graph_json
from archlint.reports.graph.mermaid import graph_mermaid
from archlint.reports.graph.schema import graph_schema

FORMATS = ("json", "mermaid", "dot", "svg", "html")
_COMPARED = ("text", *FORMATS)


@dataclass(frozen=True, slots=True)
class _Wishes:
    """What is read, and what is asked for besides the graph itself."""

    session: Session
    files: FileSet
    flags: Flags
    base: str | None
    diagrams: tuple[tuple[str, Path], ...]
    added: tuple[tuple[str, ServiceGraph], ...]
    format_name: str | None
    with_findings: bool

    def format_of(self, known: tuple[str, ...], default: str, what: str) -> str:
        """The format; raises ``UsageProblem`` if there is none such."""
        chosen = self.format_name or default
        if chosen not in known:
            raise UsageProblem(f"{what} is printed as {', '.join(known)}, not as {chosen}")
        return chosen


@click.command("graph", cls=ProgramCommand)
@click.argument("path", default=".", metavar="[PATH]")
@click.option(
    "--check",
    "diagrams",
    multiple=True,
    metavar="FILE",
    help="Tell where a diagram (Mermaid, Structurizr, PlantUML) differs from the files; repeatable.",
)
@click.option("--base", metavar="REV", help="Show what changes against the merge base of REV and HEAD.")
@click.option(
    "--add",
    "added",
    multiple=True,
    metavar="FILE",
    help="Add the graph of another repository or tool, in the JSON of this command; repeatable.",
)
@click.option(
    "--format",
    "format_name",
    type=click.Choice((*FORMATS, "text")),
    help="Format on standard output (default: json; text with --check and --base).",
)
@click.option("--schema", is_flag=True, help="Print the JSON Schema of the graph.")
@EXCLUDE
@CONFIG
@HELM
@click.option("--no-findings", is_flag=True, help="With html: do not ask the rules what is wrong.")
def command(path: str, schema: bool, **given: Any) -> Exit:
    """Show the services below PATH (default: the current folder) and the calls between them.

    The page that html makes also shows what is wrong with them, as `archlint check` finds it."""
    if schema:
        return tell(json.dumps(graph_schema(), indent=2, ensure_ascii=False) + "\n", language="json")
    diagrams, added = given.pop("diagrams"), given.pop("added")
    base, format_name, no_findings = (given.pop(key) for key in ("base", "format_name", "no_findings"))
    flags = Flags(**given)
    if diagrams and base is not None:
        raise UsageProblem("--check looks at the files as they are; leave out --base")
    session = open_session([path], flags)
    files = named_files([path], session, flags)
    wishes = _Wishes(
        session,
        files,
        flags,
        base,
        tuple((_from_root(name, session.root), Path(name)) for name in diagrams),
        tuple(_added(added)),
        format_name,
        with_findings=not no_findings,
    )
    return _shown(wishes)


def _shown(wishes: _Wishes) -> Exit:
    notices = (*wishes.session.notices, *wishes.files.notices)
    if wishes.diagrams:
        return _checked(wishes, notices)
    former = _former(wishes)
    if former is None:
        chosen = wishes.format_of(FORMATS, "json", "a graph")
    else:
        chosen = wishes.format_of(_COMPARED, "text", "what --base shows")
        notices = (*notices, *former.notices)

    def drawn(graph: ServiceGraph) -> ServiceGraph | GraphDiff:
        now = _with(graph, wishes)
        return now if former is None else graph_changes(former.graph, now)

    if chosen == "html":
        from archlint.cli.graph_page import PageTerms, graph_page

        base = former.commit if former is not None else None
        terms = PageTerms(wishes.session, wishes.files, wishes.flags, wishes.with_findings, base, drawn=drawn)
        text, met = graph_page(terms)
        return tell(text, dict.fromkeys((*notices, *met)), language=chosen)
    reading = _read(_revision(wishes), wishes)
    told = dict.fromkeys((*notices, *reading.notices))
    return tell(_rendered(drawn(reading.graph), chosen, former), told, language=chosen)


@dataclass(frozen=True, slots=True)
class _Former:
    """The graph of the base."""

    graph: ServiceGraph
    commit: str
    notices: tuple[Notice, ...]


def _former(wishes: _Wishes) -> _Former | None:
    """What the graph was; raises ``UsageProblem``."""
    try:
        side, commit, _ = base_side(wishes.files, wishes.base)
    except GitProblem as problem:
        raise UsageProblem(problem.message) from None
    if side is None or commit is None:
        return None
    before = _read(side, wishes)
    return _Former(_with(before.graph, wishes), commit, before.notices)


def _revision(wishes: _Wishes) -> Side:
    return Side(wishes.files.tree(), wishes.files.paths, wishes.files.named)


def _read(side: Side, wishes: _Wishes) -> GraphReading:
    return read_graph(side, wishes.session.settings, helm_program(wishes.flags))


def _with(graph: ServiceGraph, wishes: _Wishes) -> ServiceGraph:
    return merged(graph, wishes.added) if wishes.added else graph


def _added(names: tuple[str, ...]) -> list[tuple[str, ServiceGraph]]:
    try:
        return added_graphs([(name, Path(name)) for name in dict.fromkeys(names)])
    except NoGraph as problem:
        raise UsageProblem(f"--add: {problem}") from None


def _checked(wishes: _Wishes, notices: tuple[Notice, ...]) -> Exit:
    chosen = wishes.format_of(("text", "json"), "text", "what --check finds")
    reading = _read(_revision(wishes), wishes)
    try:
        found = check_diagrams(reading, _with(reading.shown, wishes), list(wishes.diagrams))
    except NoDiagram as problem:
        raise UsageProblem(str(problem)) from None
    render = drift_json if chosen == "json" else drift_text
    told = tell(render(found), (*notices, *reading.notices), language=chosen)
    differs = any(comparison.differences for comparison in found)
    return Exit.FINDINGS if differs and told is Exit.OK else told


def _rendered(shown: ServiceGraph | GraphDiff, format_name: str, former: _Former | None) -> str:
    """The graph, or the change to it, in a format."""
    if isinstance(shown, GraphDiff):
        if format_name == "text":
            return graph_diff_text(shown)
        if format_name == "json":
            return graph_diff_json(shown, former.commit if former else "")
    elif format_name == "json":
        return graph_json(shown)
    if format_name == "mermaid":
        return graph_mermaid(shown)
    if format_name == "dot":
        from archlint.reports.graph.dot import graph_dot

        return graph_dot(shown)
    from archlint.reports.graph.svg import graph_svg

    return graph_svg(shown)


def _from_root(name: str, root: Path) -> str:
    """A named file as seen from the root; as it was named if it lies elsewhere; raises ``UsageProblem``."""
    if not Path(name).is_file():
        raise UsageProblem(f"there is no file '{name}' to check")
    whole = Path(os.path.realpath(name))
    return whole.relative_to(root).as_posix() if whole.is_relative_to(root) else name
