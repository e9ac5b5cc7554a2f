"""How the pods of a workload are kept apart, so that one node or zone does not take them all.

Source: the Kubernetes API reference, PodAntiAffinity and TopologySpreadConstraint, with the selectors that
mean the workload's own pods.
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.documents import Node
from archlint.model.kubernetes.selectors import label_selector_matches
from archlint.model.kubernetes.workloads import Workload

_ZONES = frozenset({"topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone"})
"""Labels of nodes that tell the zone, of today and of old."""
_DOMAINS = _ZONES | frozenset(
    {
        "kubernetes.io/hostname",
        *("topology.kubernetes.io/region", "failure-domain.beta.kubernetes.io/region"),
    }
)
"""Labels of nodes that tell what fails together."""


def spread_constraints(workload: Workload) -> Iterator[Node]:
    """The topology spread constraints of a pod."""
    yield from workload.pod_spec.get("topologySpreadConstraints").elements()


def is_spread_over_zones(workload: Workload) -> bool:
    """Whether a spread constraint has the pods of a workload stand in several zones."""
    return any(
        constraint.get("topologyKey").text in _ZONES and _means_own(constraint.get("labelSelector"), workload)
        for constraint in spread_constraints(workload)
    )


def is_spread(workload: Workload) -> bool:
    """Whether an anti-affinity or a spread constraint keeps the pods of a workload apart."""
    terms = (term for term in _anti_affinities(workload) if term.get("topologyKey").text in _DOMAINS)
    near = (term for term in terms if _may_mean_its_namespace(term, workload.namespace))
    if any(_means_own(term.get("labelSelector"), workload) for term in near):
        return True
    constraints = spread_constraints(workload)
    return any(_means_own(constraint.get("labelSelector"), workload) for constraint in constraints)


def _anti_affinities(workload: Workload) -> Iterator[Node]:
    affinity = workload.pod_spec.get("affinity", "podAntiAffinity")
    yield from affinity.get("requiredDuringSchedulingIgnoredDuringExecution").elements()
    for preferred in affinity.get("preferredDuringSchedulingIgnoredDuringExecution").elements():
        yield preferred.get("podAffinityTerm")


def _may_mean_its_namespace(term: Node, namespace: str | None) -> bool:
    """Whether a term means pods of a namespace, which it does if it names none."""
    named = {node.text for node in term.get("namespaces").elements()}
    return not named or namespace is None or namespace in named or term.get("namespaceSelector").is_set


def _means_own(selector: Node, workload: Workload) -> bool:
    """Whether a selector that is there means the workload's own pods."""
    return selector.is_map and label_selector_matches(selector, workload.running_labels)
