"""A file whose text comes from standard input, as editors send it before it is saved."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from archlint.cli.exits import UsageProblem
from archlint.files import DEFAULT_LIMIT


def standard_input(paths: Sequence[str], name: str | None) -> bytes | None:
    """The content of the file that ``--stdin-filename`` names; ``None`` without. Raises ``UsageProblem``."""
    if name is None:
        if "-" in paths:
            raise UsageProblem(
                "'-' means standard input; add --stdin-filename NAME, the file that it stands for"
            )
        return None
    if tuple(paths) != ("-",):
        raise UsageProblem(
            f"--stdin-filename goes with one PATH: archlint check - --stdin-filename {name or 'NAME'}"
        )
    if not name:
        raise UsageProblem("--stdin-filename is empty; name the file that standard input stands for")
    return read_input()


def read_input() -> bytes:
    """All of standard input; raises ``UsageProblem`` where there is none, or too much."""
    stream = getattr(sys.stdin, "buffer", None)
    if stream is None:
        raise UsageProblem("there is no standard input to read")
    content: bytes = stream.read(DEFAULT_LIMIT + 1)
    if len(content) > DEFAULT_LIMIT:
        raise UsageProblem(f"standard input has more than {DEFAULT_LIMIT // 2**20} MiB and was not read")
    return content
