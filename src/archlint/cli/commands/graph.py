"""``archlint graph``: the services below a path and what connects them."""

from __future__ import annotations

from pathlib import Path

import click

from archlint.cli.exits import Exit, UsageProblem
from archlint.cli.invocation import print_report
from archlint.engine.reading import read_world
from archlint.files import GitProblem, InputError, discover, find_root
from archlint.model.graph import service_graph

FORMATS = ("json", "mermaid")


@click.command("graph")
@click.argument("path", default=".", metavar="[PATH]")
@click.option(
    "--format",
    "format_name",
    type=click.Choice(FORMATS),
    default="json",
    show_default=True,
    help="Format on standard output.",
)
@click.option("--exclude", multiple=True, metavar="GLOB", help="Leave out matching files; repeatable.")
def command(path: str, format_name: str, exclude: tuple[str, ...]) -> Exit:
    """Show the services below PATH (default: the current folder) and the calls between them."""
    root = find_root([Path(path)])
    try:
        files = discover([path], root=root, cwd=Path.cwd(), exclude=exclude)
    except (InputError, GitProblem) as problem:
        raise UsageProblem(problem.message) from None
    graph = service_graph(read_world(files.tree(), files.paths, files.named))
    for notice in files.notices:
        click.echo(f"archlint: {notice.level}: {notice.message}", err=True)
    if format_name == "json":
        from archlint.reports.graph_json import graph_json as render
    else:
        from archlint.reports.graph_mermaid import graph_mermaid as render
    print_report(render(graph))
    return Exit.OK
