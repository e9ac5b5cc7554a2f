"""How messages about network policies speak of ports and lists."""

from __future__ import annotations

from collections.abc import Sequence

from archlint.finding.words import listed
from archlint.model.network import PolicyRule

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
