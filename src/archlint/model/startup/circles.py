"""Circles of waits: services of which each goes on only when the next one answers. Where all of them are
down, as in a new cluster, none ever starts.

In the cluster a service answers when a pod is ready, which is after its init containers and its probe. In
Compose a service is started, its program is up, and it is healthy, one after the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from archlint.finding import ObjectRef, Place, Source
from archlint.finding.records import dataclass
from archlint.model.graph.cycles import shortest_way, strongly_connected
from archlint.model.startup.composed import ComposedWait
from archlint.model.startup.waits import StartWait
from archlint.model.world import World


@dataclass(frozen=True, slots=True)
class Step:
    """What one thing waits for another by."""

    place: Place
    object: ObjectRef
    how: str
    is_told_elsewhere: bool = False
    """Whether circles of such waits alone are what Compose itself refuses."""


_Waits = Mapping[str, Mapping[str, Step | None]]
"""For each state of a service (``ready cart``) the states that it waits for."""


@dataclass(frozen=True, eq=False)
class StartCircle:
    """A shortest circle of waits."""

    names: tuple[str, ...]
    """The services, each once; the last one waits for the first."""
    steps: tuple[Step, ...]
    """The waits that have a place; the last one closes the circle."""

    @classmethod
    def all(cls, world: World) -> Iterable[StartCircle]:
        """One for each group of services that wait for each other."""
        yield from _circles(_of_cluster(world))
        for waits in _of_projects(world):
            yield from _circles(waits)

    @property
    def place(self) -> Place:
        """Where the circle is closed."""
        return self.steps[-1].place

    @property
    def source(self) -> Source:
        """The document that closes it."""
        return self.place.source

    @property
    def object(self) -> ObjectRef:
        """What closes it."""
        return self.steps[-1].object


def _of_cluster(world: World) -> _Waits:
    """Waits that all pods of a service share: one workload of it that goes on answers for the others."""
    found: dict[str, dict[str, Step | None]] = defaultdict(dict)
    waiting: dict[tuple[str, str], set[str]] = defaultdict(set)
    for wait in world.all(StartWait):
        if not wait.is_for_ready_pods or not wait.workload.is_long_running:
            continue
        caller, callee = (f"{item.namespace or ''} {item.name}" for item in (wait.caller, wait.callee))
        waiting[caller, callee].add(wait.workload.name)
        everyone = {item.name for item in wait.caller.workloads if item.is_long_running}
        if waiting[caller, callee] >= everyone:
            what = f"{wait.kind.value} of '{wait.caller.name}' waits for {wait.text}"
            found[caller].setdefault(callee, Step(wait.place, wait.object, what))
    return found


def _of_projects(world: World) -> Iterator[_Waits]:
    projects: dict[str, dict[str, dict[str, Step | None]]] = {}
    for wait in world.all(ComposedWait):
        waits = projects.setdefault(wait.caller.project.folder, defaultdict(dict))
        caller, callee = wait.caller.name, wait.callee.name
        for name in (caller, callee):
            waits[f"up {name}"].setdefault(f"started {name}", None)
            waits[f"healthy {name}"].setdefault(f"up {name}", None)
        is_order = wait.how == "depends_on"
        step = Step(wait.place, wait.object, f"'{caller}' waits for '{callee}' ({wait.how})", is_order)
        if is_order:
            waits[f"started {caller}"].setdefault(
                f"{'healthy' if wait.is_for_health else 'started'} {callee}", step
            )
        else:
            state = "healthy" if wait.how == "healthcheck" else "up"
            waits[f"{state} {caller}"].setdefault(f"up {callee}", step)
    yield from projects.values()


def _circles(waits: _Waits) -> Iterator[StartCircle]:
    for group in strongly_connected(waits):
        if len(group) < 2:
            continue
        closing = [
            (source, target)
            for source in sorted(group)
            for target, step in sorted(waits.get(source, {}).items())
            if target in group and step is not None and not step.is_told_elsewhere
        ]
        if closing:
            last, first = closing[-1]
            way = shortest_way(first, last, group, waits)
            steps = [waits[source][target] for source, target in pairwise((*way, first))]
            names = dict.fromkeys(state.partition(" ")[2] for state in way)
            yield StartCircle(tuple(names), tuple(step for step in steps if step is not None))
