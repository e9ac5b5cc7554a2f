"""A change that breaks a contract tells whom in the repository it breaks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from archlint.model.sources.languages import Language
from archlint.model.sources.literals import SourceCode
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
    (found,) = (item for item in report["findings"] if item["code"] == "OAS501")
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


DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart}
spec:
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart}}
    spec: {containers: [{name: cart, image: "shop/cart:1.0.0"}]}
"""


ROLLOUT = DEPLOYMENT.replace("apps/v1", "argoproj.io/v1alpha1").replace("Deployment", "Rollout")
THREE = DEPLOYMENT.replace("spec:\n  sel", "spec:\n  replicas: 3\n  sel")
CANARY = """\
---
apiVersion: flagger.app/v1beta1
kind: Canary
metadata: {name: cart}
spec: {targetRef: {kind: Deployment, name: cart}}
"""
SCALED = """\
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: cart}
spec: {maxReplicas: 9, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: cart}}
"""


def with_strategy(manifest: str, strategy: str) -> str:
    return manifest.replace("spec:\n  sel", f"spec:\n  strategy: {{{strategy}}}\n  sel")


@pytest.mark.parametrize(
    ("manifest", "expected"),
    [
        (DEPLOYMENT, ("RollingUpdate", True, 2)),
        (with_strategy(DEPLOYMENT, "type: Recreate"), ("Recreate", False, 5)),
        (
            with_strategy(DEPLOYMENT, "rollingUpdate: {maxSurge: 0, maxUnavailable: 1}"),
            ("RollingUpdate", False, 2),
        ),
        (DEPLOYMENT.replace("Deployment", "StatefulSet"), ("RollingUpdate", False, 2)),
        (THREE.replace("Deployment", "StatefulSet"), ("RollingUpdate", True, 2)),
        (with_strategy(DEPLOYMENT, "rollingUpdate: {maxSurge: 0}") + SCALED, ("RollingUpdate", True, 2)),
        ((DEPLOYMENT + SCALED).replace("Deployment", "StatefulSet"), ("RollingUpdate", True, 2)),
        (
            (THREE + SCALED.replace("9", "1")).replace("Deployment", "StatefulSet"),
            ("RollingUpdate", False, 2),
        ),
        (with_strategy(ROLLOUT, "canary: {steps: []}"), ("canary", True, 5)),
        (with_strategy(ROLLOUT, "blueGreen: {activeService: cart}"), ("blue-green", True, 5)),
        (DEPLOYMENT + CANARY, ("canary", True, 13)),
    ],
)
def test_how_the_provider_is_rolled_out_is_told(
    tmp_path: Path, files: dict[str, str], manifest: str, expected: tuple[str, bool, int]
) -> None:
    files["deploy.yaml"] = manifest
    gone = CONTRACT.replace("  /prices:", "  /costs:")
    found = broken(changed(tmp_path, files, {"cart/openapi.yaml": gone}))
    (rollout,) = found["rollouts"]
    assert rollout["name"] == "cart"
    assert (rollout["strategy"], rollout["side_by_side"], rollout["line"]) == expected
    told = [item["message"] for item in found["related"] if item["path"] == "deploy.yaml"]
    assert ["side by side while" in item for item in told] == [expected[1]]


def test_both_versions_behind_one_service_answer_side_by_side(tmp_path: Path, files: dict[str, str]) -> None:
    front = "apiVersion: v1\nkind: Service\nmetadata: {name: cart}\nspec: {selector: {app: cart}}\n"
    both = [
        DEPLOYMENT.replace("metadata: {name: cart}", f"metadata: {{name: cart-{one}}}")
        for one in ("v1", "v2")
    ]
    files["deploy.yaml"] = "---\n".join([front, *both]).replace(
        "spec:\n  sel", "spec:\n  strategy: {type: Recreate}\n  sel"
    )
    found = broken(
        changed(tmp_path, files, {"cart/openapi.yaml": CONTRACT.replace("  /prices:", "  /costs:")})
    )
    assert {(item["name"], item["strategy"], item["side_by_side"]) for item in found["rollouts"]} == {
        ("cart-v1", "several versions", True),
        ("cart-v2", "several versions", True),
    }


