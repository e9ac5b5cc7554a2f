"""What the terminal behind a stream can do: colours, links, its width."""

from __future__ import annotations

import os
from typing import TextIO

_PLAIN = frozenset(("", "dumb", "linux", "cons25", "emacs"))
"""Values of TERM whose terminals print the address of a link, or are none."""
_BROKEN_VTE = 5000
"""Up to this version the library behind many terminals of Linux shows links wrongly or falls over them."""


def wants_color(when: str, stream: TextIO | None) -> bool:
    """Whether to colour what goes to a stream, by the value of ``--color``; ``auto`` heeds NO_COLOR, then
    FORCE_COLOR, then whether the stream is a terminal."""
    if when != "auto":
        return when == "always"
    if os.environ.get("NO_COLOR"):
        return False
    forced = _forced("FORCE_COLOR")
    if forced is not None:
        return forced
    return is_terminal(stream) and os.environ.get("TERM") != "dumb"


def wants_links(stream: TextIO | None) -> bool:
    """Whether to write links (OSC 8) to a stream; FORCE_HYPERLINK says so, or says not."""
    forced = _forced("FORCE_HYPERLINK")
    if forced is not None:
        return forced
    if not is_terminal(stream) or os.environ.get("TERM", "") in _PLAIN or os.environ.get("CI"):
        return False
    version = os.environ.get("VTE_VERSION", "")
    return not version.isdecimal() or int(version[:9]) > _BROKEN_VTE


def columns_of(stream: TextIO | None) -> int | None:
    """How wide a stream's terminal is: COLUMNS if it is set, ``None`` for a file or a pipe."""
    given = os.environ.get("COLUMNS", "")
    if given.isdecimal() and int(given[:9]) > 0:
        return int(given[:9])
    if stream is None or not is_terminal(stream):
        return None
    try:
        return os.get_terminal_size(stream.fileno()).columns or None
    except (OSError, ValueError):
        return None


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a stream is one; a caller may have closed it."""
    try:
        return stream is not None and stream.isatty()
    except ValueError:
        return False


def _forced(name: str) -> bool | None:
    """What a variable says that forces something; ``None`` if it says nothing."""
    value = os.environ.get(name)
    return None if not value else value.lower() not in ("0", "false")
