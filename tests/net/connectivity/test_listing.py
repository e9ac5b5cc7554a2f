"""Connections as they are listed: what each default of a NetworkPolicy means."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archlint.comparison.connections import edition_changes
from archlint.model.network.connectivity import CONTROLLER, Connectivity, connectivities
from archlint.model.network.connectivity.connections import NONE, ConnectionSet
from archlint.model.network.connectivity.explanation import explained
from archlint.model.network.connectivity.external import AddressRange
from archlint.model.network.connectivity.listing import connections, listed, reason
from archlint.model.network.policies import TrafficDirection
from tests.net.connectivity.clusters import cluster_in, cluster_of, namespace, pod, shown
from tests.net.worlds import custom, policy, world_of

EVERYWHERE = "0.0.0.0-255.255.255.255[External]"
WEB, DB = "shop/web[Pod]", "shop/db[Pod]"
ALL = "All Connections"
TO_DB = {"podSelector": {"matchLabels": {"app": "db"}}}


def to_db(**spec: Any) -> dict[tuple[str, str], str]:
    """What reaches the pods of ``db`` under one policy for them."""
    rules = policy("db", "shop", selector={"app": "db"}, **spec)
    found = shown(cluster_of([pod("web"), pod("db"), pod("far", "bank"), namespace("bank", team="x"), rules]))
    return {(source, to): what for (source, to), what in found.items() if to == DB}


def from_all(what: str) -> dict[tuple[str, str], str]:
    return {(name, DB): what for name in (EVERYWHERE, WEB, "bank/far[Pod]")}


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({}, {}),
        ({"policyTypes": []}, {}),
        ({"policyTypes": ["Egress"]}, from_all(ALL)),
        ({"policyTypes": ["Egress"], "ingress": [{}]}, from_all(ALL)),
        ({"ingress": []}, {}),
        ({"ingress": [{}]}, from_all(ALL)),
        ({"ingress": [{"from": []}]}, from_all(ALL)),
        ({"ingress": [{"ports": []}]}, from_all(ALL)),
        ({"ingress": [{"from": [{}]}]}, {}),
        ({"ingress": [{"from": [{"podSelector": {}}]}]}, {(WEB, DB): ALL}),
        (
            {"ingress": [{"from": [{"namespaceSelector": {}}]}]},
            {(WEB, DB): ALL, ("bank/far[Pod]", DB): ALL},
        ),
        (
            {"ingress": [{"from": [{"namespaceSelector": {"matchLabels": {"team": "x"}}}]}]},
            {("bank/far[Pod]", DB): ALL},
        ),
        (
            {
                "ingress": [
                    {"from": [{"namespaceSelector": {}, "podSelector": {"matchLabels": {"app": "web"}}}]}
                ]
            },
            {(WEB, DB): ALL},
        ),
        ({"ingress": [{"ports": [{"port": 80}]}]}, from_all("TCP 80")),
        ({"ingress": [{"ports": [{"protocol": "UDP"}]}]}, from_all("UDP 1-65535")),
        ({"ingress": [{"ports": [{"port": 80, "endPort": 90}, {"port": 91}]}]}, from_all("TCP 80-91")),
        ({"ingress": [{"ports": [{"port": "none"}]}]}, {}),
        ({"ingress": [{"ports": [{"port": 0}, {"protocol": "ICMP"}]}]}, {}),
    ],
    ids=lambda value: json.dumps(value) if isinstance(value, dict) and "('" not in str(value) else "",
)
def test_defaults_of_a_policy(spec: dict[str, Any], expected: dict[tuple[str, str], str]) -> None:
    assert to_db(**spec) == expected


def test_blocks_split_the_addresses_outside() -> None:
    block = {"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"]}
    found = to_db(ingress=[{"from": [{"ipBlock": block}], "ports": [{"port": 5432}]}])
    assert found == {
        ("10.0.0.0-10.0.255.255[External]", DB): "TCP 5432",
        ("10.2.0.0-10.255.255.255[External]", DB): "TCP 5432",
    }


def test_ipv6_is_shown_where_a_policy_names_it() -> None:
    found = to_db(ingress=[{"from": [{"ipBlock": {"cidr": "fd00::/8"}}]}])
    assert found == {("fd00::-fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff[External]", DB): ALL}


def test_a_port_name_is_that_of_each_pod_and_protocol() -> None:
    one = pod("one", ports=[{"name": "api", "containerPort": 1000}])
    two = pod("two", ports=[{"name": "api", "containerPort": 2000, "protocol": "UDP"}])
    three = pod("three", ports=[{"name": "api", "containerPort": 3000}])
    rules = policy(
        "web", "shop", selector={"app": "web"}, policyTypes=["Egress"], egress=[{"ports": [{"port": "api"}]}]
    )
    found = shown(cluster_of([pod("web"), one, two, three, rules]))
    assert {to: what for (source, to), what in found.items() if source == WEB} == {
        "shop/one[Pod]": "TCP 1000",
        "shop/three[Pod]": "TCP 3000",
    }


def test_what_no_file_tells_is_in_doubt_and_not_listed() -> None:
    """The namespace of the source is not defined, so its labels are not known."""
    rules = policy(
        "db",
        "shop",
        selector={"app": "db"},
        ingress=[{"from": [{"namespaceSelector": {"matchLabels": {"team": "x"}}}]}],
    )
    cluster = cluster_of([pod("db"), namespace("shop"), pod("far", "bank"), rules])
    assert not any(to == DB for _, to in shown(cluster))
    (doubt,) = (item for item in connections(cluster) if item.destination.name == DB)
    assert str(doubt.bounds.doubtful) == ALL
    assert reason(cluster, doubt) == "no file defines namespace 'bank', so its labels are not known"


def test_pods_on_the_network_of_their_node_are_in_doubt() -> None:
    cluster = cluster_of(
        [pod("db"), pod("agent", hostNetwork=True), namespace("shop"), policy("all", "shop")]
    )
    assert {to for source, to in shown(cluster) if to.endswith("[Pod]")} == set()
    doubts = {
        (item.source.name, item.destination.name) for item in connections(cluster) if item.bounds.doubtful
    }
    assert doubts == {("shop/agent[Pod]", DB), (EVERYWHERE, "shop/agent[Pod]"), (DB, "shop/agent[Pod]")}


def test_pods_of_a_typed_list_belong_to_their_owner() -> None:
    owner = {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web-1"}
    node = {"apiVersion": "v1", "kind": "Node", "name": "n1"}
    items = []
    for name, by in (("web-1-x", owner), ("web-1-y", owner), ("static", node)):
        item = pod(name, labels={"app": "same"})
        del item["kind"], item["apiVersion"]
        item["metadata"]["ownerReferences"] = [by]
        items.append(item)
    found = shown(cluster_in({"apiVersion": "v1", "kind": "PodList", "items": items}))
    assert {name for ends in found for name in ends} == {
        EVERYWHERE,
        "shop/web-1[ReplicaSet]",
        "shop/static[Pod]",
    }


def test_overlays_for_several_clusters_are_editions(tmp_path: Path) -> None:
    """What only one cluster allows is told with its name, and what no other overlay has belongs to all."""
    closed, opened = policy("web", "shop"), policy("web", "shop", ingress=[{}])
    files = {
        "dev/all.json": [pod("web"), opened],
        "prod/all.json": [pod("web"), closed],
        "common/all.json": [pod("far", "bank")],
    }
    world = world_of(tmp_path, {path: json.dumps(_list(*objects)) for path, objects in files.items()})
    editions = world.fact(connectivities)
    assert [item.name for item in editions] == ["dev", "prod"]
    found = {
        (item.connection.source.name, item.connection.destination.name): item.editions
        for item in listed(editions)
    }
    assert found[EVERYWHERE, WEB] == ("dev",)
    assert found["bank/far[Pod]", WEB] == ("dev",)
    assert found[WEB, "bank/far[Pod]"] == ()


def test_what_changes_in_one_edition_names_it(tmp_path: Path) -> None:
    def editions(name: str, **spec: Any) -> Sequence[Connectivity]:
        files = {
            "dev/all.json": json.dumps(_list(pod("web"), policy("web", "shop"))),
            "prod/all.json": json.dumps(_list(pod("web"), policy("web", "shop", **spec))),
        }
        return world_of(tmp_path / name, files).fact(connectivities)

    (change,) = edition_changes(editions("old"), editions("new", ingress=[{}]))
    assert (change.edition, change.source, change.destination) == ("prod", EVERYWHERE, WEB)
    assert (change.kind.value, str(change.base), str(change.revision)) == ("added", "No Connections", ALL)


def _list(*items: dict[str, Any]) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "List", "items": list(items)}


def test_routes_lead_through_the_ingress_controller() -> None:
    """By the port of the Service, to the port of the pods, as far as policies admit just anybody's pods."""
    web = pod("web", ports=[{"name": "http", "containerPort": 8080}])
    ports = [
        {"name": "main", "port": 80, "targetPort": "http"},
        {"name": "admin", "port": 81, "targetPort": 9000},
    ]
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "web", "namespace": "shop"},
        "spec": {"selector": {"app": "web"}, "ports": ports},
    }
    backend = {"service": {"name": "web", "port": {"name": "main"}}}
    ingress = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": {"name": "web", "namespace": "shop"},
        "spec": {"defaultBackend": backend},
    }
    route = {
        "apiVersion": "route.openshift.io/v1",
        "kind": "Route",
        "metadata": {"name": "web", "namespace": "shop"},
        "spec": {"to": {"kind": "Service", "name": "web"}, "port": {"targetPort": "admin"}},
    }

    def reached(*policies: dict[str, Any]) -> str | None:
        return shown(cluster_of([web, service, ingress, route, *policies])).get((CONTROLLER, WEB))

    assert reached() == "TCP 8080,9000"
    assert reached(policy("web", "shop")) is None
    assert reached(policy("web", "shop", ingress=[{"from": [{"podSelector": {}}]}])) is None
    everywhere = [{"from": [{"namespaceSelector": {}}], "ports": [{"port": "http"}]}]
    assert reached(policy("web", "shop", ingress=everywhere)) == "TCP 8080"


