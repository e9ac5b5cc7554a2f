"""How much of the address space the IP blocks of a rule let in, with what their ``except`` takes out."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Sequence

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.network.intervals import Interval, Intervals, difference, intersection, intervals

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_GLOBAL_UNICAST_6 = ipaddress.IPv6Network("2000::/3")
"""All IPv6 addresses handed out so far (IANA IPv6 address space registry)."""
_WHOLE: dict[int, Interval] = {
    4: (0, 2**32 - 1),
    6: (int(_GLOBAL_UNICAST_6[0]), int(_GLOBAL_UNICAST_6[-1])),
}
_PRIVATE: dict[int, Intervals] = {
    version: intervals((int(net[0]), int(net[-1])) for net in map(ipaddress.ip_network, names))
    for version, names in {
        4: ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"),  # RFC 1918
        6: ("fc00::/7",),  # RFC 4193
    }.items()
}
_MAYBE_PRIVATE = tuple(map(ipaddress.ip_network, ("100.64.0.0/10", "169.254.0.0/16", "fe80::/10")))
"""Shared (RFC 6598) and link-local addresses: some clusters use them for pods or a DNS cache on the node."""


@dataclass(frozen=True)
class IpBlock:
    """One ``ipBlock`` with a CIDR that can be read."""

    node: Node
    network: Network
    remaining: Intervals
    """The addresses that ``except`` leaves."""

    @property
    def version(self) -> int:
        """4 or 6."""
        return self.network.version

    def may_hold_pods(self) -> bool:
        """Whether it leaves private addresses, such as those of pods and services."""
        if any(self.network.version == net.version and _within(self.network, net) for net in _MAYBE_PRIVATE):
            return bool(self.remaining)
        return bool(intersection(self.remaining, _PRIVATE[self.version]))


def block_of(node: Node) -> IpBlock | None:
    """The block that an ``ipBlock`` node means; ``None`` if its CIDR is none."""
    network = network_of(node.get("cidr").text)
    if network is None:
        return None
    whole = ((int(network[0]), int(network[-1])),)
    return IpBlock(node, network, difference(whole, intervals(_holes(node, network.version))))


def share_let_in(blocks: Sequence[IpBlock], version: int) -> float:
    """The share, from 0 to 1, of all IPv4 addresses, or of IPv6 global unicast, that some blocks let in."""
    parts = intervals(part for block in blocks if block.version == version for part in block.remaining)
    lowest, highest = _WHOLE[version]
    let_in = intersection(parts, (_WHOLE[version],))
    return sum(last - first + 1 for first, last in let_in) / (highest - lowest + 1)


def _holes(node: Node, version: int) -> Iterator[Interval]:
    for item in node.get("except").elements():
        hole = network_of(item.text)
        if hole is not None and hole.version == version:
            yield int(hole[0]), int(hole[-1])


def network_of(text: str | None) -> Network | None:
    """The network of a CIDR; ``None`` if it is none. The API server refuses an address without a prefix."""
    try:
        return ipaddress.ip_network(text or "", strict=False) if "/" in (text or "") else None
    except ValueError:
        return None


def _within(inner: Network, outer: Network) -> bool:
    """Whether all of ``inner`` lies in ``outer``; both are of one version."""
    return int(outer[0]) <= int(inner[0]) and int(inner[-1]) <= int(outer[-1])
