"""A second opinion: may this one packet pass? Written from the API references, one rule after the other.

It shares nothing with archlint, knows no sets, and takes its time. Sources: the Kubernetes API reference
(NetworkPolicy v1, LabelSelector) and that of the Network Policy API (AdminNetworkPolicy and
BaselineAdminNetworkPolicy v1alpha1, ClusterNetworkPolicy v1beta1).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from ipaddress import ip_address, ip_network
from typing import Any, NamedTuple

Manifest = Mapping[str, Any]
End = Manifest | str
"""A Pod, or an address outside of the cluster."""


class Packet(NamedTuple):
    """Who sends it to whom, and to which port."""

    source: End
    destination: End
    protocol: str
    port: int


class Reference:
    """Answers for the objects of one cluster."""

    def __init__(self, objects: Sequence[Manifest]) -> None:
        self._spaces = {
            item["metadata"]["name"]: item["metadata"].get("labels", {})
            for item in objects
            if item["kind"] == "Namespace"
        }
        self._objects = objects

    def passes(self, packet: Packet) -> bool:
        """Whether both sides let a packet pass."""
        out = isinstance(packet.source, str) or self._lets(
            packet, packet.source, packet.destination, "egress"
        )
        into = isinstance(packet.destination, str) or self._lets(
            packet, packet.destination, packet.source, "ingress"
        )
        return out and into

    def _lets(self, packet: Packet, pod: Manifest, other: End, direction: str) -> bool:
        decided = self._by_admin(packet, pod, other, direction, "Admin")
        if decided in ("Accept", "Deny"):
            return decided == "Accept"
        policies = [
            item
            for item in self._objects
            if item["kind"] == "NetworkPolicy"
            and item["metadata"]["namespace"] == pod["metadata"]["namespace"]
            and selects(item["spec"].get("podSelector", {}), pod["metadata"].get("labels", {}))
            and direction.capitalize() in types_of(item["spec"])
        ]
        if policies:
            return any(
                self._rule_matches(packet, policy, rule, other, direction)
                for policy in policies
                for rule in policy["spec"].get(direction) or []
            )
        return self._by_admin(packet, pod, other, direction, "Baseline") != "Deny"

    def _rule_matches(
        self, packet: Packet, policy: Manifest, rule: Manifest, other: End, direction: str
    ) -> bool:
        peers = rule.get("from" if direction == "ingress" else "to")
        space = policy["metadata"]["namespace"]
        if peers and not any(self._peer_matches(peer, other, space) for peer in peers):
            return False
        ports = rule.get("ports")
        return not ports or any(port_matches(port, packet) for port in ports)

    def _peer_matches(self, peer: Manifest, other: End, space: str) -> bool:
        if "ipBlock" in peer:
            return isinstance(other, str) and in_block(other, peer["ipBlock"])
        if isinstance(other, str):
            return False
        home = other["metadata"]["namespace"]
        if "namespaceSelector" in peer:
            if not selects(peer["namespaceSelector"], self._labels_of(home)):
                return False
        elif home != space:
            return False
        return selects(peer.get("podSelector", {}), other["metadata"].get("labels", {}))

    def _labels_of(self, space: str) -> Mapping[str, str]:
        return {**self._spaces.get(space, {}), "kubernetes.io/metadata.name": space}

    def _by_admin(self, packet: Packet, pod: Manifest, other: End, direction: str, tier: str) -> str | None:
        policies = [item for item in self._objects if tier_of(item) == tier]
        for policy in sorted(policies, key=lambda item: item["spec"].get("priority", 0)):
            if not self._chosen(policy["spec"]["subject"], pod):
                continue
            for rule in policy["spec"].get(direction, []):
                peers = rule["from" if direction == "ingress" else "to"]
                if any(self._admin_peer(policy, peer, other) for peer in peers) and admin_ports(rule, packet):
                    action = rule["action"]
                    return "Accept" if action == "Allow" else action
        return None

    def _chosen(self, subject: Manifest, pod: End) -> bool:
        if isinstance(pod, str):
            return False
        labels = self._labels_of(pod["metadata"]["namespace"])
        if "namespaces" in subject:
            return selects(subject["namespaces"], labels)
        inside = subject["pods"]
        return selects(inside.get("namespaceSelector", {}), labels) and selects(
            inside.get("podSelector", {}), pod["metadata"].get("labels", {})
        )

    def _admin_peer(self, policy: Manifest, peer: Manifest, other: End) -> bool:
        if "networks" not in peer:
            return self._chosen(peer, other)
        if isinstance(other, str):
            return any(in_block(other, {"cidr": cidr}) for cidr in peer["networks"])
        return policy["kind"] == "ClusterNetworkPolicy" and "0.0.0.0/0" in peer["networks"]


def tier_of(item: Manifest) -> str | None:
    kinds = {"AdminNetworkPolicy": "Admin", "BaselineAdminNetworkPolicy": "Baseline"}
    return item["spec"]["tier"] if item["kind"] == "ClusterNetworkPolicy" else kinds.get(item["kind"])


def types_of(spec: Manifest) -> Sequence[str]:
    return spec.get("policyTypes") or ["Ingress", *(["Egress"] if spec.get("egress") else [])]


def selects(selector: Manifest, labels: Mapping[str, str]) -> bool:
    if any(labels.get(key) != value for key, value in selector.get("matchLabels", {}).items()):
        return False
    for item in selector.get("matchExpressions", []):
        key, values = item["key"], item.get("values", [])
        fits = {
            "In": labels.get(key) in values,
            "NotIn": labels.get(key) not in values,
            "Exists": key in labels,
            "DoesNotExist": key not in labels,
        }
        if not fits[item["operator"]]:
            return False
    return True


def in_block(address: str, block: Manifest) -> bool:
    inside = ip_address(address) in ip_network(block["cidr"])
    return inside and not any(ip_address(address) in ip_network(hole) for hole in block.get("except", []))


def named_ports(pod: End, name: str, protocol: str) -> list[int]:
    if isinstance(pod, str):
        return []
    return [
        port["containerPort"]
        for container in pod["spec"]["containers"]
        for port in container.get("ports", [])
        if port.get("name") == name and port.get("protocol", "TCP") == protocol
    ]


def port_matches(port: Manifest, packet: Packet) -> bool:
    protocol = port.get("protocol", "TCP")
    if protocol != packet.protocol:
        return False
    said = port.get("port")
    if said is None:
        return True
    if isinstance(said, str):
        return packet.port in named_ports(packet.destination, said, protocol)
    return bool(said <= packet.port <= port.get("endPort", said))


def admin_ports(rule: Manifest, packet: Packet) -> bool:
    entries = rule.get("protocols") or rule.get("ports")
    return not entries or any(admin_port(entry, packet) for entry in entries)


def admin_port(entry: Manifest, packet: Packet) -> bool:
    name = entry.get("namedPort") or entry.get("destinationNamedPort")
    if name:
        return packet.port in named_ports(packet.destination, name, packet.protocol)
    if "portNumber" in entry:
        said = entry["portNumber"]
        return bool(said["protocol"] == packet.protocol and said["port"] == packet.port)
    if "portRange" in entry:
        said = entry["portRange"]
        return bool(said["protocol"] == packet.protocol and said["start"] <= packet.port <= said["end"])
    said = entry.get(packet.protocol.lower())
    if said is None:
        return False
    port = said.get("destinationPort")
    if port is None:
        return True
    if "number" in port:
        return bool(port["number"] == packet.port)
    return bool(port["range"]["start"] <= packet.port <= port["range"]["end"])
