"""What a change of manifests and charts newly opens, and what of it running pods do not see, if rules ask for
it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from posixpath import dirname
from typing import TYPE_CHECKING

from archlint.comparison.worlds import Change
from archlint.engine.charts import chart_terms, rendering, without_offers
from archlint.engine.request import Request
from archlint.files import Kind
from archlint.finding import Notice
from archlint.model.kubernetes.building.builds import builds
from archlint.model.world import World

if TYPE_CHECKING:
    from archlint.comparison.openings import OpenedConnections

RULE = "connection-newly-open"
_UNSEEN = "config-change-without-rollout"


def add_openings(
    changes: dict[type, list[Change]], base: World, revision: World, request: Request
) -> Sequence[Notice]:
    """Add what the revision opens between workloads that the base has too; returned is what is not known of
    the base."""
    names = {rule.name for rule in request.rules}
    if RULE not in names:
        return ()
    from archlint.comparison.openings import OpenedConnections

    former = _with_charts(base, revision, request)
    changes[OpenedConnections] = [*opened_between(former, revision)]
    if _UNSEEN in names and former is not base:
        from archlint.comparison.manifests import UnseenConfigChange, unseen_changes

        changes[UnseenConfigChange] = [*unseen_changes(former, revision, request.renames)]
    return [*unknown_at_base(former, revision)]


def unknown_at_base(base: World, revision: World) -> Iterator[Notice]:
    """The charts that cannot be rendered whole at the base alone: what the revision opens in them is not
    known."""
    old, now = base.fact(builds).charts, revision.fact(builds).charts
    labels = dict(old.labels)
    for path in sorted(old.incomplete - now.incomplete):
        text = f"chart '{labels.get(path, dirname(path) or '.')}' is not rendered whole at the base"
        folder = f"{dirname(path)}/".removeprefix("/")
        why = next((item.detail for item in old.unread if item.path.startswith(folder)), "")
        told = f" ({why})" if why else ""
        yield Notice("warning", f"{text}{told}: what the change opens in it is not told", path)


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
