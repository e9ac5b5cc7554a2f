"""A bound on the CPU time of what runs inside of the test's own process."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager


class TooLong(BaseException):
    """A run took more CPU time than it may; no handler of exceptions stops it."""


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise ``TooLong`` when more CPU time has gone by, or twenty times as much in waiting."""

    def stop(*_: object) -> None:
        raise TooLong

    bounds = (
        (signal.ITIMER_PROF, signal.SIGPROF, seconds),
        (signal.ITIMER_REAL, signal.SIGALRM, 20 * seconds),
    )
    kept = [signal.signal(number, stop) for _, number, _ in bounds]
    for timer, _, most in bounds:
        signal.setitimer(timer, most)
    try:
        yield
    finally:
        for (timer, number, _), handler in zip(bounds, kept, strict=True):
            signal.setitimer(timer, 0)
            signal.signal(number, handler)
