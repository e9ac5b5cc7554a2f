"""A change that breaks a contract tells whom in the repository it breaks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.inside import archlint
from tests.support.process import commit_all

CONTRACT = """\
openapi: 3.0.3
info: {title: Cart, version: 1.0.0}
paths:
  /carts/{id}:
    get: &op
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: ok}}
  /prices:
    get: {responses: {'200': {description: ok}}}
"""
COMPOSE = """\
services:
  cart: {build: cart}
  web: {build: web, environment: {CART_URL: "http://cart:8080"}}
  mail: {build: mail, environment: {CART_URL: "http://cart:8080"}}
"""
WEB = (
    'import os\n\nCART = os.environ["CART_URL"]\n\n\ndef cart(key):\n    return get(CART + "/carts/" + key)\n'
)


def lay_out(folder: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)


def changed(folder: Path, files: dict[str, str], after: dict[str, str]) -> dict[str, Any]:
    lay_out(folder, files)
    commit_all(folder)
    lay_out(folder, after)
    done = archlint("check", ".", "--base", "HEAD", "--select", "OAS", "--format", "json", cwd=folder)
    return json.loads(done.out)


def broken(report: dict[str, Any]) -> dict[str, Any]:
    (found,) = (item for item in report["findings"] if item["code"].startswith("OAS5"))
    return found


@pytest.fixture
def files() -> dict[str, str]:
    return {
        "cart/openapi.yaml": CONTRACT,
        "compose.yaml": COMPOSE,
        **{f"{name}/Dockerfile": "FROM scratch\n" for name in ("cart", "web", "mail")},
        "web/app.py": WEB,
    }


def test_an_operation_that_is_gone_breaks_those_who_call_it(tmp_path: Path, files: dict[str, str]) -> None:
    gone = CONTRACT.replace("  /carts/{id}:", "  /baskets/{id}:")
    found = broken(changed(tmp_path, files, {"cart/openapi.yaml": gone}))
    assert found["consumers"] == [
        {"service": "mail", "uses": "service", "places": [{"path": "compose.yaml", "line": 4, "column": 55}]},
        {"service": "web", "uses": "operation", "places": [{"path": "web/app.py", "line": 7, "column": 24}]},
    ]
    assert {"consumer 'web' uses it here", "consumer 'mail' calls this service"} <= {
        item["message"] for item in found["related"]
    }


def test_an_operation_that_nobody_writes_breaks_only_callers_of_the_service(
    tmp_path: Path, files: dict[str, str]
) -> None:
    gone = CONTRACT.replace("  /prices:", "  /costs:")
    found = broken(changed(tmp_path, files, {"cart/openapi.yaml": gone}))
    assert [(item["service"], item["uses"]) for item in found["consumers"]] == [
        ("mail", "service"),
        ("web", "service"),
    ]


def test_where_nobody_is_known_that_is_said(tmp_path: Path) -> None:
    gone = CONTRACT.replace("  /prices:", "  /costs:")
    report = changed(tmp_path, {"cart/openapi.yaml": CONTRACT}, {"cart/openapi.yaml": gone})
    assert broken(report)["consumers"] == []
    assert [
        (item["path"], "no known consumer in this repository" in item["message"])
        for item in report["notices"]
    ] == [("cart/openapi.yaml", True)]


def test_a_rollout_with_two_versions_is_told(tmp_path: Path, files: dict[str, str]) -> None:
    files["deploy.yaml"] = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart}
spec:
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart}}
    spec: {containers: [{name: cart, image: "shop/cart:1.0.0"}]}
"""
    gone = CONTRACT.replace("  /prices:", "  /costs:")
    found = broken(changed(tmp_path, files, {"cart/openapi.yaml": gone}))
    assert "old and new 'cart' answer side by side while this rolls out" in {
        item["message"] for item in found["related"]
    }
