"""``python -m tests.fuzz``: mutated repositories for as long as is asked; failing ones are kept, and small.

Each input is drawn from a number of its own, so that a fault can be met again: ``--first N --inputs 1``.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from random import Random

from tests.fuzz.drawing import draw
from tests.fuzz.faults import faults
from tests.fuzz.smaller import kind_of, smallest
from tests.fuzz.trial import Trial

_TWICE = 10
"""One input of so many is run twice, and must give the same both times."""


def main() -> int:
    """Run until the time or the number of inputs is used up; exit code 1 if anything was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="CPU time to spend")
    parser.add_argument("--inputs", type=int, default=sys.maxsize, help="inputs to try at most")
    parser.add_argument("--first", type=int, default=None, help="number of the first input")
    parser.add_argument("--folder", type=Path, default=Path("fuzz-failures"), help="where failures are kept")
    given = parser.parse_args()
    first = given.first if given.first is not None else int.from_bytes(os.urandom(4), "big")
    with tempfile.TemporaryDirectory() as name:
        os.environ["ARCHLINT_CACHE_DIR"] = f"{name}/cache"
        kinds = _search(first, given.inputs, given.seconds, Path(name, "world"), given.folder)
    return 1 if kinds else 0


def _search(first: int, inputs: int, seconds: float, top: Path, folder: Path) -> dict[str, int]:
    kinds: dict[str, int] = {}
    commands: Counter[str] = Counter()
    number, begun = first, _spent()
    while number - first < inputs and _spent() - begun < seconds:
        trial = draw(Random(number))
        commands[trial.command] += 1
        for fault in faults(trial, top, again=number % _TWICE == 0):
            kind = kind_of(fault)
            kinds[kind] = kinds.get(kind, 0) + 1
            if kinds[kind] == 1:
                print(f"input {number}: {fault}", flush=True)
                _keep(smallest(trial, fault, top), fault, number, folder)
        number += 1
    count, spent = number - first, _spent() - begun
    print(f"{count} inputs from {first} on in {spent:.0f} s of CPU time; go on with --first {number}")
    print("  " + ", ".join(f"{command} {count}" for command, count in sorted(commands.items())))
    print(f"{len(kinds)} kinds of fault")
    for kind, count in sorted(kinds.items(), key=lambda item: -item[1]):
        print(f"  {count:6} {kind}")
    return kinds


def _spent() -> float:
    """CPU time of this process and of the programs that it has started."""
    return sum(os.times()[:4])


def _keep(trial: Trial, fault: str, number: int, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    content = {
        "fault": fault,
        **asdict(trial),
    }
    (folder / f"{number}.json").write_text(json.dumps(content, indent=1))


if __name__ == "__main__":
    sys.exit(main())
