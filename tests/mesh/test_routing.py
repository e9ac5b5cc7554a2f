"""Routes to hosts and subsets, and their weights."""

from __future__ import annotations

import pytest

from tests.net.worlds import custom, findings_of, found_by, world_of

NETWORKING = "networking.istio.io/v1"


def _to(*destinations, namespace="shop", name="route", **route):
    entries = [{"destination": item if isinstance(item, dict) else {"host": item}} for item in destinations]
    spec = {"http": [{"route": entries, **route}]}
    return custom("VirtualService", NETWORKING, name, namespace, spec=spec)


def _service(name="cart", namespace="shop", **metadata):
    item = custom("Service", "v1", name, namespace, spec={"selector": {"app": name}})
    item["metadata"].update(metadata)
    return item


def _entry(*hosts, namespace="shop", **spec):
    return custom("ServiceEntry", NETWORKING, "outside", namespace, spec={"hosts": list(hosts), **spec})


def _rule(host, *subsets, namespace="shop"):
    spec = {"host": host, "subsets": [{"name": name} for name in subsets]}
    return custom("DestinationRule", NETWORKING, "rule", namespace, spec=spec)


def _missing(tmp_path, *objects, **files):
    found = found_by("route-host-undefined", tmp_path, {"all.json": list(objects), **files})
    return [(finding.message_id, finding.arguments["host"]) for finding in found]


@pytest.mark.parametrize(
    "host",
    [
        "cart",
        "cart.shop.svc",
        "cart.shop.svc.cluster.local",
        "cart.shop.svc.clusterset.local",
        "cart.shop.svc.",
        "carts.shop.svc.cluster",
        "carts.shop.svc.example.com",
        "a.carts.shop.svc",
        "*.shop.svc.cluster.local",
        "10.0.0.1",
        "istio-egressgateway.istio-system.svc.cluster.local",
        "kubernetes.default.svc.cluster.local",
        "nobody.elsewhere.svc.cluster.local",
        "www.example.com",
        "",
    ],
)
def test_hosts_that_are_there_or_cannot_be_judged(tmp_path, host) -> None:
    assert _missing(tmp_path, _to(host), _service()) == []


@pytest.mark.parametrize(
    ("kind", "group", "makes_services"),
    [
        ("Kafka", "kafka.strimzi.io/v1", True),
        ("Prometheus", "monitoring.coreos.com/v1", True),
        ("PrometheusRule", "monitoring.coreos.com/v1", False),
        ("ExternalSecret", "external-secrets.io/v1", False),
        ("Component", "backstage.io/v1alpha1", False),
    ],
)
def test_a_resource_makes_the_services_named_after_it_if_it_runs_anything(
    tmp_path, kind, group, makes_services
) -> None:
    named = custom(kind, group, "orders", "shop", spec={})
    found = _missing(tmp_path, _to("orders-bootstrap"), _service(), named)
    assert found == ([] if makes_services else [("undefined", "orders-bootstrap")])


@pytest.mark.parametrize("host", ["cart.shop", "carts.shop", "catalog.other"])
def test_hosts_of_two_parts_are_not_completed(tmp_path, host) -> None:
    objects = [_to(host), _service(), _service("catalog", "other")]
    assert _missing(tmp_path, *objects) == [("shortened", host)]


@pytest.mark.parametrize("host", ["cart.shop", "catalog.other", "example.com"])
def test_hosts_of_two_parts_that_an_entry_has_or_nobody_knows(tmp_path, host) -> None:
    objects = [_to(host), _service(), _entry(host) if host != "example.com" else _service("catalog", "other")]
    assert _missing(tmp_path, *objects) == []


@pytest.mark.parametrize(
    "host",
    [
        *("carts", "carts.shop.svc.cluster.local", "cart.other.svc.cluster.local"),
        *("carts.shop.svc", "cart.other.svc", "carts.", "carts.shop.svc.", "carts.shop.svc.cluster.local."),
    ],
)
def test_hosts_that_are_not(tmp_path, host) -> None:
    objects = [_to(host), _service(), _service("catalog", "other")]
    assert _missing(tmp_path, *objects) == [("undefined", host)]


@pytest.mark.parametrize(
    ("kind", "version", "makes_services"),
    [
        ("Kafka", "kafka.strimzi.io/v1", True),
        ("Gateway", "gateway.networking.k8s.io/v1", True),
        ("Ingress", "networking.k8s.io/v1", False),
        ("Role", "rbac.authorization.k8s.io/v1", False),
        ("VirtualService", NETWORKING, False),
        ("Telemetry", "telemetry.istio.io/v1", False),
        ("Deployment", "apps/v1", False),
        ("ConfigMap", "v1", False),
    ],
)
@pytest.mark.parametrize("suffix", ["", "-rw", "-kafka-bootstrap"])
def test_an_operator_may_make_services_for_a_resource(
    tmp_path, kind, version, makes_services, suffix
) -> None:
    """They are named as it is, or with more behind it; Kubernetes and Istio make none."""
    host = f"stock{suffix}"
    objects = [_to(host), _service(), custom(kind, version, "stock", "shop", spec={})]
    assert _missing(tmp_path, *objects) == ([] if makes_services else [("undefined", host)])


def test_a_short_name_means_the_namespace_of_the_route(tmp_path) -> None:
    objects = [_to("cart", namespace="bank"), _service(), _service("ledger", "bank")]
    assert _missing(tmp_path, *objects) == [("undefined", "cart")]


def test_unknown_namespaces_fit(tmp_path) -> None:
    assert _missing(tmp_path / "a", _to("cart", namespace=None), _service()) == []
    assert _missing(tmp_path / "b", _to("cart"), _service(namespace=None)) == []


