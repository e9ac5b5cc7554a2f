"""AsyncAPI 2.x and 3.0 speak from opposite sides; both mean the application that is described."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from archlint.model.messaging.asyncapi import AsyncChannel, contract_uses
from archlint.model.messaging.topics import Form
from tests.arch.worlds import world_of

SECOND: dict[str, Any] = {
    "asyncapi": "2.6.0",
    "info": {"title": "Orders", "version": "1.0.0"},
    "servers": {"main": {"url": "kafka:9092", "protocol": "kafka-secure"}},
    "channels": {
        "orders.placed": {"subscribe": {"message": {"name": "OrderPlaced"}}},
        "payments.done": {"publish": {"message": {"name": "PaymentDone"}}},
        "audit.{region}": {"subscribe": {}},
    },
}
THIRD: dict[str, Any] = {
    "asyncapi": "3.0.0",
    "info": {"title": "Orders", "version": "1.0.0"},
    "servers": {"main": {"host": "kafka:9092", "protocol": "kafka"}},
    "channels": {
        "placed": {"address": "orders.placed"},
        "done": {"$ref": "#/components/channels/done"},
        "audit": {"address": "audit.{region}"},
        "unknown": {"address": None},
    },
    "operations": {
        "announce": {"action": "send", "channel": {"$ref": "#/channels/placed"}},
        "pay": {"action": "receive", "channel": {"$ref": "#/channels/done"}},
        "log": {"$ref": "#/components/operations/log"},
    },
    "components": {
        "channels": {"done": {"address": "payments.done"}},
        "operations": {"log": {"action": "send", "channel": {"$ref": "#/channels/audit"}}},
    },
}


@pytest.mark.parametrize("contract", [SECOND, THIRD], ids=["2.6.0", "3.0.0"])
def test_who_sends_is_read_from_the_applications_side(tmp_path: Path, contract: dict[str, Any]) -> None:
    uses = contract_uses(world_of(tmp_path, {"asyncapi.json": json.dumps(contract)}))
    seen = {(use.unit.name, use.protocol, use.topic, use.is_pattern, use.sends) for use in uses}
    assert seen == {
        ("Orders", "kafka", "orders.placed", False, True),
        ("Orders", "kafka", "payments.done", False, False),
        ("Orders", "kafka", "audit.", True, True),
    }


def channels_of(folder: Path, **changes: Any) -> list[AsyncChannel]:
    text = json.dumps({**SECOND, **changes})
    return world_of(folder, {"asyncapi.json": text}).all(AsyncChannel)


def test_bindings_name_topic_and_queue(tmp_path: Path) -> None:
    kafka = {"bindings": {"kafka": {"topic": "orders.v1", "partitions": 3}}, "publish": {}}
    queue = {"bindings": {"amqp": {"is": "queue", "queue": {"name": "mails"}}}, "publish": {}}
    found = channels_of(tmp_path, servers={}, channels={"orders": kafka, "out": queue})
    assert [(item.protocol, item.address, item.form) for item in found] == [
        ("kafka", "orders.v1", Form.TOPIC),
        ("amqp", "mails", Form.QUEUE),
    ]


def test_servers_of_a_channel_tell_its_protocol(tmp_path: Path) -> None:
    servers = {"a": {"url": "a", "protocol": "kafka"}, "b": {"url": "b", "protocol": "amqps"}}
    channels = {"x": {"servers": ["b"], "publish": {}}, "y": {"publish": {}}}
    found = channels_of(tmp_path, servers=servers, channels=channels)
    assert [item.protocol for item in found] == ["amqp", ""]


@pytest.mark.parametrize(
    "odd", [None, 1, "x", [], ["x"], {"x": None}, {"x": []}, {"x": {"$ref": "#/channels/x"}}]
)
@pytest.mark.parametrize("key", ["channels", "servers", "operations", "components", "info"])
@pytest.mark.parametrize("contract", [SECOND, THIRD], ids=["2", "3"])
def test_odd_shapes_are_passed_over(tmp_path: Path, contract: dict[str, Any], key: str, odd: object) -> None:
    list(contract_uses(world_of(tmp_path, {"asyncapi.json": json.dumps({**contract, key: odd})})))
