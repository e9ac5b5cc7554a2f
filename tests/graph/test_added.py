"""Graphs of other repositories and tools: what they join, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from archlint.model.graph.added import BadGraph, read_graph_json
from tests.arch.worlds import custom, deployment, service, world_of
from tests.support.inside import archlint

NODE = {"id": "service:a", "kind": "service", "name": "a"}
EDGE = {"from": "service:a", "to": "service:b", "kind": "sync", "protocol": "http", "evidence": []}


def graph(*nodes: dict[str, Any], edges: list[dict[str, Any]] | None = None, **more: Any) -> str:
    return json.dumps({"version": 1, "nodes": list(nodes), "edges": edges or [], **more})


def node(name: str, namespace: str | None = None, kind: str = "service", **more: Any) -> dict[str, Any]:
    where = {"namespace": namespace} if namespace else {}
    identity = f"{kind}:{namespace}/{name}" if namespace else f"{kind}:{name}"
    return {"id": identity, "kind": kind, "name": name, **where, **more}


def shop(folder: Path) -> Path:
    """A repository whose web calls what is not in it."""
    urls = {
        "ORDERS_URL": "http://orders.sales.svc:80",
        "PAY_URL": "https://pay.example.com/v1",
        "MAIL_URL": "https://api.mail.example.net",
    }
    route = {"rules": [{"host": "Shop.example.com", "http": {"paths": [{"backend": _backend("web")}]}}]}
    files: dict[str, Any] = {
        "deploy.yaml": [
            deployment("web", "shop", **urls),
            service("web", 80, "shop"),
            custom("Ingress", "networking.k8s.io/v1", "front", "shop", spec=route),
        ]
    }
    world_of(folder, files)
    return folder


def _backend(name: str) -> dict[str, Any]:
    return {"service": {"name": name, "port": {"number": 80}}}


def joined(folder: Path, *texts: str) -> dict[str, Any]:
    """The graph of the shop with others; ``folder`` holds them beside it."""
    folder.mkdir(exist_ok=True)
    names = []
    for at, text in enumerate(texts):
        (folder / f"other{at}.json").write_text(text, "utf-8")
        names += ["--add", f"../other{at}.json"]
    found = archlint("graph", *names, cwd=shop(folder / "repo"))
    assert found.code == 0, found.err
    return dict(found.report)


def ends(report: dict[str, Any]) -> list[str]:
    return [f"{edge['from']} -> {edge['to']}" for edge in report["edges"]]


def test_hosts_outside_are_the_nodes_that_answer_to_them(tmp_path: Path) -> None:
    pay = node("payments", "money", owner="team-money", hosts=["pay.example.com"])
    report = joined(tmp_path, graph(node("orders", "sales"), pay), graph(node("mail")))
    assert ends(report) == [
        "gateway:shop/front -> service:shop/web",
        "service:shop/web -> external:api.mail.example.net",
        "service:shop/web -> service:money/payments",
        "service:shop/web -> service:sales/orders",
    ]
    by_id = {item["id"]: item for item in report["nodes"]}
    assert by_id["service:money/payments"]["answers"] == ["pay.example.com"]
    assert by_id["service:money/payments"]["sources"] == ["../other0.json", "."]
    assert by_id["service:shop/web"]["sources"] == ["."]
    assert by_id["service:shop/web"]["hosts"] == ["shop.example.com"]
    assert "external:pay.example.com" not in by_id


def test_what_others_call_here(tmp_path: Path) -> None:
    shown = {"path": "src/app.py", "line": 3, "column": 7, "text": "https://shop.example.com"}
    edge = {"from": "service:bot", "to": "external:shop.example.com", "kind": "sync", "protocol": "https"}
    other = graph(
        node("bot"), node("shop.example.com", kind="external"), edges=[{**edge, "evidence": [shown]}]
    )
    report = joined(tmp_path, other)
    (found,) = [item for item in report["edges"] if item["from"] == "service:bot"]
    assert found["to"] == "service:shop/web"
    assert found["evidence"] == [{**shown, "source": "../other0.json"}]
    assert found["sources"] == ["../other0.json"]


def test_a_host_of_several_nodes_is_their_gateway_or_stays_outside(tmp_path: Path) -> None:
    many = [node(name, hosts=["pay.example.com"]) for name in ("one", "two")]
    assert "service:shop/web -> external:pay.example.com" in ends(joined(tmp_path / "a", graph(*many)))
    edge = node("edge", kind="gateway", hosts=["pay.example.com"])
    assert "service:shop/web -> gateway:edge" in ends(joined(tmp_path / "b", graph(*many, edge)))


def test_the_same_nodes_and_edges_are_one(tmp_path: Path) -> None:
    repo = shop(tmp_path / "repo")
    own = archlint("graph", cwd=repo)
    (tmp_path / "own.json").write_text(own.out, "utf-8")
    both = archlint("graph", "--add", "../own.json", cwd=repo).report
    assert [item["id"] for item in both["nodes"]] == [item["id"] for item in own.report["nodes"]]
    assert ends(dict(both)) == ends(dict(own.report))
    assert all(item["sources"] == [".", "../own.json"] for item in (*both["nodes"], *both["edges"]))
    assert [len(item["evidence"]) for item in both["edges"]] == [2] * len(both["edges"])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is empty"),
        ("[]", "1:1: a graph is an object"),
        ("{", "1:2: The file is not valid JSON"),
        ('{"version": 2, "nodes": [], "edges": []}', "1:13: 'version' must be 1"),
        ('{"version": 1, "nodes": {}, "edges": []}', "1:25: 'nodes' must be a list"),
        ('{"version": 1, "nodes": []}', "1:2: 'edges' must be a list"),
        (graph({"id": "a"}), "'kind' must be a text"),
        (graph({**NODE, "kind": "box"}), "1:54: a node is of kind service, datastore"),
        (graph({**NODE, "name": 3}), "'name' must be a text that is not empty"),
        (graph({**NODE, "name": "n" * 5000}), "is longer than 2000 characters"),
        (graph({**NODE, "hosts": [1]}), "'hosts' lists texts"),
        (graph(NODE, NODE), "two nodes with the id 'service:a'"),
        (graph(3), "a node is an object"),  # type: ignore[arg-type]
        (graph(NODE, edges=[EDGE]), "there is no node with the id 'service:b'"),
        (graph(NODE, edges=[{**EDGE, "to": "service:a", "kind": "x"}]), "an edge is of kind"),
        (graph(NODE, edges=[{**EDGE, "to": "service:a", "evidence": [{}]}]), "'line' must be a whole number"),
        (graph(NODE, edges=[{**EDGE, "to": "service:a", "evidence": 3}]), "'evidence' must be a list"),
        (
            graph(NODE, edges=[{**EDGE, "to": "service:a", "confidence": "sure"}]),
            "confidence of an edge",
        ),
        ("[" * 100_000, "nests deeper than 200 levels"),
    ],
)
def test_wrong_shapes_are_refused_with_their_place(text: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(BadGraph) as problem:
        read_graph_json("other.json", text)
    assert str(problem.value).startswith("other.json:") and reason in str(problem.value)
    (tmp_path / "other.json").write_text(text, "utf-8")
    done = archlint("graph", "--add", "../other.json", cwd=shop(tmp_path / "repo"))
    assert (done.code, done.out) == (2, "") and reason in done.err


def test_files_that_are_not_there_or_no_text(tmp_path: Path) -> None:
    repo = shop(tmp_path / "repo")
    assert archlint("graph", "--add", "nowhere.json", cwd=repo).code == 2
    (tmp_path / "a.json").write_bytes(b"\xff\xfe\xff")
    assert archlint("graph", "--add", "../a.json", cwd=repo).code == 2
