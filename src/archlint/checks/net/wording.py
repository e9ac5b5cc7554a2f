"""How messages about network policies speak of ports, peers and lists."""

from __future__ import annotations

from collections.abc import Sequence

from archlint.documents import Node
from archlint.finding.words import listed
from archlint.model.kubernetes import string_map
from archlint.model.network import PolicyRule
from archlint.model.network.connectivity import ALL, ConnectionSet

_MOST_NAMED = 3


def enumeration(parts: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``, ``a, b, c and 4 more``."""
    return listed(parts, _MOST_NAMED) or "nothing"


def ports_in_words(rule: PolicyRule) -> str:
    """``every port``, ``port 8080``, ``ports 80 and UDP 53``."""
    if rule.ports is None:
        return "every port"
    names = list(dict.fromkeys(map(str, rule.ports)))
    return f"port{'s' if len(names) != 1 else ''} {enumeration(names)}"


def connections_in_words(what: ConnectionSet) -> str:
    """``every port``, ``TCP 80,UDP 53``: what may stand behind ``on``."""
    return "every port" if what == ALL else str(what)


def selector_in_words(selector: Node) -> str:
    """``app: web and tier NotIn (a, b)``; empty for a selector without requirements."""
    parts = [f"{key}: {value}" for key, value in string_map(selector.get("matchLabels")).items()]
    for item in selector.get("matchExpressions").elements():
        values = ", ".join(value.text or "?" for value in item.get("values").elements())
        parts.append(
            f"{item.get('key').text} {item.get('operator').text}" + (f" ({values})" if values else "")
        )
    return enumeration(parts) if parts else ""


def peer_in_words(peer: Node) -> str:
    """``10.0.0.0/8``, ``pods with 'app: web' in namespaces with 'team: x'``, or such."""
    block = peer.get("ipBlock")
    if block.is_set:
        return block_in_words(block)
    labels = selector_in_words(peer.get("podSelector"))
    spaces = peer.get("namespaceSelector")
    pods = f"pods with '{labels}'" if labels else "every pod"
    if not spaces.is_set:
        return pods if labels else f"{pods} of the namespace"
    asked = selector_in_words(spaces)
    return f"{pods} in namespaces with '{asked}'" if asked else f"{pods} in any namespace"


def block_in_words(block: Node) -> str:
    """``10.0.0.0/8 (except 10.1.0.0/16)``."""
    cidr = block.get("cidr").text or ""
    excepted = [text for item in block.get("except").elements() if (text := item.text)]
    return f"{cidr} (except {enumeration(excepted)})" if excepted else cidr
