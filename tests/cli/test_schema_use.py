"""A report says which objects were held against schemas, and which resources nobody looked at."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.inside import archlint

MANIFESTS = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
---
apiVersion: v1
kind: List
items:
  - {apiVersion: v1, kind: Secret, metadata: {name: b}}
  - {apiVersion: example.com/v1, kind: Shop, metadata: {name: c}, spec: {size: 1}}
---
apiVersion: example.com/v1
kind: Shop
metadata: {name: d}
spec: {size: 1}
---
apiVersion: example.com/v1
kind: Till
metadata: {name: e}
---
apiVersion: other.example.com/v1
kind: Till
metadata: {name: f}
"""
DEFINITION = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: shops.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {kind: Shop, plural: shops}
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties: {spec: {type: object, properties: {size: {type: integer}}}}
"""
TILLS = {"example.com/v1 Till": 1, "other.example.com/v1 Till": 1}
SHOP, TILL, OTHER = (2, "example.com/v1 Shop"), (3, "example.com/v1 Till"), (4, "other.example.com/v1 Till")


def report(folder: Path, files: dict[str, str], *flags: str) -> dict[str, Any]:
    """The report, which a second run gives from the cache."""
    folder.mkdir(exist_ok=True)
    for path, text in files.items():
        (folder / path).write_text(text)
    first, second = (
        archlint("check", ".", "--isolated", "--format", "json", *flags, cwd=folder).report for _ in range(2)
    )
    assert first == second
    return first


def unread(told: dict[str, Any]) -> list[tuple[int, str]]:
    """The documents that no rule knows."""
    return [
        (item["document"], item["detail"]) for item in told["unread"] if item["reason"] == "unknown-resource"
    ]


@pytest.mark.parametrize(
    ("flags", "has_definition", "checked", "left"),
    [
        ((), True, 5, [TILL, OTHER]),
        ((), False, 2, [SHOP, TILL, OTHER]),
        (("--ignore", "field-unknown"), True, None, [SHOP, TILL, OTHER]),
    ],
)
def test_what_was_held_against_schemas_is_counted(
    tmp_path: Path, flags: tuple[str, ...], has_definition: bool, checked: int | None, left: list[Any]
) -> None:
    files = {"a.yaml": MANIFESTS, **({"crd.yaml": DEFINITION} if has_definition else {})}
    told = report(tmp_path / "shop", files, *flags)
    assert unread(told) == left
    use = told.get("schemas")
    if checked is None:
        assert use is None
    else:
        shops = {} if has_definition else {"example.com/v1 Shop": 2}
        assert (use["checked"], use["unchecked"]) == (checked, {**shops, **TILLS})
        said = archlint("check", ".", "--isolated", "-v", *flags, cwd=tmp_path / "shop").err
        assert f"{checked} objects checked against the schemas of Kubernetes {use['kubernetes']}; " in said


def test_what_has_no_manifests_has_no_schemas(tmp_path: Path) -> None:
    for name, text in (("contract", "openapi: 3.0.3\npaths: {}\n"), ("data", "a: 1\n")):
        assert "schemas" not in report(tmp_path / name, {"a.yaml": text})


@pytest.mark.parametrize(
    ("rules", "unevaluated"),
    [
        (["self.size > 0"], None),
        (["self.size > 0" + " || false" * 3_000], {"example.com/v1 Shop": 1}),
        (["self.size > 0", "[" * 500 + "self.size" + "]" * 500 + " != []"], {"example.com/v1 Shop": 1}),
        ([f"self.size > {number}" + " || false" * 3_000 for number in range(2)], {"example.com/v1 Shop": 2}),
    ],
)
def test_rules_in_cel_that_are_too_large_are_counted(
    rules: list[str], unevaluated: dict[str, int] | None, tmp_path: Path
) -> None:
    stated = json.dumps([{"rule": rule} for rule in rules])
    text = DEFINITION.replace(
        "spec: {type: object, ", f"spec: {{type: object, x-kubernetes-validations: {stated}, "
    )
    told = report(tmp_path / "shop", {"crd.yaml": text, "a.yaml": MANIFESTS})
    assert told["schemas"].get("rules") == unevaluated