BLOCKS = ("0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "203.0.113.0/24", "2001:db8::/32", "::/0")
OUTSIDE = st.lists(
    st.tuples(
        st.lists(st.sampled_from(BLOCKS), max_size=2), st.lists(st.sampled_from([80, 8080]), max_size=2)
    ),
    max_size=3,
)


@settings(max_examples=60, deadline=None)
@given(
    OUTSIDE,
    st.sampled_from(["NodePort", "LoadBalancer", "ClusterIP"]),
    st.sampled_from(["Local", "Cluster", None]),
)
def test_whose_address_arrives_is_in_doubt_where_it_matters(
    rules: list[tuple[list[str], list[int]]], kind: str, handed_on: str | None
) -> None:
    """On the port of a Service for clients outside, if another address of that IP version may do something
    else there, and then for all addresses; what is taken to be allowed stays the same."""
    ingress = [
        {
            "from": [{"ipBlock": {"cidr": block}} for block in blocks],
            "ports": [{"port": port} for port in ports],
        }
        for blocks, ports in rules
    ]
    shut = policy("db", "shop", selector={"app": "db"}, ingress=ingress)
    traffic = {"externalTrafficPolicy": handed_on} if handed_on else {}
    spec = {"type": kind, "selector": {"app": "db"}, "ports": [{"port": 1, "targetPort": 8080}], **traffic}
    service = custom("Service", "v1", "db", "shop", spec=spec)
    shop = [pod("db"), namespace("shop"), shut]
    with_service, without = cluster_of([*shop, service]), cluster_of(shop)
    assert shown(with_service) == shown(without)
    port = ConnectionSet.to_port("TCP", 8080)
    found = list(connections(with_service, with_hidden=True))
    said = {item.source: item.bounds for item in found if isinstance(item.source, AddressRange)}
    hides = kind != "ClusterIP" and handed_on != "Local"
    for source in with_service.external[TrafficDirection.INGRESS].ranges:
        peers = with_service.external[TrafficDirection.INGRESS].ranges
        taken = [
            said[one].taken & port if one in said else NONE for one in peers if one.version == source.version
        ]
        doubt = said[source].doubtful if source in said else NONE
        assert doubt == (port if hides and len(set(taken)) > 1 else NONE)
        if doubt:
            listed_one = next(item for item in found if item.source == source)
            assert f"Service 'db' of type {kind}" in reason(with_service, listed_one)
            text = explained(with_service, source, listed_one.destination)
            assert (text.doubtful, text.allowed.doubtful) == (port, NONE) and "Local" in text.reason
