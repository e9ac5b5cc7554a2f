"""Service entries: hosts that the registry gets besides the services of the cluster."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.istio.hosts import is_wildcard
from archlint.model.istio.objects import applied_together, of_kind
from archlint.model.istio.port_names import protocol_class
from archlint.model.istio.visibility import are_seen_together
from archlint.model.kubernetes import ObjectFacet
from archlint.model.world import World


@dataclass(frozen=True)
class EntryPort:
    """One port of a service entry."""

    node: Node

    @property
    def number(self) -> int | None:
        """Its number."""
        return self.node.get("number").integer

    @property
    def protocol(self) -> str:
        """Its protocol in capital letters; empty if none is said."""
        return (self.node.get("protocol").text or "").upper()

    @property
    def protocol_place(self) -> Node:
        """The protocol, which may be missing."""
        return self.node.get("protocol")


@dataclass(frozen=True)
class ServiceEntry(ObjectFacet):
    """One ServiceEntry."""

    @classmethod
    def all(cls, world: World) -> Iterable[ServiceEntry]:
        """Every service entry in the world."""
        return [cls(item) for item in of_kind(world, "ServiceEntry")]

    @cached_property
    def ports(self) -> tuple[EntryPort, ...]:
        """Its ports."""
        return tuple(EntryPort(node) for node in self.base.get("spec", "ports").elements() if node.is_map)

    @property
    def hosts(self) -> Iterator[Node]:
        """Its hosts."""
        return (node for node in self.base.get("spec", "hosts").elements() if node.text)

    @property
    def has_addresses(self) -> bool:
        """Whether it has addresses of its own by which connections are known."""
        return any(node.text for node in self.base.get("spec", "addresses").elements())


@dataclass(frozen=True)
class ProtocolConflict:
    """A port, and that of another entry for the same host and number with another protocol."""

    port: EntryPort
    host: str
    other: ServiceEntry
    other_port: EntryPort


def protocol_conflicts(world: World) -> Mapping[int, Sequence[ProtocolConflict]]:
    """Conflicts by the identity of the entry's object, one for each port; ask with
    ``world.fact(protocol_conflicts)``."""
    found: dict[int, dict[int, ProtocolConflict]] = defaultdict(dict)
    for _, items in applied_together(world, "ServiceEntry"):
        by_port: dict[tuple[str, int], list[tuple[ServiceEntry, EntryPort]]] = defaultdict(list)
        for entry in map(ServiceEntry, items):
            for host in dict.fromkeys(node.text or "" for node in entry.hosts):
                for port in entry.ports if not is_wildcard(host) else ():
                    if port.number is not None:
                        by_port[host, port.number].append((entry, port))
        for (host, _number), users in by_port.items():
            for entry, port, other, other_port in _differing(users[:_MOST]):
                conflict = ProtocolConflict(port, host, other, other_port)
                found[id(entry.base)].setdefault(id(port.node.value), conflict)
    return {key: tuple(by_port.values()) for key, by_port in found.items()}


_MOST = 50
"""Entries of one host and port that are held against each other."""


def _differing(
    users: Sequence[tuple[ServiceEntry, EntryPort]],
) -> Iterator[tuple[ServiceEntry, EntryPort, ServiceEntry, EntryPort]]:
    for entry, port in users:
        for other, other_port in users:
            is_other = other.base is not entry.base and _is_read_otherwise(port, other_port)
            if is_other and are_seen_together(entry.base, other.base):
                yield entry, port, other, other_port


def _is_read_otherwise(one: EntryPort, other: EntryPort) -> bool:
    """Whether both ports say what they carry, and it is not read in the same way."""
    says = one.protocol and other.protocol
    return bool(says) and protocol_class(one.protocol) != protocol_class(other.protocol)
