"""Whether a rule of a network policy is open to all, in every shape that means it."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.network.addresses import block_of, share_let_in
from archlint.model.network.labels import NAMESPACE_NAME_LABEL
from archlint.model.network.policies import PolicyRule, TrafficDirection


class Openness(StrEnum):
    """Whom an open rule lets in or out to."""

    ANYONE = "anyone"
    """No side is named: everyone, inside and outside of the cluster."""
    ADDRESSES = "addresses"
    """IP blocks that hold most addresses."""
    CLUSTER = "cluster"
    """Every pod of every namespace, but nothing outside of the cluster."""


@dataclass(frozen=True)
class Opening:
    """One way in which a rule is open to all, and what has to be edited to close it."""

    reach: Openness
    nodes: tuple[Node, ...]
    shares: tuple[tuple[int, float], ...] = ()
    """For ``ADDRESSES``: IP version and the share, from 0 to 1, of its addresses."""


def openings(rule: PolicyRule, least_share: float) -> Iterator[Opening]:
    """The ways in which a rule is open; IP blocks count from ``least_share`` (0 to 1) of all addresses.

    An empty ``podSelector`` alone is none: it means the pods of the policy's own namespace. A peer without
    any key is none either, as the API server refuses it.
    """
    if rule.admits_everyone:
        peers = rule.peers_node
        yield Opening(Openness.ANYONE, (peers if peers.exists else rule.node,))
        return
    by_address = _by_address(rule, least_share)
    if by_address is not None:
        yield by_address
    everywhere = tuple(peer.get("namespaceSelector") for peer in rule.peers if _is_every_pod(peer))
    if everywhere:
        yield Opening(Openness.CLUSTER, everywhere)


def _by_address(rule: PolicyRule, least_share: float) -> Opening | None:
    """The opening that the IP blocks of a rule make together, so that two halves count as a whole."""
    nodes = [node for peer in rule.peers if (node := peer.get("ipBlock")).is_map]
    if not nodes or not _reaches_addresses(rule):
        return None
    blocks = [block for node in nodes if (block := block_of(node)) is not None]
    shares = {version: share_let_in(blocks, version) for version in (4, 6)}
    wide = tuple((version, share) for version, share in shares.items() if share and share >= least_share)
    if not wide:
        return None
    versions = {version for version, _ in wide}
    parts = (block for block in blocks if block.version in versions and block.remaining)
    return Opening(Openness.ADDRESSES, tuple(block.node for block in parts), wide)


def _reaches_addresses(rule: PolicyRule) -> bool:
    """Whether a rule lets anything through to or from addresses. A port of what is called that goes by a
    name is one of pods, so no address outside has it."""
    is_named_there = rule.direction is TrafficDirection.EGRESS and rule.ports
    return not is_named_there or any(port.name is None for port in rule.ports or ())


def _is_every_pod(peer: Node) -> bool:
    namespaces, pods = peer.get("namespaceSelector"), peer.get("podSelector")
    if not namespaces.is_map or (pods.is_set and not selects_everything(pods)):
        return False
    return selects_everything(namespaces) or _asks_only_for_the_name_label(namespaces)


def selects_everything(selector: Node) -> bool:
    """Whether a LabelSelector has no requirement; a missing or null one counts as empty."""
    if selector.is_set and not selector.is_map:
        return False
    return not selector.get("matchLabels").value and not selector.get("matchExpressions").value


def _asks_only_for_the_name_label(namespaces: Node) -> bool:
    """Whether it only asks that the label exists that every namespace has."""
    asked = list(namespaces.get("matchExpressions").elements())
    return (
        not namespaces.get("matchLabels").value
        and bool(asked)
        and all(
            item.get("operator").text == "Exists" and item.get("key").text == NAMESPACE_NAME_LABEL
            for item in asked
        )
    )
