"""What the provider calls is not spoken of as what it answers."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.oas.schema_edits import COMPONENTS, every_edit
from tests.oas.worlds import said_of, world_of
from tests.support.sampling import share_of

FOREIGN = re.compile(r"\b(clients|callers|requests|responses|in the response)\b")


def contract_of(schemas: list[Any], where: str) -> dict[str, Any]:
    made: dict[str, Any] = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {}}
    items = {}
    for at, schema in enumerate(schemas):
        content = {"content": {"application/json": {"schema": {"properties": {"p": schema}}}}}
        answer = {"description": "d", "headers": {"H": {"schema": schema}}, **content}
        parameters = [{"name": "X-A", "in": "header", "schema": schema}]
        items[f"w{at}"] = {
            "post": {"parameters": parameters, "requestBody": content, "responses": {"200": answer}}
        }
    if where == "webhook":
        made["webhooks"] = items
    else:
        callbacks = {name: {"{$url}": item} for name, item in items.items()}
        made["paths"]["/v1/a"] = {"put": {"responses": {"204": {"description": "d"}}, "callbacks": callbacks}}
    return {**made, "components": {"schemas": COMPONENTS}}


PLACES = ("webhook", "callback")


@pytest.mark.parametrize("where", PLACES)
def test_changes_of_what_the_provider_calls_are_told_in_its_words(where: str) -> None:
    edits = share_of([edit for _, _, edit in every_edit()], 3, PLACES.index(where))
    old, new = (contract_of([edit[side] for edit in edits], where) for side in (0, 1))
    found = said_of(world_of({"a.json": old}, "base"), world_of({"a.json": new}))
    assert len(found) > len(edits)
    for finding in found:
        assert not FOREIGN.search(finding.message), finding.message
