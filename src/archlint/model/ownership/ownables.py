"""What should have an owner: services that run, and services that only the catalog knows."""

from __future__ import annotations

from collections.abc import Iterable

from archlint.documents import Document
from archlint.finding import ObjectRef, Place
from archlint.finding.records import dataclass
from archlint.model.ownership.catalog import CatalogEntity, catalog
from archlint.model.ownership.owners import Owner, owners
from archlint.model.services.grouping import Service
from archlint.model.world import World

_RUNS_ON = frozenset({"Deployment", "StatefulSet", "DaemonSet", "Rollout", "DeploymentConfig", "Service"})


@dataclass(frozen=True)
class Ownable:
    """A service, with its owner if anything names one."""

    name: str
    owner: Owner | None
    entity: CatalogEntity | None
    service: Service | None

    @classmethod
    def all(cls, world: World) -> Iterable[Ownable]:
        """Every service once: those that run, then those that stand in the catalog alone."""
        known = world.fact(owners)
        described: set[int] = set()
        for service in world.all(Service):
            runs = any(workload.kind in _RUNS_ON for workload in service.workloads)
            if runs and service.store_protocol is None:
                entity = known.entity_of(service)
                if entity is not None:
                    described.add(id(entity))
                yield cls(service.name, known.of(service), entity, service)
        for entity in world.fact(catalog).entities:
            if entity.is_service and id(entity) not in described:
                yield cls(entity.name, known.of_entity(entity), entity, None)

    @property
    def source(self) -> Document:
        """The document where an owner belongs."""
        return self.entity.source if self.entity else self._service.source

    @property
    def object(self) -> ObjectRef:
        """The catalog's component, else the workload."""
        return self.entity.object if self.entity else self._service.object

    @property
    def place(self) -> Place:
        """Where to write the owner."""
        if self.entity is not None:
            return self.entity.node.get("spec", "owner").place()
        return self._service.anchor.get("metadata", "labels", "owner").place()

    @property
    def _service(self) -> Service:
        assert self.service is not None, "an ownable is a service or a component"
        return self.service
