"""What the API server refuses in objects that run and scale pods.

Source: ``pkg/apis/{apps,batch,autoscaling,policy}/validation`` of Kubernetes.
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.documents import Node
from archlint.finding.articles import with_article
from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.kubernetes.validation.refusal import Cause, Refused, is_open, shown
from archlint.model.kubernetes.validation.selectors import is_empty, selector_refusals
from archlint.model.kubernetes.validation.syntax import dns_label

_ZEROS = frozenset({0, "0", "0%"})
_INDEXED = ("backoffLimitPerIndex", "maxFailedIndexes", "successPolicy")


def _selector(base: KubernetesObject) -> Iterator[Refused]:
    selector = base.get("spec", "selector")
    yield from selector_refusals(selector)
    if is_empty(selector):
        yield Refused(selector, Cause.LACKING, "The selector is empty", "labels of the pods")


def _deadline(base: KubernetesObject) -> Iterator[Refused]:
    """Pods that are to run for ever and have an end."""
    deadline = base.get("spec", "template", "spec", "activeDeadlineSeconds")
    if deadline.is_set:
        problem = f"The pods of {with_article(base.kind)} run for ever, but have 'activeDeadlineSeconds'"
        yield Refused(deadline, Cause.CONFLICT, problem, "no deadline, or a Job")


def deployment_refusals(base: KubernetesObject) -> Iterator[Refused]:
    """A Deployment that cannot be rolled out."""
    yield from _selector(base)
    yield from _deadline(base)
    spec = base.get("spec")
    strategy = spec.get("strategy")
    rolling = strategy.get("rollingUpdate")
    yield from _without_steps(strategy, "Recreate")
    yield from _stuck(rolling)
    progress, ready = spec.get("progressDeadlineSeconds"), spec.get("minReadySeconds")
    if progress.integer is not None and ready.integer and progress.integer <= ready.integer:
        problem = (
            f"'progressDeadlineSeconds' {progress.integer} ends before 'minReadySeconds' {ready.integer}"
        )
        yield Refused(progress, Cause.CONFLICT, problem, f"more than {ready.integer}", ready)


def _without_steps(strategy: Node, kind: str) -> Iterator[Refused]:
    """Settings of a rolling update beside a type that has none."""
    rolling, said = strategy.get("rollingUpdate"), strategy.get("type")
    if said.text == kind and rolling.is_set:
        problem = f"With the strategy '{kind}' nothing is updated step by step, but 'rollingUpdate' is set"
        yield Refused(rolling, Cause.CONFLICT, problem, "'type: RollingUpdate', or no 'rollingUpdate'", said)


def _stuck(rolling: Node) -> Iterator[Refused]:
    more, less = rolling.get("maxSurge"), rolling.get("maxUnavailable")
    if _is_zero(more) and _is_zero(less):
        problem = "An update may make no pod more and no pod less, so it never begins"
        yield Refused(less, Cause.CONFLICT, problem, "'maxSurge' or 'maxUnavailable' to 1", more)
    share = (less.text or "").removesuffix("%")
    if less.text and less.text.endswith("%") and share.isdigit() and len(share) < 9 and int(share) > 100:
        yield Refused(less, Cause.NUMBER, f"'maxUnavailable' is {less.text}", "100% or less")


def _is_zero(node: Node) -> bool:
    return isinstance(node.value, (int, str)) and not isinstance(node.value, bool) and node.value in _ZEROS


def daemon_set_refusals(base: KubernetesObject) -> Iterator[Refused]:
    """A DaemonSet that cannot be rolled out."""
    yield from _selector(base)
    yield from _deadline(base)
    rolling = base.get("spec", "updateStrategy", "rollingUpdate")
    more, less = rolling.get("maxSurge"), rolling.get("maxUnavailable")
    if more.is_set and not _is_zero(more) and not _is_zero(less):
        said = "both are set" if less.is_set else "'maxUnavailable' is 1 where nothing else is said"
        problem = f"A DaemonSet makes either a pod more or a pod less on each node, and {said}"
        yield Refused(more, Cause.CONFLICT, problem, "one of them to 0", *((less,) if less.is_set else ()))
    elif _is_zero(less) and (not more.is_set or _is_zero(more)):
        problem = "An update may make no pod more and no pod less, so it never begins"
        yield Refused(less, Cause.CONFLICT, problem, "'maxSurge' or 'maxUnavailable' to 1")


def stateful_set_refusals(base: KubernetesObject) -> Iterator[Refused]:
    """A StatefulSet whose fields do not go together."""
    yield from _selector(base)
    yield from _deadline(base)
    strategy = base.get("spec", "updateStrategy")
    yield from _without_steps(strategy, "OnDelete")
    name = base.get("spec", "serviceName")
    if name.text and not is_open(name) and (wrong := dns_label(name.text)):
        yield Refused(
            name,
            Cause.NAME,
            f"'serviceName' is '{shown(name.text)}', which {wrong}",
            "a name such as 'cart-2'",
        )


def replica_set_refusals(base: KubernetesObject) -> Iterator[Refused]:
    """A ReplicaSet that has no pods of its own."""
    yield from _selector(base)
    yield from _deadline(base)


def job_refusals(base: KubernetesObject) -> Iterator[Refused]:
    """A Job whose fields do not go together."""
    yield from _job(base.get("spec"))


def cron_job_refusals(base: KubernetesObject) -> Iterator[Refused]:
    """A CronJob that never runs, or whose Jobs are refused."""
    yield from _job(base.get("spec", "jobTemplate", "spec"))
    zone = base.get("spec", "timeZone")
    if zone.text is not None and not is_open(zone) and _is_no_zone(zone.text):
        yield Refused(
            zone,
            Cause.FORMAT,
            f"'timeZone' is '{shown(zone.text)}', which is no zone",
            "one such as 'Europe/Berlin'",
        )


def _job(spec: Node) -> Iterator[Refused]:
    mode, completions = spec.get("completionMode"), spec.get("completions")
    if spec.get("selector").is_set and spec.get("manualSelector").value is not True:
        problem = "A Job selects its pods by a label that the API server makes, but has a selector of its own"
        yield Refused(spec.get("selector"), Cause.CONFLICT, problem, "no 'selector'")
    if mode.text == "Indexed" and not completions.exists:
        problem = "An indexed Job does not say how many completions it has"
        yield Refused(mode, Cause.LACKING, problem, "'completions'")
    if mode.text in (None, "NonIndexed"):
        for key in _INDEXED:
            if spec.get(key).is_set:
                problem = f"'{key}' is for indexed Jobs alone"
                yield Refused(
                    spec.get(key), Cause.CONFLICT, problem, f"'completionMode: Indexed', or no '{key}'"
                )


def _is_no_zone(name: str) -> bool:
    """Whether no zone is called so; unknown where this machine knows none."""
    from zoneinfo import available_timezones

    if not name or name.lower() == "local":
        return True
    zones = available_timezones()
    return bool(zones) and name not in zones


def autoscaler_refusals(base: KubernetesObject) -> Iterator[Refused]:
    """A HorizontalPodAutoscaler that is told two things, or nothing."""
    yield from _zero_refusals(base)
    for metric in base.get("spec", "metrics").elements():
        kind = metric.get("type").text
        key = f"{kind[:1].lower()}{kind[1:]}" if kind else None
        if (
            key
            and not is_open(metric.get("type"))
            and not metric.get(key).is_set
            and base.api_version.endswith("v2")
        ):
            problem = f"A metric of type '{kind}' has no '{key}'"
            yield Refused(metric.get("type"), Cause.LACKING, problem, f"'{key}', which says what is measured")
        target = metric.get(key or "", "target")
        value, share = target.get("averageValue"), target.get("averageUtilization")
        if value.is_set and share.is_set:
            problem = "A metric aims at an average value and at a share of the request"
            yield Refused(share, Cause.CONFLICT, problem, "only one of the two", value)
        if target.get("type").text == "Utilization" and not share.is_set and value.is_set:
            problem = "A metric aims at a share of the request, and says an average value"
            yield Refused(value, Cause.CONFLICT, problem, "'averageUtilization', or 'type: AverageValue'")


def _zero_refusals(base: KubernetesObject) -> Iterator[Refused]:
    """No pods at all, which nothing wakes up again that is measured on pods (feature gate HPAScaleToZero)."""
    least, metrics = base.get("spec", "minReplicas"), base.get("spec", "metrics")
    if (
        least.integer != 0
        or least.value is False
        or any(is_open(item) for item in (metrics, *metrics.elements()))
    ):
        return
    kinds = [item.get("type").text for item in metrics.elements()]
    if not any(kind in ("Object", "External") for kind in kinds) and None not in kinds:
        problem = "An autoscaler that goes down to no pods measures nothing but pods"
        remedy = "a metric of type 'External' or 'Object', or a 'minReplicas' of 1"
        yield Refused(least, Cause.CONFLICT, problem, remedy, metrics if metrics.is_set else None)


def budget_refusals(base: KubernetesObject) -> Iterator[Refused]:
    """A PodDisruptionBudget that says two things."""
    least, most = base.get("spec", "minAvailable"), base.get("spec", "maxUnavailable")
    if least.is_set and most.is_set:
        problem = "A budget says how many pods stay and how many may go"
        yield Refused(most, Cause.CONFLICT, problem, "only one of the two", least)
    yield from selector_refusals(base.get("spec", "selector"))
