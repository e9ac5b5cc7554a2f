"""Load balancers of clouds are no pods: rules for pods and namespaces never let them in."""

from __future__ import annotations

from typing import Any

import pytest

from tests.net.worlds import custom, deployment, found_by, policy

_EVERY_NAMESPACE = {"namespaceSelector": {}}
_ADDRESSES = {"ipBlock": {"cidr": "10.0.0.0/16"}}
_INGRESS, _GATEWAY = "networking.k8s.io/v1", "gateway.networking.k8s.io/v1"
_SERVICE = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "web", "namespace": "shop"},
    "spec": {"selector": {"app": "web"}, "ports": [{"port": 80}]},
}


def _told(tmp_path, peers: list[dict[str, Any]], *entrance: dict[str, Any]) -> list[str]:
    rule = policy("web", "shop", selector={"app": "web"}, ingress=[{"from": peers}])
    objects = [rule, _SERVICE, deployment("web", "shop"), *entrance]
    found = found_by("entrance-cut-off", tmp_path, {"all.json": objects})
    return [item.message_id for item in found]


def _ingress(name: str | None, annotation: str | None = None) -> dict[str, Any]:
    backend = {"service": {"name": "web", "port": {"number": 80}}}
    spec = {"defaultBackend": backend} | ({"ingressClassName": name} if name else {})
    made = custom("Ingress", _INGRESS, "shop", "shop", spec=spec)
    if annotation:
        made["metadata"]["annotations"] = {"kubernetes.io/ingress.class": annotation}
    return made


def _class(kind: str, name: str, controller: str | None) -> dict[str, Any]:
    api, key = (_INGRESS, "controller") if kind == "IngressClass" else (_GATEWAY, "controllerName")
    return custom(kind, api, name, spec={key: controller} if controller else {})


def _routed(*classes: str) -> list[dict[str, Any]]:
    """A route that is attached to Gateways of some classes."""
    names = [f"gateway-{number}" for number in range(len(classes))]
    gateways = [
        custom("Gateway", _GATEWAY, name, "shop", spec={"gatewayClassName": each})
        for name, each in zip(names, classes, strict=True)
    ]
    spec = {
        "parentRefs": [{"name": name} for name in names],
        "rules": [{"backendRefs": [{"name": "web", "port": 80}]}],
    }
    return [*gateways, custom("HTTPRoute", _GATEWAY, "shop", "shop", spec=spec)]


@pytest.mark.parametrize(
    "entrance",
    [
        [_ingress("alb")],
        [_ingress(None, "gce")],
        [_ingress("azure-application-gateway")],
        [_ingress("own"), _class("IngressClass", "own", "ingress.k8s.aws/alb")],
        _routed("gke-l7-rilb"),
        [*_routed("own"), _class("GatewayClass", "own", "networking.gke.io/gateway")],
        _routed("gke-l7-rilb", "amazon-vpc-lattice"),
    ],
    ids=["alb", "gce", "azure", "own class", "gke gateway", "own gateway class", "two gateways"],
)
def test_only_addresses_let_load_balancers_of_clouds_in(tmp_path, entrance) -> None:
    assert _told(tmp_path / "pods", [_EVERY_NAMESPACE, {"podSelector": {}}], *entrance) == ["balancer"]
    assert _told(tmp_path / "addresses", [_ADDRESSES], *entrance) == []


@pytest.mark.parametrize(
    "entrance",
    [
        [_ingress(None)],
        [_ingress("nginx")],
        [_ingress("nginx", "alb")],
        [_ingress("alb"), _class("IngressClass", "alb", "example.com/proxy")],
        [_ingress("alb"), _class("IngressClass", "alb", None)],
        _routed("eg"),
        _routed("gke-l7-rilb", "eg"),
        _routed(),
    ],
    ids=["none", "nginx", "annotation behind", "other", "unknown", "envoy", "either", "no parent"],
)
def test_what_pods_may_serve_may_come_from_any_namespace(tmp_path, entrance) -> None:
    assert _told(tmp_path, [_EVERY_NAMESPACE], *entrance) == []
