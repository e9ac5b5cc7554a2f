"""Service level objectives: OpenSLO, Sloth and Pyrra.

Sources: the OpenSLO specification, v1 ("target", "targetPercent"); Sloth, "API reference" (``objective``);
Pyrra, ``ServiceLevelObjective`` (``target``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archlint.documents import Document, Node
from archlint.files import Kind
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.model.kubernetes import KubernetesObject
from archlint.model.world import World

_SLOTH = "prometheus/v1"


@dataclass(frozen=True, eq=False)
class Objective:
    """How good a service is to be."""

    name: str
    service: Node
    target: Node
    most: int
    """What means always: 1 for a share, 100 for a percentage."""
    object: ObjectRef | None
    """What findings are about."""

    @classmethod
    def all(cls, world: World) -> Iterable[Objective]:
        """Every objective of a world."""
        for document in world.documents(Kind.DATA):
            root = document.root
            if root.get("version").text == _SLOTH and root.get("slos").is_list:
                yield from _of_sloth(root, None)
        for item in world.all(KubernetesObject):
            spec = item.get("spec")
            if item.group == "openslo" and item.kind == "SLO":
                yield from _of_openslo(item)
            elif item.group == "sloth.slok.dev" and item.kind == "PrometheusServiceLevel":
                yield from _of_sloth(spec, item.object)
            elif item.group == "pyrra.dev" and item.kind == "ServiceLevelObjective":
                yield cls(item.name, spec.get("service"), spec.get("target"), 100, item.object)

    @property
    def source(self) -> Document:
        """The document that says it."""
        return self.target.document

    @property
    def value(self) -> float | None:
        """The target as a number."""
        value = self.target.value
        if isinstance(value, bool) or not isinstance(value, (str, int, float)):
            return None
        try:
            return float(value[:40].strip().removesuffix("%") if isinstance(value, str) else value)
        except (ValueError, OverflowError):
            return None


def _of_sloth(root: Node, holder: ObjectRef | None) -> Iterator[Objective]:
    for item in root.get("slos").elements():
        if item.get("objective").is_set:
            yield Objective(
                item.get("name").text or "?", root.get("service"), item.get("objective"), 100, holder
            )


def _of_openslo(item: KubernetesObject) -> Iterator[Objective]:
    spec = item.get("spec")
    for entry in spec.get("objectives").elements():
        for key, most in (("target", 1), ("targetPercent", 100)):
            if entry.get(key).is_set:
                yield Objective(item.name, spec.get("service"), entry.get(key), most, item.object)
