"""Whom to call when a service fails, as the software catalog says.

Sources: the annotations of Backstage's plugins for PagerDuty, Opsgenie, Splunk On-Call, Grafana OnCall,
incident.io, ilert, FireHydrant and xMatters.
"""

from __future__ import annotations

from collections.abc import Iterable

from archlint.documents import Document, Node
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.model.ownership.catalog import CatalogEntity
from archlint.model.world import World

_NOTES = (
    *("pagerduty.com/", "opsgenie.com/", "splunk.com/on-call", "victorops.com/", "ilert.com/"),
    *("incident.io/", "firehydrant.com/", "grafana-oncall/", "grafana.com/oncall", "xmatters.com/"),
    *("rootly.com/", "squadcast.com/", "zenduty.com/"),
)
_NOT_IN_USE = frozenset({"experimental", "deprecated", "development", "end-of-life"})


@dataclass(frozen=True, eq=False)
class NobodyToCall:
    """A service of the catalog that does not say whom to call, beside those that do."""

    entity: CatalogEntity
    example: Node
    """An annotation of another one."""
    note: str
    known: int
    total: int

    @classmethod
    def all(cls, world: World) -> Iterable[NobodyToCall]:
        """Every such service."""
        entities = world.all(CatalogEntity)
        groups = {item.name: item for item in entities if item.kind == "Group"}
        services = [item for item in entities if is_in_use(item)]
        said = {id(item): _note(item) or _note(groups.get(item.owner or "")) for item in services}
        found = [note for note in said.values() if note is not None]
        for item in services if found else ():
            if said[id(item)] is None:
                yield cls(item, found[0][1], found[0][0], len(found), len(services))

    @property
    def source(self) -> Document:
        """The document of the catalog."""
        return self.entity.source

    @property
    def object(self) -> ObjectRef:
        """The service."""
        return self.entity.object


def is_in_use(entity: CatalogEntity) -> bool:
    """Whether an entity is a service on which somebody relies."""
    return entity.is_service and entity.node.get("spec", "lifecycle").text not in _NOT_IN_USE


def _note(entity: CatalogEntity | None) -> tuple[str, Node] | None:
    notes = entity.node.get("metadata", "annotations").items() if entity else ()
    return next(((key, node) for key, node in notes if key.startswith(_NOTES) and node.value), None)
