"""What a command without a report says: text on standard output, notices on standard error."""

from __future__ import annotations

from collections.abc import Iterable

import click

from archlint.cli.exits import Exit
from archlint.cli.output import print_text
from archlint.finding import Notice
from archlint.reports.characters import visible


def harmless(text: str) -> str:
    """The text without what steers a terminal: pages and configurations are a repository's own."""
    return "\n".join(visible(line.expandtabs(4)) for line in text.split("\n"))


def tell(text: str, notices: Iterable[Notice] = ()) -> Exit:
    """Print a text and notices; an error among these, such as a plugin that fails, is the exit code 3."""
    print_text(text)
    failed = False
    for notice in notices:
        failed = failed or notice.level == "error"
        where = f"{notice.path}: " if notice.path else ""
        click.echo(visible(f"archlint: {notice.level}: {where}{notice.message}"), err=True)
    return Exit.FAILURE if failed else Exit.OK
