"""No edit is lost, moved, doubled or judged otherwise by what stands around it; no witness is false.

More than 2,000 cases in every run, and 5,000 in a thorough one. The judge is independent of archlint; see
``judge.py``.
"""

from __future__ import annotations

from itertools import product

import pytest

from tests.laws.cases import Batch, case_of
from tests.laws.edits import Edit
from tests.laws.known import ALONE, KNOWN, Known, kind_of
from tests.laws.running import SEED, TOGETHER, faults
from tests.laws.verdict import Fault, fault_alone, faults_in
from tests.laws.versions import EVERY, SWAGGER, VERSIONS, bare, edits, edits_at
from tests.support.sampling import usually

BLOCKS, CASES = 10, usually(100, 220)
"""Blocks of cases for each version, and how many cases each has."""
OLD_BLOCKS = 3
"""Blocks for 2.0, which can write less."""


@pytest.mark.parametrize(
    ("version", "block"), [*product(VERSIONS, range(BLOCKS)), *product([SWAGGER], range(OLD_BLOCKS))]
)
def test_an_edit_is_told_once_at_its_token_wherever_it_stands(version: str, block: int) -> None:
    numbers = range(block * CASES, (block + 1) * CASES)
    wrong = [str(fault) for fault in faults(numbers, version) if kind_of(fault) is None]
    assert not wrong, "\n".join(wrong[:10])


@pytest.mark.parametrize("row", KNOWN, ids=lambda row: row.name)
def test_what_is_known_to_be_wrong_still_is(row: Known) -> None:
    """A row of the table whose case is right has to go."""
    version, number = row.example
    first = number // TOGETHER * TOGETHER
    cases = [case_of(SEED, each, version) for each in range(first, first + TOGETHER)]
    found = [fault for fault in faults_in(Batch(cases, version)) if fault.built.case.number == number]
    assert any(kind_of(fault) is row for fault in found), found


@pytest.mark.parametrize("version", EVERY)
def test_an_edit_by_itself_is_judged_by_values_and_policies(version: str) -> None:
    wrong = {edit.name: fault for edit in edits(version) for fault in _faults_alone(edit, version)}
    assert not [str(fault) for name, fault in wrong.items() if name not in ALONE]


def test_what_is_known_to_be_wrong_by_itself_still_is() -> None:
    names = {edit.name for version in EVERY for edit in edits(version) if _faults_alone(edit, version)}
    assert not ALONE - names


def _faults_alone(edit: Edit, version: str) -> list[Fault]:
    places = [place for place in bare(version).items() if edit in edits_at(version, place[1])]
    found = [fault_alone(edit, version, way, writing) for (way, writing), _ in places]
    return [fault for fault in found if fault is not None]
