"""Twice the files, or twice what is in them, takes twice the time: whole commands over every kind."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from tests.fuzz.trial import Trial, run
from tests.safety import chains, lengths
from tests.safety.chains import Kind
from tests.safety.growth import MOST, STEPS, growth

KINDS = chains.KINDS | lengths.KINDS
_LONGEST = 60.0
"""Seconds for a run, of which most need a tenth of one, and those that grow as a square all."""


@pytest.mark.parametrize("name", KINDS)
def test_time_grows_as_the_repository_does(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARCHLINT_CACHE_DIR", str(tmp_path / "cache"))
    kind = KINDS[name]

    def measure(count: int) -> float:
        return _seconds(kind, count, tmp_path / "world")

    measure(2)  # what is imported is imported once
    assert growth(measure, [kind.first * 2**step for step in range(STEPS + 1)]) <= MOST


def _seconds(kind: Kind, count: int, top: Path) -> float:
    gc.collect()
    trial = Trial(kind.files(count), kind.base(count), kind.arguments)
    done = run(trial, top, _LONGEST)
    assert done.code in (0, 1), (done.code, done.err[-300:])
    return done.seconds
