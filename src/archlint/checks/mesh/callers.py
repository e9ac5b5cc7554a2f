"""How findings about calls of one Service name those who make them."""

from __future__ import annotations

from collections.abc import Sequence

from archlint.finding import Place
from archlint.finding.words import listed
from archlint.model.istio.arrivals import Arrival

MOST = 3
"""No more callers than this are named."""


def calls(arrivals: Sequence[Arrival]) -> list[tuple[Place, str]]:
    """Where the calls stand, as related places."""
    return [(end.call.reference.node.value_place(), "the call") for end in arrivals[:MOST]]


def who_calls(arrivals: Sequence[Arrival]) -> str:
    """Who makes the calls, with the verb."""
    callers = [f"{end.caller.kind} '{end.caller.name}'" for end in arrivals]
    return f"{listed(callers, MOST)} {'calls' if len(callers) == 1 else 'call'}"
