"""What services wait for before they start."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.model.startup.circles import StartCircle
from archlint.model.startup.composed import ComposedWait
from archlint.model.startup.waits import StartWait, WaitKind
from archlint.model.world import World


@join(StartCircle)
def start_up_circle(circle: StartCircle, world: World, options: Options) -> Iterator[Observation]:
    """Services none of which starts before another one of them."""
    last, names = circle.steps[-1], circle.names
    yield observe(
        last.place,
        related=[(step.place, step.how) for step in circle.steps[:-1]],
        identity=(names[-1], names[0]),
        service=names[-1],
        needed=names[0],
        path=" -> ".join((*names, names[0])),
    )


@join(StartWait)
def start_waits_for_service(wait: StartWait, world: World, options: Options) -> Iterator[Observation]:
    """An init container that goes on only when another service answers."""
    is_meant = wait.kind is WaitKind.INIT and wait.workload.is_long_running
    if is_meant and not wait.is_for_store:
        yield _told(wait)


@join(StartWait)
def readiness_asks_another_service(wait: StartWait, world: World, options: Options) -> Iterator[Observation]:
    """A readiness probe that asks another service."""
    if wait.kind is WaitKind.READINESS:
        yield _told(wait)


@join(ComposedWait)
def compose_start_waits_for_health(
    wait: ComposedWait, world: World, options: Options
) -> Iterator[Observation]:
    """A service of a project that is started only when another one is healthy."""
    if wait.is_for_health and wait.callee.store_protocol is None:
        yield observe(
            wait.place,
            identity=(wait.callee.name,),
            service=wait.caller.name,
            needed=wait.callee.name,
        )


def _told(wait: StartWait) -> Observation:
    return observe(
        wait.place,
        related=[(wait.front.node.get("metadata", "name").value_place(), "the Service that is waited for")],
        identity=(wait.container.name, wait.callee.name),
        container=wait.container.name,
        workload=f"{wait.workload.kind} '{wait.workload.name}'",
        service=wait.callee.name,
        text=wait.text,
    )
