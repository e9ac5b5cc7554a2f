"""The published schema of the graph's JSON, and what is printed."""

from __future__ import annotations

import json
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from archlint.comparison.graphs import graph_changes
from archlint.model.graph import ServiceGraph
from archlint.model.graph.added import read_graph_json
from archlint.model.graph.merging import merged
from archlint.reports.graph.json import graph_diff_json, graph_json
from archlint.reports.graph.schema import graph_schema
from tests.diagrams.test_drift import graphs
from tests.support.inside import archlint

ROOT = Path(__file__).parents[2]
SHOP = ROOT / "fixtures" / "shop" / "clean"


def faults(text: str) -> list[str]:
    """What the schema says against a graph."""
    return [error.message for error in Draft202012Validator(graph_schema()).iter_errors(json.loads(text))]


def test_it_is_published_as_the_command_prints_it(tmp_path: Path) -> None:
    printed = archlint("graph", "--schema", cwd=tmp_path)
    assert printed.code == 0
    published = (ROOT / "docs" / "graph.schema.json").read_text("utf-8")
    assert printed.out == published, "archlint graph --schema > docs/graph.schema.json"
    Draft202012Validator.check_schema(json.loads(published))


def test_the_graph_of_the_shop_is_valid(tmp_path: Path) -> None:
    shop = Path(copytree(SHOP, tmp_path / "shop"))
    assert faults(archlint("graph", cwd=shop).out) == []


@settings(max_examples=60)
@given(graphs(), graphs())
def test_what_is_printed_is_valid_and_read_again(one: ServiceGraph, other: ServiceGraph) -> None:
    for text in (graph_json(one), graph_diff_json(graph_changes(one, other), "0" * 40)):
        assert faults(text) == []
    both = graph_json(merged(one, [("other.json", other)]))
    assert faults(both) == []
    assert graph_json(read_graph_json("again.json", graph_json(one))) == graph_json(one)


@given(st.data())
@settings(max_examples=60)
def test_any_difference_tells_both_graphs(data: st.DataObject) -> None:
    one, other = data.draw(graphs()), data.draw(graphs())
    diff = graph_changes(one, other)
    printed: Any = json.loads(graph_diff_json(diff, "0" * 40))
    rest = [item for item in printed["nodes"] if item.get("change") != "removed"]
    assert [item["id"] for item in rest] == list(other.nodes)
    assert len([item for item in printed["edges"] if item.get("change") != "removed"]) == len(other.edges)
    assert graph_changes(one, one).is_empty


@pytest.mark.parametrize("key", ["version", "nodes", "edges"])
def test_the_schema_wants_all_parts(key: str) -> None:
    whole = {"version": 1, "nodes": [], "edges": []}
    assert faults(json.dumps(whole)) == []
    del whole[key]
    assert faults(json.dumps(whole)) != []
