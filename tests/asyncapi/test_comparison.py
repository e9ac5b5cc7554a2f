"""What an application receives may only become wider, what it sends only narrower."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from archlint.comparison.asyncapi import DescriptionRemoved, EventChanged, EventRemoved, FlowRemoved, compare
from archlint.comparison.terms import ComparisonTerms
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


def changed(folder: Path, base: dict[str, Any], revision: dict[str, Any]) -> list[object]:
    old, new = (
        world_of(folder / side, {"asyncapi.json": json.dumps(document)})
        for side, document in (("old", base), ("new", revision))
    )
    return list(compare(old, new, ComparisonTerms()))


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
