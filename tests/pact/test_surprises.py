"""What a contract may send and a consumer does not show that it takes."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import jsonschema_rs
import pytest

from archlint.comparison.evidence.pact_surprises import pact_surprises
from tests.oas.worlds import world_of
from tests.pact.test_answers import contract, pact
from tests.pact.test_sets import POOL, RULES, SCHEMAS

Told = set[tuple[str, tuple[str, ...]]]


def told(schema: Any, *bodies: tuple[Any, Any]) -> Told:
    """What is told of some interactions of one consumer, each a body with its rules."""
    wanted = pact(*bodies[0])
    wanted["interactions"] += [pact(*body)["interactions"][0] for body in bodies[1:]]
    world = world_of({"openapi.json": contract(schema), "pact.json": wanted})
    (found,) = world.fact(pact_surprises).values()
    return {(str(each.surprise), each.way) for each in found}


@pytest.mark.parametrize("rule", RULES)
def test_nothing_is_told_that_the_consumer_takes(rule: str) -> None:
    """Null is told if and only if it may come and is not taken; another value only if there is one."""
    example, matchers, combine, lets_through = RULES[rule]
    for name, schema in SCHEMAS.items():
        sent = list(filter(jsonschema_rs.Draft202012Validator(schema).is_valid, POOL))
        is_possible = any(map(lets_through, sent))
        beyond = [value for value in sent if is_possible and not lets_through(value)]
        said = {"$.a": {"matchers": matchers, "combine": combine}}
        whole = {"type": "object", "required": ["a"], "properties": {"a": schema}}
        found = {kind for kind, _ in told(whole, ({"a": example}, said))}
        says_something = {"type", "enum"} & schema.keys() and "include" not in str(matchers)
        if says_something:  # and no matcher looks into texts alone
            assert ("null" in found) is (None in beyond), (name, found)
        assert "value" not in found or any(value is not None for value in beyond), (name, beyond)


MATCHED = {
    "$.s": {"matchers": [{"match": "regex", "regex": "A|B"}]},
    "$.n": {"matchers": [{"match": "integer"}]},
}
BODY = {"s": "A", "n": 1}


def schema(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": ["s", "n"], "properties": properties}


@pytest.mark.parametrize(
    ("stated", "found"),
    [
        (schema(s={"enum": ["A", "B"]}, n={"type": "integer"}), set()),
        (schema(s={"enum": ["A", "B", "C"]}, n={"type": "integer"}), {("value", ("s",))}),
        (schema(s={"enum": ["A", None]}, n={"type": "number"}), {("null", ("s",)), ("value", ("n",))}),
        (schema(s={"type": "string"}, n={"type": ["integer", "string"]}), {("value", ("n",))}),
        ({**schema(s={"type": "string"}, n={"type": "integer"}), "required": ["n"]}, {("missing", ())}),
        (schema(s={"type": "string", "writeOnly": True}, n={}), set()),
    ],
)
def test_lists_types_null_and_what_may_be_missing(stated: Any, found: Told) -> None:
    assert told(stated, (BODY, MATCHED)) - {("null", ("s",))} == found - {("null", ("s",))}


def test_all_interactions_of_a_consumer_are_taken_together() -> None:
    stated = schema(s={"enum": ["A", "B", "C", None]}, n={"type": "integer"})
    stated["required"] = ["s"]
    lone = {("value", ("s",)), ("null", ("s",)), ("missing", ())}
    assert told(stated, (BODY, MATCHED)) == lone
    shown = [(BODY, MATCHED)]
    for body, copes in (
        ({"s": "C", "n": 1}, "value"),
        ({"s": None, "n": 1}, "null"),
        ({"s": "A"}, "missing"),
    ):
        shown.append((body, None))
        lone = {each for each in lone if each[0] != copes}
        assert told(stated, *deepcopy(shown)) == lone
    assert told(stated, (BODY, None)) == set(), "an example alone says nothing of other values"


def test_items_of_lists_are_looked_at() -> None:
    item = {"type": "object", "properties": {"s": {"enum": ["A", "B", "C"]}}}
    rules = {
        "$.l": {"matchers": [{"match": "type", "min": 1}]},
        "$.l[*].s": {"matchers": [{"match": "regex", "regex": "A|B"}]},
    }
    stated = {"type": "object", "required": ["l"], "properties": {"l": {"type": "array", "items": item}}}
    found = told(stated, ({"l": [{"s": "A"}]}, rules))
    assert found == {("value", ("l", "*", "s")), ("missing", ("l", "*"))}
