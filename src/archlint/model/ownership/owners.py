"""The owner of a service: from the software catalog, from labels, from CODEOWNERS, in this order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import field

from archlint.finding import Place
from archlint.finding.records import dataclass
from archlint.model.kubernetes import KubernetesObject
from archlint.model.ownership.catalog import Catalog, CatalogEntity, catalog
from archlint.model.ownership.codeowners import CodeOwners, code_owners
from archlint.model.services.grouping import Service
from archlint.model.world import World

LABEL_NAMES = frozenset({"owner", "team", "owned-by", "squad", "owner-team", "owning-team"})
"""Last part of the label and annotation keys that are read as an owner."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Who owns something, and where that is said."""

    name: str
    place: Place | None = field(default=None, compare=False)
    is_for_the_rest: bool = field(default=False, compare=False)
    """Whether CODEOWNERS names them for all files that no other line names."""


class Owners:
    """Looks up the owners of a world's services."""

    def __init__(self, world: World) -> None:
        self._catalog: Catalog = world.fact(catalog)
        self._files: list[CodeOwners] = world.fact(code_owners)

    def of(self, service: Service) -> Owner | None:
        """The owner of a service; ``None`` if nothing names one."""
        entity = self.entity_of(service)
        paths = [item.source.path for item in _objects(service)]
        return (
            (self._of_entity(entity) if entity else None)
            or next(_by_labels(_objects(service)), None)
            or self._by_path([*paths, *self._folders(service.name)])
        )

    def of_name(self, name: str, paths: Iterable[str]) -> Owner | None:
        """The owner of what the cluster does not run: by its name in the catalog, and by its files."""
        entity = self._catalog.components.get(name)
        return (self._of_entity(entity) if entity else None) or self._by_path([*paths, *self._folders(name)])

    def of_entity(self, entity: CatalogEntity) -> Owner | None:
        """The owner of a catalog's component, as itself or CODEOWNERS says."""
        return self._of_entity(entity) or self._by_path([entity.source.path])

    def entity_of(self, service: Service) -> CatalogEntity | None:
        """The component of the catalog that describes a service."""
        names = [service.name, *(item.name for item in _objects(service))]
        return next(
            (self._catalog.components[name] for name in names if name in self._catalog.components), None
        )

    def _of_entity(self, entity: CatalogEntity) -> Owner | None:
        place = entity.node.get("spec", "owner").value_place()
        return Owner(entity.owner, place) if entity.owner else None

    def _folders(self, name: str) -> list[str]:
        """Where the source code of a service usually lies: CODEOWNERS lines often name only that."""
        tops = sorted({item.folder for item in self._files})
        places = ("services", "src", "apps", "cmd", "packages", "")
        return ["/".join(filter(None, (top, place, name, "_"))) for top in tops for place in places]

    def _by_path(self, paths: Iterable[str]) -> Owner | None:
        for path in dict.fromkeys(paths):
            for file in self._files:
                line = file.line_of(path)
                if line:
                    rest = line.is_about_everything
                    return Owner(line.owners[0], file.place(line), is_for_the_rest=rest)
        return None


def owners(world: World) -> Owners:
    """The owners of a world; ask with ``world.fact(owners)``."""
    return Owners(world)


def _objects(service: Service) -> list[KubernetesObject]:
    return [*(workload.base for workload in service.workloads), *service.fronts]


def _by_labels(objects: Iterable[KubernetesObject]) -> Iterator[Owner]:
    for item in objects:
        for key, value in sorted((item.labels | item.annotations).items()):
            if key.rpartition("/")[2].lower() in LABEL_NAMES and value.strip():
                kind = "labels" if item.annotations.get(key) is None else "annotations"
                yield Owner(value.strip(), item.get("metadata", kind, key).value_place())


def label_owner(service: Service) -> Owner | None:
    """The owner that labels or annotations of a service's objects name."""
    return next(_by_labels(_objects(service)), None)
