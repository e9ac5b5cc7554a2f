"""The charts of a repository rendered, if the program is there; most repositories have no charts."""

from __future__ import annotations

from collections.abc import Iterable

from archlint.documents import Document
from archlint.documents.charts.chart import SCHEMA_FILE
from archlint.files import Kind
from archlint.finding import ObjectRef, Unread
from archlint.finding.records import dataclass
from archlint.finding.unread import HELM_ABSENT
from archlint.model.kubernetes.building.rendered import UNREAD, ChartFault, RefusedValue, Renderings
from archlint.model.world import World


@dataclass(frozen=True)
class UnrenderedTemplate:
    """A template that Helm refuses."""

    fault: ChartFault
    object: ObjectRef | None = None

    @classmethod
    def all(cls, world: World) -> Iterable[UnrenderedTemplate]:
        """All in a world."""
        return [cls(fault) for fault in world.fact(renderings).faults]

    @property
    def source(self) -> Document:
        """``Chart.yaml``."""
        return self.fault.source


def renderings(world: World) -> Renderings:
    """What is rendered; ask with ``world.fact(renderings)``."""
    terms = world.charts
    if terms is None or world.is_alone:
        return Renderings()
    if not terms.renderer.version:
        templates = world.paths(Kind.CHART_TEMPLATE)
        return Renderings(unread=tuple(Unread(path, UNREAD, detail=HELM_ABSENT) for path in templates))
    from archlint.model.kubernetes.building.releases import rendered

    return rendered(world, terms)


@dataclass(frozen=True)
class ValuesViolation:
    """A value that the schema of its chart does not allow."""

    refused: RefusedValue
    object: ObjectRef | None = None

    @classmethod
    def all(cls, world: World) -> Iterable[ValuesViolation]:
        """All in a world."""
        has_schema = any(path.endswith(SCHEMA_FILE) for path in world.kinds)
        if world.charts is None or world.is_alone or not has_schema:
            return []
        from archlint.model.kubernetes.building.values_schemas import refused_values

        return [cls(item) for item in refused_values(world, world.charts, world.fact(renderings).documents)]

    @property
    def source(self) -> Document:
        """``Chart.yaml``."""
        return self.refused.source
