"""Whether a rule lets pods ask a name server.

A policy is applied to the address of the server's pod, so what counts is where DNS may live: ``kube-dns`` or
CoreDNS in ``kube-system``, OpenShift's in ``openshift-dns`` (on port 5353), a cache on the node at a
link-local address. Where a rule names the DNS port, its author meant DNS, and any plausible place will do.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

from archlint.documents import Node
from archlint.model.kubernetes.selectors import label_selector_matches
from archlint.model.network.addresses import block_of
from archlint.model.network.labels import NAMESPACE_NAME_LABEL
from archlint.model.network.openness import selects_everything
from archlint.model.network.policies import NetworkPolicy, PolicyRule, TrafficDirection
from archlint.model.network.ports import PortRange

DNS_PORTS = (53, 5353)
"""The port of DNS (RFC 1035), and the one on which OpenShift's pods answer."""
DNS_NAMESPACES = ("kube-system", "openshift-dns", "kube-dns", "coredns", "dns")
_DNS_POD_LABELS = ({"k8s-app": "kube-dns"}, {"k8s-app": "coredns"}, {"app.kubernetes.io/name": "coredns"})
_NAMESPACE_LABELS = tuple({NAMESPACE_NAME_LABEL: name, "name": name} for name in DNS_NAMESPACES)
_KNOWN_LABELS = frozenset(_NAMESPACE_LABELS[0])
_WIDEST_EXPLICIT = 1024
"""A range of more ports than this was not written with DNS in mind."""


_SERVER_PORT = 6443
"""Where the API server listens (kubeadm, OpenShift)."""
_SERVER_PORTS = frozenset({443, _SERVER_PORT})


def asks_server_alone(rules: Sequence[PolicyRule]) -> bool:
    """Whether rules let pods out to the API server and to nothing else, as their ports tell. Its address is
    in the environment of every pod, so none of them needs a name for it."""
    named: set[int] = set()
    for rule in rules:
        if not rule.ports or any(port.protocol != "TCP" or port.first != port.last for port in rule.ports):
            return False
        named.update(port.first for port in rule.ports)
    return _SERVER_PORT in named and named <= _SERVER_PORTS


class DnsReach(IntEnum):
    """How far a rule or policy lets DNS through; a higher one is better."""

    NONE = 0
    OWN_NAMESPACE = 1
    """Only to pods of the policy's own namespace, in which no name server lives."""
    TCP_ONLY = 2
    """To a name server, but not over UDP, which resolvers ask first."""
    FULL = 3


def policy_dns_reach(policy: NetworkPolicy) -> DnsReach:
    """The best that any egress rule of a policy does."""
    reaches = (rule_dns_reach(rule, policy.namespace) for rule in policy.rules(TrafficDirection.EGRESS))
    return max(reaches, default=DnsReach.NONE)


def rule_dns_reach(rule: PolicyRule, namespace: str | None) -> DnsReach:
    """How far one egress rule lets DNS through; ``namespace`` is that of its policy."""
    if rule.ports is None:
        return DnsReach.FULL if _may_reach_server(rule, namespace, explicit=False) else DnsReach.NONE
    dns_ports = [port for port in rule.ports if _is_dns(port)]
    if not dns_ports:
        return DnsReach.NONE
    explicit = any(map(_is_explicit, dns_ports))
    if _may_reach_server(rule, namespace, explicit=explicit):
        by_udp = any(port.protocol == "UDP" for port in dns_ports)
        return DnsReach.FULL if by_udp else DnsReach.TCP_ONLY
    is_own = explicit and rule.peers and all(map(_is_own_namespace, rule.peers))
    return DnsReach.OWN_NAMESPACE if is_own else DnsReach.NONE


def is_dns_only(rule: PolicyRule) -> bool:
    """Whether a rule names ports, and only such as DNS uses."""
    return bool(rule.ports) and all(_is_dns(port) and _is_explicit(port) for port in rule.ports or ())


def _is_dns(port: PortRange) -> bool:
    if port.name is not None:
        return "dns" in port.name.lower() or port.name.lower() == "domain"
    return any(map(port.has, DNS_PORTS))


def _is_explicit(port: PortRange) -> bool:
    return port.last - port.first < _WIDEST_EXPLICIT


def _may_reach_server(rule: PolicyRule, namespace: str | None, *, explicit: bool) -> bool:
    if rule.admits_everyone:
        return True
    return any(_may_be_server(peer, namespace, explicit=explicit) for peer in rule.peers)


def _may_be_server(peer: Node, namespace: str | None, *, explicit: bool) -> bool:
    if peer.get("ipBlock").is_set:
        return explicit or _may_hold_pods(peer.get("ipBlock"))
    namespaces, pods = peer.get("namespaceSelector"), peer.get("podSelector")
    if not namespaces.is_set:
        return pods.is_set and namespace in DNS_NAMESPACES
    in_place = selects_everything(namespaces) or any(
        label_selector_matches(namespaces, labels) for labels in _NAMESPACE_LABELS
    )
    if explicit:
        return in_place or not _keys(namespaces) <= _KNOWN_LABELS
    return in_place and _may_be_server_pod(pods)


def _may_hold_pods(node: Node) -> bool:
    block = block_of(node)
    return block is not None and block.may_hold_pods()


def _is_own_namespace(peer: Node) -> bool:
    return peer.get("podSelector").is_set and not peer.get("namespaceSelector").is_set


def _may_be_server_pod(pods: Node) -> bool:
    if selects_everything(pods):
        return True
    if any(label_selector_matches(pods, labels) for labels in _DNS_POD_LABELS):
        return True
    return any("dns" in (value.text or "") for _, value in pods.get("matchLabels").items())


def _keys(selector: Node) -> set[str]:
    """The label keys that a selector asks for."""
    named = {key for key, _ in selector.get("matchLabels").items()}
    return named | {item.get("key").text or "" for item in selector.get("matchExpressions").elements()}
