"""What a change of manifests newly opens, if a rule in force asks for it."""

from __future__ import annotations

from archlint.comparison.openings import OpenedConnections, opened_connections
from archlint.comparison.worlds import Change
from archlint.engine.request import Request
from archlint.model.network.connectivity import connectivities
from archlint.model.world import World

RULE = "connection-newly-open"


def add_openings(changes: dict[type, list[Change]], base: World, revision: World, request: Request) -> None:
    """Add what the revision opens between workloads that the base has too."""
    if any(rule.name == RULE for rule in request.rules):
        changes[OpenedConnections] = [*opened_between(base, revision)]


def opened_between(base: World, revision: World) -> list[OpenedConnections]:
    """What the revision opens against the base."""
    return [*opened_connections(base.fact(connectivities), revision.fact(connectivities))]
