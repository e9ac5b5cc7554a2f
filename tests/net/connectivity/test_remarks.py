"""A bad part of a policy gives one finding, and the engine says what it took it for."""

from __future__ import annotations

import copy
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from archlint.engine.network import unseen
from archlint.finding import Finding, Rule
from archlint.model.network.connectivity.remarks import network_remarks
from archlint.model.world import World
from tests.net.connectivity.clusters import namespace, pod
from tests.net.connectivity.oracle_cases import CASES, answer, error_cases
from tests.net.worlds import policy, world_of
from tests.support.rules import own_rules
from tests.support.runners import found_in

Spec = dict[str, Any]
BAD_NETWORKS = ("10.0.0.0", "10.0.0.0/33", "zc00::/8", "", "300.1.1.1/8", "10.0.0.0/-1")
BAD_SELECTORS: tuple[Spec, ...] = (
    {"matchLabels": {"app@b": "x"}},
    {"matchLabels": {"app": "-x"}},
    {"matchLabels": {"": "x"}},
    {"matchLabels": {"a/b/c": "x"}},
    {"matchExpressions": [{"key": "app", "operator": "In"}]},
    {"matchExpressions": [{"key": "app", "operator": "NotIn", "values": []}]},
    {"matchExpressions": [{"key": "app", "operator": "Exists", "values": ["x"]}]},
    {"matchExpressions": [{"key": "app", "operator": "in", "values": ["x"]}]},
    {"matchExpressions": [{"key": "app", "operator": "Like", "values": ["x"]}]},
    {"matchExpressions": [{"key": "a b", "operator": "Exists"}]},
    {"matchExpressions": [{"operator": "Exists"}]},
    {"matchExpressions": [{"key": "app"}]},
    {"matchExpressions": {"key": "app"}},
    {"matchLabels": ["app"]},
    {"matchLabels": {"app": {"is": "x"}}},
)
BAD_PORTS: tuple[Spec, ...] = (
    {"port": 0},
    {"port": 65536},
    {"port": -1},
    {"port": 90, "endPort": 80},
    {"port": "http", "endPort": 80},
    {"endPort": 80},
    {"port": 80, "endPort": 65536},
    {"port": 80, "protocol": "tcp"},
    {"port": [80]},
    {"port": "HTTP"},
    {"port": "a-name-that-is-too-long"},
)
BAD_PEERS: tuple[Spec, ...] = (
    {},
    {"ipBlock": {"cidr": "10.0.0.0/8"}, "podSelector": {}},
    *({"ipBlock": {"cidr": network}} for network in BAD_NETWORKS),
    *({"podSelector": selector} for selector in BAD_SELECTORS),
    *({"namespaceSelector": selector} for selector in BAD_SELECTORS),
    {"ipBlock": {"cidr": "10.0.0.0/8", "except": ["11.0.0.0"]}},
    {"ipBlock": {"cidr": "10.0.0.0/8", "except": ["fd00::/16"]}},
    {"ipBlock": {"cidr": "10.0.0.0/8", "except": ["11.0.0.0/16"]}},
    {"ipBlock": {}},
    {"ipBlock": "10.0.0.0/8"},
    {"podSelector": "app"},
)
ADMIN_PEERS: tuple[Spec, ...] = (
    {},
    {"namespaces": {}, "networks": ["10.0.0.0/8"]},
    *({"networks": [network]} for network in BAD_NETWORKS),
    *({"namespaces": selector} for selector in BAD_SELECTORS),
    *({"pods": {"namespaceSelector": {}, "podSelector": selector}} for selector in BAD_SELECTORS),
)
ADMIN_PORTS: tuple[Spec, ...] = (
    {},
    {"portNumber": {"protocol": "TCP", "port": 0}},
    {"portNumber": {"protocol": "TCP", "port": 65536}},
    {"portRange": {"protocol": "TCP", "start": 10, "end": 1}},
)
PODS = [pod("web"), pod("db"), namespace("shop")]


@cache
def rules() -> tuple[Rule, ...]:
    """Those that say what the API server refuses."""
    return tuple(rule for rule in own_rules() if rule.code.startswith(("KUBE75", "KUBE81")))


def rule_of(peer: Spec | None = None, port: Spec | None = None, **more: Any) -> Spec:
    found = copy.deepcopy({"to": [peer or {"podSelector": {"matchLabels": {"app": "db"}}}], **more})
    return found | ({"ports": [port]} if port is not None else {})


def network_policies() -> list[Spec]:
    """A policy for each shape, with that one mistake in it."""
    specs: list[Spec] = [{"podSelector": bad, "policyTypes": ["Egress"]} for bad in BAD_SELECTORS]
    for peer in BAD_PEERS:
        specs.append({"egress": [{"to": [peer]}]})
        specs.append({"ingress": [{"from": [peer]}]})
    specs += [{"egress": [rule_of(port=port)]} for port in BAD_PORTS]
    specs += [{"ingress": [{"ports": [port]}]} for port in BAD_PORTS]
    specs += [{"policyTypes": ["ingress"]}, {"policyTypes": ["Ingress", "Both"], "ingress": [{}]}]
    return [policy("db", "shop", **{"podSelector": {}, **spec}) for spec in specs]


