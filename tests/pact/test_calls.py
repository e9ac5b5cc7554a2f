"""Calls of Pact files are held against the provider's proto files, and not against copies of them."""

from __future__ import annotations

from typing import Any

from archlint.comparison.evidence.pact_calls import pact_calls
from archlint.comparison.evidence.pact_messages import pact_messages
from archlint.model.evidence.pact import Pact
from tests.oas.worlds import world_of

PROTO = """\
syntax = "proto3";
package shop.v1;
service Carts {{ rpc Get(Request) returns (Cart); }}
message Request {{}}
message Cart {{ string {field} = 1; Owner owner = 2; }}
message Owner {{ string name = 1; }}
"""


def pact(rule: str) -> dict[str, Any]:
    call = {
        "type": "Synchronous/Messages",
        "pluginConfiguration": {"protobuf": {"service": ".shop.v1.Carts/Get"}},
        "request": {"contents": {"content": ""}},
        "response": [{"matchingRules": {"body": {rule: {"matchers": [{"match": "type"}]}}}}],
    }
    return {"consumer": {"name": "web"}, "provider": {"name": "carts"}, "interactions": [call]}


def test_the_copy_of_the_provider_counts() -> None:
    for theirs, ours, told in (("id", "key", ["carts/a.proto"]), ("key", "id", [])):
        files = {
            "carts/a.proto": PROTO.format(field=ours),
            "web/a.proto": PROTO.format(field=theirs),
            "p.json": pact("$.id"),
        }
        world = world_of(files)
        found = world.fact(pact_calls)[world.all(Pact)[0].document].unmet
        assert [each.place.source.path for each in found] == told


def test_fields_of_messages_inside() -> None:
    for rule, name in (("$.owner.name", None), ("$.owner.nickname", "nickname"), ("$", None)):
        world = world_of({"carts/a.proto": PROTO.format(field="id"), "p.json": pact(rule)})
        found = world.fact(pact_calls)[world.all(Pact)[0].document].unmet
        assert [each.name for each in found] == ([] if name is None else [name])


def test_messages_of_the_plugin_are_held_against_protos() -> None:
    for named, rule, told, why in (
        (".shop.v1.Cart", "$.id", [], []),
        ("Cart", "$.owner.name", [], []),
        ("shop.v1.Cart", "$.colour", ["colour"], []),
        ("Trolley", "$.colour", [], ["no proto file of its message"]),
        ("", "$.colour", [], ["no proto file of its message"]),
    ):
        made = pact(rule)
        answer = made["interactions"][0]["response"][0]
        plugin = {"protobuf": {"message": named}}
        made["interactions"] = [{"type": "Asynchronous/Messages", "pluginConfiguration": plugin, **answer}]
        world = world_of({"carts/a.proto": PROTO.format(field="id"), "p.json": made})
        document = world.all(Pact)[0].document
        found = world.fact(pact_calls)[document]
        assert ([each.name for each in found.unmet], list(found.unread)) == (told, why), named
        assert document not in world.fact(pact_messages)
