"""What a consumer sends, as each version writes it, and what of it only the provider knows."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archlint.comparison.evidence.pact_judging import NOTHING, pact_verdicts, unjudged
from archlint.comparison.evidence.pact_requests import pact_requests
from archlint.model.evidence.pact import Pact
from tests.oas.worlds import world_of
from tests.pact.test_answers import contract, pact
from tests.support.sampling import usually

SCHEMA = {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}, "s": {"enum": ["a"]}}}


def refused(operation: dict[str, Any], request: dict[str, Any]) -> list[str]:
    """The mismatches of a request, by class and parameter."""
    offered, wanted = contract({}), pact({})
    offered["paths"]["/carts/{id}"]["get"] |= operation
    wanted["interactions"][0]["request"] |= request
    world = world_of({"openapi.json": offered, "pact.json": wanted})
    (judged,) = world.fact(pact_requests).values()
    return sorted(getattr(each, "name", type(each).__name__) for each in judged.mismatches)


def parameter(place: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": "p", "in": place, "required": True, "schema": schema}


@settings(max_examples=usually(40, 1000), deadline=None)
@given(st.text(st.sampled_from("aé +%&=#?/,;:|[]\"'~"), min_size=1, max_size=6))
def test_a_query_is_encoded_as_a_text_and_not_as_a_map(value: str) -> None:
    for stated, told in ((value, []), (value + "b", ["p"])):
        operation = {"parameters": [parameter("query", {"type": "string", "enum": [stated]})]}
        assert refused(operation, {"query": f"p={quote(value)}"}) == told
        assert refused(operation, {"query": {"p": [value]}}) == told


def test_a_list_keeps_its_delimiters() -> None:
    numbers = {"type": "array", "items": {"type": "integer"}}
    for style, text in (("form", "1,2"), ("pipeDelimited", "1|2"), ("spaceDelimited", "1 2")):
        operation = {"parameters": [parameter("query", numbers) | {"style": style, "explode": False}]}
        assert refused(operation, {"query": {"p": [text]}}) == []
        assert refused(operation, {"query": f"p={quote(text, safe=',')}"}) == []
        assert refused(operation, {"query": {"p": [text + "x"]}}) == ["p"]
    assert refused({"parameters": [parameter("query", numbers)]}, {"query": {"p": ["1", "2"]}}) == []


STATE = {"type": "ProviderState", "expression": "/carts/${id}"}


@pytest.mark.parametrize(
    ("place", "request_"),
    [
        ("path", {"path": "/carts/x", "generators": {"path": STATE}}),
        ("query", {"query": {"p": ["x"]}, "generators": {"query": {"p": STATE}}}),
        ("query", {"query": {"p": ["x"]}, "generators": {"query": {"$['p'][0]": STATE}}}),
        ("header", {"headers": {"P": "x"}, "generators": {"header": {"p": STATE}}}),
        ("header", {"headers": {"p": ["x"]}, "generators": {"header": {"$.P[0]": STATE}}}),
    ],
)
def test_what_the_state_of_the_provider_gives_is_not_judged(place: str, request_: dict[str, Any]) -> None:
    stated = parameter(place, {"type": "integer"})
    operation = {"parameters": [{**stated, "name": "id"} if place == "path" else stated]}
    assert refused(operation, request_) == []
    made = {**request_, "generators": {"path": {"type": "RandomInt"}}}
    assert len(refused(operation, made)) == 1, "other generators make what is like the example"


def test_parts_of_a_body_that_the_provider_gives() -> None:
    def told(body: Any, open_part: str, schema: Any = SCHEMA) -> int:
        operation = {"requestBody": {"content": {"application/json": {"schema": schema}}}}
        generators = {"body": {open_part: STATE}}
        headers = {"Content-Type": "application/json"}
        return len(refused(operation, {"headers": headers, "body": body, "generators": generators}))

    assert told({"n": "x", "s": "a"}, "$.n") == 0
    assert told({"n": "x", "s": "b"}, "$.n") == 1
    assert told({"n": "x"}, "$.s") == 1
    assert told([{"n": "x"}, {"n": "y"}], "$[*].n", {"type": "array", "items": SCHEMA}) == 0
    assert told({"n": "x", "s": "b"}, "$.n", {"anyOf": [SCHEMA, {"type": "null"}]}) == 0, "which is not known"


def test_a_text_without_characters_is_no_body() -> None:
    taking = {"requestBody": {"required": True, "content": {"application/json": {"schema": SCHEMA}}}}
    assert refused(taking, {"body": ""}) == ["BodyNotSent"]
    assert refused({"requestBody": {"content": {"application/json": {"schema": SCHEMA}}}}, {"body": ""}) == []


@pytest.mark.parametrize(("method", "count"), [("OPTIONS", 0), ("HEAD", 0), ("PUT", 1), ("TRACE", 1)])
def test_what_servers_answer_by_themselves_need_not_be_described(method: str, count: int) -> None:
    wanted = pact({})
    wanted["interactions"][0]["request"]["method"] = method
    world = world_of({"openapi.json": contract({}), "pact.json": wanted})
    found = world.fact(pact_verdicts).get(world.all(Pact)[0].document, NOTHING)
    assert (len(found.unoffered), list(unjudged(world))) == (count, [])
