"""Messages of Pact files against schemas in files of their own: which one is meant, and what it sends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archlint.comparison.evidence.pact_messages import pact_messages
from archlint.model.evidence.pact import Pact
from tests.oas.worlds import world_of
from tests.pact.test_answers import changed
from tests.support.inside import archlint
from tests.support.sampling import usually

Told = list[tuple[str, tuple[str, ...]]]
TYPED = {"body": {"$": {"matchers": [{"match": "type"}]}}}


def pact(body: Any, description: str = "Made", **more: Any) -> dict[str, Any]:
    message = {"description": description, "contents": body, "matchingRules": TYPED, **more}
    return {"consumer": {"name": "web"}, "provider": {"name": "orders"}, "messages": [message]}


def told(files: dict[str, Any], wanted: dict[str, Any]) -> tuple[Told, list[str]]:
    """What is unmet, and why something is not judged."""
    texts = {path: each if isinstance(each, str) else json.dumps(each) for path, each in files.items()}
    world = world_of({**texts, "pact.json": wanted})
    judged = world.fact(pact_messages)[world.all(Pact)[0].document]
    return [(str(each.unmet.lack), each.unmet.way) for each in judged.unmet], list(judged.unread)


NAMES = st.sampled_from(["a", "b", "c"])
LEAVES: dict[str, tuple[Any, Any]] = {
    "string": ("x", {"no": "such"}),
    "int": (7, "7"),
    "long": (7, None),
    "double": (0.5, "x"),
    "boolean": (True, 1),
}
"""For each type of Avro a value of it, and another one."""


@st.composite
def typed(draw: st.DrawFn, depth: int = 3) -> tuple[Any, Any]:
    """A type of Avro, with a value."""
    form = draw(st.sampled_from(["leaf", "record", "list", "map", "union"] if depth else ["leaf"]))
    if form == "leaf":
        name = draw(st.sampled_from(sorted(LEAVES)))
        return name, LEAVES[name][0]
    if form == "record":
        names = draw(st.lists(NAMES, min_size=1, unique=True))
        parts = {name: draw(typed(depth - 1)) for name in names}
        fields = [{"name": name, "type": part[0]} for name, part in parts.items()]
        number = draw(st.integers(1, 10**9))
        made = {"type": "record", "name": f"R{number}", "fields": [*fields, {"name": "z", "type": "int"}]}
        return made, {name: part[1] for name, part in parts.items()}
    inner, value = draw(typed(depth - 1))
    if form == "list":
        return {"type": "array", "items": inner}, [value]
    if form == "map":
        return {"type": "map", "values": inner}, {"k": value}
    return ["null", inner] if not isinstance(inner, list) else inner, value


def leaves_of(type_: Any, value: Any, way: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], str]]:
    """The ways to the leaves of a value, with their types."""
    if isinstance(type_, list):
        return leaves_of(type_[1], value, way)
    if isinstance(type_, str):
        return [(way, type_)]
    if type_["type"] == "array":
        return leaves_of(type_["items"], value[0], (*way, "*"))
    if type_["type"] == "map":
        return leaves_of(type_["values"], value["k"], (*way, "k"))
    known = {field["name"]: field["type"] for field in type_["fields"]}
    return [leaf for name in value for leaf in leaves_of(known[name], value[name], (*way, name))]


@settings(max_examples=usually(40, 1000), deadline=None)
@given(typed(), st.data())
def test_of_a_record_the_leaf_of_another_type_is_told_and_nothing_else(
    case: tuple[Any, Any], data: st.DataObject
) -> None:
    inner, value = case
    files = {
        "orders/Made.avsc": {"type": "record", "name": "Made", "fields": [{"name": "it", "type": inner}]}
    }
    assert told(files, pact({"it": value})) == ([], [])
    way, type_ = data.draw(st.sampled_from(leaves_of(inner, value, ("it",))))
    spoilt = changed({"it": value}, way, LEAVES[type_][1])
    found, _ = told(files, pact(spoilt))
    if LEAVES[type_][1] is not None:  # null may be another branch of a union
        assert found == [("impossible", way)]
    assert told(files, pact({"other": value})) == ([("undeclared", ("other",))], [])


RECORD = {
    "type": "record",
    "name": "Made",
    "namespace": "shop.orders",
    "fields": [{"name": "a", "type": "int"}],
}
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": "https://shop.example/made.json",
    "title": "OrderMade",
    "type": "object",
    "properties": {"a": {"type": "integer"}},
}
NONE = "no message of an AsyncAPI document has its name, and no schema in a file of its own"


@pytest.mark.parametrize(
    ("path", "schema", "wanted", "why"),
    [
        ("x/any.avsc", RECORD, pact({"b": 1}, "shop.orders.Made"), None),
        ("events/any.avsc", RECORD, pact({"b": 1}, "made"), None),
        ("x/any.avsc", RECORD, pact({"b": 1}, "made"), NONE),
        ("orders/any.avsc", RECORD, pact({"b": 1}, "?", metadata={"type": "Made"}), None),
        ("x/orders.made-value.avsc", RECORD, pact({"b": 1}, "?", metaData={"topic": "orders.made"}), None),
        ("x/any.json", SCHEMA, pact({"b": 1}, "OrderMade"), None),
        ("x/any.json", SCHEMA, pact({"b": 1}, "an order made event"), NONE),
        ("events/any.json", SCHEMA, pact({"b": 1}, "an order made event"), None),
        ("orders/any.json", SCHEMA, pact({"b": 1}, "an order made event"), None),
        ("x/any.json", SCHEMA, pact({"b": 1}, "?", metadata={"dataschema": SCHEMA["$id"]}), None),
        ("x/order-sent.v2.schema.json", SCHEMA, pact({"b": 1}, "order.sent"), None),
        ("x/any.json", SCHEMA, pact({"b": 1}, "a cart"), NONE),
    ],
)
def test_a_schema_is_meant_by_its_name(
    path: str, schema: Any, wanted: dict[str, Any], why: str | None
) -> None:
    expected = ([("undeclared", ("b",))], []) if why is None else ([], [why])
    assert told({path: schema}, wanted) == expected


def test_the_copy_of_the_provider_is_meant_and_else_none_of_several() -> None:
    other = {**RECORD, "fields": [{"name": "b", "type": "int"}]}
    wanted = pact({"b": 1}, "shop.orders.Made")
    assert told({"orders/m.avsc": RECORD, "web/m.avsc": other}, wanted) == ([("undeclared", ("b",))], [])
    assert told({"cart/m.avsc": RECORD, "web/m.avsc": other}, wanted) == (
        [],
        ["several schemas may be meant"],
    )
    assert told({"cart/m.avsc": other, "web/m.avsc": other}, wanted) == ([], [])


NAMED = st.lists(st.sampled_from(["OrderMade", "OrderSent", "OrderLost"]), min_size=2, unique=True)


@given(NAMED, st.booleans())
def test_of_several_records_in_a_file_the_one_with_the_name_is_meant(
    names: list[str], is_protocol: bool
) -> None:
    records = [{"type": "record", "name": each, "fields": [{"name": each, "type": "int"}]} for each in names]
    document: Any = {"protocol": "Orders", "types": records} if is_protocol else records
    file = {"events/orders.avpr" if is_protocol else "events/orders.avsc": document}
    for name in names:
        for text in (name, f"an event {name} of a shop"):
            assert told(file, pact({name: 1}, text)) == ([], [])
            assert told(file, pact({"b": 1}, text)) == ([("undeclared", ("b",))], [])
    both = pact({"b": 1}, f"{names[1]} after {names[0]}")
    assert told(file, both) == ([], ["several schemas may be meant"])


def test_asyncapi_documents_go_before_and_lead_to_records() -> None:
    document: dict[str, Any] = {
        "asyncapi": "2.6.0",
        "info": {"title": "Orders", "version": "1"},
        "channels": {
            "made": {"subscribe": {"message": {"name": "Made", "payload": {"properties": {"b": {}}}}}}
        },
    }
    assert told({"a.json": document, "orders/m.avsc": RECORD}, pact({"b": 1})) == ([], [])
    message = document["channels"]["made"]["subscribe"]["message"]
    message |= {"schemaFormat": "application/vnd.apache.avro;version=1.9.0", "payload": {"$ref": "m.avsc"}}
    assert told({"orders/a.json": document, "orders/m.avsc": RECORD}, pact({"b": 1})) == (
        [("undeclared", ("b",))],
        [],
    )


def test_verify_needs_no_openapi_document_for_messages(tmp_path: Path) -> None:
    (tmp_path / "made.avsc").write_text(json.dumps(RECORD), "utf-8")
    (tmp_path / "p.json").write_text(json.dumps(pact({"a": 1}, "shop.orders.Made"), indent=1), "utf-8")
    done = archlint("verify", "p.json", "--contract", "made.avsc", "--fail-on", "warning", cwd=tmp_path)
    assert (done.code, "1 interaction of Pact files judged" in done.err) == (0, True)
    (tmp_path / "p.json").write_text(json.dumps(pact({"a": 1}, "?"), indent=1), "utf-8")
    done = archlint("verify", "p.json", "--contract", "made.avsc", cwd=tmp_path)
    assert (done.code, NONE in done.err) == (2, True)