PROTO = """\
syntax = "proto3";
package shop.v1;
service Cart { rpc ListItems (Ask) returns (Items); }
service Stock { rpc Count (Ask) returns (Amount); }
message Ask { string user_id = 1; }
message Items { repeated Item items = 1; }
message Item { string product_id = 1; int32 quantity = 2; }
message Amount { int64 amount = 1; }
"""
GO_WEB = """\
package main

func cart() {
	items, _ := pb.NewCartClient(conn).ListItems(ctx, &pb.Ask{UserId: "1"})
	for _, item := range items.GetItems() {
		show(item.GetQuantity())
	}
}
"""


@pytest.fixture
def grpc() -> dict[str, str]:
    return {
        "protos/shop.proto": PROTO,
        "compose.yaml": """\
services:
  cart: {build: cart}
  stock: {build: stock}
  web: {build: web, environment: {CART_ADDR: "cart:8080"}}
  board: {build: board, environment: {STOCK_ADDR: "stock:8080"}}
""",
        **{f"{name}/Dockerfile": "FROM scratch\n" for name in ("cart", "stock", "web", "board")},
        "web/main.go": GO_WEB,
    }


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("rpc ListItems", "rpc AllItems", [("web", "operation", ("web/main.go", 4))]),
        ("int32 quantity = 2", "int32 quantity = 3", [("web", "operation", ("web/main.go", 6))]),
        ("rpc Count", "rpc Sum", [("board", "service", ("compose.yaml", 5))]),
        (
            "string user_id = 1",
            "string user_id = 2",
            [("board", "service", ("compose.yaml", 5)), ("web", "operation", ("web/main.go", 4))],
        ),
    ],
)
def test_what_changes_in_a_proto_breaks_those_who_call_the_service_that_carries_it(
    tmp_path: Path, grpc: dict[str, str], old: str, new: str, expected: list[object]
) -> None:
    lay_out(tmp_path, grpc)
    commit_all(tmp_path)
    lay_out(tmp_path, {"protos/shop.proto": PROTO.replace(old, new)})
    done = archlint(
        "breaking", "HEAD:protos/shop.proto", "protos/shop.proto", "--format", "json", cwd=tmp_path
    )
    (found,) = (item for item in json.loads(done.out)["findings"] if item["severity"] == "error")
    assert [
        (item["service"], item["uses"], (item["places"][0]["path"], item["places"][0]["line"]))
        for item in found["consumers"]
    ] == expected


@pytest.mark.parametrize(
    ("gone", "expected"),
    [
        (
            (
                "service Stock { rpc Count (Ask) returns (Amount); }\n",
                "message Amount { int64 amount = 1; }\n",
            ),
            {"board"},
        ),
        (("message Spare { string note = 1; }\n",), set()),
        (("message Lone { string note = 1; }\n",), {"web"}),
    ],
    ids=["with its service", "carried by none", "used in source"],
)
def test_what_is_gone_of_a_proto_breaks_no_callers_of_other_services(
    tmp_path: Path, grpc: dict[str, str], gone: tuple[str, ...], expected: set[str]
) -> None:
    before = PROTO + "message Spare { string note = 1; }\nmessage Lone { string note = 1; }\n"
    source = GO_WEB.replace("items, _", "var left pb.Lone\n\titems, _")
    lay_out(tmp_path, {**grpc, "protos/shop.proto": before, "web/main.go": source})
    commit_all(tmp_path)
    after = before
    for text in gone:
        after = after.replace(text, "")
    lay_out(tmp_path, {"protos/shop.proto": after})
    found = compared(tmp_path, "HEAD:protos/shop.proto", "protos/shop.proto")["findings"]
    told = [{each["service"] for each in item["consumers"]} for item in found if item["severity"] == "error"]
    assert told
    assert all(each == expected for each in told)


def compared(cwd: Path, base: str, revision: str, *flags: str) -> dict[str, Any]:
    return json.loads(archlint("breaking", base, revision, "--format", "json", *flags, cwd=cwd).out)


