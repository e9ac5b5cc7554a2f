"""How the time for an input grows with it, measured so that a busy machine does not decide."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from statistics import median

DOUBLED = 2.3
"""What twice the input may cost at most."""
STEPS = 3
MOST = DOUBLED**STEPS
"""What eight times the input may cost at most."""
_REPEATS = 3
_TRIES = 8


def seconds(run: Callable[[], object], repeats: int = _REPEATS) -> float:
    """The least CPU time of some runs."""
    found = []
    for _ in range(repeats):
        begun = time.process_time()
        run()
        found.append(time.process_time() - begun)
    return min(found)


def growth(measure: Callable[[int], float], sizes: Sequence[int], enough: float = MOST) -> float:
    """How many times longer the last of some sizes takes than the first; tried until it is ``enough``.

    The least of the long runs is set against the median of the short ones: on a machine that others use, a
    short run finds a moment without them, and a long one never does.
    """
    first: list[float] = []
    last: list[float] = []
    for _ in range(_TRIES):
        first.append(measure(sizes[0]))
        last.append(measure(sizes[-1]))
        if min(last) <= enough * median(first):
            break
    return min(last) / max(median(first), 1e-9)
