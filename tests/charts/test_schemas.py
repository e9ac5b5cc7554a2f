"""Values are held against the schema of their chart, and nothing that a schema names elsewhere is opened."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from archlint.documents.charts.rendering import ChartTerms, Release
from archlint.model.kubernetes.building.renderings import ValuesViolation
from tests.charts.worlds import CHART, world_of


class _Nobody:
    """No program that renders."""

    version = ""

    def render(self, files: object, asked: object) -> Any:
        """Is not asked."""
        raise AssertionError

    def close(self) -> None:
        """Nothing."""


def violations(folder: Path, files: Mapping[str, str], *releases: Release) -> set[tuple[str, int, str]]:
    """Path, line and value of what is refused; the program that renders is not needed."""
    world = world_of(folder, files)
    world.charts = ChartTerms(_Nobody(), "1.37", releases)
    found = (item.refused for item in world.all(ValuesViolation))
    return {(item.place.source.path, item.place.span().line, item.names) for item in found}


def chart(schema: object, values: str, **more: str) -> dict[str, str]:
    """A chart with a schema."""
    files = {
        "cart/Chart.yaml": CHART,
        "cart/values.yaml": values,
        "cart/values.schema.json": json.dumps(schema),
    }
    return files | more


SCHEMA = {
    "required": ["host"],
    "properties": {
        "replicas": {"type": "integer", "minimum": 1},
        "host": {"type": "string", "minLength": 1},
        "mode": {"enum": ["fast", "safe"]},
        "image": {"additionalProperties": False, "properties": {"tag": {"type": "string"}}},
    },
}


def test_own_values_are_defaults(tmp_path: Path) -> None:
    files = chart(SCHEMA, "replicas: 0\nhost: ''\nmode: slow\nimage:\n  tag: 1\n  name: x\n")
    assert violations(tmp_path, files) == {
        ("cart/values.yaml", 1, "replicas"),
        ("cart/values.yaml", 3, "mode"),
        ("cart/values.yaml", 4, "image"),
        ("cart/values.yaml", 5, "image.tag"),
    }


def test_values_over_the_charts_own(tmp_path: Path) -> None:
    files = chart(SCHEMA, "replicas: 1\nmode: fast\n") | {
        "cart/ci/bad-values.yaml": "replicas: two\nmode: null\n",
        "live.yaml": "host: a\nreplicas: 3\n",
    }
    found = violations(tmp_path, files, Release("cart", ("live.yaml",)))
    assert found == {("cart/ci/bad-values.yaml", 1, "replicas"), ("cart/ci/bad-values.yaml", 1, "values")}


def test_charts_in_a_chart(tmp_path: Path) -> None:
    inner = {
        "cart/charts/db/Chart.yaml": CHART.replace("cart", "db"),
        "cart/charts/db/values.yaml": "size: 1\n",
        "cart/charts/db/values.schema.json": '{"properties": {"size": {"type": "integer"}}}',
    }
    needs = "dependencies: [{name: db, version: 1.x.x, condition: db.enabled}]\n"
    top = {"cart/Chart.yaml": CHART + needs}
    files = chart({}, "db:\n  size: big\n") | inner | top
    assert violations(tmp_path / "on", files) == {("cart/values.yaml", 2, "size")}
    off = files | {"cart/values.yaml": "db:\n  size: big\n  enabled: false\n"}
    assert violations(tmp_path / "off", off) == set()


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "http://127.0.0.1:9/x.json"},
        {"$ref": "file:///etc/hostname"},
        {"$ref": "../other.json"},
        {"$ref": "#"},
        {"type": 5},
        ["no schema"],
        {"properties": {"a": {"pattern": "^(a+)+$"}}},
        {
            "$ref": "#/$defs/a0",
            "$defs": {f"a{at}": {"allOf": [{"$ref": f"#/$defs/a{at + 1}"}] * 2} for at in range(60)},
        },
    ],
)
def test_schemas_that_are_no_use(tmp_path: Path, schema: object) -> None:
    assert violations(tmp_path, chart(schema, f"a: {'a' * 40}!\n")) <= {("cart/values.yaml", 1, "a")}


FORKS: dict[str, Callable[[Any], dict[str, Any]]] = {
    **{name: lambda below, name=name: {name: [below, below]} for name in ("allOf", "anyOf", "oneOf")},  # type: ignore[misc]
    "then": lambda below: {"if": below, "then": below},
    "else": lambda below: {"if": {"not": below}, "else": below},
    "beside": lambda below: {**below, "not": {"not": below}},
}
"""Schemas that ask what is below them twice of the same value."""


@pytest.mark.parametrize("fork", FORKS)
@pytest.mark.parametrize("inside", ["items", "prefixItems", "$ref"])
@pytest.mark.parametrize(("depth", "is_used"), [(9, True), (17, False)])
def test_schemas_that_multiply_are_no_use(
    tmp_path: Path, fork: str, inside: str, depth: int, is_used: bool
) -> None:
    """By whichever keyword it multiplies, and wherever: a small one is used, a large one is not."""
    names = [f"a/~{at}" for at in range(depth + 1)]
    links = [{"$ref": f"#/$defs/{name.replace('~', '~0').replace('/', '~1')}"} for name in names]
    defined = {name: FORKS[fork](below) for name, below in zip(names, links[1:], strict=False)}
    heavy = {inside: {"items": links[0], "prefixItems": links[:1], "$ref": links[0]["$ref"]}[inside]}
    schema = {
        "properties": {"replicas": {"type": "integer"}, "more": heavy},
        "$defs": {**defined, names[-1]: {}},
    }
    found = violations(tmp_path, chart(schema, "replicas: two\nmore: [1]\n"))
    assert found == ({("cart/values.yaml", 1, "replicas")} if is_used else set())


_EITHER = [{"required": ["a"]}, {"required": ["b"]}]
LACKING: dict[str, tuple[dict[str, Any], str]] = {
    "required": ({"required": ["a"]}, "z: 1\n"),
    "dependentRequired": ({"dependentRequired": {"z": ["a"]}}, "z: 1\n"),
    "anyOf": ({"anyOf": _EITHER}, "z: 1\n"),
    "oneOf": ({"oneOf": _EITHER}, "z: 1\n"),
    "minLength": ({"properties": {"a": {"minLength": 3}}}, "a: x\n"),
    "minItems": ({"properties": {"a": {"minItems": 3}}}, "a: [1]\n"),
    "minProperties": ({"properties": {"a": {"minProperties": 3}}}, "a: {b: 1}\n"),
    **{
        f"blank {blank}": ({"properties": {"a": {"enum": ["fast", "safe"]}}}, f"a: {blank}\n")
        for blank in ("''", "[]", "{}")
    },
}
"""Schemas that values break which are still to be given, and such values."""


@pytest.mark.parametrize("word", LACKING)
def test_what_is_still_to_be_given_is_a_fault_of_those_who_deploy(tmp_path: Path, word: str) -> None:
    schema, values = LACKING[word]
    assert violations(tmp_path / "own", chart(schema, values)) == set()
    files = chart(schema, "other: 1\n", **{"live.yaml": values})
    (found,) = violations(tmp_path / "live", files, Release("cart", ("live.yaml",)))
    assert found[:2] == ("live.yaml", 1)


def test_each_value_that_is_refused_is_told_where_it_stands(tmp_path: Path) -> None:
    """Also where the words are the same, in several files or in one, and whatever else cannot be read."""
    schema = {"additionalProperties": {"additionalProperties": {"type": "integer"}}}
    values = "a:\n  size: big\nb:\n  size: big\n"
    files = chart(schema, values)
    more = {
        path.replace("cart/", "stock/"): text.replace("name: cart", "name: stock")
        for path, text in files.items()
    }
    broken = {"bad/Chart.yaml": "- no chart\n", "bad/values.yaml": values}
    bare = {"also/Chart.yaml": CHART.replace("cart", "also"), "also/values.yaml": values}
    expected = {
        (f"{name}/values.yaml", at, f"{key}.size")
        for name in ("cart", "stock")
        for key, at in (("a", 2), ("b", 4))
    }
    assert violations(tmp_path, {**files, **more, **broken, **bare}) == expected


def test_charts_in_charts_in_a_chart(tmp_path: Path) -> None:
    """Each is held against its own schema, with what those around it say: the outermost has the word."""
    schema = '{"properties": {"size": {"type": "integer"}}}'
    files = chart({}, "db:\n  log:\n    size: big\n")
    for folder, name in (("cart/charts/db", "db"), ("cart/charts/db/charts/log", "log")):
        files |= {
            f"{folder}/Chart.yaml": CHART.replace("cart", name),
            f"{folder}/values.yaml": "size: 1\n",
            f"{folder}/values.schema.json": schema,
        }
    assert violations(tmp_path / "top", files) == {("cart/values.yaml", 3, "size")}
    middle = files | {"cart/values.yaml": "{}\n", "cart/charts/db/values.yaml": "log:\n  size: big\n"}
    assert violations(tmp_path / "middle", middle) <= {("cart/charts/db/values.yaml", 2, "size")}
    fixed = middle | {"cart/values.yaml": "db:\n  log:\n    size: 2\n"}
    assert violations(tmp_path / "fixed", fixed) == set()
    off = files | {
        "cart/charts/db/Chart.yaml": files["cart/charts/db/Chart.yaml"]
        + "dependencies: [{name: log, version: 1.x.x, condition: log.on}]\n"
    }
    assert violations(tmp_path / "on", off) == {("cart/values.yaml", 3, "size")}
    off["cart/values.yaml"] += "    on: false\n"
    assert violations(tmp_path / "off", off) == set()
