"""Documents with their references followed: as one copies by hand, and each place leads back to its text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from archlint.documents import load_text
from archlint.files import Kind, WorkingTree
from archlint.model.openapi.references import References
from archlint.model.rulesets.resolving import ResolvedDocument
from archlint.model.world import World

NAMES = ("A", "B", "C", "D")
_LEAF = st.one_of(
    st.sampled_from(NAMES).map(lambda name: {"$ref": f"#/defs/{name}"}),
    st.sampled_from(NAMES).map(lambda name: {"$ref": f"#/defs/{name}/x"}),
    st.sampled_from(NAMES).map(lambda name: {"$ref": f"#/defs/{name}", "title": "beside"}),
    st.integers(0, 3),
    st.just({"$ref": "#/nowhere"}),
)
_VALUE = st.recursive(
    _LEAF,
    lambda below: st.dictionaries(st.sampled_from("xyz"), below, max_size=3) | st.lists(below, max_size=2),
    max_leaves=5,
)
_DOCUMENTS = st.fixed_dictionaries(
    {"defs": st.fixed_dictionaries(dict.fromkeys(NAMES, _VALUE)), "root": _VALUE}
)


def _resolved(data: dict[str, Any]) -> ResolvedDocument:
    document = load_text("api.json", json.dumps(data), Kind.OPENAPI).documents[0]
    world = World(WorkingTree(Path("/nonexistent")), {"api.json": Kind.OPENAPI}, {"api.json": [document]})
    return ResolvedDocument(document, References(world))


@given(_DOCUMENTS)
@settings(max_examples=150, deadline=None)
def test_every_value_of_the_tree_is_written_where_its_origin_says(data: dict[str, Any]) -> None:
    resolved = _resolved(data)
    waiting: list[tuple[tuple[str | int, ...], Any]] = [((), resolved.data)]
    seen = 0
    while waiting and seen < 500:
        route, value = waiting.pop()
        seen += 1
        origin = resolved.origin(route)
        assert not origin.missing
        written = origin.node.value
        is_beside = isinstance(written, dict) and "title" in written  # the place of the reference itself
        if isinstance(value, dict):
            assert isinstance(written, dict)
            waiting += [((*route, key), child) for key, child in value.items() if key != "$ref"]
        elif isinstance(value, list):
            assert is_beside or len(written) == len(value)
            waiting += [((*route, at), child) for at, child in enumerate(value)]
        else:
            assert is_beside or written == value


_STEPS = st.sampled_from(("root", "defs", *NAMES, "x", "y", "0", 0, 1))


@given(_DOCUMENTS, st.lists(st.lists(_STEPS, max_size=5).map(tuple), min_size=2, max_size=12))
@settings(max_examples=60, deadline=None)
def test_an_origin_does_not_depend_on_what_was_asked_before(
    data: dict[str, Any], routes: list[tuple[str | int, ...]]
) -> None:
    resolved = _resolved(data)
    for route in routes:
        found, alone = resolved.origin(route), _resolved(data).origin(route)
        assert (found.node.route, found.node.value, found.missing) == (
            alone.node.route,
            alone.node.value,
            alone.missing,
        )


@given(_DOCUMENTS)
@settings(max_examples=150, deadline=None)
def test_what_is_left_of_references_leads_nowhere_or_back(data: dict[str, Any]) -> None:
    resolved = _resolved(data)
    tree = resolved.data
    assert resolved.size(tree, 10**9) < 10**9  # it ends, so nothing holds itself
    for name in NAMES:
        if not _leads_to(data, data["defs"][name], name, set()):
            assert "$ref" not in str(tree["defs"][name]).replace("#/nowhere", "").replace("{'$ref': ''}", "")


def _leads_to(data: dict[str, Any], value: Any, name: str, seen: set[str]) -> bool:
    """Whether anything that a value leads to is a circle, or is not there; told roughly, on the safe side."""
    text = str(value)
    for other in NAMES:
        if f"#/defs/{other}" in text:
            if other == name or other in seen or f"#/defs/{other}/x" in text:
                return True
            if _leads_to(data, data["defs"][other], name, seen | {other}):
                return True
    return False


def test_a_reference_with_keys_beside_it_is_told_where_the_way_leads() -> None:
    beside = {"$ref": "#/defs/B", "title": "beside"}
    resolved = _resolved(
        {"defs": {"A": {"x": beside, "z": {"end": 1}}, "B": {"y": 1}}, "root": {"$ref": "#/defs/A"}}
    )
    straight, through = resolved.data["defs"]["A"], resolved.data["root"]
    assert straight == through
    assert straight is not through  # both are looked at
    assert straight["z"] is through["z"]
    assert resolved.origin(("defs", "A", "x")).node.route == ("defs", "A", "x")
    assert resolved.origin(("root", "x")).node.route == ("defs", "B")
    assert resolved.origin(("root", "x", "y")).node.route == ("defs", "B", "y")
    assert resolved.origin(("defs", "A", "x", "y")).node.route == ("defs", "B", "y")
    assert resolved.origin(("defs", "A", "x", "title")).node.route == ("defs", "A", "x", "title")
    assert resolved.origin(("root", "x", "title")).missing == ("title",)
    nowhere = resolved.origin(("defs", "A", "x", "none"))
    assert (nowhere.node.route, nowhere.missing) == (("defs", "A", "x"), ("none",))
    nowhere = resolved.origin(("root", "x", "none"))
    assert (nowhere.node.route, nowhere.missing) == (("defs", "B"), ("none",))


def test_a_chain_that_doubles_at_each_step_takes_no_room() -> None:
    defs: dict[str, Any] = {
        f"S{at}": {"a": {"$ref": f"#/defs/S{at + 1}"}, "b": {"$ref": f"#/defs/S{at + 1}"}} for at in range(60)
    }
    resolved = _resolved({"defs": {**defs, "S60": {"end": True}}, "root": {"$ref": "#/defs/S0"}})
    assert resolved.data["root"]["a"]["b"]["a"] is resolved.data["defs"]["S3"]
    assert resolved.size(resolved.data["root"], 10**6) == 10**6
