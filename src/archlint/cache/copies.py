"""Copies of this process: whether there may be any, and those that do something while it goes on."""

from __future__ import annotations

import atexit
import gc
import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress

_begun: list[int] = []
"""The numbers of the copies that may be at work."""


def usable_processes(wanted: int | None) -> int:
    """How many processes to use: what was asked for, else one for each core that is ours."""
    if wanted is not None:
        return wanted
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def can_be_copied(wanted: int | None) -> bool:
    """Whether this process can go on as two, of as many as are ``wanted``: a copy has none of its threads."""
    return sys.platform == "linux" and threading.active_count() == 1 and usable_processes(wanted) > 1


def begin_apart(act: Callable[[], object]) -> bool:
    """Have a copy of this process do something that fails in silence; whether there can be another."""
    try:
        copy = os.fork()
    except OSError:
        return False
    if copy == 0:
        gc.disable()  # whatever the collector touches is copied
        try:
            act()
        finally:
            os._exit(0)
    if not _begun:
        atexit.register(wait_for_copies)
    _begun.append(copy)
    return True


def wait_for_copies() -> None:
    """Wait until all that was begun apart is done."""
    while _begun:
        with suppress(ChildProcessError):
            os.waitpid(_begun.pop(), 0)
