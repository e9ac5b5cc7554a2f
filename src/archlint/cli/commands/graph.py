"""``archlint graph``: the services below a path and what connects them."""

from __future__ import annotations

from pathlib import Path

import click

from archlint.cache import cache_folder
from archlint.cli.exits import Exit, UsageProblem
from archlint.config import ConfigurationError, load_settings, locate, read_configuration
from archlint.engine.reading import read_world
from archlint.files import GitProblem, InputError, discover
from archlint.finding import Notice
from archlint.model.graph.describe import described_graph
from archlint.registry import PageError, Registry, load_rules

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
@click.option("--config", "config_file", metavar="FILE", help="Configuration file to use.")
def command(path: str, format_name: str, exclude: tuple[str, ...], config_file: str | None) -> Exit:
    """Show the services below PATH (default: the current folder) and the calls between them."""
    root, excluded, notices = _configured(path, config_file)
    try:
        files = discover([path], root=root, cwd=Path.cwd(), exclude=exclude or excluded)
    except (InputError, GitProblem) as problem:
        raise UsageProblem(problem.message) from None
    graph = described_graph(read_world(files.tree(), files.paths, files.named))
    for notice in (*notices, *files.notices):
        click.echo(f"archlint: {notice.level}: {notice.message}", err=True)
    if format_name == "json":
        from archlint.reports.graph_json import graph_json as render
    else:
        from archlint.reports.graph_mermaid import graph_mermaid as render
    click.echo(render(graph).encode("utf-8", "backslashreplace"), nl=False)
    return Exit.OK


def _configured(path: str, config_file: str | None) -> tuple[Path, tuple[str, ...], tuple[Notice, ...]]:
    """The root, what the configuration excludes, and what is to be said about it."""
    try:
        located = locate([Path(path)], Path(config_file) if config_file else None)
        found = None if located.file is None else read_configuration(located.file, located.root)
        settings = load_settings(found, Registry(load_rules(cache_folder())))
    except (ConfigurationError, PageError) as problem:
        raise UsageProblem(str(problem)) from None
    return located.root, tuple(settings.exclude), tuple(settings.notices)
