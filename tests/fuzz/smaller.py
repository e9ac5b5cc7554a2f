"""Making a failing input small: files, lines and characters go as long as the same fault stays."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from tests.fuzz.faults import faults
from tests.fuzz.trial import Trial

_PATIENCE = 60.0
"""Seconds after which the smallest input so far has to do."""


def kind_of(fault: str) -> str:
    """What two faults have in common that are the same one: their words without numbers and names."""
    return "".join(letter for letter in fault.split("'", maxsplit=1)[0] if letter.isalpha() or letter == " ")[
        :60
    ]


def smallest(trial: Trial, fault: str, top: Path) -> Trial:
    """The smallest input found with the same kind of fault."""
    wanted, end = kind_of(fault), time.monotonic() + _PATIENCE

    def fails(candidate: Trial) -> bool:
        return time.monotonic() < end and any(kind_of(found) == wanted for found in faults(candidate, top))

    for side in ("base", "files"):
        for path in sorted(getattr(trial, side)):
            without = {name: text for name, text in getattr(trial, side).items() if name != path}
            candidate = replace(trial, **{side: without})
            if fails(candidate):
                trial = candidate
    for side in ("base", "files"):
        for path in sorted(getattr(trial, side)):
            trial = _shorter(trial, side, path, fails)
    return trial


def _shorter(trial: Trial, side: str, path: str, fails: Callable[[Trial], bool]) -> Trial:
    for separator in ("\n", ""):
        files: Mapping[str, str] = getattr(trial, side)
        parts = files[path].split(separator) if separator else list(files[path])
        step = max(len(parts) // 2, 1)
        while step:
            at = 0
            while at < len(parts):
                fewer = parts[:at] + parts[at + step :]
                candidate = replace(trial, **{side: {**files, path: separator.join(fewer)}})
                if fails(candidate):
                    trial, parts = candidate, fewer
                else:
                    at += step
            step //= 2
    return trial
