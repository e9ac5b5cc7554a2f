"""Sets of connections: a protocol and the port at the destination, whoever connects to whom."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from archlint.model.network.intervals import (
    Intervals,
    difference,
    intersection,
    intervals,
    union,
)

PROTOCOLS = ("SCTP", "TCP", "UDP")
"""What a NetworkPolicy can name, in the order in which it is written down."""
FIRST_PORT, LAST_PORT = 1, 65535
_EVERY_PORT: Intervals = ((FIRST_PORT, LAST_PORT),)
_KEPT = 1 << 16
"""So many results are remembered: a cluster has few different sets of connections."""


class ConnectionSet:
    """Some connections: the ports of each protocol. Never changed; equal sets compare equal."""

    __slots__ = ("_hash", "_text", "ports")

    def __init__(self, ports: tuple[Intervals, ...]) -> None:
        """``ports`` are those of each of ``PROTOCOLS``."""
        self.ports = ports
        self._hash = hash(ports)
        self._text = ""

    @classmethod
    def of(cls, ports: Mapping[str, Intervals]) -> ConnectionSet:
        """The connections to some ports, by protocol; protocols of other names count for nothing."""
        return cls(tuple(intersection(ports.get(name, ()), _EVERY_PORT) for name in PROTOCOLS))

    @classmethod
    def to_port(cls, protocol: str, first: int, last: int | None = None) -> ConnectionSet:
        """The connections to one port, or to all from ``first`` to ``last``."""
        return cls.of({protocol: intervals([(first, first if last is None else last)])})

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, ConnectionSet) and self.ports == other.ports)

    def __bool__(self) -> bool:
        return any(self.ports)

    def __or__(self, other: ConnectionSet) -> ConnectionSet:
        return _combined(union, self, other)

    def __and__(self, other: ConnectionSet) -> ConnectionSet:
        return _combined(intersection, self, other)

    def __sub__(self, other: ConnectionSet) -> ConnectionSet:
        return _combined(difference, self, other)

    def has(self, protocol: str, port: int) -> bool:
        """Whether a connection is in the set."""
        at = PROTOCOLS.index(protocol)
        return any(first <= port <= last for first, last in self.ports[at])

    @property
    def tcp(self) -> Intervals:
        """Its ports of TCP."""
        return self.ports[PROTOCOLS.index("TCP")]

    def __repr__(self) -> str:
        return f"<{self}>"

    def __str__(self) -> str:
        """``All Connections``, ``No Connections``, or such as ``TCP 80,8000-8080,UDP 53``."""
        if not self._text:
            named = zip(PROTOCOLS, self.ports, strict=True)
            said = ",".join(f"{name} {_written(ports)}" for name, ports in named if ports)
            self._text = "All Connections" if self == ALL else said or "No Connections"
        return self._text


def _written(ports: Intervals) -> str:
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in ports)


@lru_cache(maxsize=_KEPT)
def _combined(
    how: Callable[[Intervals, Intervals], Intervals], one: ConnectionSet, other: ConnectionSet
) -> ConnectionSet:
    parts = tuple(how(left, right) for left, right in zip(one.ports, other.ports, strict=True))
    return one if parts == one.ports else other if parts == other.ports else ConnectionSet(parts)


ALL = ConnectionSet((_EVERY_PORT,) * len(PROTOCOLS))
NONE = ConnectionSet(((),) * len(PROTOCOLS))


def all_of(sets: Iterable[ConnectionSet]) -> ConnectionSet:
    """What is in any of some sets."""
    found = NONE
    for each in sets:
        found = found | each
    return found
