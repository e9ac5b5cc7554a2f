"""A lower bound of the time in which a workload is back at the release before, with its arithmetic.

All pods are replaced, as after a release that is out everywhere. A Deployment has at most ``replicas +
maxSurge`` pods, of which at least ``replicas - maxUnavailable`` are available, so at most ``maxSurge +
maxUnavailable`` are on their way: *n* pods of which *m* are on their way at a time, each for at least *t*,
take at least ``ceil(n / m) * t``. A StatefulSet ends a pod before the next one of the same name is started,
and ``Recreate`` ends all before the first. Of an autoscaler its maximum counts: the load of a bad day.

Sources: Kubernetes documentation, "Deployments" (rolling update, ``maxSurge`` rounded up, ``maxUnavailable``
rounded down, ``minReadySeconds``), "StatefulSets" (update strategies, partitions, ``maxUnavailable``).
"""

from __future__ import annotations

from collections.abc import Iterable

from archlint.documents import Document, Node
from archlint.finding import ObjectRef, Place
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.finding.words import number_of, written
from archlint.model.kubernetes.autoscalers import autoscaled
from archlint.model.kubernetes.workloads import Workload
from archlint.model.rollback.pods import PodTimes, TimeShare, pod_times
from archlint.model.world import World

UNTOLD = (
    "pulling images, finding nodes, attaching volumes, init containers, and how long the program itself takes"
)
"""What files cannot tell of the time."""
_KINDS = frozenset({("apps", "Deployment"), ("apps", "StatefulSet")})
_PERCENT = regex(r"(\d{1,4})%\Z")


