"""Which rules of a network policy count as open to all, and how widely."""

from __future__ import annotations

import ipaddress
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archlint.documents import Document, load_text
from archlint.files import Kind
from archlint.model.network.addresses import block_of, share_let_in
from tests.net.worlds import found_by, policy

EVERY_POD = {"namespaceSelector": {}}
NAMED = {"key": "kubernetes.io/metadata.name", "operator": "Exists"}


def _ingress(tmp_path, *rules, **spec):
    return found_by("ingress-open-to-all", tmp_path, {"policy.json": policy(ingress=list(rules), **spec)})


def _blocks(*cidrs: str, **more):
    return {"from": [{"ipBlock": {"cidr": cidr, **more}} for cidr in cidrs]}


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ({}, "anyone"),
        (None, "anyone"),
        ({"from": []}, "anyone"),
        ({"from": None}, "anyone"),
        ({"ports": [{"port": 80}]}, "anyone"),
        ({"from": [], "ports": [{"port": "http"}]}, "anyone"),
        ({"from": [EVERY_POD]}, "cluster"),
        ({"from": [{"podSelector": {}}, EVERY_POD]}, "cluster"),
        ({"from": [{**EVERY_POD, "podSelector": {"matchLabels": {}}}]}, "cluster"),
        ({"from": [{"namespaceSelector": {"matchLabels": None}}], "ports": [{"port": 80}]}, "cluster"),
        (
            {
                "from": [
                    {
                        "namespaceSelector": {
                            "matchExpressions": [{"key": "kubernetes.io/metadata.name", "operator": "Exists"}]
                        }
                    }
                ]
            },
            "cluster",
        ),
        (_blocks("0.0.0.0/0"), "addresses"),
        (_blocks("::/0"), "addresses"),
        (_blocks("2000::/3"), "addresses"),
        (_blocks("0.0.0.0/1", "128.0.0.0/1"), "addresses"),
        (_blocks("0.0.0.0/0", **{"except": ["10.0.0.0/8", "169.254.169.254/32"]}), "addresses"),
        ({**_blocks("0.0.0.0/0"), "ports": [{"port": 443}]}, "addresses"),
        (_blocks(*(f"{first}.0.0.0/8" for first in range(1, 224) if first not in (10, 127))), "addresses"),
    ],
)
def test_open_shapes(tmp_path, rule, message) -> None:
    (finding,) = _ingress(tmp_path, rule)
    assert finding.message_id == message
    is_warning = message == "cluster" or (rule is not None and "ports" in rule)
    assert finding.severity.label == ("warning" if is_warning else "error")


@pytest.mark.parametrize(
    "rule",
    [
        {"from": [{"podSelector": {}}]},
        {"from": [{"podSelector": {}}], "ports": []},
        {"from": [{**EVERY_POD, "podSelector": {"matchLabels": {"app": "x"}}}]},
        {"from": [{"namespaceSelector": {"matchLabels": {"team": "shop"}}}]},
        {"from": [{"namespaceSelector": {"matchExpressions": [{"key": "team", "operator": "Exists"}]}}]},
        *(
            {"from": [{"namespaceSelector": {"matchExpressions": [NAMED, more]}}]}
            for more in (
                {"key": "team", "operator": "Exists"},
                {**NAMED, "operator": "NotIn", "values": ["a"]},
            )
        ),
        {"from": [{"namespaceSelector": {"matchLabels": {"team": "shop"}, "matchExpressions": [NAMED]}}]},
        {"from": [{}]},
        {"from": [{"namespaceSelector": None}]},
        _blocks("10.0.0.0/8", "fd00::/8", "203.0.113.0/24"),
        _blocks("0.0.0.0/0", **{"except": ["0.0.0.0/1", "128.0.0.0/1"]}),
        _blocks("not an address", "0.0.0.0/99"),
        {"from": "everyone"},
    ],
)
def test_closed_or_refused_shapes(tmp_path, rule) -> None:
    assert _ingress(tmp_path, rule) == []


def test_rules_out_of_force_are_not_open(tmp_path) -> None:
    assert _ingress(tmp_path, {}, policyTypes=["Egress"]) == []


@pytest.mark.parametrize("types", [None, [], ["Ingress"], ["Egress", "Ingress"]])
def test_ingress_is_in_force_by_default(tmp_path, types) -> None:
    assert len(_ingress(tmp_path, {}, policyTypes=types)) == 1


