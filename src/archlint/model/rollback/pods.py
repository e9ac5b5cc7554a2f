"""How long a pod takes at least until it counts as ready, and how long its probes let it take.

A probe is asked for the first time when ``initialDelaySeconds`` have passed since its container was started,
and again each ``periodSeconds``. Nothing else asks before the startup probe has succeeded. A sidecar holds up
the containers after it until its startup probe succeeds. What files do not tell (pulling the image, finding a
node, attaching volumes, init containers, the program itself) counts as nothing, so the time is a lower bound.

Sources: Kubernetes documentation, "Configure Liveness, Readiness and Startup Probes", "Sidecar Containers",
"Container Lifecycle Hooks"; the kubelet's ``prober/worker.go``.
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.kubernetes.workloads import Container, Workload

_SLEEP = regex(r"(?:\A|[\s;&|])sleep[ \t]{1,9}(\d{1,6})s?(?![\w.])")
_GRACE = 30
_LONGEST_COMMAND = 2_000


@dataclass(frozen=True, slots=True)
class Share:
    """Seconds of a time, and where they are said."""

    seconds: int
    words: str
    node: Node | None = None


@dataclass(frozen=True, slots=True)
class PodTimes:
    """What the files say of the time that one pod of a workload takes."""

    ready: tuple[Share, ...]
    """What passes at least until it is ready, one after the other."""
    start_budget: int | None
    """The seconds after which a pod that has not started is ended; ``None`` if no probe says so."""
    stop: Share
    """What passes at least until it has ended: what its ``preStop`` hooks sleep."""
    grace: int
    """The seconds after which it is ended by force."""
    is_probed: bool
    """Whether any probe tells when it is ready."""

    @property
    def least(self) -> int:
        """The seconds from its start until it is ready."""
        return sum(share.seconds for share in self.ready)


def pod_times(workload: Workload) -> PodTimes:
    """The times of a workload's pods."""
    before: list[Share] = []
    waiting: list[tuple[Share, ...]] = []
    for container in workload.containers:
        if container.role == "sidecar":
            waiting.append((*before, *_until_ready(container)))
            delay = _delay(container, "startupProbe")
            before += [delay] if delay is not None else []
    main = [item for item in workload.containers if item.role == "main"]
    waiting += [(*before, *_until_ready(container)) for container in main]
    grace = workload.pod_spec.get("terminationGracePeriodSeconds").integer
    return PodTimes(
        ready=max(waiting, key=lambda shares: sum(share.seconds for share in shares), default=()),
        start_budget=max((each for item in main if (each := _budget(item)) is not None), default=None),
        stop=_stop(workload, _GRACE if grace is None else max(grace, 0)),
        grace=_GRACE if grace is None else max(grace, 0),
        is_probed=any(
            item.get(probe).is_map for item in main for probe in ("readinessProbe", "startupProbe")
        ),
    )


def _number(node: Node, default: int) -> int:
    said = node.integer
    return default if said is None or said < 0 else said


def _delay(container: Container, probe: str) -> Share | None:
    node = container.get(probe, "initialDelaySeconds")
    seconds = _number(node, 0)
    if not seconds:
        return None
    return Share(seconds, f"{seconds} s of initialDelaySeconds ({probe} of '{container.name}')", node)


def _until_ready(container: Container) -> Iterator[Share]:
    """The later of the two first times that its probes are asked, and what further successes take."""
    delays = [each for probe in ("startupProbe", "readinessProbe") if (each := _delay(container, probe))]
    if delays:
        yield max(delays, key=lambda share: share.seconds)
    probe = container.get("readinessProbe")
    # The success of a startup probe has the readiness probe asked at once, besides its rhythm.
    asked = _number(probe.get("successThreshold"), 1)
    further = asked - (2 if container.get("startupProbe").is_map else 1)
    seconds = max(further, 0) * _number(probe.get("periodSeconds"), 10)
    if seconds:
        words = f"{seconds} s for successThreshold {asked} (readinessProbe of '{container.name}')"
        yield Share(seconds, words, probe.get("successThreshold"))


def _budget(container: Container) -> int | None:
    """How long a container may take to start before the kubelet starts it anew."""
    for name in ("startupProbe", "livenessProbe"):
        probe = container.get(name)
        if probe.is_map:
            failures = _number(probe.get("failureThreshold"), 3)
            return _number(probe.get("initialDelaySeconds"), 0) + failures * _number(
                probe.get("periodSeconds"), 10
            )
    return None


def _stop(workload: Workload, grace: int) -> Share:
    """The longest literal sleep of a ``preStop`` hook, which the grace period cuts off."""
    longest = Share(0, "")
    for container in workload.containers:
        if not container.is_lasting:
            continue
        hook = container.get("lifecycle", "preStop")
        seconds, node = _number(hook.get("sleep", "seconds"), 0), hook.get("sleep", "seconds")
        command = hook.get("exec", "command")
        words = [item.text or "" for item in command.elements()]
        text = " ".join(words)[:_LONGEST_COMMAND]
        if not seconds and (found := _SLEEP.search(text)):
            seconds, node = int(found[1]), command
        seconds = min(seconds, grace)
        if seconds > longest.seconds:
            longest = Share(seconds, f"{seconds} s of sleep before it stops ('{container.name}')", node)
    return longest
