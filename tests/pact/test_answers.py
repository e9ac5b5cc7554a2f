"""What a consumer reads against what a contract sends: the least that is read is all that is asked for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from archlint.comparison.evidence.pact_judging import NOTHING, PactVerdict, pact_verdicts, unjudged
from archlint.files import Kind
from archlint.model.evidence.pact import Pact
from archlint.model.world import World
from tests.oas.worlds import world_of
from tests.support.sampling import usually


def contract(schema: Any, version: str = "3.1.0", **components: Any) -> dict[str, Any]:
    answers = {"200": {"description": "ok", "content": {"application/json": {"schema": schema}}}}
    return {
        "openapi": version,
        "info": {"title": "Cart", "version": "1"},
        "paths": {"/carts/{id}": {"get": {"responses": answers}}},
        "components": {"schemas": components},
    }


def pact(body: Any, rules: Any = None) -> dict[str, Any]:
    answer = {"status": 200, "headers": {"Content-Type": "application/json"}, "body": body}
    if rules is not None:
        answer["matchingRules"] = {"body": rules}
    return {
        "consumer": {"name": "storefront"},
        "provider": {"name": "cart"},
        "interactions": [{"request": {"method": "GET", "path": "/carts/7"}, "response": answer}],
    }


def verdict(offered: dict[str, Any], wanted: dict[str, Any]) -> PactVerdict:
    world = world_of({"openapi.json": offered, "pact.json": wanted})
    assert world.kinds["pact.json"] is Kind.PACT
    found = world.all(Pact)
    return world.fact(pact_verdicts).get(found[0].document, NOTHING)


def told(schema: Any, body: Any, rules: Any = None, **components: Any) -> set[tuple[str, tuple[str, ...]]]:
    found = verdict(contract(schema, **components), pact(body, rules))
    assert not found.unoffered
    return {(str(unmet.lack), unmet.way) for answer in found.answers for unmet in answer.unmet}


def test_one_of_ten_required_properties_is_enough() -> None:
    names = [f"p{number}" for number in range(10)]
    schema = {"type": "object", "required": names, "properties": {name: {"type": "string"} for name in names}}
    assert told(schema, {"p3": "x"}) == set()


def test_what_the_contract_leaves_open_may_come() -> None:
    body = {"a": {"b": [1]}}
    for schema in (
        {},
        True,
        {"type": "object"},
        {"type": "object", "additionalProperties": True},
        {"type": "object", "additionalProperties": {"type": "object"}},
        {"type": "object", "properties": {"a": {}}},
        {"anyOf": [{"type": "string"}, {"type": "object", "properties": {"a": {"$ref": "nowhere.yaml"}}}]},
    ):
        assert told(schema, body) == set(), schema


@given(st.sampled_from([None, 7, True, [], {}, ["type"], {"match": "type"}]))
def test_a_matcher_whose_name_is_no_text_asks_for_nothing(odd: Any) -> None:
    rules = {"$.a": {"matchers": [{"match": odd}]}}
    schema = {"type": "object", "properties": {"a": {"type": "string"}}}
    assert told(schema, {"a": "x"}, rules) == told(schema, {"a": "x"}, {"$.a": {"matchers": []}})


def test_each_place_of_a_value_is_told_by_its_way() -> None:
    item = {"type": "object", "properties": {"n": {"type": "integer"}, "s": {"enum": ["a", "b"]}}}
    schema = {"type": "object", "properties": {"items": {"type": "array", "maxItems": 2, "items": item}}}
    each = {"$.items": {"matchers": [{"match": "type", "min": 1}]}}
    assert told(schema, {"items": [{"n": 1, "s": "a"}]}, each) == set()
    assert told(schema, {"items": [{"n": "1", "s": "a"}]}, each) == {("impossible", ("items", "*", "n"))}
    assert told(schema, {"items": [{"m": 1}]}, each) == {("undeclared", ("items", "*", "m"))}
    assert told(schema, {"items": [{"s": "a"}, {"s": "c"}]}) == {("impossible", ("items", "1", "s"))}
    assert told(schema, {"items": [{}, {}, {}]}) == {("impossible", ("items",))}
    many = {"$.items": {"matchers": [{"match": "type", "min": 3}]}}
    assert told(schema, {"items": [{}]}, many) == {("impossible", ("items",))}


def test_parts_that_never_come_together() -> None:
    card = {"type": "object", "additionalProperties": False, "properties": {"card": {"type": "string"}}}
    bank = {"type": "object", "additionalProperties": False, "properties": {"iban": {"type": "string"}}}
    assert told({"oneOf": [card, bank]}, {"card": "x"}) == set()
    assert told({"oneOf": [card, bank]}, {"card": "x", "iban": "y"}) == {("together", ())}


def test_what_never_leaves_is_never_read() -> None:
    secret = {"type": "string", "writeOnly": True}
    schema = {"type": "object", "properties": {"id": {"type": "string"}, "secret": secret, "no": False}}
    assert told(schema, {"secret": "x"}) == {("unsent", ("secret",))}
    assert told(schema, {"no": "x"}) == {("unsent", ("no",))}
    assert told(schema, {"id": "x"}) == set()


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text("ab", max_size=3),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=1)
        | st.dictionaries(st.sampled_from("abcd"), inner, min_size=1, max_size=3)
    ),
    max_leaves=8,
)
BODIES = st.dictionaries(st.sampled_from("abcd"), VALUES, min_size=1, max_size=3)
FORMS = st.sampled_from(["plain", "parts", "choice", "reference"])


def schema_of(value: Any, draw: Any, components: dict[str, Any]) -> dict[str, Any]:
    """A schema that sends such values, written in one of several ways."""
    if isinstance(value, dict):
        properties = {name: schema_of(item, draw, components) for name, item in value.items()}
        made: dict[str, Any] = {"type": "object", "properties": {**properties, "other": {"type": "string"}}}
        made["required"] = ["other"]
    elif isinstance(value, list):
        made = {"type": "array", "items": schema_of(value[0], draw, components)}
    else:
        made = {"type": kind_of(value)}
    form = draw(FORMS)
    if form == "parts":
        return {"allOf": [made, {"description": "more"}]}
    if form == "choice":
        return {"oneOf": [{"type": "array", "maxItems": 0}, made] if not isinstance(value, list) else [made]}
    if form == "reference":
        name = f"S{len(components)}"
        components[name] = made
        return {"$ref": f"#/components/schemas/{name}"}
    return made


def kind_of(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    return {int: "integer", str: "string", type(None): "null"}[type(value)]


def leaves_of(value: Any, way: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield from leaves_of(item, (*way, name))
    elif isinstance(value, list):
        yield from leaves_of(value[0], (*way, "*"))
    else:
        yield way


def changed(value: Any, way: tuple[str, ...], leaf: Any) -> Any:
    if not way:
        return leaf
    if isinstance(value, list):
        return [changed(value[0], way[1:], leaf)]
    return {**value, way[0]: changed(value[way[0]], way[1:], leaf)}


@settings(max_examples=usually(25, 500), deadline=None)
@given(BODIES, st.data())
def test_a_leaf_of_another_type_is_told_and_nothing_else(body: Any, data: st.DataObject) -> None:
    components: dict[str, Any] = {}
    schema = schema_of(body, data.draw, components)
    typed = {"$": {"matchers": [{"match": "type"}]}}
    assert told(schema, body, typed, **components) == set()
    way = data.draw(st.sampled_from(sorted(leaves_of(body))))
    spoilt = changed(body, way, {"no": "such"})
    assert told(schema, spoilt, typed, **components) == {("impossible", way)}


@settings(max_examples=usually(25, 500), deadline=None)
@given(BODIES, st.data())
def test_a_name_that_nothing_declares_is_told_and_nothing_else(body: Any, data: st.DataObject) -> None:
    components: dict[str, Any] = {}
    schema = schema_of(body, data.draw, components)
    way = data.draw(st.sampled_from(sorted(leaves_of(body))))
    named = max(at for at, step in enumerate(way) if step != "*")
    around = way[:named]
    inner = body
    for step in around:
        inner = inner[0] if step == "*" else inner[step]
    spoilt = changed(body, around, {**inner, "nobody": 1})
    typed = {"$": {"matchers": [{"match": "type"}]}}
    assert told(schema, spoilt, typed, **components) == {("undeclared", (*around, "nobody"))}


def test_failures_need_not_be_declared() -> None:
    wanted = pact({"id": 1})
    for status, count in ((500, 0), (503, 0), (404, 1), (201, 1)):
        wanted["interactions"][0]["response"] = {"status": status}
        assert len(verdict(contract({}), wanted).answers) == count, status


def test_a_contract_that_describes_nothing_of_it_is_another_one() -> None:
    wanted = pact({"id": 1})
    for path in ("/a", "/b", "/c"):
        wanted["interactions"][0]["request"]["path"] = path
        assert len(verdict(contract({}), wanted).unoffered) == 1
    one = json.dumps(wanted["interactions"][0])
    wanted["interactions"] = [json.loads(one.replace("/c", path)) for path in ("/a", "/b", "/c")]
    world = world_of({"openapi.json": contract({}), "pact.json": wanted})
    assert dict(world.fact(pact_verdicts)) == {}
    assert [why for _, why in unjudged(world)] == [
        "the contract with the provider's name describes nothing of what is asked"
    ]


def test_hostile_files_end() -> None:
    deep: Any = "x"
    for _ in range(150):
        deep = {"a": deep}
    wide = {f"p{number}": number for number in range(4_000)}
    regex = {"$.a": {"matchers": [{"match": "regex", "regex": "^(a+)+$"}]}}
    schema = {"type": "object", "properties": {"a": {"type": "string"}}}
    assert told(schema, deep) == {("impossible", ("a",))}
    assert told(schema, {"a": "a" * 40 + "b"}, regex) == set()
    assert told(schema, {"a": "x"}, {"$.a": {"matchers": [{"match": "regex", "regex": "(((("}]}}) == set()
    assert len(told(schema, wide)) <= 20


def test_odd_shapes_say_nothing() -> None:
    odd: list[Any] = [None, 1, "x", [], {}, {"name": 1}, [[]], {"request": 1}]
    for value in odd:
        for key in ("interactions", "messages", "consumer", "provider", "metadata"):
            made = json.loads(json.dumps(pact({"id": 1})))
            made[key] = value
            world: World = world_of({"openapi.json": contract({}), "pact.json": made})
            list(world.fact(pact_verdicts).values())
        for part in ("request", "response"):
            for field in ("path", "method", "query", "headers", "body", "status", "matchingRules"):
                made = json.loads(json.dumps(pact({"id": 1})))
                made["interactions"][0][part][field] = value
                world = world_of({"openapi.json": contract({}), "pact.json": made})
                list(world.fact(pact_verdicts).values())


def open_parts(offered: dict[str, Any], wanted: dict[str, Any]) -> list[str]:
    world = world_of({"openapi.json": offered, "pact.json": wanted})
    return sorted(why for _, why in unjudged(world))


def test_what_is_not_judged_is_told() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string", "pattern": "^(?=.*[0-9])a+[0-9]$"}}}
    looking = {"$.a": {"matchers": [{"match": "regex", "regex": r"^(?!b)(\w)\1+\d$"}]}}
    wanted = pact({"a": "aa1"}, looking)
    doubt = "bodies of answers of which it cannot be decided whether the contract has them: 1"
    assert open_parts(contract(schema), wanted) == [doubt]
    wanted["interactions"][0]["response"]["body"]["nobody"] = 1
    found = verdict(contract(schema), wanted)
    assert [unmet.way for answer in found.answers for unmet in answer.unmet] == [("nobody",)]
    plain = pact("text")
    plain["interactions"][0]["response"]["headers"] = {"Content-Type": "text/csv", "X-Trace": ["a"]}
    offered = contract({"type": "string"})
    answer = offered["paths"]["/carts/{id}"]["get"]["responses"]["200"]
    answer["content"] = {"text/csv": {"schema": {"type": "string"}}}
    answer["headers"] = {"X-Trace": {"content": {"text/plain": {}}}}
    assert open_parts(offered, plain) == [
        "bodies of answers that are neither JSON nor plain text, of which the media type alone was judged: 1",
        "headers of answers of which it cannot be decided whether the contract has them: 1",
    ]
    assert open_parts(contract({}), pact({"id": 1})) == []
    sent = pact({})
    sent["interactions"][0]["request"]["body"] = "cart: 1"
    sent["interactions"][0]["request"]["headers"] = {"Content-Type": "application/yaml"}
    taking = contract({})
    body = {"content": {"application/yaml": {"schema": {"type": "object"}}}}
    taking["paths"]["/carts/{id}"]["get"]["requestBody"] = body
    (told_of_request,) = open_parts(taking, sent)
    assert told_of_request.startswith("bodies of requests that are written in no way that is read")


def test_an_answer_without_a_media_type_is_one_that_was_asked_for() -> None:
    wanted = pact({"id": 1})
    wanted["interactions"][0]["response"]["headers"] = {}
    for accepted in (
        "application/json, text/plain, */*",
        "*/*",
        "application/*;q=0.5",
        "",
        "Application/JSON",
    ):
        wanted["interactions"][0]["request"]["headers"] = {"Accept": accepted}
        assert verdict(contract({}), wanted).answers == (), accepted


def test_a_status_of_a_class_is_that_of_the_example() -> None:
    offered = contract({"type": "object", "properties": {"got": {}}})
    made = {"type": "object", "properties": {"made": {}}}
    offered["paths"]["/carts/{id}"]["get"]["responses"]["201"] = {
        "description": "made",
        "content": {"application/json": {"schema": made}},
    }
    wanted = pact({"made": 1}, {"$": {"matchers": [{"match": "type"}]}})
    answer = wanted["interactions"][0]["response"]
    for status, matcher, count in (
        (201, {"match": "statusCode", "status": "success"}, 0),
        (201, {"match": "statusCode", "status": [200, 201]}, 0),
        (202, {"match": "statusCode", "status": "success"}, 1),
        (200, {"match": "statusCode", "status": "success"}, 1),
    ):
        answer["status"] = status
        answer["matchingRules"]["status"] = {"matchers": [matcher]}
        assert len(verdict(offered, wanted).answers) == count, (status, matcher)


def test_plain_text_is_a_text() -> None:
    """It is judged where the contract speaks of texts; whether `7` is a number or a text cannot be told."""
    wanted = pact("hello")
    wanted["interactions"][0]["response"]["headers"] = {"Content-Type": "text/plain; charset=utf-8"}
    for schema, told_at, is_unread in (
        ({"type": "string"}, [], False),
        ({"type": "string", "enum": ["hi"]}, [("impossible", ())], False),
        ({}, [], False),
        ({"type": "integer"}, [], True),
    ):
        offered = contract({})
        offered["paths"]["/carts/{id}"]["get"]["responses"]["200"]["content"] = {
            "text/plain": {"schema": schema}
        }
        found = verdict(offered, wanted)
        assert [(str(each.lack), each.way) for answer in found.answers for each in answer.unmet] == told_at
        assert bool(found.unread) is is_unread, schema
