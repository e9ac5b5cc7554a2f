"""An edit under ``not`` or ``if`` is judged by what the schema around takes, and told once at its token."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from archlint.finding import Severity
from tests.laws.cases import Batch, Case
from tests.laws.contexts import Layer, Site
from tests.laws.documents import Way
from tests.laws.edits import Edit
from tests.laws.marked import Writing
from tests.laws.verdict import Fault
from tests.laws.versions import bare, edits
from tests.laws.witnesses import Status, told

VERSION = "3.1.0"


def shut_out(site: Site) -> None:
    site.wrap(lambda inner: {"not": inner}, ("not",))


def shut_out_of_a_member(site: Site) -> None:
    around: Callable[[Any], Any] = lambda inner: {"not": {"required": ["p"], "properties": {"p": inner}}}  # noqa: E731
    site.wrap(around, ("not", "properties", "p"), lambda value: {"p": value})


def asked(site: Site) -> None:
    site.wrap(lambda inner: {"if": inner, "then": False}, ("if",))


def asked_otherwise(site: Site) -> None:
    site.wrap(lambda inner: {"if": inner, "else": False}, ("if",))


LAYERS: tuple[Layer, ...] = (shut_out, shut_out_of_a_member, asked, asked_otherwise)


@pytest.mark.parametrize("way", list(Way))
@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.__name__)
def test_what_is_edited_below_a_condition_is_judged_by_the_whole(layer: Layer, way: Way) -> None:
    wrong = [fault for edit in edits(VERSION) for fault in _faults(edit, layer, way)]
    assert not wrong, "\n".join(map(str, wrong[:10]))


def _faults(edit: Edit, layer: Layer, way: Way) -> list[Fault]:
    case = Case(
        random.Random(edit.name).randrange(10**6), edit, (layer,), bare(VERSION)[way, Writing.JSON], VERSION
    )
    batch = Batch([case], VERSION)
    (built,) = batch.built
    findings = batch.findings[case.number]
    found = [
        Fault("false", built, told(proof))
        for proof in batch.proofs()[case.number]
        if proof.status is Status.FALSE
    ]
    is_harmed = bool(built.lost if way is Way.WRITE else built.new)
    level = max((finding.severity for finding in findings), default=None)
    if is_harmed and level not in (Severity.ERROR, Severity.WARNING):
        found.append(Fault("level", built, f"is {level}, lost {built.lost[:2]}, new {built.new[:2]}"))
    if not is_harmed and level is Severity.ERROR and (built.lost or built.new):
        found.append(Fault("alarm", built, f"lost {built.lost[:2]}, new {built.new[:2]}"))
    if len(findings) > 1:
        found.append(Fault("twice", built, "; ".join(each.rule for each in findings)))
    stray = [each for each in findings if (each.location.path, each.location.pointer) not in built.tokens]
    if stray:
        found.append(Fault("place", built, f"{stray[0].location.pointer}; right: {sorted(built.tokens)}"))
    return found
