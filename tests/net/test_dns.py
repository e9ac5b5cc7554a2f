"""When restricted egress keeps pods from asking a name server."""

from __future__ import annotations

import pytest

from tests.net.worlds import custom, deployment, found_by, policy

CALL = {"to": [{"podSelector": {"matchLabels": {"app": "catalog"}}}], "ports": [{"port": 9090}]}
UDP = {"port": 53, "protocol": "UDP"}
KUBE_SYSTEM = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}}}


def _blocked(tmp_path, *objects):
    return found_by("egress-blocks-dns", tmp_path, {"all.json": list(objects)})


def _cart(*egress, **more):
    return policy("cart", "shop", selector={"app": "cart"}, egress=list(egress), **more)


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"ports": [UDP]},
        {"ports": [{"port": 53, "protocol": "TCP"}, UDP]},
        {"ports": [{"port": 50, "endPort": 60, "protocol": "UDP"}]},
        {"ports": [{"port": 5353, "protocol": "UDP"}]},
        {"ports": [{"protocol": "UDP"}]},
        {"ports": [{"port": "dns", "protocol": "UDP"}]},
        {"to": [KUBE_SYSTEM], "ports": [UDP]},
        {"to": [KUBE_SYSTEM]},
        {"to": [{**KUBE_SYSTEM, "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}}}]},
        {"to": [{"namespaceSelector": {}}]},
        {"to": [{"namespaceSelector": {"matchLabels": {"name": "kube-system"}}}]},
        {"to": [{"namespaceSelector": {"matchLabels": {"role": "infra"}}}], "ports": [UDP]},
        {"to": [{"ipBlock": {"cidr": "169.254.20.10/32"}}], "ports": [UDP]},
        {"to": [{"ipBlock": {"cidr": "10.0.0.0/8"}}]},
        {"to": [{"ipBlock": {"cidr": "0.0.0.0/0"}}]},
        {"to": [{"ipBlock": {"cidr": "0.0.0.0/0", "except": ["169.254.169.254/32"]}}]},
    ],
)
def test_rules_that_let_dns_through(tmp_path, rule) -> None:
    assert _blocked(tmp_path, _cart(CALL, rule), deployment("cart", "shop")) == []


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (CALL, "default"),
        ({"to": [{"podSelector": {}}]}, "default"),
        (
            {"to": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "shop-data"}}}]},
            "default",
        ),
        ({"ports": [{"port": 54, "protocol": "UDP"}]}, "default"),
        ({"to": [{"ipBlock": {"cidr": "203.0.113.0/24"}}]}, "default"),
        (
            {
                "to": [
                    {
                        "ipBlock": {
                            "cidr": "0.0.0.0/0",
                            "except": ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"],
                        }
                    }
                ]
            },
            "default",
        ),
        ({"ports": [{"port": 53}]}, "tcp-only"),
        (
            {"to": [{"podSelector": {"matchLabels": {"k8s-app": "kube-dns"}}}], "ports": [UDP]},
            "own-namespace",
        ),
    ],
)
def test_rules_that_do_not(tmp_path, rule, message) -> None:
    (finding,) = _blocked(tmp_path, _cart(rule), deployment("cart", "shop"))
    assert finding.message_id == message
    assert "'cart'" in finding.message


@pytest.mark.parametrize(
    ("ports", "speaks"),
    [
        ([[6443]], False),
        ([[443, 6443]], False),
        ([[443], [6443]], False),
        ([[443]], True),
        ([[6443], [5432]], True),
        ([[6443], []], True),
    ],
)
def test_the_api_server_is_called_without_a_name(tmp_path, ports, speaks) -> None:
    """Its address is in the environment of each pod; whatever else is called may need a name."""
    rules = [
        {"ports": [{"port": port} for port in each]} if each else {"to": [CALL["to"][0]]} for each in ports
    ]
    assert bool(_blocked(tmp_path, _cart(*rules), deployment("cart", "shop"))) is speaks


def test_policies_add_up(tmp_path) -> None:
    dns = policy("dns", "shop", policyTypes=["Egress"], egress=[{"to": [KUBE_SYSTEM], "ports": [UDP]}])
    assert _blocked(tmp_path, _cart(CALL), dns, deployment("cart", "shop")) == []


def test_a_policy_for_other_pods_does_not_help(tmp_path) -> None:
    other = policy("dns", "shop", selector={"app": "catalog"}, egress=[{"ports": [UDP]}])
    assert len(_blocked(tmp_path, _cart(CALL), other, deployment("cart", "shop"))) == 1


def test_a_policy_of_another_namespace_does_not_help(tmp_path) -> None:
    other = policy("dns", "bank", egress=[{"ports": [UDP]}])
    assert len(_blocked(tmp_path, _cart(CALL), other, deployment("cart", "shop"))) == 1


def test_two_policies_for_the_same_pods_are_one_cause(tmp_path) -> None:
    second = policy("more", "shop", selector={"app": "cart"}, egress=[CALL])
    (finding,) = _blocked(tmp_path, _cart(CALL), second, deployment("cart", "shop"))
    assert finding.object is not None
    assert finding.object.name == "cart"
    assert len(finding.related) == 1


def test_one_policy_for_many_workloads_is_one_finding(tmp_path) -> None:
    everyone = policy("all", "shop", egress=[CALL])
    workloads = [deployment(name, "shop") for name in ("a", "b", "c", "d", "e")]
    (finding,) = _blocked(tmp_path, everyone, *workloads)
    assert "'a', 'b', 'c' and 2 more" in finding.message


def test_pods_that_call_nobody_need_no_dns(tmp_path) -> None:
    deny = policy("deny", "shop", policyTypes=["Ingress", "Egress"])
    empty = policy("empty", "shop", policyTypes=["Egress"], egress=[])
    assert _blocked(tmp_path, deny, empty, deployment("cart", "shop")) == []


def test_rules_out_of_force_restrict_nothing(tmp_path) -> None:
    assert _blocked(tmp_path, _cart(CALL, policyTypes=["Ingress"]), deployment("cart", "shop")) == []


def test_without_workloads_policies_are_compared_by_selector(tmp_path) -> None:
    everyone = policy("dns", "shop", policyTypes=["Egress"], egress=[{"ports": [UDP]}])
    assert _blocked(tmp_path / "a", _cart(CALL), everyone) == []
    other = policy("dns", "shop", selector={"app": "catalog"}, egress=[{"ports": [UDP]}])
    assert len(_blocked(tmp_path / "b", _cart(CALL), other)) == 1


def test_pods_on_the_network_of_their_node_are_out_of_reach(tmp_path) -> None:
    assert _blocked(tmp_path, _cart(CALL), deployment("cart", "shop", hostNetwork=True)) == []


def test_policies_of_other_makers_may_allow_it(tmp_path) -> None:
    cilium = custom("CiliumNetworkPolicy", "cilium.io/v2", "dns", "shop", spec={})
    assert _blocked(tmp_path, _cart(CALL), cilium, deployment("cart", "shop")) == []


def test_another_edition_of_the_policy_does_not_help(tmp_path) -> None:
    """Two overlays hold the same policy; that one of them allows DNS does not fix the other."""
    good = _cart(CALL, {"ports": [UDP]})
    files = {
        "dev/all.json": [_cart(CALL), deployment("cart", "shop")],
        "live/all.json": [good, deployment("cart", "shop")],
    }
    (finding,) = found_by("egress-blocks-dns", tmp_path, files)
    assert finding.location.path == "dev/all.json"
