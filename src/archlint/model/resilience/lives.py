"""How long pods are given to start and to stop, beside how long they may need.

The kubelet asks a liveness probe from ``initialDelaySeconds`` on unless there is a startup probe, and starts
the container anew when it failed ``failureThreshold`` times, one ``periodSeconds`` apart. A rollout without
progress for ``progressDeadlineSeconds`` counts as failed; a pod that becomes ready is progress. A hook that
runs before a pod stops takes its time from the grace period.

Sources: Kubernetes documentation, "Configure Liveness, Readiness and Startup Probes", "Deployments"
(``progressDeadlineSeconds``), "Container Lifecycle Hooks"; Argo Rollouts, "Rollout specification".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from archlint.documents import Document, Node
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.kubernetes.workloads import Container, Workload
from archlint.model.resilience.timed_routes import TimedRoute, timed_routes
from archlint.model.rollback.pods import (
    TimeShare,
    budget_of,
    command_text,
    grace_of,
    pod_times,
    program_sleep,
)
from archlint.model.services.grouping import Service, service_groups
from archlint.model.world import World

_DEADLINE = 600
_ROLLED_OUT = frozenset({("apps", "Deployment"), ("argoproj.io", "Rollout")})
_STOPS = regex(
    r"(?i)(?<![a-z])(?:(?:quit){1,3}+|stop|kill|pkill|killall|term|shut-?down|drain|exit|down)(?![a-z])"
)
"""Matches words of commands that end the program themselves, and sleep to let it."""


@dataclass(frozen=True)
class _OfWorkload:
    """Something about the pods of a workload."""

    workload: Workload

    @property
    def source(self) -> Document:
        """The document of the workload."""
        return self.workload.source

    @property
    def object(self) -> ObjectRef:
        """The workload."""
        return self.workload.object


@dataclass(frozen=True)
class LateStart(_OfWorkload):
    """A pod that may still be starting when its rollout counts as failed."""

    marked: Node
    """What says, or leaves unsaid, when the rollout counts as failed."""
    deadline: int
    seconds: int
    """How long the start may take, or takes at least."""
    container: str
    node: Node
    """The probe, or the delay, that says so."""
    is_certain: bool
    """Whether no pod is ready before."""

    @classmethod
    def all(cls, world: World) -> Iterable[LateStart]:
        """One for each workload that is rolled out against a deadline, at most."""
        for workload in world.all(Workload):
            key = (workload.base.group, workload.kind)
            if key in _ROLLED_OUT and not workload.is_custom:
                yield from _late(workload)


def _late(workload: Workload) -> Iterator[LateStart]:
    stated = workload.base.get("spec", "progressDeadlineSeconds")
    deadline = stated.integer if stated.is_set else _DEADLINE
    if not deadline or deadline < 0:
        return
    times = pod_times(workload)
    longest = max(times.ready, key=lambda share: share.seconds, default=None)
    if longest is not None and longest.node is not None and times.least > deadline:
        owner = longest.node.document.at(longest.node.route[:-2]).get("name").text or "?"
        yield LateStart(workload, stated, deadline, times.least, owner, longest.node, True)
        return
    budgets = [
        (budget, container)
        for container in workload.containers
        if container.is_lasting and (budget := budget_of(container, "startupProbe")) is not None
    ]
    budget, slow = max(budgets, key=lambda item: item[0], default=(0, None))
    if slow is not None and budget > deadline:
        yield LateStart(workload, stated, deadline, budget, slow.name, slow.get("startupProbe"), False)


@dataclass(frozen=True)
class EarlyEnd:
    """A container that is started anew before anybody asks whether it is ready."""

    container: Container
    given_up: int
    """Seconds after which the liveness probe gives up."""
    asked: int
    """Seconds after which readiness is asked for the first time."""

    @classmethod
    def all(cls, world: World) -> Iterable[EarlyEnd]:
        """Every container without a startup probe, and with both others, of which the one gives up first."""
        for container in world.all(Container):
            given_up = budget_of(container, "livenessProbe") if container.is_lasting else None
            asked = container.get("readinessProbe", "initialDelaySeconds").integer
            is_held = container.get("startupProbe").is_set
            if given_up is not None and asked is not None and given_up < asked and not is_held:
                yield cls(container, given_up, asked)

    @property
    def source(self) -> Document:
        """The document of the container."""
        return self.container.source

    @property
    def object(self) -> ObjectRef:
        """The workload."""
        return self.container.object


@dataclass(frozen=True)
class LongHook(_OfWorkload):
    """A hook that sleeps until the pod is ended by force."""

    sleep: TimeShare
    grace: int
    grace_node: Node

    @classmethod
    def all(cls, world: World) -> Iterable[LongHook]:
        """Every workload with one; a hook that ends the program itself may sleep for as long as it wants."""
        for workload in world.all(Workload):
            sleep, grace = program_sleep(workload), grace_of(workload)
            if sleep.node is not None and sleep.seconds >= grace and not _ends_program(sleep.node):
                yield cls(workload, sleep, grace, workload.pod_spec.get("terminationGracePeriodSeconds"))


def _ends_program(node: Node) -> bool:
    hook = node.document.at(node.route[:-2])
    return bool(_STOPS.search(command_text(hook)))


@dataclass(frozen=True)
class ShortGrace(_OfWorkload):
    """A service whose pods are ended by force while requests may be under way."""

    route: TimedRoute
    seconds: Fraction
    """How long a request may take."""
    sleep: TimeShare
    grace: int

    @classmethod
    def all(cls, world: World) -> Iterable[ShortGrace]:
        """One for each workload behind a route with a timeout for the whole request."""
        timed = world.fact(timed_routes)
        groups = world.fact(service_groups) if timed else None
        for service in groups.services if groups else ():
            route = max(_whole(timed.get(id(service), ())), key=lambda item: item[0], default=None)
            if route is not None:
                yield from _short(service, *route)


def _whole(routes: Iterable[TimedRoute]) -> Iterator[tuple[Fraction, TimedRoute]]:
    """Routes that end a request as a whole; an Ingress only ends the time between two parts of an answer."""
    for route in routes:
        if route.seconds is not None and route.base.kind != "Ingress":
            yield route.seconds, route


def _short(service: Service, seconds: Fraction, route: TimedRoute) -> Iterator[ShortGrace]:
    for workload in service.workloads:
        sleep, grace = program_sleep(workload), grace_of(workload)
        if workload.is_long_running and sleep.seconds < grace < sleep.seconds + seconds:
            yield ShortGrace(workload, route, seconds, sleep, grace)
