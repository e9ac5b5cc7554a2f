"""Releases that are brought out step by step, and what judges them."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, join, observe
from archlint.model.delivery.analyses import ReleaseQuery, others
from archlint.model.delivery.gradual import GradualRelease
from archlint.model.delivery.shares import TrafficShare, runs_for_nothing
from archlint.model.world import World

NEEDS = ("argoproj.io", "flagger.app", "istio.io", "gateway.networking.k8s.io")


@check(GradualRelease)
def release_without_analysis(release: GradualRelease, options: Options) -> Iterator[Observation]:
    """A release in steps that nothing judges."""
    found = release.unjudged
    if found is not None:
        way, node = found
        yield observe(node.place(), way, identity=(), kind=release.kind, name=release.name)


@check(GradualRelease)
def canary_steps_wrong(release: GradualRelease, options: Options) -> Iterator[Observation]:
    """Steps that go back, are refused, or never begin."""
    for fault in release.faults:
        yield observe(
            fault.node.place() if fault.kind == "never" else fault.node.value_place(),
            fault.kind,
            name=release.name,
            weight=fault.weight,
            other=fault.other,
        )


@join(ReleaseQuery)
def analysis_asks_another_service(
    query: ReleaseQuery, world: World, options: Options
) -> Iterator[Observation]:
    """A release that is judged by what another service does."""
    asked = others(query, world)
    if asked is None:
        return
    node = query.place_of(asked.name)
    related = [] if node is query.query else [(query.query.place(), "the query")]
    yield observe(
        node.value_place(),
        related=[*related, (query.release.base.get("metadata", "name").value_place(), "what is released")],
        identity=(query.template, asked.label, asked.name),
        kind=query.release.kind,
        name=query.release.name,
        template=query.template,
        label=asked.label,
        other=asked.name,
    )


@join(TrafficShare)
def traffic_to_no_pods(share: TrafficShare, world: World, options: Options) -> Iterator[Observation]:
    """A share of the traffic that reaches nobody."""
    if share.weight > 0 and share.is_empty(world):
        first = share.pods[0]
        yield observe(
            share.place.place(),
            related=[(first.base.get("spec", "replicas").place(), "no pods")],
            identity=(share.name,),
            weight=share.weight,
            destination=share.name,
            workload=f"{first.kind} '{first.name}'",
        )


@join(TrafficShare)
def canary_abandoned(share: TrafficShare, world: World, options: Options) -> Iterator[Observation]:
    """Pods that run and get no traffic."""
    if runs_for_nothing(share, world):
        first = share.pods[0]
        yield observe(
            share.place.place(),
            related=[(first.base.get("metadata", "name").value_place(), "runs for nothing")],
            identity=(share.name,),
            destination=share.name,
            workload=f"{first.kind} '{first.name}'",
        )
