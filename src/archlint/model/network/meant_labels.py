"""Which label of a pod somebody may have meant whose selector fits none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.kubernetes import Workload, string_map
from archlint.model.kubernetes.names.similar import SimilarNames
from archlint.model.network.policies import NetworkPolicy
from archlint.model.network.selection import policy_selection
from archlint.model.world import World


@dataclass(frozen=True)
class MeantLabel:
    """A label of some pods that is spelt nearly as a selector asks for it."""

    key: str
    value: str
    workload: Workload

    @property
    def node(self) -> Node:
        """The label in the pod template."""
        return self.workload.template.get("metadata", "labels", self.key)


class PodLabelValues:
    """The values of each label that pods of each namespace have."""

    def __init__(self, world: World) -> None:
        self._workloads: dict[tuple[str | None, str], dict[str, Workload]] = defaultdict(dict)
        self._similar: dict[tuple[str | None, str], SimilarNames] = {}
        for workload in world.fact(policy_selection).workloads:
            for key, value in workload.pod_labels.items():
                self._workloads[workload.namespace, key].setdefault(value, workload)

    def nearest(self, namespace: str | None, key: str, value: str) -> MeantLabel | None:
        """The pods whose label has nearly a value."""
        place = (namespace, key)
        known = self._workloads.get(place)
        if not known or value in known:
            return None
        if place not in self._similar:
            self._similar[place] = SimilarNames(known)
        found = self._similar[place].nearest(value)
        return None if found is None else MeantLabel(key, found, known[found])


def meant_labels(policy: NetworkPolicy, selector: Node, world: World) -> Iterator[MeantLabel]:
    """Labels of the policy's own namespace that were meant by a selector, most likely."""
    for key, value in string_map(selector.get("matchLabels")).items():
        found = world.fact(PodLabelValues).nearest(policy.namespace, key, value)
        if found is not None:
            yield found
