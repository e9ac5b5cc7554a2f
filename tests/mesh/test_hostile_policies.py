"""Null or a wrong type anywhere in policies, Sidecars and Servers: no rule of the mesh raises."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archlint.finding import Finding
from tests.metamorphic.repositories import findings_in
from tests.net.worlds import custom, deployment, rules_of
from tests.oas.test_hostile_shapes import replaced, routes
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


WHOLE: dict[str, Any] = {"apiVersion": "v1", "kind": "List", "items": OBJECTS}
_BELOW = [route for route in routes(WHOLE) if len(route) > 3]
_CHANGES = st.tuples(st.sampled_from(_BELOW), st.sampled_from(ODD))


def _found(objects: dict[str, Any]) -> list[Finding]:
    return findings_in({"all.json": json.dumps(objects)}, rules_of("MESH"))


@settings(max_examples=usually(60, 2000), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(_CHANGES, min_size=1, max_size=8))
def test_no_rule_raises(changes: list[tuple[tuple[str | int, ...], Any]]) -> None:
    _found(replaced(WHOLE, changes))


def test_unchanged_objects_are_judged() -> None:
    """The objects above do reach the rules."""
    assert {finding.rule for finding in _found(WHOLE)} >= {
        *("call-not-authorized", "plain-call-refused", "caller-undefined", "http-policy-without-waypoint"),
        *("callee-not-imported", "external-call-blocked", "call-denied-by-server"),
        *("service-not-exported", "mesh-settings-not-exported"),
    }