@pytest.mark.parametrize(
    ("base", "revision"),
    [
        ("HEAD:cart/openapi.yaml", "cart/openapi.yaml"),
        ("HEAD:cart", "cart"),
        ("HEAD~1:.", "HEAD~0:."),
        ("HEAD:.", "."),
        ("HEAD:cart/openapi.yaml", "HEAD~0:cart/openapi.yaml"),
    ],
)
def test_revisions_of_a_repository_are_compared_with_its_consumers(
    tmp_path: Path, files: dict[str, str], base: str, revision: str
) -> None:
    gone = {"cart/openapi.yaml": CONTRACT.replace("  /carts/{id}:", "  /baskets/{id}:")}
    lay_out(tmp_path, files)
    commit_all(tmp_path)
    lay_out(tmp_path, gone)
    if "~0" in revision:
        commit_all(tmp_path)
        base = base.replace("HEAD:", "HEAD~1:")
    assert [item["service"] for item in broken(compared(tmp_path, base, revision))["consumers"]] == [
        "mail",
        "web",
    ]


def test_folders_with_services_are_compared_with_their_consumers(
    tmp_path: Path, files: dict[str, str]
) -> None:
    lay_out(tmp_path / "old", files)
    lay_out(tmp_path / "new", files)
    lay_out(tmp_path / "new", {"cart/openapi.yaml": CONTRACT.replace("  /carts/{id}:", "  /baskets/{id}:")})
    found = broken(compared(tmp_path, "old", "new"))
    assert [item["service"] for item in found["consumers"]] == ["mail", "web"]
    assert found["consumers"][1]["places"][0]["path"] == "new/web/app.py"


def test_lone_files_and_folders_of_contracts_have_nobody_around_them(
    tmp_path: Path, files: dict[str, str]
) -> None:
    lay_out(tmp_path, files)
    lay_out(tmp_path, {"cart/new/cart.yaml": CONTRACT.replace("  /carts/{id}:", "  /baskets/{id}:")})
    lay_out(tmp_path, {"cart/old/cart.yaml": CONTRACT})
    commit_all(tmp_path)
    for base, revision in (("cart/old/cart.yaml", "cart/new/cart.yaml"), ("cart/old", "cart/new")):
        report = compared(tmp_path, base, revision)
        found = broken(report)
        assert "consumers" not in found
        assert report["notices"] == []


def test_what_was_not_read_is_told_where_nobody_is_known(tmp_path: Path, files: dict[str, str]) -> None:
    del files["web/app.py"]
    files["compose.yaml"] = "services:\n  cart: {build: cart}\n"
    files["old/main.rs"] = "fn main() {}\n"
    lay_out(tmp_path, files)
    commit_all(tmp_path)
    lay_out(tmp_path, {"cart/openapi.yaml": CONTRACT.replace("  /prices:", "  /costs:")})
    report = compared(tmp_path, "HEAD:cart/openapi.yaml", "cart/openapi.yaml")
    assert broken(report)["severity"] == "error"
    (told,) = report["notices"]
    assert told["path"] == "cart/openapi.yaml"
    assert "no known consumer in this repository" in told["message"]
    assert "Rust" in told["message"]
    for name in ("text", "sarif", "markdown"):
        done = archlint("breaking", "HEAD:cart", "cart", "--format", name, cwd=tmp_path)
        assert "no known consumer in this repository" in done.out + done.err


@pytest.mark.parametrize("name", ["text", "sarif", "markdown", "github"])
def test_reports_tell_the_consumers(tmp_path: Path, files: dict[str, str], name: str) -> None:
    lay_out(tmp_path, files)
    commit_all(tmp_path)
    lay_out(tmp_path, {"cart/openapi.yaml": CONTRACT.replace("  /carts/{id}:", "  /baskets/{id}:")})
    out = archlint("breaking", "HEAD:cart", "cart", "--format", name, cwd=tmp_path).out
    told = "consumer 'web' uses it here" if name == "sarif" else "breaks web (web/app.py:7:24)"
    assert told in out
    assert "web/app.py" in out


def test_source_that_does_not_have_the_words_of_a_path_is_not_taken_apart(
    tmp_path: Path, files: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from archlint.model.sources import reading

    files.update({f"web/f{number}.py": f"x = {number}  # prices\n" for number in range(3)})
    files["web/g.py"] = "x = 'abc'\n"
    taken: list[str] = []

    def counted(text: str, language: Language) -> SourceCode:
        taken.append(text)
        return SourceCode(text, language)

    monkeypatch.setattr(reading, "SourceCode", counted)
    changed(tmp_path, files, {"cart/openapi.yaml": CONTRACT.replace("  /prices:", "  /costs:")})
    assert files["web/f1.py"] in taken
    assert files["web/g.py"] not in taken
