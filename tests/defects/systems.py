"""Public systems as repositories that defects are put into: a folder of checkouts."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random

from archlint.adapters.helm import HelmLibrary
from archlint.documents.charts.rendering import ChartTerms
from archlint.finding import Rule
from tests.defects.defects import Defect, Operator
from tests.defects.judging import Judge
from tests.defects.style import in_one_style
from tests.metamorphic.repositories import Files

SEED = 20261130
DRAWN = 20
"""Defects of a rule that are put into one repository."""
EACH = 3
"""Those that are put into each of several."""
_LOOKED_AT = 200
"""Defects of an operator from which those are drawn."""
_RULES_AT_ONCE = 12
_FEW_LINES = 3
"""Places so few that a finding there is about what a defect changes: it cannot be put in once more."""
_LARGEST_FILE, _MOST_FILES = 1_000_000, 3_000
_NOT_OURS = frozenset({".git", "node_modules"})
_KUBERNETES = "1.37"


@dataclass(frozen=True)
class Tally:
    """What a rule made of the defects in one system."""

    system: str
    rule: str
    tried: int
    missed: tuple[str, ...]


def drawn(operators: Iterable[Operator], files: Files, count: int = DRAWN) -> list[Defect]:
    """Up to some number of defects, always the same ones for the same repository."""
    made = (defect for operator in operators for defect in islice(operator(files), _LOOKED_AT))
    found = [defect for defect in made if defect.places]
    found.sort(key=lambda defect: defect.what)
    return Random(SEED).sample(found, min(count, len(found)))


def tallies(
    folder: Path, rules: Sequence[Rule], seeded: Mapping[str, list[Operator]], each: int = EACH
) -> Iterator[Tally]:
    """What rules make of up to ``each`` of their defects in a system, for those that can be put into it: into
    its files as they are, else into its manifests in the style that operators look for."""
    library, written, left = HelmLibrary({}), checkout(folder), list(rules)
    for files in (written, in_one_style(written)):
        judge = Judge(files, ChartTerms(library, _KUBERNETES, ()))
        told = list(_tallies(folder.name, judge, left, seeded, each))
        yield from told
        left = [rule for rule in left if rule.name not in {item.rule for item in told}]
    library.close()


def _tallies(
    system: str, judge: Judge, rules: Sequence[Rule], seeded: Mapping[str, list[Operator]], each: int
) -> Iterator[Tally]:
    ordered = sorted(rules, key=lambda rule: rule.code)
    for first in range(0, len(ordered), _RULES_AT_ONCE):
        group = ordered[first : first + _RULES_AT_ONCE]
        pairs = [
            (rule, defect)
            for rule in group
            for defect in drawn(seeded[rule.name], judge.healthy, each)
            if len(defect.places) > _FEW_LINES or not judge.is_told_already(rule, defect)
        ]
        told = judge.together(pairs)
        for rule in group:
            mine = [
                (defect, is_found) for (of, defect), is_found in zip(pairs, told, strict=True) if of is rule
            ]
            if mine:
                missed = tuple(defect.what for defect, is_found in mine if not is_found)
                yield Tally(system, rule.name, len(mine), missed)


def checkout(folder: Path) -> dict[str, str]:
    """The text files of a checkout, without what is too large to be written by hand."""
    found = {}
    for path in islice(_files(folder), _MOST_FILES):
        try:
            found[path.relative_to(folder).as_posix()] = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
    return found


def _files(folder: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(set(folders) - _NOT_OURS)
        for path in (Path(root, name) for name in sorted(names)):
            if path.is_file() and not path.is_symlink() and path.stat().st_size < _LARGEST_FILE:
                yield path
