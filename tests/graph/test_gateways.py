"""What leads into the cluster, by every kind that can say it, and in every way that it can be said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from archlint.model.graph.gateways import RoutedBackend
from tests.arch.worlds import custom, world_of

INGRESS = {"name": "cart", "port": {"number": 80}}
PARENT = {"name": "main", "namespace": "infra"}
BACKEND = {"name": "cart", "port": 80}
DESTINATION = {"destination": {"host": "cart.shop.svc.cluster.local", "port": {"number": 80}}}


def routes(folder: Path, version: str, kind: str, spec: dict[str, Any]) -> list[tuple[object, ...]]:
    found = world_of(folder, {"all.yaml": [custom(kind, version, "entry", "shop", spec=spec)]}).all(
        RoutedBackend
    )
    return [(item.gateway, item.namespace, item.host, item.port) for item in found]


@pytest.mark.parametrize("version", ["networking.k8s.io/v1", "extensions/v1beta1"])
@pytest.mark.parametrize(
    "spec",
    [
        {"defaultBackend": {"service": INGRESS}},
        {"backend": {"serviceName": "cart", "servicePort": 80}},
        {"rules": [{"http": {"paths": [{"backend": {"service": INGRESS}}]}}]},
        {"rules": [{"http": {"paths": [{"backend": {"serviceName": "cart", "servicePort": 80}}]}}]},
    ],
)
def test_ingresses(tmp_path: Path, version: str, spec: dict[str, Any]) -> None:
    assert routes(tmp_path, version, "Ingress", spec) == [("entry", "shop", "cart", 80)]
    assert routes(tmp_path / "other", "example.com/v1", "Ingress", spec) == []


@pytest.mark.parametrize("kind", ["HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute"])
@pytest.mark.parametrize(
    ("parent", "backend", "expected"),
    [
        (PARENT, BACKEND, [("main", "infra", "cart", 80)]),
        ({"name": "main"}, BACKEND, [("main", "shop", "cart", 80)]),
        ({**PARENT, "kind": "Gateway"}, {**BACKEND, "kind": "Service"}, [("main", "infra", "cart", 80)]),
        (PARENT, {**BACKEND, "namespace": "db"}, [("main", "infra", "cart.db.svc", 80)]),
        (PARENT, {"name": "cart"}, [("main", "infra", "cart", None)]),
        ({**PARENT, "kind": "Service"}, BACKEND, []),
        (PARENT, {**BACKEND, "kind": "Bucket"}, []),
        ({"namespace": "infra"}, BACKEND, []),
        (PARENT, {"port": 80}, []),
    ],
)
def test_routes_of_the_gateway_api(
    tmp_path: Path,
    kind: str,
    parent: dict[str, Any],
    backend: dict[str, Any],
    expected: list[tuple[object, ...]],
) -> None:
    spec = {"parentRefs": [parent], "rules": [{"backendRefs": [backend]}]}
    assert routes(tmp_path, "gateway.networking.k8s.io/v1", kind, spec) == expected
    again = [*expected, *expected]
    twice = {"parentRefs": [{"kind": "Service", "name": "x"}, parent, parent], "rules": spec["rules"]}
    assert routes(tmp_path / "2", "gateway.networking.k8s.io/v1", kind, twice) == again
    twice = {"parentRefs": [parent], "rules": [{"backendRefs": [{"port": 1}, backend]}, *spec["rules"]]}
    assert routes(tmp_path / "3", "gateway.networking.k8s.io/v1", kind, twice) == again


@pytest.mark.parametrize("protocol", ["http", "tcp", "tls"])
def test_virtual_services(tmp_path: Path, protocol: str) -> None:
    spec = {
        "gateways": ["mesh", 7, "infra/main", "own"],
        protocol: [{"route": [{"destination": {}}, DESTINATION]}],
    }
    host = "cart.shop.svc.cluster.local"
    expected = [("main", "infra", host, 80), ("own", "shop", host, 80)]
    assert routes(tmp_path, "networking.istio.io/v1", "VirtualService", spec) == expected
    assert (
        routes(tmp_path / "2", "networking.istio.io/v1", "VirtualService", {**spec, "gateways": ["mesh"]})
        == []
    )


def test_routes_of_openshift(tmp_path: Path) -> None:
    spec = {
        "to": {"kind": "Service", "name": "cart"},
        "alternateBackends": [{"name": "next"}, {"kind": "Other", "name": "no"}, {"kind": "Service"}],
    }
    assert routes(tmp_path, "route.openshift.io/v1", "Route", spec) == [
        ("entry", "shop", "cart", None),
        ("entry", "shop", "next", None),
    ]
