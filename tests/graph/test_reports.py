"""The graph as JSON and as a Mermaid flowchart, and the command."""

from __future__ import annotations

import json
import random
from pathlib import Path

from archlint.engine.reading import read_world
from archlint.files import WorkingTree
from archlint.model.graph.build import described_graph
from archlint.reports.graph.json import graph_json
from archlint.reports.graph.mermaid import graph_mermaid
from tests.arch.worlds import custom, deployment, service, world_of
from tests.support.charts import helm
from tests.support.inside import archlint

FILES = {
    "deploy/web.yaml": [
        deployment("web", "shop", CART_ADDR="cart:9090", DB_URL="postgres://db.example.net/web")
    ],
    "deploy/cart.yaml": [deployment("cart", "shop"), service("cart", 9090, "shop")],
    "services/cart/catalog-info.yaml": [
        custom(
            "Component",
            "backstage.io/v1alpha1",
            "cart",
            spec={"type": "service", "owner": "group:default/money"},
        )
    ],
    "services/cart/openapi.yaml": "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths: {}\n",
}


def column(value: str) -> int:
    """Where a value of the first file begins, its quote included."""
    return json.dumps(FILES["deploy/web.yaml"][0]).index(f'"{value}') + 1


def test_json_has_the_published_layout(tmp_path: Path) -> None:
    assert json.loads(graph_json(described_graph(world_of(tmp_path, FILES)))) == {
        "version": 1,
        "nodes": [
            {
                "id": "datastore:db.example.net",
                "kind": "datastore",
                "name": "db.example.net",
                "contracts": [],
            },
            {"id": "owner:money", "kind": "owner", "name": "money", "contracts": []},
            {
                "id": "service:shop/cart",
                "kind": "service",
                "name": "cart",
                "namespace": "shop",
                "owner": "money",
                "contracts": ["services/cart/openapi.yaml"],
            },
            {
                "id": "service:shop/web",
                "kind": "service",
                "name": "web",
                "namespace": "shop",
                "contracts": [],
            },
        ],
        "edges": [
            {
                "from": "service:shop/web",
                "to": "datastore:db.example.net",
                "kind": "data",
                "protocol": "postgres",
                "confidence": "high",
                "evidence": [
                    {
                        "path": "deploy/web.yaml",
                        "line": 1,
                        "column": column("postgres"),
                        "text": "DB_URL=postgres://db.example.net",
                    }
                ],
            },
            {
                "from": "service:shop/web",
                "to": "service:shop/cart",
                "kind": "sync",
                "protocol": "tcp",
                "confidence": "high",
                "evidence": [
                    {
                        "path": "deploy/web.yaml",
                        "line": 1,
                        "column": column("cart:9090"),
                        "text": "CART_ADDR=cart:9090",
                    }
                ],
            },
        ],
    }


def test_mermaid_escapes_what_could_be_markup(tmp_path: Path) -> None:
    hostile = 'x"] --> y["<b>#quot;`&\n'
    graph = described_graph(world_of(tmp_path, {"a.yaml": [deployment(hostile), deployment("end")]}))
    assert graph_mermaid(graph).splitlines() == [
        "flowchart LR",
        '  service_end["end"]',
        '  service_x_y_b_quot_["x#34;#93; --#62; y#91;#34;#60;b#62;#35;quot#59;#96;#38;#10;"]',
    ]


def test_mermaid_tells_alike_nodes_apart(tmp_path: Path) -> None:
    objects = [deployment("cart", "a"), deployment("cart", "b"), deployment("c-d"), deployment("c.d")]
    lines = graph_mermaid(described_graph(world_of(tmp_path, {"a.yaml": objects}))).splitlines()[1:]
    assert len({line.split("[")[0] for line in lines}) == 4
    assert '["a/cart"]' in lines[0] and '["b/cart"]' in lines[1]


def test_the_order_of_files_does_not_matter(tmp_path: Path) -> None:
    world_of(tmp_path, FILES)
    paths = sorted(FILES)
    expected = graph_json(described_graph(read_world(WorkingTree(tmp_path), paths)))
    for seed in range(5):
        random.Random(seed).shuffle(paths)
        assert graph_json(described_graph(read_world(WorkingTree(tmp_path), paths))) == expected


def test_the_command(tmp_path: Path) -> None:
    world_of(tmp_path / "repo", FILES)
    first = archlint("graph", "deploy", cwd=tmp_path / "repo", PYTHONHASHSEED="1")
    assert first.code == 0
    assert [node["id"] for node in first.report["nodes"]] == [
        "datastore:db.example.net",
        "service:shop/cart",
        "service:shop/web",
    ]
    assert archlint("graph", "deploy", cwd=tmp_path / "repo", PYTHONHASHSEED="2").out == first.out
    drawn = archlint("graph", "--format", "mermaid", cwd=tmp_path / "repo")
    assert drawn.out.startswith("flowchart LR\n") and drawn.code == 0
    missing = archlint("graph", "nowhere", cwd=tmp_path / "repo")
    assert (missing.code, missing.out) == (2, "")
    assert archlint("graph", "--format", "pdf", cwd=tmp_path / "repo").code == 2
    assert archlint("graph", "--exclude", "web.yaml", "deploy", cwd=tmp_path / "repo").report["edges"] == []


def test_the_command_shows_what_charts_deploy(tmp_path: Path) -> None:
    helm()
    chart = tmp_path / "cart"
    (chart / "templates").mkdir(parents=True)
    (chart / "Chart.yaml").write_text("apiVersion: v2\nname: cart\nversion: 1.0.0\n")
    (chart / "values.yaml").write_text("address: mail:80\n")
    for name, value in (("cart", "{{ .Values.address }}"), ("mail", "none")):
        made = json.dumps([deployment(name, "shop", MAIL_ADDR=value), service(name, 80, "shop")])
        text = "\n---\n".join(json.dumps(each) for each in json.loads(made))
        (chart / "templates" / f"{name}.yaml").write_text(text)
    (tmp_path / "archlint.yaml").write_text("profile: minimal\n")
    graph = json.loads(archlint("graph", cwd=tmp_path).out)
    assert [(edge["from"], edge["to"]) for edge in graph["edges"]] == [
        ("service:shop/cart", "service:shop/mail")
    ]
    assert graph["edges"][0]["evidence"][0]["path"] == "cart/values.yaml"


def test_source_that_is_too_large_is_told(tmp_path: Path) -> None:
    (tmp_path / "cart").mkdir()
    (tmp_path / "cart" / "Dockerfile").write_text("FROM scratch\n")
    (tmp_path / "cart" / "app.py").write_text("x = 1\n" * 200_000)
    done = archlint("graph", ".", cwd=tmp_path)
    assert "cart/app.py" in done.err and "source larger than 1 MB is not looked at for calls" in done.err