def test_mirrors_are_destinations(tmp_path) -> None:
    mirrored = _to("cart", mirror={"host": "shadow"}, mirrors=[{"destination": {"host": "other-shadow"}}])
    assert _missing(tmp_path, mirrored, _service()) == [
        ("undefined", "shadow"),
        ("undefined", "other-shadow"),
    ]


def test_one_host_is_one_finding(tmp_path) -> None:
    found = found_by("route-host-undefined", tmp_path, {"all.json": [_to("x", "x", "x"), _service()]})
    assert [len(finding.related) for finding in found] == [2]
    assert found[0].aliases == ("istio:IST0101", "kiali:KIA1101")


def test_service_entries_define_outside_hosts(tmp_path) -> None:
    entry = _entry("api.example.com", "*.example.net")
    route = _to("api.example.com", "a.example.net", "a.example.org")
    assert _missing(tmp_path, entry, route) == [("outside", "a.example.org")]


def test_exports(tmp_path) -> None:
    hidden = _entry("api.example.com", namespace="bank", exportTo=["."])
    assert _missing(tmp_path / "a", hidden, _to("api.example.com")) == [("hidden", "api.example.com")]
    shown = _entry("api.example.com", namespace="bank", exportTo=["shop"])
    assert _missing(tmp_path / "b", shown, _to("api.example.com")) == []
    service = _service("ledger", "bank", annotations={"networking.istio.io/exportTo": "., audit"})
    host = "ledger.bank.svc.cluster.local"
    assert _missing(tmp_path / "c", service, _to(host)) == [("hidden", host)]
    assert _missing(tmp_path / "d", service, _to(host, namespace="audit")) == []


def test_operators_make_services(tmp_path) -> None:
    canary = custom("Canary", "flagger.app/v1beta1", "podinfo", "shop")
    assert _missing(tmp_path, canary, _to("podinfo", "podinfo-canary"), _service()) == []


def _names(world):
    """The rules that speak by default."""
    return [item.rule for item in findings_of(world, "MESH") if item.rule != "mesh-reference-elsewhere"]


def test_charts_may_define_services(tmp_path) -> None:
    text = "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: r, namespace: shop}\n"
    files = {
        "route.yaml": f"{text}spec: {{http: [{{route: [{{destination: {{host: payments}}}}]}}]}}\n",
        "cart.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: cart, namespace: shop}\n",
    }
    assert _names(world_of(tmp_path / "a", files)) == ["route-host-undefined"]
    chart = {
        "chart/Chart.yaml": "name: payments\nversion: 1.0.0\n",
        "chart/templates/service.yaml": "kind: Service\nmetadata: {name: {{ .Chart.Name }}}\n",
    }
    assert _names(world_of(tmp_path / "b", {**files, **chart})) == []


def test_routes_kept_apart_from_services_are_not_judged(tmp_path) -> None:
    elsewhere = {"apps/a.json": [_service("a"), _service("b")], "copy/a.json": [_service("a")]}
    assert _missing(tmp_path, _to("cart", namespace=None), **elsewhere) == []


def _subsets(tmp_path, *objects):
    found = found_by("subset-undefined", tmp_path, {"all.json": list(objects)})
    return [(finding.message_id, finding.arguments["subset"]) for finding in found]


@pytest.mark.parametrize("host", ["cart", "cart.shop.svc.cluster.local", "*.shop.svc.cluster.local"])
def test_subsets_that_are_there(tmp_path, host) -> None:
    route = _to({"host": "cart", "subset": "v1"}, {"host": "cart"})
    assert _subsets(tmp_path, route, _rule(host, "v1")) == []


def test_subsets_that_are_not(tmp_path) -> None:
    route = _to({"host": "cart", "subset": "v2"}, {"host": "catalog", "subset": "v1"})
    found = _subsets(tmp_path, route, _rule("cart", "v1"))
    assert found == [("default", "v2"), ("no-rule", "v1")]


def test_rules_of_other_namespaces_are_of_other_hosts(tmp_path) -> None:
    route = _to({"host": "cart", "subset": "v1"})
    assert _subsets(tmp_path, route, _rule("cart", "v1", namespace="bank")) == [("no-rule", "v1")]


@pytest.mark.parametrize("host", ["api.example.com", "*.example.com", "10.0.0.1"])
def test_subsets_of_hosts_outside_of_the_cluster(tmp_path, host) -> None:
    asked = host.replace("*", "api")
    route = _to({"host": asked, "subset": "v1"}, {"host": asked, "subset": "v2"})
    assert _subsets(tmp_path, route, _rule(host, "v1")) == [("default", "v2")]


def test_without_any_rule_subsets_are_defined_elsewhere(tmp_path) -> None:
    assert _subsets(tmp_path, _to({"host": "cart", "subset": "v1"})) == []


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([90, 10], None),
        ([100, None], None),
        ([100, 0, 0], None),
        ([None], None),
        ([50], None),
        ([90, "10"], None),
        ([90, 20], "default"),
        ([1, 1], "default"),
        ([None, None], "none"),
        ([0, 0], "none"),
        ([110, -10], "negative"),
    ],
)
@pytest.mark.parametrize("protocol", ["http", "tcp", "tls"])
def test_weights(tmp_path, protocol, weights, message) -> None:
    entries = [
        {"destination": {"host": "cart"}} | ({} if weight is None else {"weight": weight})
        for weight in weights
    ]
    item = custom("VirtualService", NETWORKING, "route", "shop", spec={protocol: [{"route": entries}]})
    found = found_by("route-weights-wrong", tmp_path, {"all.json": item})
    assert [finding.message_id for finding in found] == ([message] if message else [])
