"""Random clusters: few labels, ports and addresses, so that much of what policies say meets."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.net.connectivity.clusters import namespace, pod
from tests.net.connectivity.reference import End, Packet

Made = dict[str, Any]
SPACES = ("a", "b", "c")
LABELS = {"app": ("web", "db", "job"), "tier": ("in", "out")}
BLOCKS = (
    "0.0.0.0/0",
    "10.0.0.0/8",
    "10.1.0.0/16",
    "10.1.2.3/32",
    "0.0.0.0/1",
    "fd00::/8",
    "fd00::1/128",
    "::/0",
)
ADDRESSES = (
    "9.255.255.255",
    "10.0.0.1",
    "10.1.2.3",
    "10.1.2.4",
    "128.0.0.0",
    "fd00::1",
    "fd00::2",
    "2001:db8::1",
)
PORTS = (1, 79, 80, 81, 8080, 65535)
PROTOCOLS = ("TCP", "UDP", "SCTP")
NAMES = ("api", "dns")


class Maker:
    """Makes what a cluster consists of from one source of chance."""

    def __init__(self, seed: object) -> None:
        self.chance = Random(seed)

    def cluster(self) -> list[Made]:
        """Namespaces, pods and policies of all kinds."""
        return [*self.namespaces(), *self.pods(), *self.policies(4), *self.admin_policies(4)]

    def namespaces(self) -> list[Made]:
        return [namespace(name, **self.labels()) for name in SPACES]

    def pods(self) -> list[Made]:
        return [
            pod(f"p{number}", self.pick(SPACES), self.labels(), ports=self.container_ports())
            for number in range(6)
        ]

    def policies(self, most: int) -> list[Made]:
        """NetworkPolicies."""
        return [self._policy(number) for number in range(self.chance.randint(0, most))]

    def admin_policies(self, most: int) -> list[Made]:
        """Policies of administrators, each with a priority of its own."""
        priorities = self.chance.sample(range(100), most)
        found = [
            self._admin_policy(f"admin{rank}", rank) for rank in priorities[: self.chance.randint(0, most)]
        ]
        baselines = [item for item in found if item["kind"] == "BaselineAdminNetworkPolicy"]
        return [item for item in found if item not in baselines[1:]]

    def packets(self, objects: list[Made], count: int) -> list[Packet]:
        """Packets of which at least one side is a pod."""
        pods: list[End] = [item for item in objects if item["kind"] == "Pod"]
        found = []
        while len(found) < count:
            ends = [self.pick(pods), self.pick([*pods, *ADDRESSES])]
            self.chance.shuffle(ends)
            if ends[0] is not ends[1]:
                found.append(Packet(ends[0], ends[1], self.pick(PROTOCOLS), self.pick(PORTS)))
        return found

    def pick(self, some: Any) -> Any:
        return self.chance.choice(some)

    def often(self, share: float = 0.5) -> bool:
        return self.chance.random() < share

    def several(self, make: Any, most: int = 2, least: int = 1) -> list[Any]:
        return [make() for _ in range(self.chance.randint(least, most))]

    def labels(self) -> dict[str, str]:
        return {key: self.pick(values) for key, values in LABELS.items() if self.often(0.7)}

    def container_ports(self) -> list[Made]:
        return [
            {"name": name, "containerPort": self.pick(PORTS), "protocol": self.pick(PROTOCOLS)}
            for name in NAMES
            if self.often()
        ]

    def selector(self) -> Made:
        if self.often(0.3):
            return {}
        key = self.pick([*LABELS, "kubernetes.io/metadata.name"])
        values = LABELS.get(key, SPACES)
        if self.often():
            return {"matchLabels": {key: self.pick(values)}}
        operator = self.pick(("In", "NotIn", "Exists", "DoesNotExist"))
        listed = {"values": self.several(lambda: self.pick(values))} if "In" in operator else {}
        return {"matchExpressions": [{"key": key, "operator": operator, **listed}]}

    def _policy(self, number: int) -> Made:
        spec: Made = {"podSelector": self.selector()}
        for direction in ("ingress", "egress"):
            if self.often(0.6):
                spec[direction] = self.several(lambda at=direction: self._rule(at), least=0)  # type: ignore[misc]
        if self.often(0.4):
            spec["policyTypes"] = self.pick((["Ingress"], ["Egress"], ["Ingress", "Egress"], []))
        metadata = {"name": f"np{number}", "namespace": self.pick(SPACES)}
        version = "networking.k8s.io/v1"
        return {"apiVersion": version, "kind": "NetworkPolicy", "metadata": metadata, "spec": spec}

    def _rule(self, direction: str) -> Made:
        rule: Made = {}
        if self.often(0.8):
            rule["from" if direction == "ingress" else "to"] = self.several(self._peer, least=0)
        if self.often(0.7):
            rule["ports"] = self.several(self._port, least=0)
        return rule

    def _peer(self) -> Made:
        if self.often(0.3):
            cidr = self.pick(BLOCKS)
            holes = [item for item in BLOCKS if self.often(0.2) and (":" in item) == (":" in cidr)]
            return {"ipBlock": {"cidr": cidr, **({"except": holes} if holes else {})}}
        keys = self.pick((("podSelector",), ("namespaceSelector",), ("namespaceSelector", "podSelector")))
        return {key: self.selector() for key in keys}

    def _port(self) -> Made:
        port: Made = {} if self.often(0.3) else {"protocol": self.pick(PROTOCOLS)}
        if self.often(0.2):
            return port
        if self.often(0.3):
            return {**port, "port": self.pick(NAMES)}
        first, last = sorted((self.pick(PORTS), self.pick(PORTS)))
        return {**port, "port": first, **({"endPort": last} if self.often(0.3) else {})}

    def _admin_policy(self, name: str, priority: int) -> Made:
        kind = self.pick(("AdminNetworkPolicy", "BaselineAdminNetworkPolicy", *("ClusterNetworkPolicy",) * 2))
        version = "v1beta1" if kind == "ClusterNetworkPolicy" else "v1alpha1"
        spec: Made = {"subject": self._pods_peer()}
        if kind == "ClusterNetworkPolicy":
            spec["tier"] = self.pick(("Admin", "Baseline"))
        if kind != "BaselineAdminNetworkPolicy":
            spec["priority"] = priority
        for direction in ("ingress", "egress"):
            spec[direction] = self.several(
                lambda at=direction: self._admin_rule(kind, at),
                most=3,
                least=0,  # type: ignore[misc]
            )
        return {
            "apiVersion": f"policy.networking.k8s.io/{version}",
            "kind": kind,
            "metadata": {"name": name},
            "spec": spec,
        }

    def _admin_rule(self, kind: str, direction: str) -> Made:
        accept = "Accept" if kind == "ClusterNetworkPolicy" else "Allow"
        actions = (accept, "Deny") if kind == "BaselineAdminNetworkPolicy" else (accept, "Deny", "Pass")
        peers = self.several(self._pods_peer)
        if direction == "egress" and self.often(0.4):
            peers.append({"networks": self.several(lambda: self.pick(BLOCKS))})
        rule: Made = {"action": self.pick(actions), "from" if direction == "ingress" else "to": peers}
        if self.often(0.6):
            key = "protocols" if kind == "ClusterNetworkPolicy" else "ports"
            rule[key] = self.several(self._cluster_port if key == "protocols" else self._admin_port)
        return rule

    def _pods_peer(self) -> Made:
        if self.often():
            return {"namespaces": self.selector()}
        return {"pods": {"namespaceSelector": self.selector(), "podSelector": self.selector()}}

    def _admin_port(self) -> Made:
        protocol = self.pick(PROTOCOLS)
        first, last = sorted((self.pick(PORTS), self.pick(PORTS)))
        return self.pick(
            (
                {"namedPort": self.pick(NAMES)},
                {"portNumber": {"protocol": protocol, "port": first}},
                {"portRange": {"protocol": protocol, "start": first, "end": last}},
            )
        )

    def _cluster_port(self) -> Made:
        first, last = sorted((self.pick(PORTS), self.pick(PORTS)))
        port = self.pick(
            (
                {},
                *(
                    {"destinationPort": each}
                    for each in ({"number": first}, {"range": {"start": first, "end": last}})
                ),
            )
        )
        if self.often(0.3):
            return {"destinationNamedPort": self.pick(NAMES)}
        return {self.pick(("tcp", "udp", "sctp")): port}
