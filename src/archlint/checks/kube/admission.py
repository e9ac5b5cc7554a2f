"""Pod Security Standards that labels of a namespace ask for: are they kept, and written right?"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, join, observe
from archlint.finding import Severity
from archlint.model.kubernetes import KubernetesObject, Workload
from archlint.model.kubernetes.names.similar import SimilarNames
from archlint.model.kubernetes.pod_security import Breach, minor_version
from archlint.model.kubernetes.pod_security_labels import KEYS, LEVELS, PREFIX, BrokenControl, broken_controls
from archlint.model.kubernetes.sets import find_objects
from archlint.model.world import World


@join(Workload)
def pod_security_violated(workload: Workload, world: World, options: Options) -> Iterator[Observation]:
    """A pod that its namespace does not let in, or warns of."""
    if not workload.namespace:
        return
    for namespace in find_objects(world, workload.base, "Namespace", workload.namespace)[:1]:
        for broken in broken_controls(workload, namespace):
            yield _violation_finding(workload, broken, tuple(broken.breaches))


def _violation_finding(
    workload: Workload, broken: BrokenControl, breaches: tuple[Breach, ...]
) -> Observation:
    demand, control = broken.demand, broken.control
    first = breaches[0]
    version = "" if demand.version > 999 else f" of version 1.{demand.version}"
    return observe(
        first.node.place(),
        demand.mode,
        severity=None if demand.mode == "enforce" else Severity.INFO,
        related=[
            (demand.label.place(), "asked for here"),
            *((item.node.place(), "here as well") for item in breaches[1:5]),
        ],
        identity=(demand.mode, control.name),
        aliases=[f"pss:{control.name}"],
        pod=f"{workload.kind} '{workload.name}'",
        namespace=workload.namespace,
        level=f"{demand.level}{version}",
        control=control.name.partition("_")[0],
        seen=_seen(first),
        remedy=control.remedy,
    )


def _seen(breach: Breach) -> str:
    who = f"container '{breach.container.name}'" if breach.container else "the pod"
    key = next((str(part) for part in reversed(breach.node.route) if not isinstance(part, int)), "")
    if not breach.value:
        return f"{who} does not set '{key}'"
    return f"{who} has '{key}'" if breach.value == key else f"{who} has '{key}: {breach.value}'"


@check(KubernetesObject)
def pod_security_label_invalid(namespace: KubernetesObject, options: Options) -> Iterator[Observation]:
    """A label of a namespace that asks for a level or version that there is not."""
    if (namespace.group, namespace.kind) != ("", "Namespace"):
        return
    for key, node in namespace.get("metadata", "labels").items():
        name, value = key.removeprefix(PREFIX), node.text or ""
        if not key.startswith(PREFIX):
            continue
        if name not in KEYS:
            near = SimilarNames(KEYS).nearest(name)
            hint = f"'{PREFIX}{near}'" if near else f"one of {', '.join(sorted(KEYS))}"
            yield observe(node.place(), "key", key=key, hint=hint)
        elif name.endswith("-version") and minor_version(value) is None:
            yield observe(node.place(), "version", key=key, value=value)
        elif not name.endswith("-version") and value not in LEVELS:
            yield observe(node.place(), "level", key=key, value=value)
