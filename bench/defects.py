"""Prints which share of seeded defects the rules that join files find in real repositories.

    python bench/defects.py FOLDER [RULE...]

Each folder below FOLDER is a checkout that defects are put into (``tests/defects``). Repositories are no part
of the project. The table has the rules, worst first: the share that is told at its place with the other side
of the join, defects found and put in, and the systems that could be spoilt that way. Misses follow.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.defects.defects import operators_by_rule
from tests.defects.systems import Tally, tallies
from tests.metamorphic.repositories import all_rules


def main(folder: Path, names: list[str]) -> int:
    """Print the table; 1 if a rule finds less than nine of ten."""
    seeded = operators_by_rule()
    rules = [rule for rule in all_rules() if rule.name in (names or seeded)]
    by_rule: dict[str, list[Tally]] = defaultdict(list)
    for system in sorted(path for path in folder.iterdir() if path.is_dir()):
        for item in tallies(system, rules, seeded):
            by_rule[item.rule].append(item)
    shares = {rule: 1 - _missed(items) / _tried(items) for rule, items in by_rule.items()}
    for rule in sorted(shares, key=lambda name: (shares[name], name)):
        items = by_rule[rule]
        tried = _tried(items)
        found = tried - _missed(items)
        print(f"{100 * shares[rule]:5.1f} %  {found:3} of {tried:3}  {len(items):2} systems  {rule}")
    for rule in sorted(set(seeded) - set(by_rule)) if not names else ():
        print(f"    -     0 of   0   0 systems  {rule}")
    found = sum(_tried(items) - _missed(items) for items in by_rule.values())
    print(f"{found} of {sum(map(_tried, by_rule.values()))} defects of {len(by_rule)} rules")
    for rule, items in sorted(by_rule.items()):
        for item in items:
            for what in item.missed:
                print(f"missed: {rule}: {item.system}: {what!r}")
    return int(min(shares.values(), default=1.0) < 0.9)


def _tried(items: list[Tally]) -> int:
    return sum(item.tried for item in items)


def _missed(items: list[Tally]) -> int:
    return sum(len(item.missed) for item in items)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
