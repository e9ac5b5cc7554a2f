"""Payloads against all versions that were released, as users ask for it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.gate.releases import Repository
from tests.support.inside import archlint

_PATH, _SCHEMA = "orders/asyncapi.json", "orders/schemas/order.json"
_STATE = {"type": "string", "enum": ["open", "paid"]}


def document(payload: dict[str, Any], **message: Any) -> str:
    """An application that receives one message."""
    carried = {"message": {"payload": payload, **message}}
    return json.dumps(
        {"asyncapi": "2.6.0", "info": {"title": "Orders"}, "channels": {"x": {"publish": carried}}}
    )


def state(*values: str) -> dict[str, Any]:
    return {"type": "object", "properties": {"state": {"type": "string", "enum": list(values)}}}


def record(*symbols: str) -> dict[str, Any]:
    kind = {"type": "enum", "name": "State", "symbols": list(symbols)}
    return {"type": "record", "name": "Order", "fields": [{"name": "state", "type": kind}]}


_AVRO = {"schemaFormat": "application/vnd.apache.avro;version=1.9.0"}
_FORMS: dict[str, tuple[Any, Any]] = {
    "inline": (lambda *values: {_PATH: document(state(*values))}, "EVENT554"),
    "in a file": (
        lambda *values: {
            _PATH: document({"$ref": "./schemas/order.json"}),
            _SCHEMA: json.dumps(state(*values)),
        },
        "EVENT554",
    ),
    "Avro": (lambda *values: {_PATH: document(record(*values), **_AVRO)}, "EVENT504"),
}


@pytest.mark.parametrize("form", _FORMS)
def test_a_value_that_a_released_version_had_counts_where_that_is_asked(tmp_path: Path, form: str) -> None:
    write, code = _FORMS[form]
    made = Repository(tmp_path / "shop", **write("open", "paid"))
    made.tag("v1.0.0")
    for path, text in write("open").items():
        made.write(path, text)
    made.commit()
    made.tag("v1.1.0")
    for promised, expected in (
        ("BACKWARD", []),
        ("BACKWARD_TRANSITIVE", ["as it was in v1.0.0"]),
        ("FULL_TRANSITIVE, subjects: {Orders: FULL}", []),
        ("NONE, subjects: {'orders/*.json': BACKWARD_TRANSITIVE}", ["as it was in v1.0.0"]),
    ):
        made.write("archlint.yaml", f"events: {{compatibility: {promised}}}\n")
        done = archlint(
            "check", ".", "--base", "v1.1.0", "--format", "json", "--select", "EVENT", cwd=made.folder
        )
        found = [each for each in json.loads(done.out)["findings"] if each["code"] == code]
        assert [each["related"][0]["message"] for each in found] == expected, promised


def test_what_the_last_version_tells_is_told_once(tmp_path: Path) -> None:
    made = Repository(tmp_path / "shop", **{_PATH: document(state("open", "paid"))})
    made.tag("v1.0.0")
    made.write("README.md", "Orders\n")
    made.commit()
    made.tag("v1.1.0")
    made.write(_PATH, document(state("open")))
    made.write("archlint.yaml", "events: {compatibility: FULL_TRANSITIVE}\n")
    done = archlint(
        "check", ".", "--base", "v1.1.0", "--format", "json", "--select", "EVENT", cwd=made.folder
    )
    found = [each for each in json.loads(done.out)["findings"] if each["code"] == "EVENT554"]
    assert [each["related"][0]["message"] for each in found] == ["as it was"]
