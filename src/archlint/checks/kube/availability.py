"""Enough pods, and what keeps them: replicas, autoscalers, disruption budgets."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.model.kubernetes import Workload
from archlint.model.kubernetes.autoscalers import Autoscaler, autoscaled
from archlint.model.kubernetes.disruption import budgeting, least_replicas
from archlint.model.kubernetes.references import is_missing
from archlint.model.kubernetes.services import routing
from archlint.model.kubernetes.workloads import REPLICATED
from archlint.model.world import World

_PROTECTED = frozenset({"Deployment", "StatefulSet", "Rollout"})


@join(Workload)
def pod_disruption_budget_missing(
    workload: Workload, world: World, options: Options
) -> Iterator[Observation]:
    """Several replicas that a drained node may all take away at once."""
    if workload.kind not in _PROTECTED or not workload.pod_spec.is_map:
        return
    replicas = least_replicas(workload, world)
    if replicas < 2 or workload in world.fact(budgeting).budgets:
        return
    yield observe(
        workload.base.node.place(),
        kind=workload.kind,
        name=workload.name,
        replicas=replicas,
        aliases=_budget_names(workload),
    )


def _budget_names(workload: Workload) -> list[str]:
    names = {
        "Deployment": "kube-score:deployment-has-poddisruptionbudget",
        "StatefulSet": "kube-score:statefulset-has-poddisruptionbudget",
    }
    aliases = [names[workload.kind]] if workload.kind in names else []
    return [*aliases, "polaris:missingPodDisruptionBudget"] if workload.kind == "Deployment" else aliases


@join(Workload)
def disruption_budget_missing_for_unset_replicas(
    workload: Workload, world: World, options: Options
) -> Iterator[Observation]:
    """A workload whose replicas nothing here sets, and whose pods no budget keeps."""
    if workload.kind not in _PROTECTED or not workload.pod_spec.is_map:
        return
    is_set = workload.replicas is not None or workload in world.fact(autoscaled)
    if not is_set and workload not in world.fact(budgeting).budgets:
        yield observe(
            workload.base.node.place(),
            kind=workload.kind,
            name=workload.name,
            aliases=_budget_names(workload),
        )


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
