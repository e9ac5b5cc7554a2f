"""Rules of network policies that let everyone in, or out to everywhere."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from archlint.checks import Observation, Options, join, observe
from archlint.checks.net.wording import (
    block_in_words,
    connections_in_words,
    enumeration,
    peer_in_words,
    ports_in_words,
)
from archlint.finding import Severity
from archlint.finding.words import quoted
from archlint.model.kubernetes.api_server import called_by_api_server, is_about_webhooks
from archlint.model.kubernetes.selectors import label_selector_matches
from archlint.model.kubernetes.services import same_namespace
from archlint.model.network import NetworkPolicy, PolicyRule, TrafficDirection
from archlint.model.network.dns import is_dns_only
from archlint.model.network.neighbours import policy_neighbours
from archlint.model.network.openness import Opening, Openness, openings
from archlint.model.network.public_ports import leads_in
from archlint.model.network.stated import StatedRule, rule_is_within, stated_policies
from archlint.model.network.unions import MOST_SHARE, union_openings
from archlint.model.world import World

_MOST_NARROWED = 10
"""Of more other policies than this, no rule is told."""
_MESH_PORTS = frozenset((15006, 15008, 15020, 15021, 15090))


@join(NetworkPolicy)
def ingress_open_to_all(policy: NetworkPolicy, world: World, options: Options) -> Iterator[Observation]:
    """Ingress rules that admit every address, or every pod of the cluster; the API server must reach the
    ports of a webhook, wherever it is."""
    for rule, opening in _open_rules(policy, TrafficDirection.INGRESS, options):
        if not _is_needed(rule, opening, policy, world):
            yield _observe(rule, opening, _narrowed(policy, rule, world))


@join(NetworkPolicy)
def egress_open_to_all(policy: NetworkPolicy, world: World, options: Options) -> Iterator[Observation]:
    """Egress rules that let pods connect to every address, or to every pod of the cluster."""
    for rule, opening in _open_rules(policy, TrafficDirection.EGRESS, options):
        yield _observe(rule, opening, _narrowed(policy, rule, world))


@join(NetworkPolicy)
def policies_open_together(policy: NetworkPolicy, world: World, options: Options) -> Iterator[Observation]:
    """Peers of one or several policies that are everybody together."""
    for opening in world.fact(union_openings).get(policy, ()):
        (_, first), *rest = opening.peers
        names = list(dict.fromkeys(rule.policy.name for rule, _ in opening.peers))
        direction = opening.peers[0][0].rule.direction
        is_ingress = direction is TrafficDirection.INGRESS
        everybody = "every pod of the cluster"
        if opening.reach is Openness.ADDRESSES:
            wide = [_share(*each) for each in opening.shares if each[1] >= MOST_SHARE]
            everybody = " and ".join(wide)
        yield observe(
            first.node.place(),
            direction.value,
            related=[(peer.node.place(), "together with this peer") for _, peer in rest],
            peers=enumeration([peer_in_words(peer.node) for _, peer in opening.peers]),
            policies=("policies " if len(names) > 1 else "policy ") + enumeration(quoted(names)),
            kind=opening.workload.kind,
            name=opening.workload.name,
            everybody=everybody,
            ports=connections_in_words(opening.ports.numbers),
            side="callers" if is_ingress else "called",
        )


def is_told_as_open(rule: PolicyRule, policy: NetworkPolicy, world: World) -> bool:
    """Whether a rule is told to be open to all, as these rules are by default."""
    if rule.direction is TrafficDirection.EGRESS:
        return not is_dns_only(rule) and any(openings(rule, MOST_SHARE))
    return any(not _is_needed(rule, opening, policy, world) for opening in openings(rule, MOST_SHARE))


def _is_needed(rule: PolicyRule, opening: Opening, policy: NetworkPolicy, world: World) -> bool:
    """Whether nothing narrower would do, or others judge the callers."""
    if not rule.ports or opening.reach is Openness.CLUSTER:
        return False
    if opening.reach is Openness.ANYONE and (_is_for_api_server(policy, world) or _is_of_mesh(rule)):
        return True
    return leads_in(policy, rule, world)


def _narrowed(policy: NetworkPolicy, rule: PolicyRule, world: World) -> Sequence[StatedRule]:
    """The rules for the same pods that an open one makes worthless."""
    item = world.fact(stated_policies).get(policy)
    if item is None or not item.is_small:
        return ()
    own = next((one for one in item.rules if one.rule.node.route == rule.node.route), None)
    if own is None:
        return ()
    inside = [one for one in world.fact(policy_neighbours).inside(item)[:_MOST_NARROWED] if one.is_small]
    return [
        other
        for one in (item, *inside)
        for other in one.of(rule.direction)
        if other is not own
        and not any(openings(other.rule, MOST_SHARE))
        and rule_is_within(other.peers, other.ports, [own])
    ]


def _open_rules(
    policy: NetworkPolicy, direction: TrafficDirection, options: Options
) -> Iterator[tuple[PolicyRule, Opening]]:
    """Each rule that opens more than is expected, with what it opens."""
    for rule in policy.rules(direction):
        is_name_lookup = direction is TrafficDirection.EGRESS and is_dns_only(rule)
        if is_name_lookup or _is_expected(rule, options):
            continue
        yield from ((rule, opening) for opening in openings(rule, options["address-percent"] / 100))


def _is_for_api_server(policy: NetworkPolicy, world: World) -> bool:
    """Whether a policy is about pods that the API server calls: no peer can name it, as it is no pod."""
    selector = policy.base.get("spec", "podSelector")
    return is_about_webhooks(policy.base, selector) or any(
        same_namespace(policy.base, workload.base)
        and label_selector_matches(selector, workload.running_labels)
        for workload in world.fact(called_by_api_server)
    )


def _is_of_mesh(rule: PolicyRule) -> bool:
    """Whether it opens nothing but ports of Istio's proxies, which judge callers themselves, or serve health
    and metrics (Istio: "Ports used by Istio", "Ambient and Kubernetes NetworkPolicy")."""
    return all(port.first == port.last and port.first in _MESH_PORTS for port in rule.ports or ())


def _is_expected(rule: PolicyRule, options: Options) -> bool:
    """Whether the rule opens nothing but ports that the configuration says are public."""
    public = options["public-ports"]
    return bool(rule.ports) and all(
        port.name in public if port.name else port.first == port.last and port.first in public
        for port in rule.ports or ()
    )


def _observe(rule: PolicyRule, opening: Opening, narrowed: Sequence[StatedRule]) -> Observation:
    beside = [(one.node.place(), "is narrower, and changes nothing beside it") for one in narrowed]
    others = list(dict.fromkeys(one.policy.name for one in narrowed))
    which = f"{'policies' if len(others) > 1 else 'policy'} {enumeration(quoted(others))}"
    vain = f" Narrower rules of {which} for the same pods are in vain beside it." if others else ""
    ports = ports_in_words(rule)
    peers = rule.peers_node.place()
    identity = peers.source.names(peers.route)  # of no peer: any of several blocks may come first
    severity = Severity.WARNING if rule.ports or opening.reach is Openness.CLUSTER else None
    match opening.reach:
        case Openness.ANYONE:
            place = opening.nodes[0].place()
            shape = _shape(rule)
            return observe(
                place, "anyone", related=beside, severity=severity, shape=shape, ports=ports, vain=vain
            )
        case Openness.CLUSTER:
            first, *rest = (node.place() for node in opening.nodes)
            return observe(
                first,
                "cluster",
                related=[*((place, "so does this one") for place in rest), *beside],
                identity=identity,
                severity=severity,
                ports=ports,
                vain=vain,
            )
    first, *rest = (node.get("cidr").value_place() for node in opening.nodes)
    return observe(
        first,
        "addresses",
        related=[*((place, "together with this block") for place in rest), *beside],
        identity=identity,
        severity=severity,
        blocks=enumeration(list(map(block_in_words, opening.nodes))),
        verb="lets" if len(opening.nodes) == 1 else "let",
        addresses=" and ".join(_share(version, share) for version, share in opening.shares),
        ports=ports,
        vain=vain,
    )


def _shape(rule: PolicyRule) -> str:
    key = rule.direction.peers_key
    if rule.peers_node.exists:
        return f"A rule with an empty '{key}'"
    return f"A rule without '{key}'" if rule.node.value else "An empty rule"


def _share(version: int, share: float) -> str:
    """The share in words, rounded down so that only all of it is called every."""
    if share >= 1:
        return f"every IPv{version} address"
    return f"{math.floor(share * 1000) / 10:g} % of all IPv{version} addresses"
