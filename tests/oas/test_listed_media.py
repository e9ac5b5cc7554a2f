"""In 2.0 media types stand in lists of the operation or the document: an edit of a list is told once, at the
list, for all that it is about, whatever else is the same."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from archlint.finding import Finding
from tests.oas.worlds import news_of, world_of

LEVELS = ("operation", "document", "document to operation", "operation to document")
KEYS = {"produces": "response", "consumes": "request"}


def told(level: str, key: str, is_shared: bool) -> list[Finding]:
    """What is said of a list that loses one of two media types."""
    homes = (level.split(" to ") * 2)[:2]
    old = document(homes[0], key, ["application/json", "application/xml"], is_shared)
    new = document(homes[1], key, ["application/json"], is_shared)
    return news_of(world_of({"a.json": old}, "base"), world_of({"a.json": new}))


def document(home: str, key: str, names: list[str], is_shared: bool) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": "d", "schema": {"type": "string"}}
    reply = {"$ref": "#/responses/Reply"} if is_shared else answer
    body = {"in": "body", "name": "b", "schema": {"type": "string"}}
    responses = {"200": reply, "404": reply}
    made: dict[str, Any] = {
        "swagger": "2.0",
        "info": {"title": "T", "version": "1"},
        "paths": {"/a": {"post": {"parameters": [body], "responses": responses}}},
        "responses": {"Reply": answer},
    }
    (made if home == "document" else made["paths"]["/a"]["post"])[key] = names
    return made


@pytest.mark.parametrize(("level", "key", "is_shared"), list(product(LEVELS, KEYS, (False, True))))
def test_an_edit_of_a_list_is_one_finding_there(level: str, key: str, is_shared: bool) -> None:
    found = [each for each in told(level, key, is_shared) if each.code == "OAS506"]
    whose = f"Each {KEYS[key]}" if level == "document" else f"The {KEYS[key]} of POST /a"
    assert [each.message.partition(" no ")[0].removesuffix(" is") for each in found] == [whose]
    assert [(name.method, name.path) for name in found[0].operations] == [("POST", "/a")]


def test_lists_in_another_order_are_the_same() -> None:
    for home, key in product(("operation", "document"), KEYS):
        old, new = (document(home, key, names, False) for names in (["a/b", "c/d"], ["c/d", "a/b"]))
        found = news_of(world_of({"a.json": old}, "base"), world_of({"a.json": new}))
        assert not [each for each in found if each.code != "OAS546"]
