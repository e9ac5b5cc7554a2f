"""What a command without a report says: text on standard output, notices on standard error."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from archlint.cli.exits import Exit
from archlint.cli.output import print_text, say
from archlint.finding import Notice
from archlint.reports.characters import visible


def tell(text: str, notices: Iterable[Notice] = (), *, language: str = "text") -> Exit:
    """Print a text in a language, and notices; an error among these, such as a failing plugin, is exit 3."""
    print_text(text, language)
    failed = False
    for notice in notices:
        failed = failed or notice.level == "error"
        say_notice(notice)
    return Exit.FAILURE if failed else Exit.OK


def say_notice(notice: Notice, shown: Callable[[str], str] = str) -> None:
    """Write a notice on one line; ``shown`` tells how a user can open its path."""
    where = f"{shown(notice.path)}: " if notice.path else ""
    say(visible(f"archlint: {notice.level}: {where}{notice.message}"))
