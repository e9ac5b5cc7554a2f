"""Conditions that a cluster wrote into the status of objects of the mesh."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.kubernetes import KubernetesObject, ObjectFacet
from archlint.model.world import World

_GROUPS = (".istio.io", "gateway.networking.k8s.io")
_KINDS = frozenset({"Service"})


@dataclass(frozen=True)
class StatusCondition(ObjectFacet):
    """One condition of the status of an object of Istio's or the Gateway API's, or of a Service."""

    node: Node

    @classmethod
    def all(cls, world: World) -> Iterator[StatusCondition]:
        """Every condition."""
        for item in world.all(KubernetesObject):
            is_plain = not item.group and item.kind in _KINDS
            if item.get("status").is_map and (is_plain or item.group.endswith(_GROUPS)):
                for node in item.get("status", "conditions").elements():
                    if node.is_map and (not is_plain or "istio.io" in (node.get("type").text or "")):
                        yield cls(item, node)

    @property
    def is_false(self) -> bool:
        """Whether the cluster says that it does not hold."""
        return self.node.get("status").text == "False"
