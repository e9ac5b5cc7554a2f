"""Exceptions of address blocks that take nothing out, as another rule lets the same addresses in again."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.network.connectivity.external import AddressSet, cidr_addresses
from archlint.model.network.intervals import intersection
from archlint.model.network.neighbours import PolicyNeighbours
from archlint.model.network.stated import StatedPeer, StatedPolicy, StatedRule, needed


@dataclass(frozen=True)
class VoidException:
    """An entry of ``except`` that changes nothing."""

    node: Node
    block: Node
    rule: StatedRule
    by: tuple[StatedPeer, ...]
    """The blocks that hold its addresses."""
    by_rules: tuple[StatedRule, ...]
    """The rules in which these are, in the same order."""


def void_exceptions(policy: StatedPolicy, neighbours: PolicyNeighbours) -> Iterator[VoidException]:
    """The exceptions of a policy that rules for the same pods, on all of the same ports, make void."""
    around = [item for item in neighbours.around(policy) if item.is_small]
    for rule in policy.rules if policy.is_small else ():
        blocks = [peer for peer in rule.peers if peer.addresses is not None]
        if not any(peer.node.get("ipBlock", "except").value for peer in blocks):
            continue
        beside = [
            other.of_peer(peer)
            for item in (policy, *around)
            for other in item.of(rule.rule.direction)
            for peer in other.peers
            if peer.addresses is not None
        ]
        for block in blocks:
            yield from _of_block(rule, block, [item for item in beside if item.peers[0] is not block])


def _of_block(rule: StatedRule, peer: StatedPeer, beside: list[StatedRule]) -> Iterator[VoidException]:
    block = peer.node.get("ipBlock")
    outer = cidr_addresses(block.get("cidr").text)
    for item in block.get("except").elements() if outer else ():
        inner = cidr_addresses(item.text)
        if outer is None or inner is None or inner.version != outer.version:
            continue
        parts = intersection(inner.parts, outer.parts)
        hole = StatedPeer(item, addresses=AddressSet(inner.version, parts))
        by = needed([hole], rule.ports, beside) if parts else []
        if by:
            yield VoidException(item, block, rule, tuple(one.peers[0] for one in by), tuple(by))
