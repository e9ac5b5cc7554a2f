"""Bounds on the CPU time of what runs inside of the test's own process."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import pytest

Found = TypeVar("Found")
TRIES = 5
_HOPELESS = 10
"""What takes so many times what it may is stopped: no busy machine makes anything so slow."""


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


def within(seconds: float, run: Callable[[], Found]) -> Found:
    """What a run returns that takes no more CPU time, the fastest of some: a machine that is shared makes
    one slow, so what is too slow runs again, which must not find anything kept from the run before."""
    spent = []
    for _ in range(TRIES):
        begun = time.process_time()
        with limited(_HOPELESS * seconds):
            found = run()
        spent.append(time.process_time() - begun)
        if spent[-1] <= seconds:
            return found
    pytest.fail(
        f"{min(spent):.2f} s of CPU time, the least of {TRIES} runs; at most {seconds:g} s are allowed"
    )
