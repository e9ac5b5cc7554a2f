"""Null or a wrong type wherever a map, list or string is expected: no rule raises, the graph is built."""

from __future__ import annotations

import copy
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archlint.model.graph.build import described_graph
from archlint.reports.graph.json import graph_json
from archlint.reports.graph.mermaid import graph_mermaid
from tests.arch.worlds import custom, deployment, findings_of, service, world_of
from tests.support.sampling import usually

WEB = deployment(
    "web", "shop", CART="http://cart", STOCK_ADDR="stok:80", DB_HOST="db", DB_NAME="x", P="cart:81"
)
WEB["spec"]["template"]["spec"] |= {
    "volumes": [
        {"configMap": {"name": "c", "items": [{"key": "k"}]}},
        {"projected": {"sources": [{"configMap": {"name": "c"}}]}},
    ]
}
WEB["spec"]["template"]["spec"]["containers"][0] |= {
    "args": ["--cart=cart:80"],
    "envFrom": [{"configMapRef": {"name": "c"}, "prefix": "X_"}, {"secretRef": {"name": "s"}}],
    "ports": [{"containerPort": 80}],
}
RULES = [{"alert": "A", "labels": {"severity": "page"}, "annotations": {"runbook_url": "x"}}, {"alert": "B"}]
BACKENDS = [{"name": "cart", "port": 80, "namespace": "shop"}]
OBJECTS: list[dict[str, Any]] = [
    WEB,
    deployment("cart", "shop", WEB="http://web", DATABASE_URL="postgres://db/x"),
    deployment("db", "shop", image="postgres:16", kind="StatefulSet"),
    *(service(name, 80, "shop") for name in ("cart", "web", "db", "stock")),
    custom("ConfigMap", "v1", "c", "shop", data={"k": "http://cart\nstock:80", "A_URL": "http://nobody"}),
    custom("Secret", "v1", "s", "shop", data={"U": "aHR0cDovL2NhcnQ="}, stringData={"V": "stock:80"}),
    custom(
        "VirtualService",
        "networking.istio.io/v1",
        "cart",
        "shop",
        spec={
            "hosts": ["cart"],
            "gateways": ["a/b", "mesh"],
            "http": [{"route": [{"destination": {"host": "cart"}}]}],
        },
    ),
    custom("DestinationRule", "networking.istio.io/v1", "web", "shop", spec={"host": "web"}),
    custom("ServiceEntry", "networking.istio.io/v1", "e", "shop", spec={"hosts": ["e.example.com"]}),
    custom(
        "Ingress",
        "networking.k8s.io/v1",
        "i",
        "shop",
        spec={
            "rules": [
                {"http": {"paths": [{"backend": {"service": {"name": "cart", "port": {"number": 80}}}}]}}
            ]
        },
    ),
    custom(
        "HTTPRoute",
        "gateway.networking.k8s.io/v1",
        "h",
        "shop",
        spec={
            "parentRefs": [{"name": "g"}],
            "rules": [{"backendRefs": BACKENDS, "timeouts": {"request": "1s"}}],
        },
    ),
    custom("Route", "route.openshift.io/v1", "r", "shop", spec={"to": {"name": "cart"}}),
    custom(
        "PrometheusRule", "monitoring.coreos.com/v1", "p", spec={"groups": [{"name": "g", "rules": RULES}]}
    ),
]
CATALOG = [
    custom(
        "Component",
        "backstage.io/v1alpha1",
        "cart",
        spec={"type": "service", "owner": "user:a/b", "providesApis": ["api:x"]},
    ),
    custom("API", "backstage.io/v1alpha1", "x", spec={"definition": {"$text": "./api.yaml"}}),
    custom("Component", "backstage.io/v1alpha1", "lost", spec={"type": "service"}),
]
OTHERS = {
    "docs/a.md": "```sh\nkubectl -n shop get deploy/cart deploy/carts\n```\n",
    "CODEOWNERS": "/deploy/cart.yaml @shop/cart\n",
    "rules.yaml": [{"groups": [{"name": "g", "rules": RULES}]}],
    "chart/Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\ndependencies: [{name: d, alias: e}]\n",
    "k/kustomization.yaml": "resources: [../all.yaml]\nnamePrefix: x-\n",
    "compose.yaml": "services: {x: {image: y}}\n",
}
WRONG = st.sampled_from(
    [None, True, 0, -1, 1.5, "", "x", "\u2028", [], [None], [[]], {}, {"a": None}, {"name": {}}]
)


def _routes(value: Any, route: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [route] * bool(route) + [found for key, item in items for found in _routes(item, (*route, key))]


def _replaced(objects: list[Any], route: tuple[Any, ...], wrong: Any) -> None:
    parent: Any = objects
    for part in route[:-1]:
        if not isinstance(parent, (dict, list)):
            return
        try:
            parent = parent[part]
        except (KeyError, IndexError, TypeError):
            return
    if (isinstance(parent, dict) and route[-1] in parent) or (
        isinstance(parent, list) and route[-1] in range(len(parent))
    ):
        parent[route[-1]] = wrong


@settings(max_examples=usually(60, 1000), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(_routes([*OBJECTS, *CATALOG])), WRONG), min_size=1, max_size=6))
def test_wrong_shapes(changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    objects = copy.deepcopy([*OBJECTS, *CATALOG])
    for route, wrong in changes:
        _replaced(objects, route, wrong)
    files = {"all.yaml": objects[: len(OBJECTS)], "catalog-info.yaml": objects[len(OBJECTS) :], **OTHERS}
    with tempfile.TemporaryDirectory() as folder:
        world = world_of(Path(folder), files)
        findings_of(world)
        graph = described_graph(world)
        assert graph_json(graph) and graph_mermaid(graph)


def test_the_objects_are_worth_replacing(tmp_path: Path) -> None:
    world = world_of(tmp_path, {"all.yaml": OBJECTS, "catalog-info.yaml": CATALOG, **OTHERS})
    assert {item.rule for item in findings_of(world)} >= {
        "call-target-undefined",
        "call-port-undefined",
        "call-cycle",
        "call-without-timeout",
        "shared-database",
        "alert-without-runbook",
        "service-without-owner",
        "runbook-names-missing-workload",
    }


def test_sharp_characters_in_code_owners(tmp_path: Path) -> None:
    text = "*a" * 500 + " @x\n" + "**/" * 500 + "x @y\n[\n^[a]\n!x @z\n\\# @q\n[[[ @w\n/ @r\n" + "a" * 100_000
    labelled = deployment("cart")
    labelled["metadata"]["labels"] = {"team": "x"}
    path = "/".join(["a" * 50] * 60) + "/a.yaml"
    findings_of(world_of(tmp_path, {"CODEOWNERS": text, "d/a.yaml": [labelled, deployment("web")]}))
    from archlint.model.ownership.codeowners import CodeOwners, _parse

    assert CodeOwners("CODEOWNERS", "", tuple(_parse(text))).line_of(path) is None