def admin_policies() -> list[Spec]:
    usual = {"namespaces": {}}
    subjects: list[Spec] = [{}, {"namespaces": {}, "pods": {"namespaceSelector": {}, "podSelector": {}}}]
    subjects += [{"namespaces": bad} for bad in BAD_SELECTORS]
    specs: list[Spec] = [{"priority": 1, "subject": each} for each in subjects]
    rules: list[Spec] = [{"action": "Allow", "to": [peer]} for peer in ADMIN_PEERS]
    rules += [{"action": "Deny", "to": [usual], "ports": [port]} for port in ADMIN_PORTS]
    rules += [{"action": "Ok", "to": [usual]}, {"to": [usual]}, {"action": "Allow", "to": []}]
    specs += [{"priority": 1, "subject": usual, "egress": [each]} for each in rules]
    specs += [{"priority": number, "subject": usual} for number in (-1, 1001)] + [{"subject": usual}]
    base = {"apiVersion": "policy.networking.k8s.io/v1alpha1", "kind": "AdminNetworkPolicy"}
    return [{**base, "metadata": {"name": "all"}, "spec": spec} for spec in specs]


def judged(made: Spec, folder: Path) -> tuple[World, list[Finding]]:
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": [*PODS, made]})
    world = world_of(folder, {"all.json": text})
    return world, [
        item
        for item in found_in(world, rules())
        if item.object is not None and item.object.kind == made["kind"]
    ]


def test_each_bad_part_is_one_finding_and_is_taken_for_something(tmp_path: Path) -> None:
    for made in [*network_policies(), *admin_policies()]:
        world, findings = judged(made, tmp_path)
        remarks = list(network_remarks(world))
        assert len(findings) == 1, (made["spec"], [item.message for item in findings])
        assert len(remarks) == 1, (made["spec"], [item.text for item in remarks])
        assert "taken" in remarks[0].text


def test_what_is_right_is_not_remarked_on(tmp_path: Path) -> None:
    peers: list[Spec] = [
        {"podSelector": {"matchExpressions": [{"key": "app", "operator": "In", "values": ["a"]}]}},
        {"namespaceSelector": {}, "podSelector": {}},
        {"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"]}},
        {"ipBlock": {"cidr": "fd00::/8"}},
        {"podSelector": {"matchLabels": {"app": "${APP}"}}},
    ]
    ports: list[Spec] = [{}, {"port": 1, "endPort": 65535}, {"port": "http"}, {"protocol": "SCTP", "port": 5}]
    for peer in peers:
        made = policy("db", "shop", egress=[{"to": [peer], "ports": ports}, {}], policyTypes=["Egress"])
        assert not list(network_remarks(judged(made, tmp_path)[0]))


def test_what_no_file_tells_is_remarked_on(tmp_path: Path) -> None:
    """Addresses of nodes, networks beside that of the cluster, and pods of one owner that are not alike."""
    owner = {"ownerReferences": [{"kind": "DaemonSet", "name": "agents"}]}
    pods = [pod("a", labels={"app": "a"}), pod("b", labels={"app": "b"})]
    for item in pods:
        item["metadata"] |= owner
    rule = {"action": "Deny", "to": [{"nodes": {}}]}
    admin = {
        "apiVersion": "policy.networking.k8s.io/v1alpha1",
        "kind": "AdminNetworkPolicy",
        "metadata": {"name": "all"},
        "spec": {"priority": 1, "subject": {"namespaces": {}}, "egress": [rule, rule]},
    }
    network = {
        "apiVersion": "k8s.ovn.org/v1",
        "kind": "UserDefinedNetwork",
        "metadata": {"name": "green", "namespace": "shop"},
        "spec": {"topology": "Layer2", "layer2": {"role": "Secondary"}},
    }
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": [*pods, admin, network]})
    told = " ".join(item.text for item in network_remarks(world_of(tmp_path, {"all.json": text})))
    for word in ("'nodes'", "UserDefinedNetwork 'shop/green'", "'shop/agents[DaemonSet]' have different"):
        assert told.count(word) == 1, (word, told)


def test_a_world_without_pods_is_told(tmp_path: Path) -> None:
    world = world_of(tmp_path, {"all.json": json.dumps(policy("db", "shop", ingress=[]))})
    assert any("no pods" in notice.message for notice in unseen(world))


@pytest.mark.skipif(
    not CASES.is_dir(), reason="the cases of netpol-analyzer do not lie beside this repository"
)
def test_where_the_peer_warns_or_refuses() -> None:
    missed = [name for name, folder, words in error_cases() if not answer(folder, words)]
    assert len(missed) <= MOST_MISSED, missed


MOST_MISSED = 5
"""Three are about flags of the peer's command line, one about networks of IPv6, which archlint judges, and
one about a file that holds no manifest."""
