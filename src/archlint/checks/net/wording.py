"""How messages about network policies speak of ports and lists."""

from __future__ import annotations

from collections.abc import Sequence

from archlint.model.network import PolicyRule

_MOST_NAMED = 3


def enumeration(parts: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``, ``a, b, c and 4 more``."""
    named = list(parts[:_MOST_NAMED])
    if len(parts) > _MOST_NAMED:
        named.append(f"{len(parts) - _MOST_NAMED} more")
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}" if named else "nothing"


def ports_in_words(rule: PolicyRule) -> str:
    """``every port``, ``port 8080``, ``ports 80 and UDP 53``."""
    if rule.ports is None:
        return "every port"
    names = list(dict.fromkeys(map(str, rule.ports)))
    return f"port{'s' if len(names) != 1 else ''} {enumeration(names)}"
