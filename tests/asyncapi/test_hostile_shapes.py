"""Whatever stands in an AsyncAPI document, each rule ends without an error."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from archlint.model.asyncapi import AsyncDescription
from archlint.model.asyncapi.pieces import Piece
from tests.kube.worlds import world_of
from tests.oas.test_hostile_shapes import replaced, routes
from tests.support.inside import archlint
from tests.support.wording import speaking_python

_WHOLE: dict[str, Any] = {
    "asyncapi": "2.6.0",
    "info": {"title": "Carts", "version": "1", "contact": {}, "license": {"name": "MIT"}, "tags": [{}]},
    "servers": {
        "a": {"url": "a{}/{b}", "protocol": "kafka", "variables": {"b": {}}, "security": [{"s": []}]}
    },
    "channels": {
        "c/{d}": {
            "address": "c/{d}?",
            "parameters": {"d": {"schema": {"type": "string", "default": 3, "examples": [3]}}},
            "servers": ["a", {"$ref": "#/servers/a"}],
            "messages": {"m": {"$ref": "#/components/messages/m"}},
            "publish": {"operationId": "o", "traits": [{"operationId": "p"}], "message": {"oneOf": [{}]}},
        }
    },
    "operations": {"o": {"action": "send", "channel": {"$ref": "#/channels/c~1{d}"}, "messages": [{}]}},
    "components": {
        "messages": {
            "m": {
                "payload": {"schemaFormat": "a/b", "schema": {"$ref": "#/components/schemas/s"}},
                "headers": {"type": "array"},
                "traits": [{"headers": {"$ref": "#/components/messages/m/headers"}}],
                "examples": [{"payload": 1, "headers": []}],
                "tags": [{"name": "t"}, {"name": "t"}],
            }
        },
        "schemas": {"s": {"$ref": "#/components/schemas/s"}, "t": {"items": [{"type": 3}], "examples": [{}]}},
        "securitySchemes": {"s": {"type": "oauth2", "flows": {"f": {"scopes": []}}}},
    },
}
_ODD = st.sampled_from(
    [None, 0, "", "x", [], [[]], {}, {"$ref": 3}, {"$ref": "#"}, {"$ref": "#/channels"}, True]
)


_PLACES = st.sampled_from([route for route in routes(_WHOLE) if route and route != ("asyncapi",)])
_VERSIONS = st.sampled_from(["2.0.0", "2.6.0", "3.0.0", "3.1.0", "9", 3])


@settings(max_examples=10, deadline=None)
@given(st.lists(st.tuples(_PLACES, _ODD, _VERSIONS), min_size=1, max_size=9))
def test_no_shape_stops_a_rule(tmp_path_factory: Any, made: list[tuple[Any, Any, Any]]) -> None:
    """Several documents to a run, which takes longer to begin than to judge them."""
    folder: Path = tmp_path_factory.mktemp("odd")
    for number, (place, odd, version) in enumerate(made):
        whole = replaced(_WHOLE, [(place, odd), (("asyncapi",), version)])
        (folder / f"asyncapi-{number}.json").write_text(json.dumps(whole), "utf-8")
    done = archlint("check", "--select", "EVENT", "--fail-on", "never", "--format", "json", cwd=folder)
    assert (done.code, done.err) == (0, "")
    assert speaking_python(each["message"] for each in json.loads(done.out)["findings"]) == []


def test_a_document_within_itself_is_judged(tmp_path: Path) -> None:
    text = "asyncapi: 2.6.0\nchannels: {a: {publish: {$ref: '#'}, subscribe: {message: {$ref: '#'}}}}\n"
    (tmp_path / "asyncapi.yaml").write_text(text)
    done = archlint("check", "--select", "EVENT", "--fail-on", "never", "--format", "json", cwd=tmp_path)
    assert (done.code, done.err) == (0, "")


def test_references_in_a_circle_end(tmp_path: Path) -> None:
    text = (
        "asyncapi: 3.0.0\nchannels: {a: {$ref: '#/channels/b'}, b: {$ref: '#/channels/a'}}\n"
        "components: {schemas: {s: {properties: {s: {$ref: '#/components/schemas/s'}}}}}\n"
    )
    (description,) = world_of(tmp_path, {"asyncapi.yaml": text}).all(AsyncDescription)
    assert len(description.pieces.of(Piece.SCHEMA)) == 1
    assert len(description.pieces.references) == 3
