"""Policies of administrators, and networks of users: each refusal with an allowed twin."""

from __future__ import annotations

from typing import Any

import pytest

from tests.kube.test_refusals import GONE, changed, refused

OLD: dict[str, Any] = {
    "apiVersion": "policy.networking.k8s.io/v1alpha1",
    "kind": "AdminNetworkPolicy",
    "metadata": {"name": "tenants"},
    "spec": {
        "priority": 10,
        "subject": {"namespaces": {"matchLabels": {"tenant": "yes"}}},
        "ingress": [
            {
                "action": "Allow",
                "from": [{"pods": {"namespaceSelector": {}, "podSelector": {}}}],
                "ports": [{"portNumber": {"port": 80}}, {"portRange": {"start": 1, "end": 9}}],
            }
        ],
        "egress": [
            {
                "action": "Pass",
                "to": [{"networks": ["10.0.0.0/8", "fd00::/8"]}, {"nodes": {}}],
                "ports": [{"portNumber": {"protocol": "UDP", "port": 53}}],
            }
        ],
    },
}
BASELINE: dict[str, Any] = {
    "apiVersion": "policy.networking.k8s.io/v1alpha1",
    "kind": "BaselineAdminNetworkPolicy",
    "metadata": {"name": "default"},
    "spec": {
        "subject": {"pods": {"namespaceSelector": {}, "podSelector": {}}},
        "ingress": [{"action": "Deny", "from": [{"namespaces": {}}]}],
    },
}
NEW: dict[str, Any] = {
    "apiVersion": "policy.networking.k8s.io/v1alpha2",
    "kind": "ClusterNetworkPolicy",
    "metadata": {"name": "tenants"},
    "spec": {
        "tier": "Admin",
        "priority": 0,
        "subject": {"namespaces": {}},
        "egress": [
            {
                "action": "Accept",
                "to": [{"domainNames": ["*.example.com"]}, {"networks": ["10.0.0.0/8"]}],
                "protocols": [{"tcp": {"destinationPort": {"number": 443}}}, {"udp": {}}],
            }
        ],
    },
}
NETWORK: dict[str, Any] = {
    "apiVersion": "k8s.ovn.org/v1",
    "kind": "UserDefinedNetwork",
    "metadata": {"name": "blue", "namespace": "tenant"},
    "spec": {"topology": "Layer2", "layer2": {"role": "Primary"}},
}
WIDE: dict[str, Any] = {
    "apiVersion": "k8s.ovn.org/v1",
    "kind": "ClusterUserDefinedNetwork",
    "metadata": {"name": "blue"},
    "spec": {"network": {"topology": "Localnet", "localnet": {"role": "Secondary"}}},
}
WHOLE = {"old": OLD, "baseline": BASELINE, "new": NEW, "network": NETWORK, "wide": WIDE}
SELECTOR: dict[str, Any] = {"matchLabels": {"a b": "c"}}

CASES: list[tuple[str, str, object, object]] = [
    ("old", "spec.priority", 1001, 1000),
    ("old", "spec.priority", -1, 0),
    ("old", "spec.priority", GONE, 7),
    ("old", "spec.subject", {}, {"namespaces": {}}),
    (
        "old",
        "spec.subject",
        {"pods": {"podSelector": {}}},
        {"pods": {"namespaceSelector": {}, "podSelector": {}}},
    ),
    (
        "old",
        "spec.subject",
        {"namespaces": {}, "pods": {"namespaceSelector": {}, "podSelector": {}}},
        {"pods": {"namespaceSelector": {}, "podSelector": {}}},
    ),
    ("old", "spec.subject.namespaces", SELECTOR, {"matchLabels": {"a": "c"}}),
    ("old", "spec.ingress.0.action", "Accept", "Deny"),
    ("old", "spec.ingress.0.action", GONE, "Pass"),
    ("old", "spec.ingress.0.from", [], [{"namespaces": {}}]),
    ("old", "spec.ingress.0.from", GONE, [{"namespaces": {}}]),
    ("old", "spec.ingress.0.from", [{}], [{"namespaces": {}}]),
    ("old", "spec.ingress.0.from", [{"networks": ["10.0.0.0/8"]}], [{"namespaces": {}}]),
    ("old", "spec.ingress.0.from", [{"namespaces": {}}] * 101, [{"namespaces": {}}] * 100),
    ("old", "spec.ingress.0.ports", [], None),
    ("old", "spec.ingress.0.ports", [{"portNumber": {"port": 0}}], [{"portNumber": {"port": 1}}]),
    (
        "old",
        "spec.ingress.0.ports",
        [{"portRange": {"start": 9, "end": 1}}],
        [{"portRange": {"start": 1, "end": 9}}],
    ),
    ("old", "spec.ingress.0.ports", [{"namedPort": "a", "portNumber": {"port": 1}}], [{"namedPort": "a"}]),
    ("old", "spec.ingress.0.ports.0.portNumber.protocol", "tcp", "TCP"),
    ("old", "spec.egress.0.ports", [{"namedPort": "dns"}], [{"portNumber": {"port": 53}}]),
    ("old", "spec.egress.0.to.0.networks", ["10.0.0.0/33"], ["10.0.0.0/32"]),
    ("old", "spec.egress.0.to.0.networks", ["10.0.0.0/8"] * 26, ["10.0.0.0/8"] * 25),
    ("old", "spec.egress.0.to.0", {"domainNames": ["example.com"]}, {"nodes": {}}),
    ("baseline", "metadata.name", "tenants", "default"),
    ("baseline", "spec.ingress.0.action", "Pass", "Allow"),
    ("new", "spec.tier", "admin", "Baseline"),
    ("new", "spec.tier", GONE, "Baseline"),
    ("new", "spec.egress.0.action", "Allow", "Accept"),
    ("new", "spec.egress.0.action", "Deny", "Accept"),
    ("new", "spec.egress.0.to.1.networks", ["10.0.0.1/8"], ["10.0.0.1/32"]),
    ("new", "spec.egress.0.protocols", [{"destinationNamedPort": "dns"}], [{"sctp": {}}]),
    ("new", "spec.egress.0.protocols", [{"tcp": {}, "udp": {}}], [{"tcp": {}}, {"udp": {}}]),
    (
        "new",
        "spec.egress.0.protocols.0.tcp.destinationPort",
        {"range": {"start": 7, "end": 3}},
        {"range": {"start": 3, "end": 7}},
    ),
    ("network", "spec.topology", "Layer4", "Layer2"),
    ("network", "spec.topology", "Layer3", "Layer2"),
    ("network", "spec.layer2", GONE, {"role": "Primary"}),
    ("network", "spec.layer2.role", "primary", "Secondary"),
    ("network", "metadata.name", "default", "defaults"),
    ("network", "metadata.namespace", "openshift-dns", "open"),
    ("wide", "spec.network.topology", "Layer2", "Localnet"),
]


@pytest.mark.parametrize("whole", WHOLE.values(), ids=WHOLE)
def test_a_whole_object_is_accepted(whole: dict[str, Any]) -> None:
    assert refused(whole) == []


@pytest.mark.parametrize(("name", "way", "wrong", "right"), CASES)
def test_what_is_refused_has_an_allowed_twin(name: str, way: str, wrong: object, right: object) -> None:
    assert refused(changed(WHOLE[name], way, wrong))
    assert refused(changed(WHOLE[name], way, right)) == []
