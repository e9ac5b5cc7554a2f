"""``archlint config import``: another tool's configuration as archlint's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from archlint.adapters.sources import gather_rules
from archlint.cache import cache_folder
from archlint.cli.exits import Exit, UsageProblem
from archlint.cli.output import tell
from archlint.cli.stdin import read_input
from archlint.config import ConfigurationError
from archlint.config.foreign import import_configuration, read_source, tools
from archlint.files import find_root
from archlint.finding import Notice


class _ToolName(click.ParamType[str]):
    """The name of a tool; the tools are looked up when one is given."""

    name = "TOOL"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name, or a usage error that lists the tools."""
        known = sorted(tools())
        if value not in known:
            self.fail(f"'{value}' is none of {', '.join(known)}", param, ctx)
        return str(value)


@click.command("import")
@click.argument("file", metavar="FILE")
@click.option("--from", "tool", type=_ToolName(), help="The tool, where the file does not show it.")
def command(file: str, tool: str | None) -> Exit:
    """Print an archlint.yaml that says what another tool's FILE says ('-': standard input).

    Known are the configurations of api-linter, kube-linter, Polaris and Spectral, and any text with a
    command line of kube-score. What has no counterpart is told on standard error and at the end. No file
    is written.
    """
    try:
        source = read_source(file, read_input() if file == "-" else None)
        registry, notices = gather_rules(cache_folder(), find_root([Path.cwd()]))
        text, lost = import_configuration(source, registry, tool)
    except ConfigurationError as problem:
        raise UsageProblem(str(problem)) from None
    for each in lost:
        notices.append(Notice("warning", f"{', '.join(each.what)}: {each.why}", path=source.name))
    return tell(text, notices)
