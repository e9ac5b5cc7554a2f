"""What PodDisruptionBudgets allow: something, nothing, or two things at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archlint.checks import Observation, Options, check, join, observe
from archlint.documents import Node
from archlint.finding.words import number_of
from archlint.model.kubernetes import Workload
from archlint.model.kubernetes.autoscalers import autoscaled
from archlint.model.kubernetes.disruption import DisruptionBudget, budgeting, least_replicas, pods_of
from archlint.model.kubernetes.sets import deployment_sets
from archlint.model.kubernetes.workloads import REPLICATED
from archlint.model.world import World

_MANY = 1_000
"""Pods of which a percentage keeps all only if it is (nearly) a hundred."""
_MOST_WORKLOADS = 1_000
"""Workloads of one budget in which another budget is looked for."""


@check(DisruptionBudget)
def disruption_budget_without_limit(budget: DisruptionBudget, options: Options) -> Iterator[Observation]:
    """A budget that does not say how many pods may go or must stay."""
    if not budget.least.is_set and not budget.most.is_set and budget.base.get("spec").is_map:
        yield observe(budget.base.get("spec", "minAvailable").place(), name=budget.name)


@check(DisruptionBudget)
def disruption_budget_allows_nothing(budget: DisruptionBudget, options: Options) -> Iterator[Observation]:
    """A budget under which no pod may ever be evicted, however many there are."""
    is_none = pods_of(budget.most, _MANY) == 0
    is_all = budget.least.integer is None and (pods_of(budget.least, _MANY) or 0) >= _MANY
    if is_none or is_all:
        limit = budget.most if is_none else budget.least
        linter = "pdb-max-unavailable" if is_none else "pdb-min-available"
        yield observe(
            limit.place(),
            name=budget.name,
            limit=f"{limit.route[-1]}: {limit.value}",
            aliases=[f"kube-linter:{linter}", "polaris:pdbDisruptionsIsZero"],
        )


@join(DisruptionBudget)
def disruption_budget_keeps_all_replicas(
    budget: DisruptionBudget, world: World, options: Options
) -> Iterator[Observation]:
    """A budget that asks for as many pods as there may be."""
    workloads = world.fact(budgeting).workloads[budget]
    least = budget.least
    if not least.is_set or not workloads or any(item.kind not in REPLICATED for item in workloads):
        return
    replicas = sum(least_replicas(workload, world) for workload in workloads)
    wanted = pods_of(least, replicas)
    if wanted is None or replicas == 0 or wanted < replicas or _always_keeps_all(least):
        return
    first = workloads[0]
    scalers = world.fact(autoscaled).get(first, ())
    source = scalers[0].base.get("spec", "minReplicas") if scalers else first.base.get("spec", "replicas")
    yield observe(
        least.place(),
        related=[(source.place(), "so many pods there are at least")],
        name=budget.name,
        least=least.value,
        replicas=number_of(replicas, "replica"),
        workloads=_named(workloads),
        aliases=[
            "kube-linter:pdb-min-available",
            *(["polaris:pdbMinAvailableGreaterThanHPAMinReplicas"] if scalers and wanted > replicas else []),
        ],
    )


def _always_keeps_all(least: Node) -> bool:
    return least.integer is None and pods_of(least, _MANY) == _MANY


def _named(workloads: Sequence[Workload]) -> str:
    first = f"{workloads[0].kind} '{workloads[0].name}'"
    return first if len(workloads) == 1 else f"{first} and {len(workloads) - 1} more"


@check(DisruptionBudget)
def unhealthy_pods_not_evictable(budget: DisruptionBudget, options: Options) -> Iterator[Observation]:
    """A budget that keeps broken pods on their node, because it does not say otherwise."""
    policy = budget.base.get("spec", "unhealthyPodEvictionPolicy")
    if not policy.is_set:
        yield observe(policy.place(), name=budget.name)


@join(DisruptionBudget)
def disruption_budgets_overlap(
    budget: DisruptionBudget, world: World, options: Options
) -> Iterator[Observation]:
    """Pods that another budget selects as well, so that none of them can be evicted."""
    found, sets = world.fact(budgeting), world.fact(deployment_sets)
    for workload in found.workloads[budget][:_MOST_WORKLOADS]:
        for other in found.budgets[workload]:
            if other.name < budget.name and sets.are_together(budget.base, other.base):
                yield observe(
                    budget.selector.place(),
                    related=[
                        (other.selector.place(), "selects the same pods"),
                        (workload.base.node.place(), "the pods"),
                    ],
                    workload=_named([workload]),
                    first=other.name,
                    second=budget.name,
                )
                return
