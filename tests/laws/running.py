"""Runs generated cases: those of CI, and as many more as one has time for.

``python -m tests.laws.running --cases 100000 [--from 0] [--seed 1]`` prints each fault of a kind that is not
known, and where to go on; ``make laws CASES=100000`` is the same, gently.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence

from tests.laws.cases import Batch, case_of
from tests.laws.known import kind_of
from tests.laws.verdict import Fault, faults_in
from tests.laws.versions import EVERY

TOGETHER = 40
"""Cases in one pair of contracts."""
SEED = 1


def batches(numbers: Sequence[int], version: str, seed: int = SEED) -> Iterator[Batch]:
    """The cases of some numbers, many in each pair of contracts."""
    for start in range(0, len(numbers), TOGETHER):
        chosen = numbers[start : start + TOGETHER]
        yield Batch([case_of(seed, number, version) for number in chosen], version)


def faults(numbers: Sequence[int], version: str, seed: int = SEED) -> Iterator[Fault]:
    """What is wrong about the cases of some numbers."""
    for batch in batches(numbers, version, seed):
        yield from faults_in(batch)


def main(arguments: list[str]) -> int:
    given = argparse.ArgumentParser(prog="python -m tests.laws.running")
    given.add_argument("--cases", type=int, default=10_000)
    given.add_argument("--from", type=int, default=0, dest="first")
    given.add_argument("--seed", type=int, default=SEED)
    options = given.parse_args(arguments)
    kinds: Counter[str] = Counter()
    begun, done = time.process_time(), 0
    step = 2_000
    for first in range(options.first, options.first + options.cases // len(EVERY), step):
        last = min(first + step, options.first + options.cases // len(EVERY))
        for version in EVERY:
            for fault in faults(range(first, last), version, options.seed):
                known = kind_of(fault)
                kinds[f"known: {known.name}" if known else fault.law] += 1
                if known is None:
                    print(fault, flush=True)
            done += last - first
        spent = time.process_time() - begun
        print(f"{done} cases, {spent:.0f} s; go on with --from {last}; {dict(kinds)}", flush=True)
    return 1 if any(not name.startswith("known") for name in kinds) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
