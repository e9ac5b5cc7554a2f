"""What tells slow programs from slow machines does: it is tried with costs that are known, and noise."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from itertools import count
from random import Random

import pytest

from tests.safety.growth import MOST, growth
from tests.support.limits import TRIES, TooLong, within

_NOISE = 0.3
_BUSY = 1 / 4
"""How often a run takes twice the time, because others run at the same time."""
_SIZES = (1_000, 8_000)
_MACHINES = range(500)


def noisy(cost: Callable[[int], float], seed: int) -> Callable[[int], float]:
    """Seconds for a size on a machine that others use: they never make anything faster."""
    random = Random(seed)

    def measure(size: int) -> float:
        return cost(size) * (1 + random.uniform(0, _NOISE)) * (2 if random.random() < _BUSY else 1)

    return measure


@pytest.mark.parametrize("cost", [lambda n: n, lambda n: 500 + n, lambda n: n * math.log(n)])
def test_what_grows_as_its_input_passes_on_any_machine(cost: Callable[[int], float]) -> None:
    assert max(growth(noisy(cost, seed), _SIZES) for seed in _MACHINES) <= MOST


@pytest.mark.parametrize("cost", [lambda n: n**2, lambda n: 500 * n + n**2, lambda n: n**3])
def test_a_square_fails_on_every_machine(cost: Callable[[int], float]) -> None:
    assert min(growth(noisy(cost, seed), _SIZES) for seed in _MACHINES) > MOST


def test_a_slow_run_is_tried_again() -> None:
    waits = iter([0.03] * (TRIES - 1) + [0.0])
    assert within(0.02, lambda: burn(next(waits))) == 0.0


def test_what_is_always_slow_fails() -> None:
    tried = count()
    with pytest.raises(pytest.fail.Exception, match="the least of"):
        within(0.01, lambda: burn(0.02 + next(tried) / 1000))
    assert next(tried) == TRIES


def test_what_does_not_end_is_stopped() -> None:
    with pytest.raises(TooLong):
        within(0.01, lambda: burn(60))


def burn(seconds: float) -> float:
    """Use up CPU time."""
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
    return seconds
