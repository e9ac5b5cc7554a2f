"""Null or a wrong type anywhere in policies, Sidecars and Servers: no rule of the mesh raises."""

from __future__ import annotations

import copy
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.net.worlds import custom, deployment, findings_of, world_of
from tests.support.sampling import usually

SECURITY, NETWORKING, LINKERD = "security.istio.io/v1", "networking.istio.io/v1", "policy.linkerd.io/v1"
ODD: list[Any] = [
    None,
    "",
    7,
    True,
    [],
    {},
    [None],
    {"a": None},
    "*",
    "cluster.local/ns//sa/",
    [[1]],
    "x" * 300,
]


def _space(name: str, labels: dict[str, str]) -> dict[str, Any]:
    notes = {"linkerd.io/inject": "enabled", "config.linkerd.io/default-inbound-policy": "deny"}
    return custom("Namespace", "v1", name, metadata={"name": name, "labels": labels, "annotations": notes})


def _web(name: str, space: str) -> dict[str, Any]:
    found = deployment(name, space, serviceAccountName=name)
    env = [{"name": "CART_URL", "value": "http://cart.shop:80"}, {"name": "PAY", "value": "https://a.b.com"}]
    found["spec"]["template"]["spec"]["containers"][0]["env"] = env
    return found


_SOURCE = {"principals": ["cluster.local/ns/shop/sa/other"], "namespaces": ["a"], "notServiceAccounts": ["b"]}
_RULE = {
    "from": [{"source": _SOURCE}],
    "to": [{"operation": {"ports": ["80"], "methods": ["GET"]}}],
    "when": [{"key": "source.namespace", "values": ["a"]}],
}
_SHUT = {"mode": "REGISTRY_ONLY"}
_SELECTOR = {"matchLabels": {"app": "cart"}}
OBJECTS: list[dict[str, Any]] = [
    _space("shop", {"istio-injection": "enabled"}),
    _space("far", {"istio-injection": "enabled"}),
    _space("calm", {"istio.io/dataplane-mode": "ambient"}),
    _space("out", {"istio-injection": "disabled"}),
    deployment("cart", "shop"),
    _web("web", "shop"),
    _web("report", "out"),
    _web("batch", "far"),
    custom("ServiceAccount", "v1", "web", "shop"),
    custom(
        "Service",
        "v1",
        "cart",
        metadata={
            "name": "cart",
            "namespace": "shop",
            "annotations": {"networking.istio.io/exportTo": "., other"},
        },
        spec={"selector": {"app": "cart"}, "ports": [{"port": 80, "name": "http"}]},
    ),
    custom("AuthorizationPolicy", SECURITY, "cart", "shop", spec={"selector": _SELECTOR, "rules": [_RULE]}),
    custom("AuthorizationPolicy", SECURITY, "calm", "calm", spec={"action": "DENY", "rules": [_RULE]}),
    custom(
        "PeerAuthentication",
        SECURITY,
        "cart",
        "shop",
        spec={"selector": _SELECTOR, "mtls": {"mode": "STRICT"}, "portLevelMtls": {"80": {"mode": "UNSET"}}},
    ),
    custom(
        "DestinationRule",
        NETWORKING,
        "cart",
        "shop",
        spec={
            "host": "cart",
            "exportTo": ["other"],
            "trafficPolicy": {"portLevelSettings": [{"port": {"number": 80}, "tls": {}}]},
        },
    ),
    custom(
        "Sidecar",
        NETWORKING,
        "web",
        "shop",
        spec={"outboundTrafficPolicy": _SHUT, "egress": [{"hosts": ["istio-system/*"]}]},
    ),
    custom(
        "Server",
        LINKERD,
        "cart",
        "shop",
        spec={"podSelector": _SELECTOR, "port": 80, "accessPolicy": "deny"},
    ),
    custom(
        "AuthorizationPolicy",
        LINKERD,
        "cart-of-linkerd",
        "shop",
        spec={
            "targetRef": {"kind": "Server", "name": "cart"},
            "requiredAuthenticationRefs": [{"kind": "MeshTLSAuthentication", "name": "cart"}],
        },
    ),
    custom(
        "MeshTLSAuthentication",
        LINKERD,
        "cart",
        "shop",
        spec={
            "identities": ["a.b.serviceaccount.identity.c"],
            "identityRefs": [{"kind": "Namespace", "name": "z"}],
        },
    ),
    custom(
        "ServerAuthorization",
        LINKERD,
        "cart",
        "shop",
        spec={
            "server": {"selector": {"matchLabels": {"a": "b"}}},
            "client": {"meshTLS": {"serviceAccounts": [{"name": "n"}]}, "networks": [{"cidr": "0.0.0.0/0"}]},
        },
    ),
]


def _routes(value: Any, route: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    keys = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield (*route, key)
        yield from _routes(value[key], (*route, key))


_CHANGES = st.tuples(st.sampled_from([r for r in _routes(OBJECTS) if len(r) > 2]), st.sampled_from(ODD))


@settings(max_examples=usually(60, 2000), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(_CHANGES, min_size=1, max_size=8))
def test_no_rule_raises(changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    objects = copy.deepcopy(OBJECTS)
    for route, odd in changes:
        at: Any = objects
        for key in route[:-1]:
            at = at[key] if isinstance(at, dict | list) and _has(at, key) else None
        if isinstance(at, dict | list) and _has(at, route[-1]):
            at[route[-1]] = copy.deepcopy(odd)
    with tempfile.TemporaryDirectory() as folder:
        findings_of(world_of(Path(folder), {"all.json": _text(objects)}), "MESH")


def test_unchanged_objects_are_judged(tmp_path: Path) -> None:
    """The objects above do reach the rules."""
    found = {
        finding.rule for finding in findings_of(world_of(tmp_path, {"all.json": _text(OBJECTS)}), "MESH")
    }
    assert found >= {
        *("call-not-authorized", "plain-call-refused", "caller-undefined", "http-policy-without-waypoint"),
        *("callee-not-imported", "external-call-blocked", "call-denied-by-server"),
        *("service-not-exported", "mesh-settings-not-exported"),
    }


def _has(at: Any, key: Any) -> bool:
    return key in at if isinstance(at, dict) else isinstance(key, int) and key < len(at)


def _text(objects: list[dict[str, Any]]) -> str:
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": objects})
