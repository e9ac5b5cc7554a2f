"""Custom resources: what the CustomResourceDefinitions of a repository say of their objects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.kubernetes.objects import KubernetesObject, ObjectFacet
from archlint.model.kubernetes.schemas.compiling import Dialect, object_shape, with_identity
from archlint.model.kubernetes.schemas.shape import ANYTHING, MAP, Shape
from archlint.model.world import World

GROUP = "apiextensions.k8s.io"
KIND = "CustomResourceDefinition"


@dataclass(frozen=True)
class CustomVersion(ObjectFacet):
    """One version of a custom resource, as its definition says."""

    version: str
    schema: Node
    is_served: bool
    has_status: bool
    """Whether the status is written apart, so that the server drops what a manifest says of it."""

    @classmethod
    def all(cls, world: World) -> Iterable[CustomVersion]:
        """The versions of every definition."""
        for item in world.all(KubernetesObject):
            yield from versions_of(item)

    @property
    def key(self) -> tuple[str, str]:
        """``apiVersion`` and ``kind`` of the objects."""
        spec = self.base.get("spec")
        return f"{spec.get('group').text}/{self.version}", spec.get("names", "kind").text or ""

    @property
    def _is_current(self) -> bool:
        return self.base.api_version.endswith("/v1")

    @cached_property
    def _keeps_unknown(self) -> bool:
        said = self.base.get("spec", "preserveUnknownFields").value
        return said is True or (said is not False and not self._is_current)

    def shape(self, minor: int) -> Shape:
        """What its objects are; raises ``BrokenSchema``."""
        if not self.schema.is_set:
            return with_identity(Shape(MAP, "a map", rest=ANYTHING), minor)
        dialect = Dialect(minor, is_closed=not self._keeps_unknown, is_structural=self._is_current)
        return object_shape(self.schema.value, dialect)


def versions_of(item: KubernetesObject) -> Iterator[CustomVersion]:
    """The versions of one definition; none if the object is something else."""
    if item.kind != KIND or item.group != GROUP:
        return
    spec = item.get("spec")
    common = spec.get("validation", "openAPIV3Schema")
    for entry in spec.get("versions").elements():
        name = entry.get("name").text
        own = entry.get("schema", "openAPIV3Schema")
        if name:
            has_status = (
                entry.get("subresources", "status").exists or spec.get("subresources", "status").exists
            )
            served = entry.get("served").value is not False
            yield CustomVersion(item, name, own if own.is_set else common, served, has_status)
    version = spec.get("version").text
    if version and not spec.get("versions").value:
        yield CustomVersion(item, version, common, True, spec.get("subresources", "status").exists)
