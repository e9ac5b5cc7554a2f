"""What an operation demands of its callers, as its contract says it."""

from __future__ import annotations

from archlint.documents import Node
from archlint.model.openapi import Operation

_SHOWN = frozenset({"http", "basic", "apiKey", "oauth2", "openIdConnect"})
"""Types of schemes by which a caller shows something in the request; a certificate is shown before it."""


def demanded(operation: Operation) -> list[tuple[str, Node]]:
    """The schemes of which a caller has to satisfy one, each with its definition; none where somebody who
    shows nothing is let in, or where that is not known."""
    schemes = operation.contract.security_schemes
    found: dict[str, Node] = {}
    for alternative in operation.security.elements():
        names = [name for name, _ in alternative.items() if name in schemes]
        shown = [name for name in names if schemes[name].get("type").text in _SHOWN]
        if not shown:
            return []
        found.update((name, schemes[name]) for name in shown)
    return list(found.items())


def is_open(operation: Operation) -> bool:
    """Whether a caller who shows nothing is let in."""
    security = operation.security
    if not security.exists:
        return True
    alternatives = list(security.elements())
    return security.is_list and (not alternatives or any(item.value == {} for item in alternatives))