def test_each_open_rule_is_a_finding_of_its_own(tmp_path) -> None:
    first, second = _ingress(tmp_path, {"ports": [{"port": 80}]}, {"from": [EVERY_POD]})
    assert first.fingerprint != second.fingerprint


def test_fingerprint_does_not_depend_on_the_position(tmp_path) -> None:
    closed = {"from": [{"podSelector": {}}]}
    (alone,) = _ingress(tmp_path / "a", {"ports": [{"port": 80}]})
    (second,) = _ingress(tmp_path / "b", closed, {"ports": [{"port": 80}]})
    assert alone.fingerprint == second.fingerprint


def test_dns_to_everywhere_is_no_open_egress(tmp_path) -> None:
    dns = {"ports": [{"port": 53, "protocol": "UDP"}, {"port": 53}]}
    found = found_by("egress-open-to-all", tmp_path, {"policy.json": policy(egress=[dns])})
    assert found == []


def test_egress_rules_alone_put_egress_in_force(tmp_path) -> None:
    found = found_by("egress-open-to-all", tmp_path, {"policy.json": policy(egress=[{}])})
    assert [finding.message_id for finding in found] == ["anyone"]


def _share(cidrs: list[str], holes: list[str]) -> float:
    text = json.dumps({"blocks": [{"cidr": cidr, "except": holes} for cidr in cidrs]})
    document: Document = load_text("block.json", text, Kind.DATA).documents[0]
    blocks = [block for node in document.root.get("blocks").elements() if (block := block_of(node))]
    return share_let_in(blocks, 4)


NETWORKS = st.builds(
    lambda number, length: str(ipaddress.ip_network((number, length), strict=False)),
    st.integers(0, 2**32 - 1),
    st.integers(0, 6),
)


@given(st.lists(NETWORKS, max_size=6), st.lists(NETWORKS, max_size=4))
def test_share_is_that_of_a_plain_count(cidrs: list[str], holes: list[str]) -> None:
    """No prefix is longer than 6 bits, so 64 samples tell exactly what is covered."""
    samples = [ipaddress.ip_address(index << 26) for index in range(64)]
    inside = [ipaddress.ip_network(cidr) for cidr in cidrs]
    outside = [ipaddress.ip_network(hole) for hole in holes]
    covered = sum(
        any(sample in net for net in inside) and not any(sample in net for net in outside)
        for sample in samples
    )
    assert _share(cidrs, holes) == covered / 64


def _webhook_files(configuration: dict[str, object], **spec: object) -> dict[str, object]:
    labels = {"app": "prices"}
    namespace = {"namespace": "shop"}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "prices"}]}}
    return {
        "policy.json": policy(
            ingress=[{"ports": [{"port": 9443}]}], podSelector={"matchLabels": labels}, **spec
        ),
        "workload.json": [
            {
                "apiVersion": "apps/v1",
                "kind": "Deployment",
                "metadata": {"name": "prices", **namespace},
                "spec": {"selector": {"matchLabels": labels}, "template": template},
            },
            {
                "apiVersion": "v1",
                "kind": "Service",
                "metadata": {"name": "prices-calls", **namespace},
                "spec": {"selector": labels, "ports": [{"port": 443, "targetPort": 9443}]},
            },
            configuration,
        ],
    }


_SERVICE = {"name": "prices-calls", "namespace": "shop"}


@pytest.mark.parametrize(
    ("version", "kind", "body"),
    [
        ("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", "webhooks"),
        ("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration", "webhooks"),
        ("apiextensions.k8s.io/v1", "CustomResourceDefinition", "conversion"),
        ("apiregistration.k8s.io/v1", "APIService", "service"),
    ],
)
@pytest.mark.parametrize(
    "called", [_SERVICE, {**_SERVICE, "name": "other"}, {**_SERVICE, "namespace": "other"}]
)
def test_what_the_api_server_calls_is_open_to_it(
    tmp_path, version: str, kind: str, body: str, called
) -> None:
    client = {"clientConfig": {"service": called}}
    bodies = {
        "webhooks": {"webhooks": [{"name": "a.shop.example", **client}]},
        "conversion": {"spec": {"conversion": {"webhook": client}}},
        "service": {"spec": {"service": called}},
    }
    configuration = {"apiVersion": version, "kind": kind, "metadata": {"name": "prices"}, **bodies[body]}
    found = found_by("ingress-open-to-all", tmp_path, _webhook_files(configuration))
    assert bool(found) is (called is not _SERVICE)
