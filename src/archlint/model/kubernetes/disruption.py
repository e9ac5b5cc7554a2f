"""PodDisruptionBudgets: which pods they are about, and how many of these must stay.

Source: the Kubernetes API reference, policy/v1 PodDisruptionBudget, and its controller: a percentage is taken
of all selected pods and rounded up, of both limits.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.kubernetes.autoscalers import autoscaled
from archlint.model.kubernetes.objects import KubernetesObject, ObjectFacet, string_map
from archlint.model.kubernetes.selectors import label_selector_matches
from archlint.model.kubernetes.services import same_namespace, with_label, workloads_by_label
from archlint.model.kubernetes.sets import deployment_sets
from archlint.model.kubernetes.workloads import Workload
from archlint.model.world import World

_LONGEST_PERCENTAGE = 9
"""Digits of a percentage that is read; a longer one is none, whatever it means."""


@dataclass(frozen=True)
class DisruptionBudget(ObjectFacet):
    """How many pods may be evicted at the same time."""

    @classmethod
    def all(cls, world: World) -> Iterable[DisruptionBudget]:
        """Every PodDisruptionBudget in the world, also those with a slip in ``apiVersion`` (``v1``)."""
        return [
            cls(base)
            for base in world.all(KubernetesObject)
            if base.kind == "PodDisruptionBudget" and base.group in ("policy", "")
        ]

    @property
    def selector(self) -> Node:
        """Which pods it is about."""
        return self.base.get("spec", "selector")

    @property
    def least(self) -> Node:
        """``minAvailable``: how many pods must stay."""
        return self.base.get("spec", "minAvailable")

    @property
    def most(self) -> Node:
        """``maxUnavailable``: how many pods may go."""
        return self.base.get("spec", "maxUnavailable")

    @property
    def selects_nothing(self) -> bool:
        """An empty selector means no pod in policy/v1beta1, and every pod of the namespace in policy/v1."""
        selector = self.selector
        if not selector.is_map:
            return True
        is_empty = not selector.get("matchLabels").value and not selector.get("matchExpressions").value
        return is_empty and self.base.api_version == "policy/v1beta1"


def pods_of(limit: Node, total: int) -> int | None:
    """How many of some pods a limit means, a percentage rounded up; ``None`` if it cannot be read."""
    if limit.integer is not None:
        return limit.integer
    digits = (limit.text or "").removesuffix("%")
    if limit.text in (None, digits) or not (digits.isascii() and digits.isdigit()):
        return None
    return None if len(digits) > _LONGEST_PERCENTAGE else -(-total * int(digits) // 100)


@dataclass(frozen=True)
class Budgeting:
    """Which budgets are about which workloads."""

    workloads: Mapping[DisruptionBudget, tuple[Workload, ...]]
    """Budgets that select the same share one tuple."""
    budgets: Mapping[Workload, tuple[DisruptionBudget, ...]]
    """Of budgets with the same selector in the same namespace and deployment sets the first two."""


def budgeting(world: World) -> Budgeting:
    """All budgets of the world; ask with ``world.fact(budgeting)``.

    A budget means workloads of its own deployment sets if it selects any there, else those of the world.
    """
    sets = world.fact(deployment_sets)
    alike: dict[tuple[object, ...], list[DisruptionBudget]] = defaultdict(list)
    for budget in world.all(DisruptionBudget):
        text = (
            json.dumps(budget.selector.value, sort_keys=True, default=str) if budget.selector.is_map else ""
        )
        group = sets.group_of(budget.base)
        alike[budget.base.api_version, budget.base.namespace, text, group].append(budget)
    selected: dict[DisruptionBudget, tuple[Workload, ...]] = {}
    covering: dict[Workload, list[DisruptionBudget]] = defaultdict(list)
    for budgets in alike.values():
        found = () if budgets[0].selects_nothing else _selected(budgets[0], world)
        selected.update(dict.fromkeys(budgets, found))
        for workload in found:
            covering[workload].extend(budgets[:2])
    return Budgeting(selected, {workload: tuple(found) for workload, found in covering.items()})


def _selected(budget: DisruptionBudget, world: World) -> tuple[Workload, ...]:
    by_label = world.fact(workloads_by_label)
    pairs = string_map(budget.selector.get("matchLabels")).items()
    lists: Sequence[Sequence[Workload]] = [with_label(by_label, *pair) for pair in pairs]
    rarest = min(lists, key=len) if lists else world.all(Workload)
    found = [
        workload
        for workload in rarest
        if same_namespace(budget.base, workload.base)
        and label_selector_matches(budget.selector, workload.running_labels)
    ]
    own = world.fact(deployment_sets).paths_beside(budget.base)
    near = [workload for workload in found if workload.source.path in own]
    return tuple(near or found)


def least_replicas(workload: Workload, world: World) -> int:
    """How many pods there are at least, as far as the manifests say."""
    scalers = world.fact(autoscaled).get(workload, ())
    if scalers:
        return min(scaler.least for scaler in scalers)
    return 1 if workload.replicas is None else workload.replicas
