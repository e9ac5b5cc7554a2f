"""Null or a wrong type wherever a map or list is expected, and policies by the thousand."""

from __future__ import annotations

import copy
import json
import tempfile
import time
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archlint.comparison.openings import opened_connections
from archlint.config.network import network_rules
from archlint.documents import load_text
from archlint.files import Kind
from archlint.model.network.connectivity import connectivities
from archlint.reports.network.suggestion import suggestion_yaml
from tests.net.test_suggestion import suggestion_for, world_of_objects
from tests.net.worlds import custom, deployment, findings_of, policy, world_of
from tests.safety.growth import MOST, growth
from tests.support.sampling import usually

PEERS = [
    {"podSelector": {"matchLabels": {"app": "a"}, "matchExpressions": [{"key": "a", "operator": "Exists"}]}},
    {"namespaceSelector": {"matchExpressions": [{"key": "a", "operator": "In", "values": ["b"]}]}},
    {"ipBlock": {"cidr": "0.0.0.0/0", "except": ["10.0.0.0/8"]}},
    {"namespaceSelector": {}, "podSelector": {}},
]
PORTS = [{"port": 53, "protocol": "UDP"}, {"port": 80, "endPort": 90}, {"port": "http"}]
VIRTUAL_SERVICE = {
    "hosts": ["cart"],
    "exportTo": ["."],
    "http": [
        {
            "route": [
                {"destination": {"host": "cart", "subset": "v9"}, "weight": 90},
                {"destination": {"host": "nobody", "port": {"number": 80}}, "weight": 20},
            ],
            "mirror": {"host": "nobody"},
            "mirrors": [{"destination": {"host": "cart.shop.svc.cluster.local"}}],
        }
    ],
    "tcp": [{"route": [{"destination": {"host": "outside.example.com"}}, {"weight": 0}]}],
}
TLS = {"tls": {"mode": "DISABLE"}, "portLevelSettings": [{"tls": {"mode": "DISABLE"}}]}
OBJECTS: list[dict[str, Any]] = [
    policy(
        "cart",
        "shop",
        selector={"app": "cart"},
        policyTypes=["Egress"],
        egress=[{"to": PEERS, "ports": PORTS}],
    ),
    policy("open", "shop", ingress=[{}, {"from": PEERS, "ports": PORTS}], egress=[{"to": PEERS[:1]}]),
    policy("slip", "shop", selector={"app": "crt"}, policyTypes=["Ingress"], egress=[{}]),
    deployment("cart", "shop"),
    deployment("other", "shop"),
    custom(
        "Namespace",
        "v1",
        "shop",
        metadata={"name": "shop", "labels": {"istio-injection": "on", "istio.io/rev": "a"}},
    ),
    custom("Service", "v1", "cart", "shop", spec={"selector": {"app": "cart"}}),
    custom("VirtualService", "networking.istio.io/v1", "cart", "shop", spec=VIRTUAL_SERVICE),
    custom(
        "DestinationRule",
        "networking.istio.io/v1",
        "cart",
        "shop",
        spec={"host": "cart", "trafficPolicy": TLS, "subsets": [{"name": "v1", "trafficPolicy": TLS}]},
    ),
    custom(
        "ServiceEntry",
        "networking.istio.io/v1",
        "out",
        "shop",
        spec={"hosts": ["*.a.com"], "exportTo": ["x"]},
    ),
    custom(
        "PeerAuthentication",
        "security.istio.io/v1",
        "cart",
        "shop",
        spec={"mtls": {"mode": "STRICT"}, "portLevelMtls": {"80": {"mode": "DISABLE"}}},
    ),
]
OBJECTS += [
    policy("bank", "bank", ingress=[{"from": [{"podSelector": {}}]}], egress=[{"to": PEERS[:1]}]),
    deployment("teller", "bank"),
    deployment("vault", "bank"),
    deployment("monitor", "watch"),
    custom(
        "Service",
        "v1",
        "vault",
        "bank",
        metadata={"name": "vault", "namespace": "bank", "labels": {"app": "vault"}},
        spec={
            "type": "LoadBalancer",
            "selector": {"app": "vault"},
            "ports": [{"name": "web", "port": 443, "targetPort": 8443}, {"port": 80, "protocol": "TCP"}],
        },
    ),
    custom(
        "Ingress",
        "networking.k8s.io/v1",
        "vault",
        "bank",
        spec={"defaultBackend": {"service": {"name": "vault", "port": {"number": 80}}}},
    ),
    custom(
        "HTTPRoute",
        "gateway.networking.k8s.io/v1",
        "vault",
        "bank",
        spec={"rules": [{"backendRefs": [{"name": "vault", "port": 80}]}]},
    ),
    custom(
        "ValidatingWebhookConfiguration",
        "admissionregistration.k8s.io/v1",
        "vault",
        webhooks=[{"name": "a", "clientConfig": {"service": {"name": "vault", "namespace": "bank"}}}],
    ),
    custom(
        "Prometheus",
        "monitoring.coreos.com/v1",
        "main",
        "watch",
        spec={"podMetadata": {"labels": {"a": "b"}}},
    ),
    custom(
        "ServiceMonitor",
        "monitoring.coreos.com/v1",
        "vault",
        "bank",
        spec={
            "selector": {"matchLabels": {"app": "vault"}},
            "namespaceSelector": {"matchNames": ["bank"]},
            "endpoints": [{"port": "web"}],
        },
    ),
    custom(
        "PodMonitor",
        "monitoring.coreos.com/v1",
        "vault",
        "bank",
        spec={"selector": {"matchLabels": {"app": "vault"}}, "podMetricsEndpoints": [{"port": "web"}]},
    ),
]
_CALLER = next(item for item in OBJECTS if item["metadata"]["name"] == "teller")["spec"]["template"]["spec"]
_CALLER["containers"][0]["env"] = [{"name": "VAULT_URL", "value": "https://vault"}]
_SCRAPER = next(item for item in OBJECTS if item["metadata"]["name"] == "monitor")["spec"]["template"]
_SCRAPER["spec"]["containers"][0]["image"] = "prom/prometheus:v2.54.1"
_SCRAPER["metadata"]["annotations"] = {"prometheus.io/scrape": "true", "prometheus.io/port": "9090"}
KUSTOMIZATION: dict[str, Any] = {
    "resources": ["objects.json"],
    "commonLabels": {"a": "b"},
    "labels": [{"pairs": {"c": "d"}, "includeSelectors": True}],
}
ODD = [None, True, 0, -1, 1.5, "", "text", [], ["text"], [None], {}, {"a": None}, [[]], {"name": {}}]


