"""Where clouds hand out the credentials of a node, and rules that let pods go there.

The addresses are the same in all large clouds, and answered on port 80. Sources: the documentation of the
metadata services of AWS (IMDS, both addresses), Google Cloud and Azure (169.254.169.254).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.network.addresses import IpBlock, block_of
from archlint.model.network.policies import NetworkPolicy, PolicyRule, TrafficDirection

METADATA_ADDRESSES = {4: "169.254.169.254", 6: "fd00:ec2::254"}
_NUMBERS = {version: int(ipaddress.ip_address(text)) for version, text in METADATA_ADDRESSES.items()}
_PORT = 80


@dataclass(frozen=True)
class MetadataOpening:
    """What lets pods go there."""

    rule: PolicyRule
    block: Node | None
    """The ``ipBlock``; ``None`` for a rule that names no other side."""
    address: str
    length: int
    """How many bits an address of its kind has."""


def metadata_openings(policy: NetworkPolicy) -> Iterator[MetadataOpening]:
    """The rules of a policy that let its pods go there, one opening for each; none for a rule without any
    restriction, nor for a block that means just this address."""
    for rule in policy.rules(TrafficDirection.EGRESS):
        if rule.ports is not None and not _has_port(rule):
            continue
        if rule.admits_everyone:
            if rule.ports is not None:
                yield MetadataOpening(rule, None, METADATA_ADDRESSES[4], 32)
            continue
        blocks = (block_of(peer.get("ipBlock")) for peer in rule.peers)
        found = next((block for block in blocks if block is not None and _holds(block)), None)
        if found is not None:
            length = found.network.max_prefixlen
            yield MetadataOpening(rule, found.node, METADATA_ADDRESSES[found.version], length)


def _has_port(rule: PolicyRule) -> bool:
    return any(port.protocol == "TCP" and port.has(_PORT) for port in rule.ports or ())


def _holds(block: IpBlock) -> bool:
    number = _NUMBERS[block.version]
    is_meant = block.network.prefixlen == block.network.max_prefixlen
    return not is_meant and any(first <= number <= last for first, last in block.remaining)
