"""Entities of a Backstage software catalog: components, their owners, the files that describe their APIs.

Source: Backstage, "Descriptor Format of Catalog Entities".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from posixpath import dirname, normpath
from posixpath import join as join_path

from archlint.documents import Document, Node
from archlint.files import Kind
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.model.world import World

_RUNTIME_ID = "backstage.io/kubernetes-id"


@dataclass(frozen=True)
class CatalogEntity:
    """One entity of a catalog file."""

    node: Node

    @classmethod
    def all(cls, world: World) -> Iterable[CatalogEntity]:
        """Every entity, in the order of the text."""
        for document in world.documents(Kind.CATALOG, Kind.KUBERNETES):
            if (document.root.get("apiVersion").text or "").startswith("backstage.io/"):
                yield cls(document.root)

    @property
    def source(self) -> Document:
        """The document that holds the entity."""
        return self.node.document

    @property
    def kind(self) -> str:
        """Such as ``Component``."""
        return self.node.get("kind").text or ""

    @property
    def name(self) -> str:
        """``metadata.name``."""
        return self.node.get("metadata", "name").text or ""

    @property
    def object(self) -> ObjectRef:
        """Kind, namespace and name."""
        return ObjectRef(self.kind, self.name, self.node.get("metadata", "namespace").text)

    @property
    def owner(self) -> str | None:
        """``spec.owner`` without the kind and namespace of the reference; ``None`` if it is not set."""
        owner = (self.node.get("spec", "owner").text or "").strip()
        return owner.rpartition(":")[2].rpartition("/")[2] or None

    @property
    def is_service(self) -> bool:
        """Whether it is a component that runs: of type ``service``, or one that names what runs it."""
        runs = self.node.get("metadata", "annotations", _RUNTIME_ID).is_set
        return self.kind == "Component" and (runs or self.node.get("spec", "type").text == "service")

    @property
    def names(self) -> set[str]:
        """The names by which a running service may be found here."""
        runtime = self.node.get("metadata", "annotations", _RUNTIME_ID).text
        return {name for name in (self.name, runtime) if name}


class Catalog:
    """All entities of a world."""

    def __init__(self, world: World) -> None:
        self.entities = world.all(CatalogEntity)
        self.components: dict[str, CatalogEntity] = {}
        """Components and resources by each of their names."""
        self.contracts: dict[str, set[str]] = defaultdict(set)
        """Contract files by the name of the component that provides them."""
        files = {item.name: _definition(item) for item in self.entities if item.kind == "API"}
        for item in self.entities:
            if item.kind not in ("Component", "Resource"):
                continue
            provided = (api.text or "" for api in item.node.get("spec", "providesApis").elements())
            paths = {files.get(api.rpartition(":")[2].rpartition("/")[2], "") for api in provided}
            for name in sorted(item.names):
                self.components.setdefault(name, item)
                self.contracts[name] |= {path for path in paths if path in world.kinds}


def catalog(world: World) -> Catalog:
    """The catalog of a world; ask with ``world.fact(catalog)``."""
    return Catalog(world)


def _definition(api: CatalogEntity) -> str:
    """The file that an API entity takes its definition from; empty if it is inline or elsewhere."""
    for key in ("$text", "$yaml", "$json", "$openapi"):
        target = api.node.get("spec", "definition", key).text
        if target and "://" not in target:
            return normpath(join_path(dirname(api.source.path), target))
    return ""
