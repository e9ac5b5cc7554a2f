"""Which topics the contract of an application leaves out, and when it is known whose contract it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archlint.model.messaging.contracted import Slips
from archlint.model.messaging.matching import is_slip
from tests.arch.worlds import world_of
from tests.support.rules import own_rules
from tests.support.runners import found_in

_CODES = ("EVENT022", "EVENT023", "EVENT024")
_CONFIGURED = """spring:
  kafka: {bootstrap-servers: "kafka:9092"}
  cloud.stream.bindings:
    placed-out-0: {destination: orders.placed}
    sent-in-0: {destination: parcels.sent}
"""
_SENT = """from kafka import KafkaProducer
producer.send("orders.placed", b"")
producer.send("parcels.sent", b"")
"""
_BUILT = {"orders/Dockerfile": "FROM scratch\n"}


def contract(*addresses: str | None, **more: Any) -> str:
    channels = {f"c{at}": {"address": address} for at, address in enumerate(addresses)}
    servers = {"main": {"host": "kafka:9092", "protocol": "kafka"}}
    return json.dumps({"asyncapi": "3.0.0", "servers": servers, "channels": channels, **more})


def told(folder: Path, files: dict[str, Any]) -> list[tuple[str, str]]:
    asked = [rule for rule in own_rules() if rule.code in _CODES]
    found = found_in(world_of(folder, _BUILT | files), asked)
    return sorted((each.code, each.location.path) for each in found)


@pytest.mark.parametrize(
    "path",
    ["orders/asyncapi.json", "orders/docs/events.json", "contracts/orders.json", "asyncapi/orders/a.json"],
)
def test_a_contract_is_that_of_the_source_around_it_or_of_its_name(tmp_path: Path, path: str) -> None:
    files = {path: contract("orders.placed"), "orders/app.py": _SENT}
    assert told(tmp_path, files) == [("EVENT023", "orders/app.py")]


def test_settings_count_as_source_does(tmp_path: Path) -> None:
    settings = "orders/src/main/resources/application.yaml"
    files = {"orders/asyncapi.json": contract("orders.placed"), settings: _CONFIGURED}
    assert told(tmp_path, files) == [("EVENT023", settings)]


@pytest.mark.parametrize(
    "files",
    [
        {"contracts/everything.json": contract("orders.placed")},
        {"orders/src/test/resources/asyncapi.json": contract("orders.placed")},
        {"orders/asyncapi.json": contract("orders.placed", None)},
        {"orders/asyncapi.json": contract("orders.placed"), "mail/asyncapi.json": contract("parcels.sent")},
        {"orders/asyncapi.json": contract("orders.placed", "parcels.{kind}")},
        {"orders/asyncapi.json": contract("returns.asked")},
        {
            "orders/asyncapi.json": contract("orders.placed"),
            "orders/app.py": _SENT + 'consumer.subscribe(["parcels.sent"])\n',
        },
    ],
    ids=["whose", "tests", "unknown address", "another contract", "parameter", "another program", "its own"],
)
def test_what_is_not_certain_is_passed_over(tmp_path: Path, files: dict[str, Any]) -> None:
    assert told(tmp_path, {"orders/app.py": _SENT} | files) == []


_NAMES = st.text("abB1-._", max_size=9)


@settings(max_examples=60, deadline=None)
@given(st.lists(_NAMES, max_size=40), _NAMES)
def test_slips_are_those_that_a_comparison_with_each_name_finds(names: list[str], name: str) -> None:
    assert set(Slips(names).of(name)) == {each for each in names if is_slip(name, each)}
