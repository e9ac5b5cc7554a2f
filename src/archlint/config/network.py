"""The key ``network``: rules of a team about who may connect to whom."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

from archlint.config.texts import texts_schema
from archlint.config.validation import Problem
from archlint.config.words import as_text
from archlint.documents import Node

if TYPE_CHECKING:
    from archlint.finding import Span
    from archlint.model.network.connectivity import ConnectionSet
    from archlint.model.network.team_rules import PeerPattern, TeamRule

_LAST_PORT = 65535


_PODS: dict[str, Any] = {
    "labels": {
        "type": "object",
        "additionalProperties": {
            "type": ["string", "array"],
            "items": {"type": "string"},
            "examples": ["db"],
        },
        "description": "Labels of the pods, each with a value or a list of values; '*' stands for any.",
        "examples": [{"tier": ["frontend", "backend"]}],
    },
    "namespaces": texts_schema("Their namespaces; '*' stands for any characters.", "prod-*"),
    "owners": texts_schema("Who owns the service: by the catalog, labels or CODEOWNERS.", "team-cart"),
    "kinds": texts_schema("Kinds of workload.", "CronJob"),
    "names": texts_schema("Names of workloads; '*' stands for any characters.", "cart-*"),
}
_PEER: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "description": "Who is meant: all that is said must hold; every pod of the repository if nothing is.",
    "properties": {
        **_PODS,
        "except": {
            "type": "object",
            "additionalProperties": False,
            "properties": _PODS,
            "description": "Pods that are not meant.",
            "examples": [{"labels": {"app": "cart"}}],
        },
        "addresses": texts_schema("Addresses outside of the cluster, and no pods.", "169.254.169.254/32"),
        "anywhere": {
            "type": "boolean",
            "enum": [True],
            "description": "Everybody: all pods, all that is outside, and the ingress controller.",
            "examples": [True],
        },
    },
    "examples": [{"labels": {"tier": "db"}}],
}
_RULE: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "from": _PEER,
        "to": _PEER,
        "ports": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": ["integer", "string"],
                "minimum": 1,
                "maximum": _LAST_PORT,
                "title": "port such as 8080, 53/UDP or 8000-8080",
                "pattern": r"^[0-9]{1,5}(?:-[0-9]{1,5})?(?:/(?:TCP|UDP|SCTP))?$",
                "examples": ["53/UDP"],
            },
            "description": "Ports at the destination, TCP unless they say another protocol; any if left out.",
            "examples": [["53/UDP", 5432]],
        },
        "reason": {
            "type": "string",
            "pattern": r"\S",
            "description": "Why, for those who read the finding.",
            "examples": ["only the API may read the database"],
        },
    },
    "examples": [{"from": {"labels": {"tier": "frontend"}}, "to": {"labels": {"tier": "db"}}}],
}
NETWORK: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "description": "Who must not connect to whom, and who must be able to.",
    "properties": {
        "forbid": {
            "type": "array",
            "items": _RULE,
            "default": [],
            "description": "Connections that no policy may allow.",
            "examples": [[_RULE["examples"][0]]],
        },
        "require": {
            "type": "array",
            "items": _RULE,
            "default": [],
            "description": "Connections that policies must not cut.",
            "examples": [[{"to": {"namespaces": ["kube-system"]}, "ports": ["53/UDP"]}]],
        },
    },
    "examples": [{"forbid": [_RULE["examples"][0]]}],
}


def network_problems(node: Node) -> Iterator[Problem]:
    """What is wrong with the rules besides their shape."""
    for kind in NETWORK["properties"]:
        for entry in node.get(kind).elements():
            if not entry.get("from").is_set and not entry.get("to").is_set:
                yield entry.place(), f"a rule below '{kind}' needs 'from' or 'to'; write to: {{labels: ...}}"
            for side in ("from", "to"):
                yield from _peer_problems(entry.get(side))
            for port in entry.get("ports").elements():
                first, last, _ = _port(port)
                if not 0 < first <= last <= _LAST_PORT:
                    said = "; they go from 1 to 65535, the first not above the last"
                    yield port.value_place(), f"'ports' has {as_text(port.value)}{said}"


def _peer_problems(peer: Node) -> Iterator[Problem]:
    wide = [key for key in ("addresses", "anywhere") if peer.get(key).is_set]
    others = [key for key, _ in peer.items() if key not in wide and key != "except"]
    if wide and (others or len(wide) > 1):
        other = next(iter([*wide[1:], *others]))
        yield peer.get(other).place(), f"'{wide[0]}' stands alone; write '{other}' in a rule of its own"
    if "addresses" in wide and peer.get("except").is_set:
        yield peer.get("except").place(), "'except' is about pods, and 'addresses' are none; leave it out"
    for item in peer.get("addresses").elements():
        try:
            ip_network(item.value, strict=True)
        except ValueError as error:
            example = '; write addresses: ["10.0.0.0/8"]'
            yield item.value_place(), f"'addresses' has {as_text(item.value)}: {error}{example}"


def network_rules(node: Node, label: str) -> Iterator[TeamRule]:
    """The rules, in the order in which they are written."""
    from archlint.model.network.team_rules import RuleKind, TeamRule

    for kind in RuleKind:
        for entry in node.get(kind.value).elements():
            yield TeamRule(
                kind,
                _peer(entry.get("from")),
                _peer(entry.get("to")),
                _connections(entry.get("ports")),
                " ".join((entry.get("reason").text or "").split()),
                label,
                entry.place().span(),
                _span(entry, "from"),
                _span(entry, "to"),
            )


def _span(entry: Node, side: str) -> Span:
    return (entry.get(side) if entry.get(side).exists else entry).place().span()


def _peer(node: Node) -> PeerPattern:
    from archlint.model.network.team_rules import PeerPattern

    labels = ((key, _listed(value)) for key, value in node.get("labels").items())
    inner = node.get("except")
    return PeerPattern(
        tuple(labels),
        _listed(node.get("namespaces")),
        _listed(node.get("owners")),
        _listed(node.get("kinds")),
        _listed(node.get("names")),
        _listed(node.get("addresses")),
        node.get("anywhere").value is True,
        _peer(inner) if inner.is_set else None,
    )


def _listed(node: Node) -> tuple[str, ...]:
    if node.is_list:
        return tuple(item.text or "" for item in node.elements())
    return () if node.text is None else (node.text,)


def _connections(ports: Node) -> ConnectionSet | None:
    if not ports.is_set:
        return None
    from archlint.model.network.connectivity.connections import ConnectionSet, all_of

    made = (_port(item) for item in ports.elements())
    return all_of(ConnectionSet.to_port(protocol, first, last) for first, last, protocol in made)


def _port(node: Node) -> tuple[int, int, str]:
    """The first and the last port, and the protocol."""
    numbers, _, protocol = str(node.value).partition("/")
    first, _, last = numbers.partition("-")
    return int(first), int(last or first), protocol or "TCP"
