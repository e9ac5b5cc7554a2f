"""Rules of network policies that let everyone in, or out to everywhere."""

from __future__ import annotations

import math
from collections.abc import Iterator

from archlint.checks import Observation, Options, check, join, observe
from archlint.checks.net.wording import enumeration, ports_in_words
from archlint.finding import Severity
from archlint.model.kubernetes.api_server import called_by_api_server, is_about_webhooks
from archlint.model.kubernetes.selectors import label_selector_matches
from archlint.model.kubernetes.services import same_namespace
from archlint.model.network import NetworkPolicy, PolicyRule, TrafficDirection
from archlint.model.network.dns import is_dns_only
from archlint.model.network.openness import Opening, Openness, openings
from archlint.model.world import World

_MESH_PORTS = frozenset((15006, 15008, 15020, 15021, 15090))


@join(NetworkPolicy)
def ingress_open_to_all(policy: NetworkPolicy, world: World, options: Options) -> Iterator[Observation]:
    """Ingress rules that admit every address, or every pod of the cluster; the API server must reach the
    ports of a webhook, wherever it is."""
    for rule, opening in _open_rules(policy, TrafficDirection.INGRESS, options):
        is_needed = bool(rule.ports) and opening.reach is Openness.ANYONE
        if not (is_needed and (_is_for_api_server(policy, world) or _is_of_mesh(rule))):
            yield _observe(rule, opening)


@check(NetworkPolicy)
def egress_open_to_all(policy: NetworkPolicy, options: Options) -> Iterator[Observation]:
    """Egress rules that let pods connect to every address, or to every pod of the cluster."""
    for rule, opening in _open_rules(policy, TrafficDirection.EGRESS, options):
        yield _observe(rule, opening)


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


def _observe(rule: PolicyRule, opening: Opening) -> Observation:
    ports = ports_in_words(rule)
    peers = rule.peers_node.place()
    identity = peers.source.names(peers.route)  # of no peer: any of several blocks may come first
    match opening.reach:
        case Openness.ANYONE:
            return observe(opening.nodes[0].place(), "anyone", shape=_shape(rule), ports=ports)
        case Openness.CLUSTER:
            first, *rest = (node.place() for node in opening.nodes)
            related = [(place, "so does this one") for place in rest]
            severity = Severity.WARNING
            return observe(
                first, "cluster", related=related, identity=identity, severity=severity, ports=ports
            )
    first, *rest = (node.get("cidr").value_place() for node in opening.nodes)
    return observe(
        first,
        "addresses",
        related=[(place, "together with this block") for place in rest],
        identity=identity,
        blocks=_blocks(opening),
        verb="lets" if len(opening.nodes) == 1 else "let",
        addresses=" and ".join(_share(version, share) for version, share in opening.shares),
        ports=ports,
    )


def _shape(rule: PolicyRule) -> str:
    key = rule.direction.peers_key
    if rule.peers_node.exists:
        return f"A rule with an empty '{key}'"
    return f"A rule without '{key}'" if rule.node.value else "An empty rule"


def _blocks(opening: Opening) -> str:
    names = []
    for node in opening.nodes:
        cidr = node.get("cidr").text or ""
        excepted = [text for item in node.get("except").elements() if (text := item.text)]
        names.append(f"{cidr} (except {enumeration(excepted)})" if excepted else cidr)
    return enumeration(names)


def _share(version: int, share: float) -> str:
    """The share in words, rounded down so that only all of it is called every."""
    if share >= 1:
        return f"every IPv{version} address"
    return f"{math.floor(share * 1000) / 10:g} % of all IPv{version} addresses"