@dataclass(frozen=True)
class RollbackTime:
    """The least time, and the time that probes allow, until all pods of a workload are those of before."""

    workload: Workload
    pods: int
    at_once: int
    """How many pods are on their way at a time."""
    pace: str
    """Why so many."""
    times: PodTimes
    each: tuple[TimeShare, ...]
    """What passes for each pod, or for each group of pods that are on their way together."""
    waits_for_end: bool
    """Whether a pod is ended before the next one is started."""
    pace_node: Node
    """What to edit for more of them at a time."""
    evidence: tuple[tuple[Place, str], ...]
    most_pods: int | None = None
    """The autoscaler's maximum, if it is what counts."""

    @classmethod
    def all(cls, world: World) -> Iterable[RollbackTime]:
        """One for each Deployment and StatefulSet whose numbers are known."""
        for workload in world.all(Workload):
            found = rollback_time(workload, world)
            if found is not None:
                yield found

    @property
    def source(self) -> Document:
        """The document of the workload."""
        return self.workload.source

    @property
    def object(self) -> ObjectRef:
        """The workload."""
        return self.workload.object

    @property
    def rounds(self) -> int:
        """How many groups of pods follow each other."""
        return -(-self.pods // self.at_once)

    @property
    def for_each(self) -> int:
        """The least seconds of each of them."""
        return sum(share.seconds for share in self.each)

    @property
    def least(self) -> int:
        """The least seconds of all."""
        return self.rounds * self.for_each

    @property
    def most(self) -> int | None:
        """The seconds that probes and grace periods allow; ``None`` if no probe sets an end to the start."""
        budget = self.times.start_budget
        if budget is None:
            return None
        settled = self.workload.base.get("spec", "minReadySeconds").integer or 0
        begin = max(budget, self.times.least) + settled
        ends = self.rounds if self.waits_for_end else 1
        return self.rounds * begin + ends * self.times.grace

    @property
    def arithmetic(self) -> str:
        """How the least time comes about."""
        parts = " + ".join(share.words for share in self.each) or "nothing that files tell"
        rounds = number_of(self.rounds, "round")
        return (
            f"{number_of(self.pods, 'pod')}, {self.at_once} at a time ({self.pace}), are {rounds} of {parts}"
            f" = {spoken(self.least)}"
        )


def rollback_time(workload: Workload, world: World, pods_of: Workload | None = None) -> RollbackTime | None:
    """The time of one workload, whose pods may be those of an older definition: ``rollout undo`` brings the
    template back and leaves replicas and strategy as they are. ``None`` where numbers are not known."""
    spec = workload.base.get("spec")
    replicas = most_replicas(workload, world)
    if replicas is None or (workload.base.group, workload.kind) not in _KINDS:
        return None
    count, said = replicas
    is_deployment = workload.kind == "Deployment"
    found = _of_deployment(spec, count) if is_deployment else _of_stateful_set(spec, count)
    if found is None or found[0] < 1:
        return None
    pods, at_once, pace, node, waits = found
    times = pod_times(pods_of or workload)
    each = [times.stop] if waits and times.stop.seconds else []
    each += times.ready
    settled = spec.get("minReadySeconds")
    if settled.integer:
        each.append(TimeShare(settled.integer, f"{settled.integer} s of minReadySeconds", settled))
    evidence = [(said.place(), f"{count} pods")] if said.is_set else []
    evidence += [(share.node.place(), f"{share.seconds} s") for share in each if share.node is not None]
    scaled = count if world.fact(autoscaled).get(workload) else None
    return RollbackTime(
        workload, pods, at_once, pace, times, tuple(each), waits, node, tuple(evidence), scaled
    )


def spoken(seconds: int) -> str:
    """A time in words: ``45 s``, ``5 min``, ``12 min 30 s``, ``2 h 5 min``."""
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    parts = ((hours, "h"), (minutes, "min"), (left, "s"))
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or "0 s"


_Found = tuple[int, int, str, Node, bool]


def most_replicas(workload: Workload, world: World) -> tuple[int, Node] | None:
    """How many pods there may be, and what says it; ``None`` where that is not known."""
    said = workload.base.get("spec", "replicas")
    most = [
        (scaler.most_node.integer, scaler.most_node) for scaler in world.fact(autoscaled).get(workload, ())
    ]
    known = [(count, node) for count, node in most if count is not None]
    if most:
        return max(known, key=lambda each: each[0]) if len(known) == len(most) else None
    if not said.is_set:
        return 1, said
    return None if said.integer is None else (said.integer, said)


def _of_deployment(spec: Node, count: int) -> _Found | None:
    strategy = spec.get("strategy")
    way, rolling = strategy.get("type"), strategy.get("rollingUpdate")
    if way.text == "Recreate":
        return count, max(count, 1), "strategy Recreate", way, True
    if way.is_set and way.text != "RollingUpdate":
        return None
    surge = _share(rolling.get("maxSurge"), count, rounds_up=True)
    missing = _share(rolling.get("maxUnavailable"), count, rounds_up=False)
    if surge is None or missing is None:
        return None
    if surge + missing == 0:
        missing = 1
    words = (
        f"maxSurge {_said(rolling.get('maxSurge'))}, maxUnavailable {_said(rolling.get('maxUnavailable'))}"
    )
    node = next(
        (each for key in ("maxSurge", "maxUnavailable") if (each := rolling.get(key)).is_set), rolling
    )
    return count, surge + missing, words, node if node.is_set else spec, False


def _of_stateful_set(spec: Node, count: int) -> _Found | None:
    strategy = spec.get("updateStrategy")
    rolling = strategy.get("rollingUpdate")
    if strategy.get("type").text not in (None, "RollingUpdate"):
        return None
    partition = rolling.get("partition")
    if partition.is_set and partition.integer is None:
        return None
    missing = rolling.get("maxUnavailable")
    at_once = _share(missing, count, rounds_up=True) if missing.is_set else 1
    if at_once is None:
        return None
    words = (
        f"maxUnavailable {_said(missing)}" if missing.is_set else "a StatefulSet replaces one after the other"
    )
    pods = count - max(partition.integer or 0, 0)
    return pods, max(at_once, 1), words, missing if missing.is_set else spec, True


def _said(node: Node) -> str:
    return written(node.value) if node.is_set else "25%"


def _share(node: Node, count: int, *, rounds_up: bool) -> int | None:
    """A number of pods, or a share of all; a quarter if nothing is said."""
    if node.integer is not None:
        return max(node.integer, 0)
    match = _PERCENT.match(node.text or "" if node.is_set else "25%")
    if match is None:
        return None
    share = int(match[1]) * count
    return -(-share // 100) if rounds_up else share // 100
