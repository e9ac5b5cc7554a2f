"""What a change of manifests newly opens, if a rule in force asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archlint.comparison.worlds import Change
from archlint.engine.charts import chart_terms, rendering, without_offers
from archlint.engine.request import Request
from archlint.files import Kind
from archlint.model.kubernetes.builds import builds
from archlint.model.world import World

if TYPE_CHECKING:
    from archlint.comparison.openings import OpenedConnections

RULE = "connection-newly-open"


def add_openings(changes: dict[type, list[Change]], base: World, revision: World, request: Request) -> None:
    """Add what the revision opens between workloads that the base has too."""
    if any(rule.name == RULE for rule in request.rules):
        from archlint.comparison.openings import OpenedConnections

        found = opened_between(_with_charts(base, revision, request), revision)
        changes[OpenedConnections] = [*found]


def opened_between(base: World, revision: World) -> list[OpenedConnections]:
    """What the revision opens against the base."""
    from archlint.comparison.openings import opened_connections
    from archlint.model.network.connectivity import connectivities

    with rendering(base), rendering(revision):
        found = [*opened_connections(base.fact(connectivities), revision.fact(connectivities))]
        return [item for item in found if not _may_be_unread(item, revision)]


def _may_be_unread(item: OpenedConnections, revision: World) -> bool:
    """Whether what shut it came from a chart, and charts of the revision could not be rendered whole."""
    former = item.opened.former
    if former is None or item.policy is not None or not former.base.is_built:
        return False
    charts = revision.fact(builds).charts
    return bool(charts.incomplete or charts.faults)


def _with_charts(base: World, revision: World, request: Request) -> World:
    """The base with what its charts deploy, of which other rules about changes know nothing."""
    if not base.paths(Kind.CHART):
        return base
    world = base.anew()
    world.charts = chart_terms(request.settings, request.helm, world)
    without_offers(world)
    world.is_asked_for = revision.is_asked_for
    return world
