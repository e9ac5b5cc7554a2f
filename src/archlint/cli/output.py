"""Writing what a command has to say: text on standard output, notices on standard error, files that a flag
names.

All that archlint says goes through ``print_text``, ``say`` and ``write_report``, so that no text of a
repository reaches the runner of a workflow as a command.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from archlint.cli.exits import Exit, UsageProblem
from archlint.finding import Notice
from archlint.reports.characters import visible
from archlint.reports.commands import disarmed


def harmless(text: str) -> str:
    """The text without what steers a terminal: pages and configurations are a repository's own."""
    return "\n".join(visible(line.expandtabs(4)) for line in text.split("\n"))


erasers: list[Callable[[], None]] = []
"""What takes away lines that do not last before something is said on standard error."""


def say(text: str, language: str = "text") -> None:
    """Write a line, or some, to standard error, in the language of a format."""
    if sys.stderr is None:
        return
    for erase in erasers:
        erase()
    try:
        sys.stderr.write(disarmed(harmless(text), language) + "\n")
        sys.stderr.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())


def print_text(text: str, language: str = "text") -> None:
    """Write to standard output as UTF-8, in the language of a format; a reader that has gone is no error."""
    text = disarmed(text, language)
    stream = getattr(sys.stdout, "buffer", None)
    if stream is None:
        if sys.stdout is not None:
            sys.stdout.write(text)
        return
    try:
        stream.write(text.encode("utf-8", "backslashreplace"))
        stream.flush()
    except BrokenPipeError:
        # Nothing more can be said there, and the interpreter must not try again when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def write_report(path: str, text: str, language: str, root: Path) -> None:
    """Write a report to a file in a folder that exists; raises ``UsageProblem``.

    Below the root a link may be the repository's own, and what it leads to must not be overwritten.
    """
    target = Path(path)
    content = disarmed(text, language).encode("utf-8", "backslashreplace")
    if is_led_astray(target, root):
        raise UsageProblem(f"cannot write the report '{path}': a link of the repository stands in the way")
    if not target.parent.is_dir():
        raise UsageProblem(
            f"cannot write the report '{path}': there is no folder '{target.parent}'; make it first"
        )
    try:
        _write(target, content)
    except OSError as error:
        reason = "nobody reads that pipe" if target.is_fifo() else error.strerror
        raise UsageProblem(f"cannot write the report '{path}': {reason}") from None


def _write(target: Path, content: bytes) -> None:
    """Replace what a file holds; a pipe that nobody reads is an error, and nothing to wait for."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(target, flags, 0o666)
    if hasattr(os, "O_NONBLOCK"):
        os.set_blocking(descriptor, True)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)


def is_led_astray(target: Path, root: Path) -> bool:
    """Whether a path reaches into the root and goes on there through a link, or is one."""
    whole = Path(os.path.normpath(target.absolute()))
    real_root = Path(os.path.realpath(root))
    for above in reversed(whole.parents):
        place = Path(os.path.realpath(above))
        if place.is_relative_to(real_root):
            return Path(os.path.realpath(whole)) != place / whole.relative_to(above)
    return False


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
