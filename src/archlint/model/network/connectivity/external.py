"""The addresses outside of the cluster, split at every border that an ``ipBlock`` draws.

So each block covers some ranges whole and the others not at all. Addresses of pods are not known; as
netpol-analyzer does, blocks are taken to mean what is outside of the cluster.
"""

from __future__ import annotations

import ipaddress
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.network.addresses import block_of, network_of
from archlint.model.network.intervals import Intervals
from archlint.model.network.labels import Bits

OUTSIDE = "addresses outside of the cluster"
"""How they are called where they stand for all of them."""
_LAST = {4: 2**32 - 1, 6: 2**128 - 1}


@dataclass(frozen=True)
class AddressSet:
    """Addresses of one IP version."""

    version: int
    parts: Intervals


@dataclass(frozen=True)
class AddressRange:
    """A range of addresses that all blocks cover whole or not at all."""

    version: int
    first: int
    last: int

    @cached_property
    def name(self) -> str:
        """Such as ``10.0.0.0-10.255.255.255[External]``."""
        return "{}-{}[External]".format(*self._ends())

    def meets(self, version: int, first: int, last: int) -> bool:
        """Whether it shares an address with another range."""
        return self.version == version and self.first <= last and first <= self.last

    def cidrs(self) -> list[str]:
        """The range as blocks."""
        return list(map(str, ipaddress.summarize_address_range(*self._ends())))

    def _ends(self) -> tuple[ipaddress.IPv4Address | ipaddress.IPv6Address, ...]:
        kind = ipaddress.IPv4Address if self.version == 4 else ipaddress.IPv6Address
        return kind(self.first), kind(self.last)


def block_addresses(block: Node) -> AddressSet | None:
    """What an ``ipBlock`` covers; ``None`` if its CIDR is none, so that it covers nothing."""
    found = block_of(block)
    return None if found is None else AddressSet(found.version, found.remaining)


def cidr_addresses(text: str | None) -> AddressSet | None:
    """The addresses of a CIDR; ``None`` if it is none."""
    network = network_of(text)
    if network is None:
        return None
    return AddressSet(network.version, ((int(network[0]), int(network[-1])),))


class External:
    """All addresses, split for the blocks of one direction; the ranges are numbered on from ``start``."""

    def __init__(self, blocks: Iterable[AddressSet], start: int) -> None:
        borders: dict[int, set[int]] = {4: {0}, 6: {0}}
        self.names_ipv6 = False
        """Whether any block is one of IPv6; else its ranges are not shown."""
        for block in blocks:
            self.names_ipv6 |= block.version == 6
            for first, last in block.parts:
                borders[block.version] |= {first, last + 1}
        ranges: list[AddressRange] = []
        self._start = start
        self._firsts: dict[int, list[int]] = {}
        self._offset: dict[int, int] = {}
        for version, last in _LAST.items():
            firsts = sorted(first for first in borders[version] if first <= last)
            self._firsts[version], self._offset[version] = firsts, start + len(ranges)
            ends = [*(first - 1 for first in firsts[1:]), last]
            ranges += [AddressRange(version, *pair) for pair in zip(firsts, ends, strict=True)]
        self.ranges: Sequence[AddressRange] = ranges

    @property
    def all(self) -> Bits:
        """Every range."""
        return ((1 << len(self.ranges)) - 1) << self._start

    @property
    def by_version(self) -> dict[int, Bits]:
        """The ranges of each IP version."""
        found = dict.fromkeys(_LAST, 0)
        for place, each in enumerate(self.ranges):
            found[each.version] |= 1 << (self._start + place)
        return found

    def covered(self, block: AddressSet) -> Bits:
        """The ranges that lie in a block."""
        firsts, offset = self._firsts[block.version], self._offset[block.version]
        found = 0
        for first, last in block.parts:
            begin, end = bisect_left(firsts, first), bisect_right(firsts, last)
            found |= ((1 << (end - begin)) - 1) << (offset + begin)
        return found

    def holding(self, text: str) -> AddressRange | None:
        """The range with an address; ``None`` if the text is none."""
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            return None
        fitting = (each for each in self.ranges if each.version == address.version)
        return next(each for each in fitting if each.first <= int(address) <= each.last)

    def is_hidden(self, place: int) -> bool:
        """Whether a range is one of IPv6, of which no block speaks."""
        return self.ranges[place].version == 6 and not self.names_ipv6
