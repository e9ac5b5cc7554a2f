"""Writing what a command has to say: standard output, and files that a flag names."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from archlint.cli.exits import UsageProblem


def wants_color(when: str) -> bool:
    """Whether to colour what goes to standard output, by the value of ``--color``."""
    if when != "auto":
        return when == "always"
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def print_text(text: str) -> None:
    """Write to standard output as UTF-8; a reader that has gone is no error."""
    stream = getattr(sys.stdout, "buffer", None)
    if stream is None:
        sys.stdout.write(text)
        return
    try:
        stream.write(text.encode("utf-8", "backslashreplace"))
        stream.flush()
    except BrokenPipeError:
        # Nothing more can be said there, and the interpreter must not try again when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def write_report(path: str, text: str, root: str) -> None:
    """Write a report to a file; raises ``UsageProblem``.

    Below the root a link may be the repository's own, and what it leads to must not be overwritten.
    """
    target = Path(path)
    try:
        if _is_led_astray(target, Path(root)):
            raise UsageProblem(
                f"cannot write the report '{path}': a link of the repository stands in the way"
            )
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise UsageProblem(f"cannot write the report '{path}': {error.strerror}") from None


def _is_led_astray(target: Path, root: Path) -> bool:
    """Whether a path below the root is a link, or leaves the root through one."""
    whole = Path(os.path.normpath(target.absolute()))
    real_root = Path(os.path.realpath(root))
    below = whole.is_relative_to(root) or whole.is_relative_to(real_root)
    return below and (
        whole.is_symlink() or not Path(os.path.realpath(whole.parent)).is_relative_to(real_root)
    )
