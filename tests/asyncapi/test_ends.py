"""What one application sends is held against what another one receives there, and against nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import jsonschema_rs
from hypothesis import given, settings
from hypothesis import strategies as st

from archlint.comparison.asyncapi.ends import EventRefused, refused_events
from tests.asyncapi.test_comparison import second, third, written
from tests.kube.worlds import world_of

_NARROW: dict[str, Any] = {"type": "string", "enum": ["a"]}
_WIDE: dict[str, Any] = {"type": "string"}
_SENDER, _RECEIVER = "orders/asyncapi.json", "mail/asyncapi.json"


def refused(folder: Path, documents: Mapping[str, Any]) -> list[EventRefused]:
    world = world_of(folder, {path: json.dumps(each) for path, each in documents.items()})
    return [each for found in refused_events(world).values() for each in found]


def both(sent: dict[str, Any], taken: dict[str, Any]) -> dict[str, Any]:
    return {_SENDER: sent, _RECEIVER: taken}


def test_only_what_is_sent_has_to_fit(tmp_path: Path) -> None:
    makers = (second, third)
    for number, (one, other) in enumerate((one, other) for one in makers for other in makers):
        folder = tmp_path / str(number)
        wide, narrow = one({"m1": _WIDE}, sends=True), other({"m1": _NARROW}, sends=False)
        (found,) = refused(folder / "wide", both(wide, narrow))
        assert (found.sender.description.document.path, found.refusal.trail) == (_SENDER, ("enum", ""))
        assert found.refusal.witness != "a"
        wide, narrow = other({"m1": _WIDE}, sends=False), one({"m1": _NARROW}, sends=True)
        assert refused(folder / "narrow", both(narrow, wide)) == []


def test_messages_are_paired_by_what_they_are_called(tmp_path: Path) -> None:
    cases: tuple[tuple[dict[str, Any], dict[str, Any], int], ...] = (
        ({"orderPlaced": _WIDE}, {"order-placed": _NARROW}, 1),
        ({"orderPlaced": _WIDE}, {"orderLost": _NARROW}, 0),
        ({"orderPlaced": _WIDE, "x": _WIDE}, {"x": _NARROW, "y": _NARROW, "z": _NARROW}, 1),
        ({"on.message": _WIDE}, {"orderPlaced": _NARROW}, 1),
        ({"message1": _WIDE, "message2": _NARROW}, {"event1": _NARROW, "event2": {"type": "number"}}, 1),
        ({"message1": _NARROW, "message2": _WIDE}, {"event1": _NARROW, "event2": _WIDE}, 0),
        ({"message1": _WIDE, "message2": _WIDE}, {"event1": _NARROW}, 0),
    )
    for number, (sent, taken, count) in enumerate(cases):
        documents = both(third(sent, sends=True), third(taken, sends=False))
        assert len(refused(tmp_path / str(number), documents)) == count, (sent, taken)


def test_what_is_known_to_be_elsewhere_is_not_held_against(tmp_path: Path) -> None:
    sent, taken = second({"m1": _WIDE}, sends=True), second({"m1": _NARROW}, sends=False)

    def at(document: dict[str, Any], url: str, protocol: str = "kafka") -> dict[str, Any]:
        return {**document, "servers": {"main": {"url": url, "protocol": protocol}}}

    def called(document: dict[str, Any], title: str) -> dict[str, Any]:
        return {**document, "info": {"title": title, "version": "1"}}

    def bound(document: dict[str, Any], exchange: str) -> dict[str, Any]:
        channels = {
            "x/y": {**document["channels"]["x/y"], "bindings": {"amqp": {"exchange": {"name": exchange}}}}
        }
        return {**document, "channels": channels}

    plain = both(sent, taken)
    cases: tuple[tuple[dict[str, Any], int], ...] = (
        (plain, 1),
        (both(at(sent, "a:1"), taken), 1),
        (both(at(sent, "a:1"), at(taken, "kafka://A:2/", "kafka-secure")), 1),
        (both(at(sent, "a:1,b:1"), at(taken, "b:1,c:1")), 1),
        (both(at(sent, "{stage}.a:1"), at(taken, "b:1")), 1),
        (both(at(sent, "localhost:1"), at(taken, "b:1")), 1),
        (both(at(sent, "a:1"), at(taken, "b:1")), 0),
        (both(at(sent, "a:1"), at(taken, "a:1", "mqtt")), 0),
        (both(at(sent, "a:1", "ws"), taken), 0),
        (both(at(sent, "a:1", "ws"), at(taken, "a:1", "ws")), 1),
        (both(bound(sent, "e"), bound(taken, "f")), 0),
        (both(called(sent, "Orders"), called(taken, "Mail")), 1),
        (both(called(sent, "Orders"), called(taken, "Orders")), 0),
        ({"orders/v1/asyncapi.json": sent, "mail/v2/asyncapi.json": taken}, 0),
        ({"examples/a.asyncapi.json": sent, "mail/asyncapi.json": taken}, 0),
    )
    for number, (documents, count) in enumerate(cases):
        assert len(refused(tmp_path / str(number), documents)) == count, documents


def test_a_sender_that_says_nothing_is_not_judged(tmp_path: Path) -> None:
    taken = third({"m1": {"type": "object", "required": ["id"], "additionalProperties": False}}, sends=False)
    silent: tuple[Any, ...] = (
        {},
        {"type": "object"},
        {"description": "an order"},
        {"$ref": "#/nowhere"},
        3,
        None,
    )
    for number, payload in enumerate(silent):
        assert refused(tmp_path / str(number), both(third({"m1": payload}, sends=True), taken)) == []


def test_a_trait_may_say_in_which_language_a_payload_is(tmp_path: Path) -> None:
    taken = third({"m": _NARROW}, sends=False)
    for language, count in (("schema+json", 1), ("raml+yaml", 0)):
        documents = both(written(f"application/{language}", _WIDE, old=True), taken)
        assert len(refused(tmp_path / language, documents)) == count


def test_copies_that_have_drifted_are_told_as_that_alone(tmp_path: Path) -> None:
    refer = {"$ref": "events/order.schema.json"}
    documents = both(third({"m1": refer}, sends=True), third({"m1": refer}, sends=False))
    here = {"title": "Order", "type": "object", "properties": {"id": _WIDE}}
    for number, (kind, count) in enumerate((("integer", 0), ("object", 0), ("string", 1))):
        there = {**here, "properties": {"id": {"type": kind, **({"maxLength": 3} if count else {})}}}
        copies = {"orders/events/order.schema.json": here, "mail/events/order.schema.json": there}
        assert len(refused(tmp_path / str(number), {**documents, **copies})) == count


def test_what_many_send_is_told_once_and_in_bounded_time(tmp_path: Path) -> None:
    sent = {f"s{at}/asyncapi.json": third({"m1": _WIDE}, sends=True) for at in range(15)}
    taken = {f"t{at}/asyncapi.json": third({"m1": _NARROW}, sends=False) for at in range(15)}
    found = refused(tmp_path, {**sent, **taken})
    assert sum(each.others + 1 for each in found) == 200
    assert max(each.others for each in found) > 1


_LEAVES = st.sampled_from(
    [
        *({"type": kind} for kind in ("string", "integer", "number", "boolean")),
        *({"type": "integer", "minimum": least} for least in (0, 5)),
        *({"type": "string", "maxLength": most} for most in (2, 9)),
        *({"enum": values} for values in (["a"], ["a", "b"], [1, "a"])),
        *({"type": "array", "items": {"type": kind}} for kind in ("string", "integer")),
    ]
)
_SCHEMAS = st.builds(
    lambda members, required, is_closed: {
        "type": "object",
        "properties": members,
        "required": sorted(required & members.keys()),
        **({"additionalProperties": False} if is_closed else {}),
    },
    st.dictionaries(st.sampled_from("abc"), _LEAVES, min_size=1),
    st.sets(st.sampled_from("abc")),
    st.booleans(),
)


def values_of(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Some values that a sender makes who uses no other names."""
    choices = (None, "", "a", "b", "aaa", 0, 1, 7, 0.5, True, [], [1], ["a"])
    is_right = jsonschema_rs.validator_for(schema).is_valid
    names = sorted(schema["properties"])
    for values in product(choices, repeat=len(names)):
        value = {name: each for name, each in zip(names, values, strict=True) if each is not None}
        if is_right(value):
            yield value


@settings(max_examples=30, deadline=None)
@given(_SCHEMAS, _SCHEMAS)
def test_what_is_shown_is_sent_and_refused_and_what_is_not_shown_is_taken(
    tmp_path_factory: Any, sent: dict[str, Any], taken: dict[str, Any]
) -> None:
    documents = both(third({"m1": sent}, sends=True), second({"m1": taken}, sends=False))
    found = refused(tmp_path_factory.mktemp("ends"), documents)
    is_taken = jsonschema_rs.validator_for(taken).is_valid
    for each in found:
        assert jsonschema_rs.validator_for(sent).is_valid(each.refusal.witness)
        assert not is_taken(each.refusal.witness)
    assert found or all(map(is_taken, values_of(sent)))
