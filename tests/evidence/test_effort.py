"""A thousand exchanges, of which none is as promised, against a contract of five hundred operations."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from archlint.comparison.evidence.mismatches import BodyMisfit, UndescribedTraffic
from archlint.engine.reading import read_world
from archlint.engine.verifying import mismatches_in
from archlint.files import WorkingTree
from tests.evidence.recorded import entry, har, lay_out
from tests.support.limits import within

HOST = "https://a.example"
OPERATIONS, EXCHANGES = 500, 1000


def _contract() -> str:
    """Operations whose schemas refer to each other in circles."""
    schemas: dict[str, Any] = {}
    paths: dict[str, Any] = {}
    for number in range(OPERATIONS):
        following = {"$ref": f"#/components/schemas/S{(number * 7 + 3) % OPERATIONS}"}
        members = {"id": {"type": "integer"}, "name": {"enum": ["a", "b"]}, "next": following}
        schemas[f"S{number}"] = {"type": "object", "required": ["id"], "properties": members}
        content = {"application/json": {"schema": {"$ref": f"#/components/schemas/S{number}"}}}
        responses = {"200": {"description": "one", "content": content}}
        parameter = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
        paths[f"/r{number}/{{id}}"] = {"get": {"parameters": [parameter], "responses": responses}}
    info = {"title": "large", "version": "1"}
    return json.dumps({"openapi": "3.0.3", "info": info, "paths": paths, "components": {"schemas": schemas}})


def test_traffic_is_judged_in_the_time_that_it_may_take(tmp_path: Path) -> None:
    wrong = {"id": "x", "name": "c", "next": {"id": 1, "name": "a", "next": {}}}
    entries = [
        entry("GET", f"{HOST}/r{number % (2 * OPERATIONS)}/{number}", answered=wrong)
        for number in range(EXCHANGES)
    ]
    lay_out(tmp_path, har(*entries), _contract())
    tree = WorkingTree(tmp_path)
    found = within(5, lambda: mismatches_in(read_world(tree, ["openapi.yaml"]), tree, ["traffic.har"]))
    assert len(found[BodyMisfit]) > OPERATIONS
    assert sum(each.count for each in found[UndescribedTraffic]) == EXCHANGES - OPERATIONS
