"""Subsets of destination rules, and the workloads of the services that they divide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.istio.destination_rules import DestinationRule
from archlint.model.istio.registry import service_registry
from archlint.model.kubernetes import KubernetesObject, ObjectFacet, Workload, string_map
from archlint.model.kubernetes.selectors import may_select, selects
from archlint.model.kubernetes.services import (
    KubernetesService,
    routing,
    same_namespace,
    with_label,
    workloads_by_label,
)
from archlint.model.kubernetes.sets import may_be_elsewhere
from archlint.model.world import World

_OF_NODES = ("topology.kubernetes.io/", "topology.istio.io/", "failure-domain.beta.kubernetes.io/")
"""Beginnings of labels that endpoints get from their node and cluster, not from their pod."""
_OF_ROLLOUTS = "rollouts-pod-template-hash"
"""The label that Argo Rollouts writes into subsets."""


@dataclass(frozen=True)
class Subset(ObjectFacet):
    """One subset of a destination rule."""

    rule: DestinationRule
    node: Node

    @classmethod
    def all(cls, world: World) -> Iterator[Subset]:
        """Every subset of every destination rule."""
        for rule in world.all(DestinationRule):
            for node in rule.base.get("spec", "subsets").elements():
                if node.is_map:
                    yield cls(rule.base, rule, node)

    @property
    def labels(self) -> dict[str, str]:
        """The labels that its endpoints need."""
        return string_map(self.node.get("labels"))

    def empty_node_label(self) -> str | None:
        """A label of nodes that it wants to be empty, which none is."""
        return next(
            (key for key, value in self.labels.items() if key.startswith(_OF_NODES) and not value), None
        )

    def candidates(self, world: World) -> tuple[list[KubernetesObject], list[Workload]]:
        """The services of its host, and the workloads that these select."""
        services = [
            entry.item
            for entry in world.fact(service_registry).find(self.rule.host, self.namespace)
            if entry.item.kind == "Service"
        ]
        by_service = world.fact(routing).workloads
        found = (by_service.get(KubernetesService(item), ()) for item in services)
        return services, [workload for workloads in found for workload in workloads]

    def is_met_elsewhere(self, services: Sequence[KubernetesObject], world: World) -> bool:
        """Whether pods of another deployment set, such as a canary applied by itself, may be in it."""
        by_label = world.fact(workloads_by_label)
        return any(
            self.fits(workload)
            for item in services
            for selector in filter(None, [KubernetesService(item).selector])
            for workload in with_label(by_label, *min(selector.items()))
            if same_namespace(item, workload.base) and selects(selector, workload.running_labels)
        )

    def may_be_made(self, services: Sequence[KubernetesObject], world: World) -> bool:
        """Whether a chart, a generator or an operator may make pods that are in it.

        These need the labels of the service as well as its own, so both have to be spoken of where no
        objects are read: words such as ``v2`` alone stand in every chart.
        """
        known = world.fact(service_registry)
        own = {value for item in services for value in KubernetesService(item).selector.values()}
        return any(known.may_be_made(value) for value in own) or all(
            any(may_be_elsewhere(world, self.base, "Pod", value) for value in values)
            for values in (own, set(self.labels.values()))
        )

    def fits(self, workload: Workload) -> bool:
        """Whether the pods of a workload may be in it."""
        wanted = {key: value for key, value in self.labels.items() if not key.startswith(_OF_NODES)}
        return not wanted or _OF_ROLLOUTS in wanted or may_select(wanted, workload.running_labels)
