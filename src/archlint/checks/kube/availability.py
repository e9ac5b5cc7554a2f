"""Enough pods, and what keeps them: replicas, autoscalers, disruption budgets."""

from __future__ import annotations

import json
from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.model.kubernetes import KubernetesObject, Workload, string_map
from archlint.model.kubernetes.autoscalers import Autoscaler, autoscaled
from archlint.model.kubernetes.references import is_missing
from archlint.model.kubernetes.selectors import label_selector_matches
from archlint.model.kubernetes.services import routing, same_namespace, with_label, workloads_by_label
from archlint.model.kubernetes.workloads import REPLICATED
from archlint.model.world import World

_PROTECTED = frozenset({"Deployment", "StatefulSet", "Rollout"})


def _covered(world: World) -> frozenset[Workload]:
    """The workloads whose pods a PodDisruptionBudget selects; equal selectors are looked at once."""
    found: set[Workload] = set()
    for budget in _different_budgets(world):
        selector = budget.get("spec", "selector")
        pairs = string_map(selector.get("matchLabels")).items()
        by_label = world.fact(workloads_by_label)
        if not pairs and _selects_nothing(budget):
            continue
        lists = [with_label(by_label, *pair) for pair in pairs] or [world.all(Workload)]
        found.update(
            workload
            for workload in min(lists, key=len)
            if same_namespace(budget, workload.base)
            and label_selector_matches(selector, workload.running_labels)
        )
    return frozenset(found)


def _selects_nothing(budget: KubernetesObject) -> bool:
    """An empty selector means no pod in policy/v1beta1, and every pod of the namespace from policy/v1 on."""
    return (
        budget.api_version == "policy/v1beta1"
        and not budget.get("spec", "selector", "matchExpressions").value
    )


def _different_budgets(world: World) -> Iterator[KubernetesObject]:
    seen: set[tuple[str, str | None, str]] = set()
    for base in world.all(KubernetesObject):
        selector = base.get("spec", "selector")
        if base.kind == "PodDisruptionBudget" and base.group == "policy" and selector.is_map:
            key = (base.api_version, base.namespace, json.dumps(selector.value, sort_keys=True, default=str))
            if key not in seen:
                seen.add(key)
                yield base


@join(Workload)
def pod_disruption_budget_missing(
    workload: Workload, world: World, options: Options
) -> Iterator[Observation]:
    """Several replicas that a drained node may all take away at once."""
    if workload.kind not in _PROTECTED or not workload.pod_spec.is_map:
        return
    replicas = _least_replicas(workload, world)
    if replicas < 2 or workload in world.fact(_covered):
        return
    names = {
        "Deployment": "kube-score:deployment-has-poddisruptionbudget",
        "StatefulSet": "kube-score:statefulset-has-poddisruptionbudget",
    }
    aliases = [names[workload.kind]] if workload.kind in names else []
    aliases += ["polaris:missingPodDisruptionBudget"] if workload.kind == "Deployment" else []
    yield observe(
        workload.base.node.place(),
        kind=workload.kind,
        name=workload.name,
        replicas=replicas,
        aliases=aliases,
    )


def _least_replicas(workload: Workload, world: World) -> int:
    """How many pods there are at least, as far as the manifests say."""
    scalers = world.fact(autoscaled).get(workload, ())
    if scalers:
        return min(scaler.least for scaler in scalers)
    return 1 if workload.replicas is None else workload.replicas


@join(Autoscaler)
def autoscaler_target_undefined(scaler: Autoscaler, world: World, options: Options) -> Iterator[Observation]:
    """An autoscaler of a workload that nobody defines."""
    kind, name = scaler.target_kind, scaler.target_name
    if not kind or not name or not is_missing(world, scaler.base, kind, name, scaler.base.namespace):
        return
    names = ["kube-score:horizontalpodautoscaler-has-target", "kube-linter:dangling-horizontalpodautoscaler"]
    yield observe(
        scaler.target.get("name").place(),
        kind=kind,
        name=name,
        scaler=scaler.base.name,
        aliases=names if scaler.base.kind == "HorizontalPodAutoscaler" else [],
    )


@join(Workload)
def autoscaler_and_replicas(workload: Workload, world: World, options: Options) -> Iterator[Observation]:
    """A fixed number of replicas that every rollout sets back, beside an autoscaler."""
    scalers = world.fact(autoscaled).get(workload, ())
    replicas = workload.base.get("spec", "replicas")
    if not scalers or workload.kind not in REPLICATED or not replicas.is_set:
        return
    scaler = scalers[0]
    has_name = workload.kind == "Deployment" and scaler.base.kind == "HorizontalPodAutoscaler"
    yield observe(
        replicas.place(),
        related=[(scaler.target.place(), "sets the replicas")],
        replicas=replicas.value,
        scaler=f"{scaler.base.kind} '{scaler.base.name}'",
        aliases=["kube-score:deployment-targeted-by-hpa-does-not-have-replicas-configured"]
        if has_name
        else [],
    )


@join(Workload)
def single_replica(workload: Workload, world: World, options: Options) -> Iterator[Observation]:
    """A workload with too few pods to survive the loss of one."""
    if workload.kind not in ("Deployment", "Rollout") or not workload.pod_spec.is_map:
        return
    replicas = 1 if workload.replicas is None else workload.replicas
    if replicas == 0 or replicas >= options["min"] or world.fact(autoscaled).get(workload):
        return
    is_served = bool(world.fact(routing).services.get(workload))
    yield observe(
        workload.base.get("spec", "replicas").place(),
        kind=workload.kind,
        name=workload.name,
        replicas=replicas,
        least=options["min"],
        aliases=_replica_names(workload, is_served, replicas),
    )


def _replica_names(workload: Workload, is_served: bool, replicas: int) -> list[str]:
    if workload.kind != "Deployment":
        return []
    names = ["kube-linter:minimum-three-replicas"] if replicas < 3 else []
    names += ["polaris:deploymentMissingReplicas"] if replicas < 2 else []
    return [*names, "kube-score:deployment-replicas"] if is_served and replicas < 2 else names
