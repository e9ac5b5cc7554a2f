"""What a change of manifests newly opens, if a rule in force asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archlint.comparison.worlds import Change
from archlint.engine.request import Request
from archlint.model.world import World

if TYPE_CHECKING:
    from archlint.comparison.openings import OpenedConnections

RULE = "connection-newly-open"


def add_openings(changes: dict[type, list[Change]], base: World, revision: World, request: Request) -> None:
    """Add what the revision opens between workloads that the base has too."""
    if any(rule.name == RULE for rule in request.rules):
        from archlint.comparison.openings import OpenedConnections

        changes[OpenedConnections] = [*opened_between(base, revision)]


def opened_between(base: World, revision: World) -> list[OpenedConnections]:
    """What the revision opens against the base."""
    from archlint.comparison.openings import opened_connections
    from archlint.model.network.connectivity import connectivities

    return [*opened_connections(base.fact(connectivities), revision.fact(connectivities))]
