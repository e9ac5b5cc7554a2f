"""How pods are replaced, spread over nodes, and ranked."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, join, observe
from archlint.documents import Node
from archlint.model.kubernetes import Workload
from archlint.model.kubernetes.autoscalers import autoscaled
from archlint.model.kubernetes.selectors import label_selector_matches
from archlint.model.kubernetes.services import routing
from archlint.model.kubernetes.spreading import is_spread, spread_constraints
from archlint.model.world import World

_GRADUAL = ("RollingUpdate", "Rolling")
_REPLACED = {"Deployment": "strategy", "DeploymentConfig": "strategy", "DaemonSet": "updateStrategy"}
_SPREAD = frozenset({"Deployment", "StatefulSet", "Rollout", "DeploymentConfig", "ReplicaSet", "CloneSet"})
_SCORED = {
    "Deployment": "kube-score:deployment-has-host-podantiaffinity",
    "StatefulSet": "kube-score:statefulset-has-host-podantiaffinity",
}


@join(Workload)
def rollout_not_gradual(workload: Workload, world: World, options: Options) -> Iterator[Observation]:
    """A workload whose pods are not replaced a few at a time."""
    key = _REPLACED.get(workload.kind)
    strategy = workload.base.get("spec", key or "", "type")
    if key is None or not strategy.is_set or strategy.text in _GRADUAL:
        return
    is_served = workload.kind == "Deployment" and workload in world.fact(routing).services
    yield observe(
        strategy.place(),
        "on-delete" if strategy.text == "OnDelete" else "default",
        workload=f"{workload.kind} '{workload.name}'",
        strategy=strategy.value,
        aliases=[
            "kube-linter:no-rolling-update-strategy",
            *(["kube-score:deployment-strategy"] if is_served else []),
        ],
    )


@join(Workload)
def pods_not_spread(workload: Workload, world: World, options: Options) -> Iterator[Observation]:
    """Several pods that may all run on one node."""
    replicas = workload.replicas
    scalers = world.fact(autoscaled).get(workload, ())
    least = max([replicas or 0, *(scaler.least for scaler in scalers)])
    may_be_several = least > 1 or (replicas is None and not scalers)
    if workload.kind not in _SPREAD or not workload.pod_spec.is_map or not may_be_several:
        return
    if is_spread(workload):
        return
    constraints = workload.pod_spec.get("topologySpreadConstraints")
    yield observe(
        workload.pod_spec.get("affinity", "podAntiAffinity").place(),
        "default" if least > 1 else "unset",
        workload=f"{workload.kind} '{workload.name}'",
        replicas=least,
        aliases=[
            *([_SCORED[workload.kind]] if workload.kind in _SCORED else []),
            *(["kube-linter:no-anti-affinity"] if least > 1 else []),
            *([] if constraints.value else ["polaris:topologySpreadConstraint"]),
        ],
    )


@check(Workload)
def spread_constraint_invalid(workload: Workload, options: Options) -> Iterator[Observation]:
    """A spread constraint that the API server refuses, or that does not count the workload's own pods."""
    for constraint in spread_constraints(workload):
        wrong = _what_is_wrong(constraint, workload)
        if wrong is not None:
            message, node = wrong
            yield observe(
                node.place(),
                message,
                workload=f"{workload.kind} '{workload.name}'",
                value=node.value if node.is_set else "",
                aliases=["kube-score:pod-topology-spread-constraints"] if message != "others" else [],
            )


def _what_is_wrong(constraint: Node, workload: Workload) -> tuple[str, Node] | None:
    skew, domains = constraint.get("maxSkew"), constraint.get("minDomains")
    if skew.integer is None or skew.integer < 1:
        return "skew", skew
    if domains.is_set and (domains.integer is None or domains.integer < 1):
        return "domains", domains
    if not constraint.get("topologyKey").text:
        return "topology", constraint.get("topologyKey")
    if constraint.get("whenUnsatisfiable").text not in ("DoNotSchedule", "ScheduleAnyway"):
        return "unsatisfiable", constraint.get("whenUnsatisfiable")
    selector = constraint.get("labelSelector")
    if not selector.is_set:
        return "selector", selector
    if selector.is_map and workload.pod_labels:
        return None if label_selector_matches(selector, workload.running_labels) else ("others", selector)
    return None


@check(Workload)
def priority_class_missing(workload: Workload, options: Options) -> Iterator[Observation]:
    """Pods that say nothing about how important they are."""
    name = workload.pod_spec.get("priorityClassName")
    if workload.pod_spec.is_map and not name.text:
        yield observe(name.place(), workload=f"{workload.kind} '{workload.name}'")


@check(Workload)
def priority_class_not_allowed(workload: Workload, options: Options) -> Iterator[Observation]:
    """Pods that claim a priority which is not among those agreed on."""
    name = workload.pod_spec.get("priorityClassName")
    if name.text and name.text not in options["allowed"]:
        yield observe(
            name.value_place(),
            workload=f"{workload.kind} '{workload.name}'",
            name=name.text,
            allowed=", ".join(options["allowed"]) or "none",
        )


@check(Workload)
def node_affinity_missing(workload: Workload, options: Options) -> Iterator[Observation]:
    """Pods that may run on every kind of node."""
    affinity = workload.pod_spec.get("affinity", "nodeAffinity")
    if workload.pod_spec.is_map and not affinity.is_set:
        yield observe(affinity.place(), workload=f"{workload.kind} '{workload.name}'")


@check(Workload)
def dns_option_missing(workload: Workload, options: Options) -> Iterator[Observation]:
    """Pods that look names up without an option that the team asks for."""
    given = workload.pod_spec.get("dnsConfig", "options")
    if not workload.pod_spec.is_map:
        return
    pairs = {(item.get("name").text, item.get("value").text) for item in given.elements()}
    if (options["name"], options["value"]) not in pairs:
        yield observe(
            given.place(),
            workload=f"{workload.kind} '{workload.name}'",
            name=options["name"],
            value=options["value"],
        )


@check(Workload)
def pod_without_controller(workload: Workload, options: Options) -> Iterator[Observation]:
    """A pod by itself, which nothing starts again elsewhere."""
    base = workload.base
    is_hook = any(key.startswith(("helm.sh/hook", "argocd.argoproj.io/hook")) for key in base.annotations)
    is_short = workload.pod_spec.get("restartPolicy").text in ("Never", "OnFailure")
    is_owned = bool(base.get("metadata", "ownerReferences").value)
    if workload.kind == "Pod" and workload.names_images and not (is_hook or is_short or is_owned):
        yield observe(base.get("kind").value_place(), name=workload.name)
