"""A field that cannot change once its object is there, and did."""

from __future__ import annotations

from archlint.documents import Document, Node
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.model.kubernetes.objects import KubernetesObject


@dataclass(frozen=True, slots=True)
class FixedField:
    """A difference that the API server refuses, as the law of a kind tells it."""

    now: Node
    before: Node
    remedy: str = ""
    """What to do instead, where that is not to delete the object."""


@dataclass(frozen=True, slots=True)
class FixedFieldChange:
    """One such difference, in all objects in which one place of the revision makes it."""

    field: FixedField
    objects: tuple[KubernetesObject, ...]

    @property
    def base(self) -> KubernetesObject:
        """The first of the objects."""
        return self.objects[0]

    @property
    def object(self) -> ObjectRef:
        """The first of the objects, which stands for all."""
        return self.base.object

    @property
    def source(self) -> Document:
        """The document of the first object."""
        return self.base.source
