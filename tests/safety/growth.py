"""How the time for an input grows with it, measured so that a busy machine does not decide."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

DOUBLED = 2.3
"""What twice the input may cost at most."""
STEPS = 3
MOST = DOUBLED**STEPS
"""What eight times the input may cost at most."""
_REPEATS = 3
_TRIES = 2


def seconds(run: Callable[[], object], repeats: int = _REPEATS) -> float:
    """The least CPU time of some runs."""
    found = []
    for _ in range(repeats):
        begun = time.process_time()
        run()
        found.append(time.process_time() - begun)
    return min(found)


def growth(measure: Callable[[int], float], sizes: Sequence[int], enough: float = MOST) -> float:
    """How many times longer the last of some sizes takes than the first, the better of two tries;
    there is no second one if the first is ``enough``."""
    best = float("inf")
    for _ in range(_TRIES):
        first, last = measure(sizes[0]), measure(sizes[-1])
        best = min(best, last / max(first, 1e-9))
        if best <= enough:
            break
    return best
