"""What an application receives may only become wider, what it sends only narrower."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from archlint.comparison.asyncapi import (
    AddressChanged,
    BindingChanged,
    DescriptionRemoved,
    EncodingChanged,
    EventChanged,
    EventRemoved,
    EventUnjudged,
    FlowRemoved,
    LocationChanged,
    compare,
)
from archlint.comparison.avro import FieldUnfilled
from archlint.comparison.terms import ComparisonTerms, Compatibility
from tests.kube.worlds import world_of

_NARROW: dict[str, Any] = {"type": "string", "enum": ["a"]}
_WIDE: dict[str, Any] = {"type": "string"}


def second(payloads: Mapping[str, Any], *, sends: bool) -> dict[str, Any]:
    messages = [{"messageId": name, "payload": payload} for name, payload in payloads.items()]
    operation = {"message": {"oneOf": messages}}
    return {"asyncapi": "2.6.0", "channels": {"x/y": {"subscribe" if sends else "publish": operation}}}


def third(payloads: Mapping[str, Any], *, sends: bool) -> dict[str, Any]:
    channel = {"address": "x/y", "messages": {name: {"payload": each} for name, each in payloads.items()}}
    operation = {"action": "send" if sends else "receive", "channel": {"$ref": "#/channels/c"}}
    return {"asyncapi": "3.0.0", "channels": {"c": channel}, "operations": {"o": operation}}


def changed(
    folder: Path, base: dict[str, Any], revision: dict[str, Any], promised: str = "BACKWARD"
) -> list[object]:
    old, new = (
        world_of(folder / side, {"asyncapi.json": json.dumps(document)})
        for side, document in (("old", base), ("new", revision))
    )
    return list(compare(old, new, ComparisonTerms(compatibility=Compatibility(promised))))


@pytest.mark.parametrize("sends", [True, False])
@pytest.mark.parametrize(("old", "new"), [(second, second), (third, third), (second, third)])
def test_the_direction_decides_which_way_a_payload_may_go(
    tmp_path: Path, old: Any, new: Any, sends: bool
) -> None:
    before, after = (_NARROW, _WIDE) if sends else (_WIDE, _NARROW)
    (found,) = changed(tmp_path / "1", old({"m": before}, sends=sends), new({"m": after}, sends=sends))
    assert isinstance(found, EventChanged)
    assert found.witness != "a"
    assert not changed(tmp_path / "2", old({"m": after}, sends=sends), new({"m": before}, sends=sends))


def test_what_is_gone_is_told(tmp_path: Path) -> None:
    both, one = {"m": _WIDE, "n": _WIDE}, {"m": _WIDE}
    (message,) = changed(tmp_path / "1", third(both, sends=True), third(one, sends=True))
    assert isinstance(message, EventRemoved)
    (flow,) = changed(tmp_path / "2", third(one, sends=True), third(one, sends=False))
    assert isinstance(flow, FlowRemoved)
    assert flow.is_turned


def nameless(*payloads: Any, address: str = "x/{id}", **message: str) -> dict[str, Any]:
    """A document whose messages have no names, sent to an address."""
    messages = [{"payload": payload, **message} for payload in payloads]
    return {"asyncapi": "2.6.0", "channels": {address: {"subscribe": {"message": {"oneOf": messages}}}}}


_NUMBER: dict[str, Any] = {"type": "number"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (nameless(_NARROW, _NUMBER), nameless(_NUMBER, _NARROW)),
        (nameless(_NARROW), nameless(_NARROW, address="x/{orderId}")),
        (nameless(_NARROW), nameless(_NARROW, name="Placed")),
        (
            nameless(_NARROW, contentType="application/json"),
            nameless(_NARROW, contentType="application/json; charset=utf-8"),
        ),
    ],
)
def test_what_nobody_sees_on_the_wire_is_no_change(
    tmp_path: Path, old: dict[str, Any], new: dict[str, Any]
) -> None:
    assert not changed(tmp_path, old, new)


def test_a_document_is_no_successor_of_one_beside_it(tmp_path: Path) -> None:
    one = {**nameless(_NARROW, address="one"), "info": {"title": "Events"}}
    two = {**nameless(_NARROW, address="two"), "info": {"title": "Events"}}
    base = world_of(tmp_path / "old", {"a.json": json.dumps(one), "b.json": json.dumps(two)})
    revision = world_of(tmp_path / "new", {"b.json": json.dumps(two)})
    (found,) = compare(base, revision, ComparisonTerms())
    assert isinstance(found, DescriptionRemoved)


def bound(channel: Any = None, operation: Any = None, message: Any = None, *, sends: bool = True) -> Any:
    """A document of version 3 with bindings."""
    document = third({"m": _WIDE}, sends=sends)
    document["channels"]["c"]["bindings"] = channel or {}
    document["channels"]["c"]["messages"]["m"]["bindings"] = message or {}
    document["operations"]["o"]["bindings"] = operation or {}
    return document


@pytest.mark.parametrize(
    ("old", "new", "promise"),
    [
        (bound({"kafka": {"partitions": 3}}), bound({"kafka": {"partitions": 4}}), "order"),
        (bound({"amqp": {"queue": {"name": "a"}}}), bound({"amqp": {"queue": {"name": "b"}}}), "name"),
        (bound({"ws": {"method": "GET"}}), bound({"ws": {"method": "POST"}}), "form"),
        (bound(None, {"mqtt": {"qos": 2}}), bound(None, {"mqtt": {"qos": 1}}), "less"),
        (bound(None, {"mqtt": {"qos": 1}}), bound(None, {"mqtt": {"qos": 2}}), None),
        (
            bound(None, {"mqtt": {"qos": 2}}, sends=False),
            bound(None, {"mqtt": {"qos": 1}}, sends=False),
            None,
        ),
        (bound(None, {"mqtt": {"retain": True}}), bound(None, {"mqtt": {"retain": False}}), "less"),
        (bound(None, {"kafka": {"groupId": {"const": "a"}}}), bound(), None),
        (
            bound(None, None, {"kafka": {"schemaIdLocation": "payload"}}),
            bound(None, None, {"kafka": {"schemaIdLocation": "header"}}),
            "form",
        ),
    ],
)
def test_a_binding_promises(tmp_path: Path, old: Any, new: Any, promise: str | None) -> None:
    found = changed(tmp_path, old, new)
    assert [each.promise for each in found if isinstance(each, BindingChanged)] == (
        [promise] if promise else []
    )
    assert len(found) == (promise is not None)


def test_the_key_of_kafka_is_compared_as_a_payload_is(tmp_path: Path) -> None:
    sides = [bound(None, None, {"kafka": {"key": key}}) for key in (_NARROW, _WIDE)]
    (found,) = changed(tmp_path / "1", *sides)
    assert isinstance(found, EventChanged)
    assert found.field == "key"
    assert not changed(tmp_path / "2", *reversed(sides))


def parametrized(enum: list[str], *, sends: bool, name: str = "id", old: bool = False) -> dict[str, Any]:
    """A document with a parameter of some values in the address."""
    if old:
        document = second({"m": _WIDE}, sends=sends)
        (operation,) = document["channels"].values()
        schema = {"schema": {"type": "string", "enum": enum}}
        return {**document, "channels": {f"x/{{{name}}}": {**operation, "parameters": {name: schema}}}}
    document = third({"m": _WIDE}, sends=sends)
    document["channels"]["c"] |= {"address": f"x/{{{name}}}", "parameters": {name: {"enum": enum}}}
    return document


@pytest.mark.parametrize("sends", [True, False])
@pytest.mark.parametrize("old", [True, False])
def test_values_in_the_address_are_compared_by_direction(tmp_path: Path, sends: bool, old: bool) -> None:
    few, many = ["a"], ["a", "b"]
    before, after = (few, many) if sends else (many, few)
    base = parametrized(before, sends=sends, old=old)
    (found,) = changed(tmp_path / "1", base, parametrized(after, sends=sends, name="other"))
    assert isinstance(found, EventChanged)
    assert found.witness == "b"
    assert not changed(
        tmp_path / "2", parametrized(after, sends=sends, old=old), parametrized(before, sends=sends)
    )


def test_a_channel_that_has_moved_is_told_once_and_compared(tmp_path: Path) -> None:
    base, revision = third({"m": _NARROW}, sends=True), third({"m": _WIDE}, sends=True)
    for document in (base, revision):
        document["operations"]["back"] = {"action": "receive", "channel": {"$ref": "#/channels/c"}}
    revision["channels"]["c"]["address"] = "x/z"
    moved, payload = changed(tmp_path, base, revision)
    assert isinstance(moved, AddressChanged)
    assert isinstance(payload, EventChanged)


def test_a_reply_is_compared_the_other_way_round(tmp_path: Path) -> None:
    def asking(reply: Any, where: str) -> dict[str, Any]:
        document = third({"m": _WIDE}, sends=False)
        document["channels"]["back"] = {"address": None, "messages": {"r": {"payload": reply}}}
        document["operations"]["o"]["reply"] = {
            "channel": {"$ref": "#/channels/back"},
            "address": {"location": where},
        }
        return document

    (found,) = changed(tmp_path / "1", asking(_NARROW, "a"), asking(_WIDE, "a"))
    assert isinstance(found, EventChanged)
    assert not changed(tmp_path / "2", asking(_WIDE, "a"), asking(_NARROW, "a"))
    (located,) = changed(tmp_path / "3", asking(_WIDE, "a"), asking(_WIDE, "b"))
    assert isinstance(located, LocationChanged)
    (gone,) = changed(tmp_path / "4", asking(_WIDE, "a"), third({"m": _WIDE}, sends=False))
    assert isinstance(gone, FlowRemoved)
    assert gone.base.is_reply


def avro(fields: list[Any], *, sends: bool, old: bool) -> dict[str, Any]:
    """A document whose payload is a record of Avro that stands in it."""
    record = {"type": "record", "name": "Placed", "fields": fields}
    kind = "application/vnd.apache.avro+json;version=1.9.0"
    if not old:
        return third({"m": {"schemaFormat": kind, "schema": record}}, sends=sends)
    message = {"messageId": "m", "schemaFormat": kind, "payload": record}
    channel = {"subscribe" if sends else "publish": {"message": message}}
    return {"asyncapi": "2.6.0", "channels": {"x/y": channel}}


@pytest.mark.parametrize("sends", [True, False])
@pytest.mark.parametrize("old", [True, False])
def test_payloads_in_avro_are_resolved_by_direction(tmp_path: Path, sends: bool, old: bool) -> None:
    few, many = [], [{"name": "id", "type": "string"}]
    before, after = (many, few) if sends else (few, many)
    (found,) = changed(
        tmp_path / "1", avro(before, sends=sends, old=old), avro(after, sends=sends, old=False)
    )
    assert isinstance(found, FieldUnfilled)
    assert not changed(
        tmp_path / "2", avro(after, sends=sends, old=old), avro(before, sends=sends, old=False)
    )


def test_traits_give_what_a_message_lacks(tmp_path: Path) -> None:
    def typed(kind: str) -> dict[str, Any]:
        document = second({"m": _WIDE}, sends=True)
        (operation,) = document["channels"]["x/y"].values()
        operation["message"]["oneOf"][0]["traits"] = [{"$ref": "#/components/messageTraits/t"}]
        return {**document, "components": {"messageTraits": {"t": {"contentType": kind}}}}

    (found,) = changed(tmp_path, typed("application/json"), typed("application/xml"))
    assert isinstance(found, EncodingChanged)


def test_of_several_of_one_title_the_one_that_is_alike_goes_on(tmp_path: Path) -> None:
    one, two = (
        {**nameless(_NARROW, address=address), "info": {"title": "Events"}} for address in ("one", "two")
    )
    base = world_of(tmp_path / "old", {"a.json": json.dumps(one), "b.json": json.dumps(two)})
    revision = world_of(tmp_path / "new", {"c.json": json.dumps(two), "d.json": json.dumps(one)})
    assert not list(compare(base, revision, ComparisonTerms()))


def test_an_answer_may_be_what_was_sent_by_itself(tmp_path: Path) -> None:
    def answering(*, by_reply: bool) -> dict[str, Any]:
        document = third({"m": _WIDE}, sends=False)
        document["channels"]["back"] = {"address": "x/back", "messages": {"r": {"payload": _WIDE}}}
        back = {"$ref": "#/channels/back"}
        if by_reply:
            document["operations"]["o"]["reply"] = {"channel": back}
        else:
            document["operations"]["p"] = {"action": "send", "channel": back}
        return document

    sides = answering(by_reply=False), answering(by_reply=True)
    assert not changed(tmp_path / "1", *sides)
    assert not changed(tmp_path / "2", *reversed(sides))


def test_values_of_a_parameter_that_are_not_listed_are_not_compared(tmp_path: Path) -> None:
    base = parametrized(["a"], sends=True, old=True)
    base["channels"]["x/{id}"]["parameters"]["id"]["schema"] = {"type": "integer"}
    revision = parametrized(["a"], sends=True)
    assert not changed(tmp_path, base, revision)


@pytest.mark.parametrize("sends", [True, False])
@pytest.mark.parametrize(
    ("promised", "harmful", "harmless"), [("FULL", 1, 1), ("NONE", 0, 0), ("FORWARD", 1, 0)]
)
def test_what_is_promised_of_events_adds_to_the_direction(
    tmp_path: Path, sends: bool, promised: str, harmful: int, harmless: int
) -> None:
    narrow, wide = (third({"m": each}, sends=sends) for each in (_NARROW, _WIDE))
    for name, number, is_wider in (("1", harmful, sends), ("2", harmless, not sends)):
        sides = (narrow, wide) if is_wider else (wide, narrow)
        found = changed(tmp_path / name, *sides, promised)
        assert len(found) == number
        assert all(isinstance(each, EventChanged) and each.is_kept is (name == "2") for each in found)


_RAML, _OPENAPI, _PROTO = (
    *("application/raml+yaml;version=1.0", "application/vnd.oai.openapi;version=3.0.0"),
    "application/vnd.google.protobuf;version=3",
)
_RECORD = {"type": "record", "name": "A", "fields": [{"name": "a", "type": "int", "default": 1}]}
_AVRO = "application/vnd.apache.avro;version=1.9.0"
_REF: dict[str, Any] = {"$ref": "https://other.example.com/a.json"}


def written(language: str | None, payload: Any, *, old: bool) -> dict[str, Any]:
    """A document that sends a payload in a language, a trait of its message naming it in version 2."""
    if old:
        message = {"messageId": "m", "payload": payload, "traits": [{"schemaFormat": language}]}
        return {"asyncapi": "2.6.0", "channels": {"x/y": {"subscribe": {"message": message}}}}
    return third({"m": {"schemaFormat": language, "schema": payload}}, sends=True)


@pytest.mark.parametrize("old", [True, False])
@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ((_RAML, "a: string"), (_RAML, "a: integer"), f"schemas in '{_RAML}' are not"),
        ((_PROTO, "message A {}"), (_PROTO, "message B {}"), f"schemas in '{_PROTO}' are not"),
        ((_OPENAPI, _WIDE), (_OPENAPI, _NARROW), f"schemas in '{_OPENAPI}' are not"),
        ((_RAML, _REF), (_RAML, {"$ref": "https://other.example.com/b"}), f"schemas in '{_RAML}' are not"),
        (
            (_RAML, "a"),
            (_OPENAPI, _WIDE),
            f"schemas in '{_RAML}' are not compared with",
        ),
        ((_RAML, "a"), (_RAML, None), f"schemas in '{_RAML}' are not"),
        ((_RAML, "a"), (_RAML, "a"), None),
        ((_RAML, _REF), (_RAML, _REF), None),
        ((_OPENAPI, {"type": "string"}), (_OPENAPI, _WIDE), None),
        ((_AVRO, {"type": "record", "name": "A", "fields": []}), (_AVRO, _RECORD), None),
        ((_AVRO, {"protocol": "A"}), (_AVRO, _RECORD), None),
        (("application/schema+json", True), ("application/schema+json", _WIDE), None),
        (("application/schema+json", _WIDE), ("application/schema+json", _REF), ""),
        (("application/schema+json", _REF), ("application/schema+json", _REF), None),
    ],
)
def test_what_nobody_compares_is_told_where_it_differs(
    tmp_path: Path, before: Any, after: Any, reason: str | None, old: bool
) -> None:
    found = changed(tmp_path, written(*before, old=old), written(*after, old=old))
    told = [each.reason for each in found if isinstance(each, EventUnjudged)]
    assert len(found) == len(told) == (reason is not None), found
    assert reason is None or told[0].startswith(reason)
    silent = changed(tmp_path / "none", written(*before, old=old), written(*after, old=old), "NONE")
    assert not silent


@pytest.mark.parametrize("sends", [True, False])
def test_schemas_that_are_true_or_false_are_compared(tmp_path: Path, sends: bool) -> None:
    wide, narrow = third({"m": True}, sends=sends), third({"m": _NARROW}, sends=sends)
    (found,) = changed(tmp_path / "1", *((narrow, wide) if sends else (wide, narrow)))
    assert isinstance(found, EventChanged)
    assert not changed(tmp_path / "2", *((wide, narrow) if sends else (narrow, wide)))


def test_keys_in_avro_are_told_of(tmp_path: Path) -> None:
    for at, (old, new) in enumerate(
        (
            ({"type": "enum", "symbols": ["a"]}, {"type": "enum", "symbols": ["b"]}),
            ("string", "long"),
            (_WIDE, ["null", "string"]),
            (_WIDE, {"type": "array", "items": "string"}),
        )
    ):
        sides = (bound(message={"kafka": {"key": key}}) for key in (old, new))
        (found,) = changed(tmp_path / str(at), *sides)
        assert isinstance(found, EventUnjudged), old
        same = (bound(message={"kafka": {"key": key}}) for key in (new, new))
        assert not changed(tmp_path / f"{at}-same", *same)


def test_what_several_messages_share_and_nobody_compares_is_told_once(tmp_path: Path) -> None:
    def shared(schema: Any) -> dict[str, Any]:
        payload = {"schemaFormat": _RAML, "schema": {"$ref": "#/components/schemas/s"}}
        found = third({"m": payload, "n": payload}, sends=True)
        return {**found, "components": {"schemas": {"s": schema}}}

    (found,) = changed(tmp_path, shared({"a": "string"}), shared({"a": "integer"}))
    assert isinstance(found, EventUnjudged)
    assert (found.name, found.new.route) == ("m", ("components", "schemas", "s"))
