"""Choices with one branch besides null, deep in parts, and choices below ``then``: edits of what they hold.

Generated cases meet these contexts too rarely to be relied upon.
"""

from __future__ import annotations

from itertools import product

import pytest

from tests.laws.cases import Batch, Case
from tests.laws.contexts import IN_PLACE, LAYERS, MODERN, Layer
from tests.laws.documents import Way
from tests.laws.marked import Writing
from tests.laws.verdict import faults_in
from tests.laws.versions import VERSIONS, bare, edits

_LAYERS = {layer.__name__: layer for layer in (*IN_PLACE, *LAYERS, *MODERN)}
_NULLS = (
    ("oneOf_with_null",),
    ("anyOf_with_null",),
    ("oneOf_with_null", "oneOf_with_null"),
    ("oneOf_with_null", "anyOf_with_null"),
)
_AROUND = ("part", "only_part", "oneOf_branch", "beside_reference")
_EDITED = ("anyOf object gone", "type dropped", "null dropped", "nullable number dropped")
_CONDITIONAL = ("type dropped", "minProperties raised", "branch edited", "property gone")
_MODERN = {layer.__name__ for layer in MODERN}


def _faults(version: str, contexts: list[tuple[str, ...]], names: tuple[str, ...], way: Way) -> list[str]:
    chosen = [edit for edit in edits(version) if edit.name.removesuffix(" undone") in names]
    cases = []
    for number, (edit, context) in enumerate(product(chosen, contexts)):
        layers: tuple[Layer, ...] = tuple(_LAYERS[name] for name in context)
        place = bare(version)[way, Writing.JSON]
        cases.append(Case(number, edit, layers, place, f"{version} choices {number}"))
    return [str(fault) for fault in faults_in(Batch(cases, version))]


@pytest.mark.parametrize("way", list(Way))
@pytest.mark.parametrize("version", VERSIONS)
def test_an_edit_in_choices_with_null_is_told_once_at_its_token(version: str, way: Way) -> None:
    around = [name for name in _AROUND if version != "3.0.3" or name not in _MODERN]
    wrong = _faults(version, [(*nulls, name) for nulls, name in product(_NULLS, around)], _EDITED, way)
    assert not wrong, "\n".join(wrong[:10])


@pytest.mark.parametrize("way", list(Way))
def test_what_a_condition_absorbs_is_no_break(way: Way) -> None:
    wrong = _faults("3.1.0", [("oneOf_branch", "then"), ("component", "then")], _CONDITIONAL, way)
    assert not wrong, "\n".join(wrong[:10])
