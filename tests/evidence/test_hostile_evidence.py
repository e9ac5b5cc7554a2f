"""Evidence and contracts that were made to hurt: each ends soon, with a finding or a word about it."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from tests.evidence.recorded import CONTRACT, HOST, entry, har, lay_out
from tests.support.inside import archlint

BEARER = {"Authorization": "Bearer t"}


def _answered(body: str, **content: Any) -> str:
    made = entry("GET", f"{HOST}/carts/1?limit=5", answered=body, headers=BEARER, back={"X-Total": "1"})
    made["response"]["content"].update(content)
    return har(made)


WRONG = {
    "binary": _answered("AP8A/w==", encoding="base64"),
    "no base64": _answered("%%%", encoding="base64"),
    "deep": _answered("[" * 100_000),
    "no unicode": _answered('{"id": "\\ud800"}'),
    "huge number": _answered('{"id": ' + "9" * 10_000 + "}"),
    "cut": _answered('{"id": 1, "tot'),
    "empty": _answered(" "),
}
SHAPES = (
    {"log": {"entries": [None, 5, [], {}, {"request": 5}, {"request": {"method": 5, "url": 5}}]}},
    {"log": {"entries": [{"request": {"method": "GET", "url": "https://["}, "response": []}]}},
    {
        "log": {
            "entries": [{"request": {"method": "GET", "url": f"{HOST}/carts/1", "headers": 5}, "response": 5}]
        }
    },
    {"log": {"creator": 5, "entries": [{"request": {"method": "GET", "url": HOST + "/" * 99_999}}]}},
    {"info": {}, "item": [None, {"item": [5, {"request": {"url": {"raw": 5}}}], "auth": 5}], "variable": 5},
)


@pytest.mark.parametrize("name", WRONG)
def test_bodies_that_are_none_are_told(tmp_path: Path, name: str) -> None:
    lay_out(tmp_path, WRONG[name])
    done = archlint("verify", "traffic.har", "--format", "json", cwd=tmp_path)
    assert done.code in (0, 1)
    told = {item["rule"] for item in json.loads(done.out)["findings"]}
    assert "traffic-body-invalid" in told or "not judged" in done.err


@pytest.mark.parametrize("shape", SHAPES)
def test_evidence_of_any_shape_is_read(tmp_path: Path, shape: Any) -> None:
    lay_out(tmp_path, json.dumps(shape))
    assert archlint("verify", "traffic.har", cwd=tmp_path).code in (0, 1, 2)


CYCLIC = CONTRACT.replace(
    "      type: object\n      additionalProperties: false",
    '      allOf: [{$ref: "#/components/schemas/Cart"}]\n      type: object',
)
EVIL = CONTRACT.replace('"^[a-z]+@"', '"^(a+)+$"')


def test_contracts_that_never_end_are_judged(tmp_path: Path) -> None:
    mail = json.dumps({"id": 1, "total": 1, "mail": "a" * 5000 + "!"})
    for number, contract in enumerate((CYCLIC, EVIL)):
        folder = tmp_path / str(number)
        lay_out(folder, _answered(mail), contract)
        assert archlint("verify", "traffic.har", "--no-cache", cwd=folder, timeout=20).code in (0, 1)


def test_nothing_is_fetched_and_no_file_outside_is_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.json"
    secret.write_text('{"type": "string", "const": "TopSecret"}', "utf-8")
    for number, target in enumerate(("http://localhost/schema.json", secret.as_uri(), "../secret.json")):
        folder = tmp_path / f"repository{number}"
        lay_out(folder, _answered('{"id": 1}'), CONTRACT.replace("#/components/schemas/Cart", target))
        with mock.patch.object(socket.socket, "connect", side_effect=AssertionError("a connection")):
            done = archlint("verify", "traffic.har", "--contract", "openapi.yaml", cwd=folder)
        assert done.code in (0, 1)
        assert "TopSecret" not in done.out + done.err


def test_a_recording_that_is_too_large_is_told_with_the_limit(tmp_path: Path) -> None:
    lay_out(tmp_path, har())
    with (tmp_path / "traffic.har").open("r+b") as file:
        file.truncate((64 << 20) + 1)
    done = archlint("verify", "traffic.har", cwd=tmp_path)
    assert done.code == 2
    assert "larger than the 64 MiB that are read of one file" in done.err
