"""Documents among manifests that lack ``kind`` or ``apiVersion``, by which the API server knows an object."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archlint.documents import Document, Node
from archlint.files import Kind
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.model.kubernetes.api_versions import is_retired
from archlint.model.kubernetes.building.builds import builds
from archlint.model.kubernetes.building.kustomizations import taken_in
from archlint.model.kubernetes.names.similar import SimilarNames
from archlint.model.kubernetes.schemas.builtin import builtin_kinds
from archlint.model.world import World

KIND, API_VERSION = "kind", "apiVersion"
_OTHERS = {KIND: API_VERSION, API_VERSION: KIND}


@dataclass(frozen=True)
class UntypedObject:
    """A document with one of both fields, which says a kind or a version of Kubernetes' own, and not both."""

    node: Node
    lacking: str
    """``kind`` or ``apiVersion``."""
    written: Node | None
    """What stands there under a name that is nearly that of the field."""

    @classmethod
    def all(cls, world: World) -> Iterable[UntypedObject]:
        """Every one; those that kustomizations take in are refused by these."""
        told = world.fact(builds).parts | world.fact(taken_in)
        for document in world.documents(Kind.KUBERNETES):
            if document.path not in told:
                yield from _untyped(document.root)

    @property
    def source(self) -> Document:
        """The document."""
        return self.node.document

    @property
    def object(self) -> ObjectRef:
        """The object as far as it is known."""
        metadata = self.node.get("metadata")
        name, namespace = metadata.get("name").text, metadata.get("namespace").text
        return ObjectRef(self.node.get(KIND).text or "Object", name or "", namespace)

    @property
    def given(self) -> Node:
        """The field that is there."""
        return self.node.get(_OTHERS[self.lacking])

    @property
    def versions(self) -> tuple[str, ...]:
        """The API versions that have the kind, where that is known, in the order of their names."""
        kind = self.given.text or ""
        return tuple(sorted({each for kinds in builtin_kinds().values() for each in kinds.get(kind, ())}))


def _untyped(root: Node) -> Iterator[UntypedObject]:
    if not root.get("metadata").is_map:
        return
    for lacking, other in _OTHERS.items():
        given = root.get(other).text
        if given and not root.get(lacking).exists and _is_known(other, given):
            yield UntypedObject(root, lacking, _nearly(root, lacking))


def _is_known(field: str, text: str) -> bool:
    """Whether a version or kind is one of Kubernetes' own: other programs have objects of other forms."""
    if field == KIND:
        return any(text in kinds for kinds in builtin_kinds().values())
    kinds = builtin_kinds().get(text.rpartition("/")[0], {})
    return is_retired(text) or any(text in versions for versions in kinds.values())


def _nearly(root: Node, field: str) -> Node | None:
    """The value of the key that is nearly called as a field."""
    wanted = SimilarNames([field.lower()])
    return next((value for key, value in root.items() if wanted.nearest(key.lower())), None)
