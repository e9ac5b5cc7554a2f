"""Parts of network policies that change nothing: said elsewhere too, taken back, or meaning nobody."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from archlint.checks import Observation, Options, check, join, observe
from archlint.checks.net.openness import is_told_as_open
from archlint.checks.net.wording import enumeration, peer_in_words
from archlint.documents import Node
from archlint.finding import Place
from archlint.finding.words import quoted
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.network import NetworkPolicy, TrafficDirection
from archlint.model.network.addresses import network_of
from archlint.model.network.connectivity.external import block_addresses, cidr_addresses
from archlint.model.network.exceptions import void_exceptions
from archlint.model.network.intervals import difference
from archlint.model.network.label_spaces import contradiction
from archlint.model.network.neighbours import is_of_chart, policy_neighbours
from archlint.model.network.redundancy import (
    PartKind,
    RedundantPart,
    RedundantPolicy,
    redundant_parts,
    redundant_policies,
)
from archlint.model.network.stated import StatedPolicy, StatedRule, stated_policies
from archlint.model.world import World

_MOST_COUNTED = 32
"""Of more bits than this, the number of addresses is given as a power."""


@join(NetworkPolicy)
def policy_part_redundant(policy: NetworkPolicy, world: World, options: Options) -> Iterator[Observation]:
    """A rule, a peer or a port that other parts of its policy contain."""
    item = world.fact(stated_policies).get(policy)
    if item is None or is_of_chart(world, policy):
        return
    for part in redundant_parts(item):
        if not any(is_told_as_open(rule.rule, policy, world) for rule in part.by_rules):
            yield _part(policy, part)


def _part(policy: NetworkPolicy, part: RedundantPart) -> Observation:
    place = part.node.place()
    rule = part.rule.rule
    by, what, other = part.by, _what(part), enumeration([_other(part, node) for node in part.by])
    return observe(
        place,
        part.kind.value if what != other else "twice",
        related=[(node.place(), "contains it" if len(by) == 1 else "contains part of it") for node in by],
        policy=policy.name,
        direction=rule.direction.value,
        what=what,
        other=other,
        way=_way(rule.direction),
    )


def _what(part: RedundantPart) -> str:
    if part.kind is PartKind.PEER:
        return peer_in_words(part.node)
    if part.kind is PartKind.PORT:
        return _port(part.rule, part.node)
    return ""


def _other(part: RedundantPart, node: Node) -> str:
    if part.kind is PartKind.PEER:
        return peer_in_words(node)
    if part.kind is PartKind.PORT:
        return _port(part.rule, node)
    return f"rule {int(node.route[-1]) + 1}"


def _port(rule: StatedRule, node: Node) -> str:
    return next((str(port) for port in rule.rule.ports or () if port.node.route == node.route), "?")


def _way(direction: TrafficDirection) -> str:
    return "in" if direction is TrafficDirection.INGRESS else "out"


@join(NetworkPolicy)
def policy_redundant(policy: NetworkPolicy, world: World, options: Options) -> Iterator[Observation]:
    """A policy that others for the same pods contain."""
    found = world.fact(_redundant).get(policy)
    if found is None or is_of_chart(world, policy):
        return
    if any(is_told_as_open(rule.rule, item.policy, world) for item in found.by for rule in item.rules):
        return
    yield observe(
        policy.base.node.get("metadata", "name").value_place(),
        "same" if found.is_same else "contained",
        related=[(_name(item), "says the same" if found.is_same else "says it too") for item in found.by],
        identity=(),
        policy=policy.name,
        others=enumeration(quoted(item.policy.name for item in found.by)),
        verb="allows" if len(found.by) == 1 else "allow together",
    )


def _redundant(world: World) -> dict[NetworkPolicy, RedundantPolicy]:
    found = redundant_policies(world.fact(policy_neighbours))
    return {item.policy.policy: item for item in found}


def _name(policy: StatedPolicy) -> Place:
    return policy.policy.base.node.get("metadata", "name").value_place()


@join(NetworkPolicy)
def exception_void(policy: NetworkPolicy, world: World, options: Options) -> Iterator[Observation]:
    """An address that a block leaves out, and that another rule for the same pods lets in again."""
    item = world.fact(stated_policies).get(policy)
    if item is None or is_of_chart(world, policy):
        return
    for found in void_exceptions(item, world.fact(policy_neighbours)):
        others = list(dict.fromkeys(rule.policy.name for rule in found.by_rules if rule.policy != policy))
        blocks = [peer.node.get("ipBlock", "cidr") for peer in found.by]
        beside = f" in network policy {enumeration(quoted(others))}" if others else " beside it"
        yield observe(
            found.node.value_place(),
            related=[(node.value_place(), "lets these addresses through") for node in blocks],
            exception=found.node.text,
            block=found.block.get("cidr").text,
            others=enumeration([node.text or "?" for node in blocks]) + beside,
            verb="lets" if len(blocks) == 1 else "let",
            way=_way(found.rule.rule.direction),
        )


@check(NetworkPolicy)
def address_block_host_bits(policy: NetworkPolicy, options: Options) -> Iterator[Observation]:
    """A CIDR whose address has bits behind the prefix, which count for nothing."""
    for node in _addresses(policy):
        text, network = node.text or "", network_of(node.text)
        host = text.partition("/")[0]
        if network is not None and ipaddress.ip_address(host) != network.network_address:
            spare = network.max_prefixlen - network.prefixlen
            yield observe(
                node.value_place(),
                written=text,
                network=str(network),
                count=f"{network.num_addresses:,}" if spare <= _MOST_COUNTED else f"2^{spare}",
                single=f"{host}/{network.max_prefixlen}",
            )


def _addresses(policy: NetworkPolicy) -> Iterator[Node]:
    for direction in TrafficDirection:
        for rule in policy.rules(direction):
            for peer in rule.peers:
                block = peer.get("ipBlock")
                yield block.get("cidr")
                yield from block.get("except").elements()


@check(NetworkPolicy)
def selector_contradictory(policy: NetworkPolicy, options: Options) -> Iterator[Observation]:
    """A selector that no labels can satisfy, or a block whose exceptions leave no address."""
    yield from _contradictory(policy.pod_selector, "pods", policy)
    for direction in TrafficDirection:
        for rule in policy.rules(direction):
            for peer in rule.peers:
                yield from _contradictory(peer.get("podSelector"), "pods", policy)
                yield from _contradictory(peer.get("namespaceSelector"), "namespaces", policy)
                yield from _used_up(peer.get("ipBlock"), policy)


def _contradictory(selector: Node, of: str, policy: NetworkPolicy) -> Iterator[Observation]:
    key = contradiction(selector, of.rstrip("s"))
    if key is not None and not is_placeholder(key):
        yield observe(selector.place(), "labels", policy=policy.name, key=key, of=of)


def _used_up(block: Node, policy: NetworkPolicy) -> Iterator[Observation]:
    """Exceptions that are each smaller than the block: one that is not is refused, and told elsewhere."""
    outer = cidr_addresses(block.get("cidr").text)
    holes = [cidr_addresses(item.text) for item in block.get("except").elements()]
    if outer is None or not holes:
        return
    if any(hole is None or not difference(outer.parts, hole.parts) for hole in holes):
        return
    left = block_addresses(block)
    if left is not None and not left.parts:
        yield observe(
            block.get("except").place(),
            "addresses",
            policy=policy.name,
            block=block.get("cidr").text,
            exceptions=enumeration([item.text or "?" for item in block.get("except").elements()]),
        )
