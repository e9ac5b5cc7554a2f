"""No answer of the engine is wrong on 8,000 random pairs, and few are left open; jsonschema-rs is the judge.

A pair is a schema and the same schema after one to three edits. What is called contained must let no sampled
value through that the one side takes and the other does not; every witness is judged by the schemas as they
were written, not as the engine sees them. A thorough run takes 23,000.
"""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import jsonschema_rs
import pytest

from archlint.comparison.schemas.answers import Answer, No, Unknown, Yes
from archlint.comparison.schemas.containment import Engine
from archlint.comparison.schemas.json_schema import read
from archlint.comparison.schemas.lowering import Lowering
from archlint.comparison.schemas.rendering import render
from archlint.comparison.schemas.schema import Schema, produced
from archlint.comparison.schemas.serialization import BODY, FORM, Serialization, parameter
from archlint.model.openapi.contracts import Dialect
from archlint.model.openapi.operations import Direction
from tests.comparison.schemas.contracts import as_contract, resolver
from tests.comparison.schemas.generating import Generator, Json, Sampler
from tests.support.sampling import usually

PAIRS = 1_000
TAKEN = usually(350, PAIRS)
"""Pairs of each block of 1,000."""
SAMPLES = 12
"""Values that are sampled for each side of a pair."""
PLACES: tuple[Serialization, ...] = (BODY, BODY, BODY, FORM, parameter("query"), parameter("path"))


def validator(schema: Json) -> jsonschema_rs.Draft202012Validator | None:
    """The judge of a schema; ``None`` if an edit made it no schema."""
    try:
        return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    except ValueError:
        return None


def pair(rng: random.Random, rare: bool) -> tuple[Json, Json]:
    """A schema, and the same after one to three edits."""
    generator = Generator(rng, rare)
    base = revision = generator.document()
    for _ in range(rng.randint(1, 3)):
        revision = generator.mutate(revision)
    return base, revision


def judge(answer: Answer, narrow: Any, wide: Any, values: list[Json]) -> None:
    """Fail if the judge knows better."""
    if isinstance(answer, No):
        assert narrow.is_valid(answer.witness)
        assert not wide.is_valid(answer.witness)
    if isinstance(answer, Yes):
        wrong = [value for value in values if narrow.is_valid(value) and not wide.is_valid(value)]
        assert not wrong, wrong[0]


def report(capsys: pytest.CaptureFixture[str], what: str, counts: Counter[str]) -> None:
    with capsys.disabled():
        print(f"\n{what}: {dict(sorted(counts.items()))}")


@pytest.mark.parametrize("block", range(17))
def test_no_answer_about_common_keywords_is_wrong(block: int, capsys: pytest.CaptureFixture[str]) -> None:
    counts = run_plain(block, rare=False)
    report(capsys, f"common keywords, block {block}", counts)
    assert counts["Yes"] >= counts.total() / 5
    assert counts["Unknown"] <= counts.total() / 50


@pytest.mark.parametrize("block", range(100, 103))
def test_no_answer_about_rare_keywords_is_wrong(block: int, capsys: pytest.CaptureFixture[str]) -> None:
    counts = run_plain(block, rare=True)
    report(capsys, f"all keywords, block {block}", counts)
    assert counts["Yes"] >= counts.total() / 5


def run_plain(block: int, rare: bool) -> Counter[str]:
    counts: Counter[str] = Counter()
    for index in range(TAKEN):
        rng = random.Random(block * PAIRS + index)
        base, revision = pair(rng, rare)
        judges = validator(base), validator(revision)
        if None in judges:
            continue
        engine, nodes = Engine(), (read(base), read(revision))
        values = [Sampler(rng, side).value(side) for side in (base, revision) for _ in range(SAMPLES)]
        for narrow, wide in ((0, 1), (1, 0)):
            answer = engine.contains(nodes[narrow], nodes[wide])
            counts[type(answer).__name__] += 1
            judge(answer, judges[narrow], judges[wide], values)
    return counts


@pytest.mark.parametrize("block", range(200, 203))
def test_no_answer_about_contracts_is_wrong(block: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Schemas of OpenAPI 3.0, lowered by direction and place, under the producer rule."""
    counts: Counter[str] = Counter()
    for index in range(TAKEN):
        rng = random.Random(block * PAIRS + index)
        base, revision = pair(rng, rare=False)
        written = as_contract(rng, base), as_contract(rng, revision)
        direction, place = rng.choice(list(Direction)), rng.choice(PLACES)
        lowered = [
            Lowering(Dialect.V3_0, resolver(document)).lower(document, None, direction, place)
            for document in written
        ]
        values = [Sampler(rng, side).value(side) for side in (base, revision) for _ in range(SAMPLES)]
        for narrow, wide in (lowered, lowered[::-1]):
            counts[type(judged(narrow, wide, values)).__name__] += 1
    report(capsys, f"contracts, block {block}", counts)
    assert counts["Yes"] >= counts.total() / 5
    assert counts["Unknown"] <= counts.total() / 50


def judged(narrow: Schema, wide: Schema, values: list[Json]) -> Answer:
    """The answer under the producer rule, once the judge agrees."""
    answer = Engine().contains(produced(narrow), wide)
    if isinstance(answer, Unknown):
        return answer
    sides = render(narrow if isinstance(answer, No) else produced(narrow)), render(wide)
    if "x-text" not in str(sides):  # a keyword that the judge does not know
        judge(answer, *map(validator, sides), values)
    return answer
