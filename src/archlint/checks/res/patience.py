"""Callers that give up before what they call does."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.model.resilience.patience import ImpatientRoute
from archlint.model.resilience.route_times import exact_seconds
from archlint.model.world import World


@join(ImpatientRoute)
def timeout_shorter_than_calls(item: ImpatientRoute, world: World, options: Options) -> Iterator[Observation]:
    """A timeout that ends before those of the calls that are made within it."""
    route, inner = item.route, item.inner
    if route.seconds is None or inner.least is None:
        return
    yield observe(
        route.timeout.value_place(),
        related=[
            (inner.timeout.value_place(), f"how long calls to '{item.callee.name}' may take"),
            (item.call.proof.place, f"'{item.service.name}' calls '{item.callee.name}'"),
        ],
        identity=(item.service.name,),
        service=item.service.name,
        callee=item.callee.name,
        kind=route.base.kind,
        name=route.base.name,
        outer=exact_seconds(route.seconds),
        inner=exact_seconds(inner.least),
    )
