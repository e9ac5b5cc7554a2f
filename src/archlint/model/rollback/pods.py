"""How long a pod takes at least until it counts as ready, and how long its probes let it take.

A probe is asked for the first time when ``initialDelaySeconds`` have passed since its container was started,
and again each ``periodSeconds``. Nothing else asks before the startup probe has succeeded. A sidecar holds up
the containers after it until its startup probe succeeds. What files do not tell (pulling the image, finding a
node, attaching volumes, init containers, the program itself) counts as nothing, so the time is a lower bound.

Sources: Kubernetes documentation, "Configure Liveness, Readiness and Startup Probes", "Sidecar Containers",
"Container Lifecycle Hooks"; the kubelet's ``prober/worker.go``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.kubernetes.workloads import Container, Workload
from archlint.model.system.images import image_name

_SLEEP = regex(r"(?:\A|[\s;&|/])sleep[ \t]{1,9}(\d{1,6})s?(?![\w.])")
_TIMED = regex(r"(?:\A|[\s;&|/])timeout[ \t]{1,9}(?:(\d{1,6})s?(?![\w.]))?")
"""Matches what ends a command after a time; without a number where it is given in another way."""
_HELPERS = regex(
    r"proxy|proxyv2|envoy|agent|exporter|sidecar|collector|fluent-?(?:bit|d)|otelcol|vector|daprd|twemproxy"
    r"|pgbouncer|oauth2|git-sync|reloader|vault"
)
"""Matches images of what stands beside a program, and often has to outlive it."""
_GRACE = 30
_LONGEST_COMMAND = 2_000


@dataclass(frozen=True, slots=True)
class TimeShare:
    """Seconds of a time, and where they are said."""

    seconds: int
    words: str
    node: Node | None = None


@dataclass(frozen=True, slots=True)
class PodTimes:
    """What the files say of the time that one pod of a workload takes."""

    ready: tuple[TimeShare, ...]
    """What passes at least until it is ready, one after the other."""
    start_budget: int | None
    """The seconds after which a pod that has not started is ended; ``None`` if no probe says so."""
    stop: TimeShare
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
    before: list[TimeShare] = []
    waiting: list[tuple[TimeShare, ...]] = []
    for container in workload.containers:
        if container.role == "sidecar":
            waiting.append((*before, *_until_ready(container)))
            delay = _delay(container, "startupProbe")
            before += [delay] if delay is not None else []
    main = [item for item in workload.containers if item.role == "main"]
    waiting += [(*before, *_until_ready(container)) for container in main]
    grace = grace_of(workload)
    return PodTimes(
        ready=max(waiting, key=lambda shares: sum(share.seconds for share in shares), default=()),
        start_budget=max((each for item in main if (each := _budget(item)) is not None), default=None),
        stop=_stop(workload, grace),
        grace=grace,
        is_probed=any(
            item.get(probe).is_map for item in main for probe in ("readinessProbe", "startupProbe")
        ),
    )


def grace_of(workload: Workload) -> int:
    """The seconds after which a pod that stops is ended by force."""
    stated = workload.pod_spec.get("terminationGracePeriodSeconds").integer
    return _GRACE if stated is None else max(stated, 0)


def budget_of(container: Container, name: str) -> int | None:
    """The seconds after which the kubelet starts a container anew that a probe never found well; ``None``
    without that probe."""
    probe = container.get(name)
    if not probe.is_map:
        return None
    failures = _number(probe.get("failureThreshold"), 3)
    delay = _number(probe.get("initialDelaySeconds"), 0)
    return delay + failures * _number(probe.get("periodSeconds"), 10)


def _number(node: Node, default: int) -> int:
    said = node.integer
    return default if said is None or said < 0 else said


def _delay(container: Container, probe: str) -> TimeShare | None:
    node = container.get(probe, "initialDelaySeconds")
    seconds = _number(node, 0)
    if not seconds:
        return None
    return TimeShare(seconds, f"{seconds} s of initialDelaySeconds ({probe} of '{container.name}')", node)


def _until_ready(container: Container) -> Iterator[TimeShare]:
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
        yield TimeShare(seconds, words, probe.get("successThreshold"))


def _budget(container: Container) -> int | None:
    """How long a container may take to start before the kubelet starts it anew."""
    told = (budget_of(container, name) for name in ("startupProbe", "livenessProbe"))
    return next((seconds for seconds in told if seconds is not None), None)


def _stop(workload: Workload, grace: int) -> TimeShare:
    """The longest literal sleep of a ``preStop`` hook, which the grace period cuts off."""
    longest = longest_sleep(workload)
    seconds = min(longest.seconds, grace)
    words = longest.words.replace(f"{longest.seconds} s", f"{seconds} s", 1)
    return TimeShare(seconds, words, longest.node)


def program_sleep(workload: Workload) -> TimeShare:
    """The longest of those literal sleeps that hold up the programs themselves: what stands beside them, such
    as a proxy, waits until they have ended, and takes no time away from them."""
    main = [item for item in workload.containers if item.role == "main"]
    own = [item for item in main if not _HELPERS.search(image_name(item.get("image").text or ""))]
    return _longest_of(main if len(main) == 1 else own)


def longest_sleep(workload: Workload) -> TimeShare:
    """The longest literal sleep of a ``preStop`` hook, as it is written."""
    return _longest_of(item for item in workload.containers if item.is_lasting)


def _longest_of(containers: Iterable[Container]) -> TimeShare:
    longest = TimeShare(0, "")
    for container in containers:
        hook = container.get("lifecycle", "preStop")
        seconds, node = _number(hook.get("sleep", "seconds"), 0), hook.get("sleep", "seconds")
        command = hook.get("exec", "command")
        text = command_text(hook)
        if not seconds and (found := _SLEEP.search(text)):
            seconds, node = int(found[1]), command
            ended = _TIMED.search(text, 0, found.start() + 1)
            if ended is not None:
                seconds = min(seconds, int(ended[1] or 0))
        if seconds > longest.seconds:
            longest = TimeShare(seconds, f"{seconds} s of sleep before it stops ('{container.name}')", node)
    return longest


def command_text(hook: Node) -> str:
    """The beginning of the command that a hook runs."""
    words = [item.text or "" for item in hook.get("exec", "command").elements()]
    return " ".join(words)[:_LONGEST_COMMAND]
