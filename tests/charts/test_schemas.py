"""Values are held against the schema of their chart, and nothing that a schema names elsewhere is opened."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from archlint.documents.charts.rendering import ChartTerms, Release
from archlint.model.kubernetes.renderings import ValuesViolation
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
