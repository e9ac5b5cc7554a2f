"""What responses are said to carry that HTTP gives no body breaks nobody, whatever is edited in it."""

from __future__ import annotations

from typing import Any

import pytest

from archlint.model.openapi import never_has_body
from tests.oas.worlds import news_of, world_of

SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["id"],
    "properties": {"id": {"type": "string", "enum": ["a"]}},
}
EDITS: dict[str, Any] = {
    "gone": {},
    "another media type": {"content": {"text/plain": {"schema": SCHEMA}}},
    "another type": {"content": {"application/json": {"schema": {"type": "array", "items": SCHEMA}}}},
    "optional": {"content": {"application/json": {"schema": {**SCHEMA, "required": []}}}},
    "no properties": {"content": {"application/json": {"schema": {"type": "object"}}}},
}


def contract(method: str, status: str, carried: dict[str, Any]) -> dict[str, Any]:
    response = {"description": "done", **carried}
    return {
        "openapi.json": {
            "openapi": "3.0.3",
            "info": {"title": "Shop", "version": "1"},
            "paths": {"/v1/carts": {method: {"responses": {status: response}}}},
        }
    }


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize(
    ("method", "status"),
    [
        *(("get", status) for status in ("200", "201", "404", "2XX", "default", "100", "103", "1XX")),
        *(("put", status) for status in ("204", "205", "304")),
        *(("head", status) for status in ("200", "404", "default")),
    ],
)
def test_a_body_that_is_never_sent_breaks_nobody(method: str, status: str, edit: str) -> None:
    before = contract(method, status, {"content": {"application/json": {"schema": SCHEMA}}})
    found = news_of(world_of(before, "base"), world_of(contract(method, status, EDITS[edit])))
    rules = {finding.rule for finding in found} - {"contract-version-kept"}
    assert bool(rules) is (method != "head" and not never_has_body(status)), rules
