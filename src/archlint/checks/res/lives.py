"""Pods that are given too little time to start or to stop."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, join, observe
from archlint.documents import Node
from archlint.model.kubernetes import Workload
from archlint.model.kubernetes.services import routing
from archlint.model.resilience.lives import EarlyEnd, LateStart, LongHook, ShortGrace
from archlint.model.resilience.route_times import exact_seconds
from archlint.model.services.resolution import is_headless
from archlint.model.world import World


@check(LateStart)
def start_outlasts_deadline(item: LateStart, options: Options) -> Iterator[Observation]:
    """A rollout that counts as failed while its pods may still be starting."""
    yield observe(
        item.marked.value_place() if item.marked.is_set else item.node.place(),
        "never" if item.is_certain else "default",
        related=[(item.node.place(), f"{item.seconds} s")] if item.marked.is_set else [],
        identity=(),
        kind=item.workload.kind,
        name=item.workload.name,
        container=item.container,
        deadline=_said(item.deadline, item.marked),
        seconds=item.seconds,
    )


@check(EarlyEnd)
def liveness_ends_start(item: EarlyEnd, options: Options) -> Iterator[Observation]:
    """A container that is started anew before it is expected to be ready."""
    probe, delay = item.container.get("livenessProbe"), item.container.get("readinessProbe")
    yield observe(
        probe.place(),
        related=[(delay.get("initialDelaySeconds").value_place(), "readiness is not asked before")],
        container=item.container.name,
        given_up=item.given_up,
        asked=item.asked,
    )


@check(LongHook)
def pre_stop_outlasts_grace(item: LongHook, options: Options) -> Iterator[Observation]:
    """A hook that leaves the program no time to stop."""
    if item.sleep.node is not None:
        yield observe(
            item.sleep.node.value_place(),
            related=[(item.grace_node.value_place(), "the whole time to stop")]
            if item.grace_node.is_set
            else [],
            kind=item.workload.kind,
            name=item.workload.name,
            sleep=item.sleep.seconds,
            grace=_said(item.grace, item.grace_node),
        )


@join(ShortGrace)
def grace_shorter_than_requests(item: ShortGrace, world: World, options: Options) -> Iterator[Observation]:
    """Requests that are cut off at each release."""
    stated = item.workload.pod_spec.get("terminationGracePeriodSeconds")
    related = [(item.route.timeout.value_place(), "a request may take this long")]
    if item.sleep.node is not None:
        related.append((item.sleep.node.value_place(), f"{item.sleep.seconds} s before the program stops"))
    yield observe(
        stated.value_place(),
        related=related,
        identity=(item.workload.name,),
        kind=item.workload.kind,
        name=item.workload.name,
        grace=_said(item.grace, stated),
        arithmetic=_arithmetic(item),
        needed=exact_seconds(item.sleep.seconds + item.seconds),
    )


@join(Workload)
def pre_stop_missing(workload: Workload, world: World, options: Options) -> Iterator[Observation]:
    """Pods that stop while calls are still sent to them."""
    lasting = [item for item in workload.containers if item.is_lasting]
    fronts = [item for item in world.fact(routing).services.get(workload, ()) if not is_headless(item.base)]
    has_hook = any(item.get("lifecycle", "preStop").is_set for item in lasting)
    if not fronts or has_hook or not workload.is_long_running or workload.is_custom:
        return
    serving = next((item for item in lasting if item.role == "main"), None)
    if serving is not None:
        yield observe(
            serving.node.place(),
            related=[(fronts[0].base.node.place(), "sends it traffic")],
            identity=(serving.name,),
            kind=workload.kind,
            name=workload.name,
            service=fronts[0].name,
        )


def _arithmetic(item: ShortGrace) -> str:
    request = (
        f"{exact_seconds(item.seconds)} for a request by {item.route.base.kind} '{item.route.base.name}'"
    )
    if not item.sleep.seconds:
        return request
    return (
        f"{item.sleep.seconds}s of preStop + {request} = {exact_seconds(item.sleep.seconds + item.seconds)}"
    )


def _said(seconds: int, node: Node) -> str:
    return f"{seconds} s" if node.is_set else f"{seconds} s (the default)"
