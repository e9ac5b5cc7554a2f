"""A bound on the CPU time of what runs inside of the test's own process."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager


class TooLong(BaseException):
    """A run took more CPU time than it may; no handler of exceptions stops it."""


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise ``TooLong`` when more CPU time has gone by."""

    def stop(*_: object) -> None:
        raise TooLong

    kept = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, kept)
