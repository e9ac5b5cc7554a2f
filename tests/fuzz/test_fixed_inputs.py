"""Hundreds of mutated repositories, the same in every run: none ends in a failure or takes long.

A thorough run takes two thousand.
"""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.fuzz.drawing import draw
from tests.fuzz.faults import faults
from tests.support.caches import with_cache
from tests.support.sampling import usually

_INPUTS = usually(600, 2_000)
_PARTS = 20
_TWICE = 25


@pytest.mark.parametrize("part", range(_PARTS))
def test_no_input_is_too_much(part: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in with_cache(tmp_path / "world", {}).items():
        monkeypatch.setenv(name, value)
    found: dict[int, list[str]] = {}
    for number in range(part * _INPUTS // _PARTS, (part + 1) * _INPUTS // _PARTS):
        wrong = faults(draw(Random(number)), tmp_path / "world", again=number % _TWICE == 0)
        if wrong:
            found[number] = wrong
    assert not found, "python -m tests.fuzz --inputs 1 --first NUMBER makes one small"
