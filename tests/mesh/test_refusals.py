"""Objects of the Gateway API and Istio: each refusal with an allowed twin."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from archlint.documents import load_text
from archlint.files import Kind
from archlint.model.istio.refusals import refusals_of
from archlint.model.kubernetes.objects import objects_of
from archlint.model.kubernetes.validation import Refused
from tests.kube.test_refusals import GONE, changed
from tests.metamorphic.repositories import findings_in
from tests.net.worlds import rules_of
from tests.oas.test_hostile_shapes import QUICK, broken

API = "gateway.networking.k8s.io/v1"
_TLS = {"certificateRefs": [{"name": "shop-tls"}]}
_HEADERS = {"type": "RequestHeaderModifier", "requestHeaderModifier": {"set": [{"name": "a", "value": "b"}]}}
_REDIRECT = {"type": "RequestRedirect", "requestRedirect": {"scheme": "https"}}
_REWRITE = {"type": "URLRewrite", "urlRewrite": {"hostname": "a.example.com"}}
_PREFIX = {
    "type": "URLRewrite",
    "urlRewrite": {"path": {"type": "ReplacePrefixMatch", "replacePrefixMatch": "/"}},
}
_MATCH = {"path": {"type": "PathPrefix", "value": "/a"}}
WHOLE: dict[str, dict[str, Any]] = {
    "gateway": {
        "apiVersion": API,
        "kind": "Gateway",
        "metadata": {"name": "edge"},
        "spec": {
            "gatewayClassName": "istio",
            "addresses": [{"value": "10.0.0.1"}, {"type": "Hostname", "value": "a.example.com"}],
            "listeners": [
                {"name": "http", "port": 80, "protocol": "HTTP", "hostname": "*.example.com"},
                {"name": "https", "port": 443, "protocol": "HTTPS", "tls": _TLS},
                {"name": "tls", "port": 8443, "protocol": "TLS", "tls": {"mode": "Passthrough"}},
                {"name": "tcp", "port": 5432, "protocol": "TCP"},
            ],
        },
    },
    "route": {
        "apiVersion": API,
        "kind": "HTTPRoute",
        "metadata": {"name": "shop"},
        "spec": {
            "parentRefs": [{"name": "edge", "sectionName": "http"}, {"name": "edge", "sectionName": "https"}],
            "hostnames": ["shop.example.com", "${HOST}"],
            "rules": [
                {
                    "matches": [_MATCH],
                    "filters": [_HEADERS, _PREFIX],
                    "timeouts": {"request": "1m", "backendRequest": "10s"},
                    "backendRefs": [{"name": "cart", "port": 80}],
                },
                {"filters": [_REDIRECT]},
            ],
        },
    },
    "grant": {
        "apiVersion": "gateway.networking.k8s.io/v1beta1",
        "kind": "ReferenceGrant",
        "metadata": {"name": "edge"},
        "spec": {
            "from": [{"group": "gateway.networking.k8s.io", "kind": "HTTPRoute", "namespace": "edge"}],
            "to": [{"group": "", "kind": "Service"}],
        },
    },
}
_ISTIO = "networking.istio.io/v1"
_TO = [{"destination": {"host": "cart", "port": {"number": 80}}}]
_PORT = {"number": 443, "name": "https", "protocol": "HTTPS"}
WHOLE |= {
    kind: {"apiVersion": group, "kind": kind, "metadata": {"name": "cart"}, "spec": spec}
    for kind, group, spec in (
        (
            "VirtualService",
            _ISTIO,
            {
                "hosts": ["cart"],
                "http": [
                    {"match": [{"uri": {"prefix": "/a"}}], "route": _TO, "timeout": "1.5s"},
                    {"redirect": {"uri": "/b"}},
                ],
                "tls": [{"match": [{"sniHosts": ["a.b"]}], "route": _TO}],
            },
        ),
        (
            "DestinationRule",
            _ISTIO,
            {
                "host": "cart",
                "trafficPolicy": {"tls": {"mode": "ISTIO_MUTUAL"}, "outlierDetection": {"interval": "1s"}},
                "subsets": [{"name": "a", "labels": {"a": "b"}}, {"name": "b", "trafficPolicy": {"tls": {}}}],
            },
        ),
        (
            "ServiceEntry",
            _ISTIO,
            {
                "hosts": ["a.example.net"],
                "resolution": "DNS",
                "ports": [_PORT, {"number": 80, "name": "http", "protocol": "http"}],
            },
        ),
        (
            "AuthorizationPolicy",
            "security.istio.io/v1",
            {
                "action": "DENY",
                "rules": [{"from": [{"source": {"namespaces": ["a"]}}], "when": [{"key": "a"}]}],
            },
        ),
        ("Sidecar", _ISTIO, {"egress": [{"hosts": ["./*", "shop/cart.shop.svc.cluster.local"]}]}),
    )
}
WHOLE["own gateway"] = {
    "apiVersion": _ISTIO,
    "kind": "Gateway",
    "metadata": {"name": "edge"},
    "spec": {"servers": [{"port": _PORT, "hosts": ["*"], "tls": {"mode": "SIMPLE", "credentialName": "a"}}]},
}
_TWICE = {
    "type": "RequestHeaderModifier",
    "requestHeaderModifier": {"add": [{"name": "a", "value": "b"}, {"name": "a", "value": "c"}]},
}
_R = "spec.rules.0"
CASES: list[tuple[str, str, object, object]] = [
    ("gateway", "spec.listeners.0.hostname", "https://a.example.com", "a.example.com"),
    ("gateway", "spec.listeners.0.hostname", "a.*.example.com", "*.example.com"),
    ("gateway", "spec.listeners.0.port", 123456, 65535),
    ("gateway", "spec.listeners.0.tls", {"mode": "Terminate"}, None),
    ("gateway", "spec.listeners.1.tls", {"mode": "Passthrough"}, _TLS),
    ("gateway", "spec.listeners.1.tls", {"mode": "Terminate"}, {"options": {"a.com/b": "c"}}),
    ("gateway", "spec.listeners.2.tls", {}, {"mode": "Passthrough"}),
    ("gateway", "spec.listeners.3.hostname", "a.example.com", ""),
    ("gateway", "spec.listeners.3.tls", _TLS, None),
    ("gateway", "spec.addresses.0.value", "256.0.0.1", "2001:db8::1"),
    ("gateway", "spec.addresses.1.type", "IPAddress", "example.com/own"),
    ("route", "spec.hostnames", ["http://a"], ["a"]),
    ("route", "spec.parentRefs.1.sectionName", "http", "other"),
    ("route", f"{_R}.backendRefs.0.port", GONE, 80),
    ("route", f"{_R}.backendRefs.0.port", 70000, 7000),
    ("route", f"{_R}.matches.0.method", "Get", "GET"),
    ("route", f"{_R}.matches.0.path.type", "Prefix", "PathPrefix"),
    ("route", f"{_R}.matches.0.path.value", "a", "/a"),
    ("route", f"{_R}.matches.0.path.value", "/a//b", "/a/b"),
    ("route", f"{_R}.matches.0.path.value", "/a/..", "/a/..b"),
    ("route", f"{_R}.matches.0.path.value", "/a[b]", "/a%5Bb%5D"),
    ("route", f"{_R}.matches.0.headers", [{"name": "a b", "value": "c"}], [{"name": "a_b", "value": "c"}]),
    (
        "route",
        f"{_R}.matches.0.queryParams",
        [{"name": "a", "value": "b"}, {"name": "a", "value": "c"}],
        [{"name": "a", "value": "b"}, {"name": "A", "value": "b"}],
    ),
    ("route", f"{_R}.matches", [_MATCH, _MATCH], [{"headers": [{"name": "a", "value": "b"}]}]),
    ("route", f"{_R}.matches", [{"path": {"type": "Exact", "value": "/a"}}], []),
    ("route", f"{_R}.filters", [_HEADERS, _HEADERS], [_HEADERS, _REWRITE]),
    ("route", f"{_R}.filters", [_TWICE], [_HEADERS]),
    ("route", f"{_R}.filters", [_REDIRECT], [_REWRITE]),
    ("route", f"{_R}.filters", [{"type": "RequestHeaderModifier"}], [{"type": "${TYPE}"}]),
    ("route", f"{_R}.filters", [{"type": "Redirect"}], [_HEADERS]),
    ("route", f"{_R}.filters", [{**_HEADERS, "urlRewrite": {}}], [_HEADERS]),
    ("route", "spec.rules.1.filters", [_REDIRECT, _REWRITE], [_REDIRECT]),
    ("route", f"{_R}.timeouts.backendRequest", "61s", "60s"),
    ("route", f"{_R}.timeouts.backendRequest", "1m1ms", "59s999ms"),
    ("route", f"{_R}.timeouts.request", "5s", "0s"),
    ("VirtualService", "spec.http.0.timeout", "5", "5s"),
    ("VirtualService", "spec.http.0.retries", {"attempts": 0, "retryOn": "5xx"}, {"attempts": 1}),
    ("VirtualService", "spec.http.0.retries", {"perTryTimeOut": "1s"}, {"perTryTimeout": "1s"}),
    ("VirtualService", "spec.http.0.match.0.uri", "/a", {"exact": "/a"}),
    ("VirtualService", "spec.http.0.match.0.uri", {"exact": "/a", "prefix": "/a"}, {"regex": "/a.*"}),
    ("VirtualService", "spec.http.0.route.0.destination.port.number", 0, 1),
    ("VirtualService", "spec.http.0.route.0.destination.host", GONE, "cart"),
    ("VirtualService", "spec.http.1.route", _TO, None),
    ("VirtualService", "spec.http.1.redirect", GONE, {}),
    ("VirtualService", "spec.http.0.fault", {"abort": {"percentage": {"value": 101}}}, {"abort": {}}),
    ("VirtualService", "spec.tls.0.match.0.sniHosts", [], ["a"]),
    ("DestinationRule", "spec.host", "", "${HOST}"),
    ("DestinationRule", "spec.trafficPolicy.tls.mode", "TLS", "SIMPLE"),
    ("DestinationRule", "spec.subsets.1.trafficPolicy.tls.mode", "simple", "${MODE}"),
    ("DestinationRule", "spec.subsets.1.trafficPolicy.tls", {"mode": "MUTUAL"}, {"mode": "SIMPLE"}),
    ("DestinationRule", "spec.subsets.1.name", "a", "c"),
    ("ServiceEntry", "spec.ports.1.number", 443, 8443),
    ("ServiceEntry", "spec.ports.1.protocol", "ftp", "grpc-web"),
    ("ServiceEntry", "spec.hosts", ["*.example.net"], ["b.example.net"]),
    ("ServiceEntry", "spec.resolution", "dns", "NONE"),
    ("AuthorizationPolicy", "spec.action", "deny", "AUDIT"),
    ("AuthorizationPolicy", "spec.provider", {"name": "a"}, None),
    ("AuthorizationPolicy", "spec.rules", GONE, [{}]),
    ("AuthorizationPolicy", "spec.rules.0.from.0", {"principals": ["a"]}, {"source": {"principals": ["a"]}}),
    ("Sidecar", "spec.egress.0.hosts", ["cart"], ["~/*"]),
    ("own gateway", "spec.servers.0.tls", {"mode": "SIMPLE"}, {"mode": "PASSTHROUGH"}),
    ("own gateway", "spec.servers.0.tls", GONE, {"mode": "${MODE}"}),
    ("own gateway", "spec.servers.0.port.protocol", "HTTP", "TLS"),
    ("own gateway", "spec.servers.0.hosts", [], ["a"]),
    ("grant", "spec.to", [], [{"group": "", "kind": "Service"}]),
    ("grant", "spec.from", GONE, None),
    ("grant", "spec.from.0.namespace", GONE, "tools"),
]


def refused(whole: dict[str, Any]) -> list[Refused]:
    (item,) = objects_of(load_text("a.json", json.dumps(whole), Kind.KUBERNETES).documents[0])
    return list(refusals_of(item))


@pytest.mark.parametrize("whole", WHOLE.values(), ids=WHOLE)
def test_a_whole_object_is_accepted(whole: dict[str, Any]) -> None:
    assert refused(whole) == []


def test_what_is_refused_has_an_allowed_twin() -> None:
    for name, way, wrong, right in CASES:
        assert refused(changed(WHOLE[name], way, wrong)), (way, wrong)
        if right is not None:
            assert refused(changed(WHOLE[name], way, right)) == [], (way, right)


def test_what_a_definition_says_itself_is_left_to_it() -> None:
    route = changed(WHOLE["route"], "spec.rules.0.filters", [_REDIRECT])
    definition = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "httproutes.gateway.networking.k8s.io"},
        "spec": {"group": "gateway.networking.k8s.io", "names": {"kind": "HTTPRoute"}, "versions": []},
    }
    rules = [rule for rule in rules_of("MESH") if rule.name == "mesh-object-refused"]
    files = {"route.json": json.dumps(route), "definition.json": json.dumps(definition)}
    assert findings_in(files, rules) == []
    assert [item.rule for item in findings_in({"route.json": files["route.json"]}, rules)]


@QUICK
@given(broken({"apiVersion": "v1", "kind": "List", "items": list(WHOLE.values())}))
def test_no_shape_is_too_odd(objects: dict[str, Any]) -> None:
    rules = [rule for rule in rules_of("MESH") if rule.name.startswith("mesh-object-")]
    findings_in({"a.json": json.dumps(objects)}, rules)