def _routes(value: Any, route: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """All routes below a value."""
    items: Any = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    return [way for key, item in items for way in ((*route, key), *_routes(item, (*route, key)))]


def _replace(value: Any, route: tuple[str | int, ...], odd: Any) -> None:
    """Put an odd value at a route, unless an earlier change took the way there away."""
    try:
        for part in route[:-1]:
            value = value[part]
        value[route[-1]] = odd
    except (KeyError, IndexError, TypeError):
        return


_SIDES = (
    {"labels": {"app": ["teller", "a*"]}},
    {"namespaces": ["b*"], "except": {"kinds": ["Pod"]}},
    {"anywhere": True},
    {"addresses": ["10.0.0.0/8", "fd00::/8"]},
    {"owners": ["a"]},
    {"namespaces": ["kube-system"], "labels": {"k8s-app": "kube-dns"}},
)
_TOLD = [{"from": one, "to": other} for one in _SIDES for other in _SIDES]
_SAID = json.dumps({"forbid": _TOLD, "require": [{**each, "ports": [80, "53/UDP"]} for each in _TOLD]})
TEAM_RULES = tuple(
    network_rules(load_text("archlint.yaml", _SAID, Kind.DATA).documents[0].root, "archlint.yaml")
)
UNCHANGED = world_of_objects(OBJECTS)

CHANGES = st.lists(st.tuples(st.sampled_from(_routes(OBJECTS)), st.sampled_from(ODD)), min_size=1, max_size=6)
OVERLAY_CHANGES = st.lists(
    st.tuples(st.sampled_from(_routes(KUSTOMIZATION)), st.sampled_from(ODD)), max_size=2
)


@settings(max_examples=usually(100, 1000), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(CHANGES, OVERLAY_CHANGES, st.booleans())
def test_no_rule_raises(changes: list[Any], overlay_changes: list[Any], has_overlay: bool) -> None:
    objects, overlay = copy.deepcopy(OBJECTS), copy.deepcopy(KUSTOMIZATION)
    for route, odd in changes:
        _replace(objects, route, copy.deepcopy(odd))
    for route, odd in overlay_changes:
        _replace(overlay, route, copy.deepcopy(odd))
    files = {"objects.json": json.dumps({"apiVersion": "v1", "kind": "List", "items": objects})}
    if has_overlay:
        files["kustomization.yaml"] = json.dumps(overlay)
    with tempfile.TemporaryDirectory() as folder:
        world = world_of(Path(folder), files)
        world.team_rules = TEAM_RULES
        findings_of(world, "NET", "MESH")
        found = suggestion_for(world)
        assert load_text("all.yaml", suggestion_yaml(found), Kind.KUBERNETES).problems == ()
        for opened in opened_connections(UNCHANGED.fact(connectivities), world.fact(connectivities)):
            assert opened.count and opened.example and opened.node.place()


def test_unchanged_objects_are_judged(tmp_path) -> None:
    """The objects above do reach the rules: else the test before would prove nothing."""
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": OBJECTS})
    found = findings_of(world_of(tmp_path, {"objects.json": text}), "NET", "MESH")
    assert {finding.rule for finding in found} == {
        "ingress-open-to-all",
        "egress-open-to-all",
        "egress-blocks-dns",
        "policy-port-undefined",
        "policy-selects-nothing",
        "policy-types-omit-rules",
        "call-cut-off",
        "cloud-metadata-reachable",
        "cloud-metadata-unguarded",
        "pods-not-isolated",
        "entrance-cut-off",
        "external-service-cut-off",
        "scrape-cut-off",
        "webhook-cut-off",
        "injection-label-wrong",
        "mtls-not-strict",
        "route-host-undefined",
        "route-weights-wrong",
        "subset-undefined",
        "port-name-without-protocol",
        "mesh-reference-elsewhere",
        "mesh-object-refused",
    }


def _cost(folder: Path, count: int) -> float:
    """CPU seconds of all rules for some services, each with workload, policy, service and route."""
    objects = []
    for index in range(count):
        name, call = f"s{index}", {"to": [{"podSelector": {}}], "ports": [{"port": 80}]}
        route = {"http": [{"route": [{"destination": {"host": f"{name}x", "subset": "v1"}}]}]}
        objects += [
            deployment(name, "shop"),
            policy(name, "shop", selector={"app": name}, egress=[call]),
            policy(f"slip-{name}", "shop", selector={"app": f"{name}x"}, egress=[call]),
            policy(f"unseen-{name}", "bank", selector={"app": name}, egress=[call]),
            custom("Service", "v1", name, "shop", spec={"selector": {"app": name}}),
            custom("VirtualService", "networking.istio.io/v1", name, "shop", spec=route),
            custom("DestinationRule", "networking.istio.io/v1", name, "shop", spec={"host": name}),
        ]
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": objects})
    world = world_of(folder, {"objects.json": text})
    started = time.process_time()
    assert len(findings_of(world, "NET", "MESH")) > 3 * count
    return time.process_time() - started


def test_cost_grows_with_the_number_of_objects(tmp_path) -> None:
    assert growth(lambda count: _cost(tmp_path / str(count), count), [200, 1600]) <= MOST


def _cost_of_shared_pods(folder: Path, count: int) -> float:
    """CPU seconds of all rules where every policy selects every workload, or all but one."""
    call = {"to": [{"podSelector": {}}], "ports": [{"port": 80}]}
    objects = []
    for index in range(count):
        but_one = [{"key": "app", "operator": "NotIn", "values": [f"s{index}"]}]
        most = policy(f"most-{index}", "shop", egress=[call])
        most["spec"]["podSelector"] = {"matchExpressions": but_one}
        objects += [
            deployment(f"s{index}", "shop"),
            policy(f"all-{index}", "shop", egress=[call]),
            most,
            policy(f"unseen-{index}", "bank", selector={"app": "none"}, egress=[call]),
        ]
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": objects})
    world = world_of(folder, {"objects.json": text})
    started = time.process_time()
    found = findings_of(world, "NET")
    assert sum(finding.rule == "egress-blocks-dns" for finding in found) == 2
    return time.process_time() - started


def test_pods_that_many_policies_share_are_judged_once(tmp_path) -> None:
    assert growth(lambda count: _cost_of_shared_pods(tmp_path / str(count), count), [100, 800]) <= MOST
