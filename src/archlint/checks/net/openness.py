"""Rules of network policies that let everyone in, or out to everywhere."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from archlint.checks import Observation, Options, check, observe
from archlint.checks.net.wording import enumeration, ports_in_words
from archlint.finding import Severity
from archlint.model.network import Direction, NetworkPolicy, PolicyRule
from archlint.model.network.dns import is_dns_only
from archlint.model.network.openness import Opening, Reach, openings


@check(NetworkPolicy)
def ingress_open_to_all(policy: NetworkPolicy, options: Options) -> Iterator[Observation]:
    """Ingress rules that admit every address, or every pod of the cluster."""
    yield from _open_rules(policy, Direction.INGRESS, options)


@check(NetworkPolicy)
def egress_open_to_all(policy: NetworkPolicy, options: Options) -> Iterator[Observation]:
    """Egress rules that let pods connect to every address, or to every pod of the cluster."""
    yield from _open_rules(policy, Direction.EGRESS, options)


def _open_rules(policy: NetworkPolicy, direction: Direction, options: Options) -> Iterator[Observation]:
    for rule in policy.rules(direction):
        is_name_lookup = direction is Direction.EGRESS and is_dns_only(rule)
        if is_name_lookup or _is_expected(rule, options):
            continue
        for opening in openings(rule, options["address-percent"] / 100):
            if opening.reach is not Reach.ANYONE or not _is_for_api_server(policy, rule):
                yield _observe(rule, opening)


_API_SERVER = re.compile(r"webhook|api[- ]?server|admission", re.IGNORECASE)


_FAR = 3000
"""Characters around a policy's kind in which its own text is looked for."""


def _is_for_api_server(policy: NetworkPolicy, rule: PolicyRule) -> bool:
    """Whether a rule lets the API server reach a webhook: no peer can name it, as it is no pod. The policy
    says so in its name, its labels, a comment or the name of its file."""
    if not rule.ports or rule.direction is not Direction.INGRESS:
        return False
    text, kind = policy.source.text, policy.base.get("kind").route
    at = (policy.source.marks.value(kind) or (0, 0))[0]
    start, end = text.rfind("\n---", max(at - _FAR, 0), at), text.find("\n---", at, at + _FAR)
    own = text[max(start, at - _FAR, 0) : end if end >= 0 else at + _FAR]
    return any(map(_API_SERVER.search, (policy.source.path.rpartition("/")[2], own)))


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
        case Reach.ANYONE:
            return observe(opening.nodes[0].place(), "anyone", shape=_shape(rule), ports=ports)
        case Reach.CLUSTER:
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
