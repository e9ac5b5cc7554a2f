"""What policies of network and mesh say of who connects to whom: edges of a class of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from archlint.model.graph import service_graph
from tests.arch.worlds import custom, deployment, service, world_of


def labels(name: str) -> dict[str, Any]:
    return {"podSelector": {"matchLabels": {"app": name}}}


def policy(name: str, subject: dict[str, Any], **rules: Any) -> dict[str, Any]:
    return custom("NetworkPolicy", "networking.k8s.io/v1", name, "shop", spec={**subject, **rules})


def declared(folder: Path, *objects: dict[str, Any]) -> list[str]:
    names = ("web", "cart", "stock")
    pods = [item for name in names for item in (deployment(name, "shop"), service(name, 80, "shop"))]
    graph = service_graph(world_of(folder, {"all.yaml": [*pods, *objects]}))
    return [f"{edge.source} -> {edge.target}" for edge in graph.edges if edge.kind == "declared"]


@pytest.mark.parametrize(
    ("rules", "found"),
    [
        ({"ingress": [{"from": [labels("web")]}]}, ["service:shop/web -> service:shop/cart"]),
        (
            {"policyTypes": ["Egress"], "egress": [{"to": [labels("stock")]}]},
            ["service:shop/cart -> service:shop/stock"],
        ),
        ({"ingress": [{"from": [{"podSelector": {}}]}]}, []),
        ({"ingress": [{}]}, []),
        ({"ingress": [{"from": [{"ipBlock": {"cidr": "10.0.0.0/8"}}]}]}, []),
        ({"ingress": [{"from": [labels("cart")]}]}, []),
        (
            {
                "ingress": [
                    {
                        "from": [
                            labels("web")
                            | {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "other"}}}
                        ]
                    }
                ]
            },
            [],
        ),
    ],
)
def test_peers_that_are_named_by_labels_are_declared(
    tmp_path: Path, rules: dict[str, Any], found: list[str]
) -> None:
    assert declared(tmp_path, policy("cart", labels("cart"), **rules)) == found


def test_a_policy_for_everybody_names_nobody(tmp_path: Path) -> None:
    assert not declared(tmp_path, policy("all", {"podSelector": {}}, ingress=[{"from": [labels("web")]}]))


def test_principals_of_the_mesh_are_declared(tmp_path: Path) -> None:
    web = deployment("front", "shop")
    web["spec"]["template"]["spec"]["serviceAccountName"] = "front-sa"
    rules = [{"from": [{"source": {"principals": ["cluster.local/ns/shop/sa/front-sa"]}}]}]
    spec = {"selector": {"matchLabels": {"app": "cart"}}, "rules": rules}
    allowed = custom("AuthorizationPolicy", "security.istio.io/v1", "cart", "shop", spec=spec)
    denied = custom(
        "AuthorizationPolicy", "security.istio.io/v1", "no", "shop", spec=spec | {"action": "DENY"}
    )
    assert declared(tmp_path / "a", web, allowed) == ["service:shop/front -> service:shop/cart"]
    assert not declared(tmp_path / "b", web, denied)


def test_what_is_declared_is_no_call(tmp_path: Path) -> None:
    """A declared edge stands beside the call that it allows, and takes nothing from it."""
    web = deployment("web", "shop", CART_ADDR="cart:80")
    objects = [web, deployment("cart", "shop"), service("cart", 80, "shop")]
    objects.append(policy("cart", labels("cart"), ingress=[{"from": [labels("web")]}]))
    graph = service_graph(world_of(tmp_path, {"all.yaml": objects}))
    assert [(edge.kind, edge.protocol) for edge in graph.edges] == [
        ("declared", "declared"),
        ("sync", "http"),
    ]
