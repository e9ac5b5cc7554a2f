"""Kubernetes objects: what has ``apiVersion`` and ``kind``, also inside ``List`` objects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from archlint.documents import Document, Node
from archlint.documents.kustomize.built import BuiltDocument
from archlint.files import Kind
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.model.kubernetes.building.builds import builds
from archlint.model.world import World

CALLING = {
    "admissionregistration.k8s.io": ("ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"),
    "apiextensions.k8s.io": ("CustomResourceDefinition",),
    "apiregistration.k8s.io": ("APIService",),
}
"""The resources that name a Service for the API server to call, by group."""


@dataclass(frozen=True)
class KubernetesObject:
    """One object of a manifest; ``node`` is its root."""

    node: Node
    listed_as: tuple[str, str] | None = None
    """Version and kind by the list that it is an item of, where it does not say them itself."""

    @classmethod
    def all(cls, world: World) -> Iterable[KubernetesObject]:
        """Every object of every manifest in the order of the text, with ``List`` items; what kustomizations
        build stands for the files that only they take in."""
        built = world.fact(builds)
        for document in world.documents(Kind.KUBERNETES):
            if document.path not in built.parts:
                yield from objects_of(document)
        for document in built.documents:
            yield from objects_of(document)

    @property
    def source(self) -> Document:
        """The document that holds the object."""
        return self.node.document

    @cached_property
    def api_version(self) -> str:
        """``apiVersion``, such as ``apps/v1``; empty if it is no string."""
        return self.node.get("apiVersion").text or (self.listed_as[0] if self.listed_as else "")

    @cached_property
    def group(self) -> str:
        """The API group; empty for the core group."""
        return self.api_version.rpartition("/")[0]

    @cached_property
    def kind(self) -> str:
        """``kind``; empty if it is no string."""
        return self.node.get("kind").text or (self.listed_as[1] if self.listed_as else "")

    @cached_property
    def name(self) -> str:
        """``metadata.name``, else ``metadata.generateName``; empty if there is none."""
        metadata = self.node.get("metadata")
        return metadata.get("name").text or metadata.get("generateName").text or ""

    @cached_property
    def namespace(self) -> str | None:
        """``metadata.namespace``; ``None`` means unknown, since the applier may set it. The API server takes
        an empty one for unset."""
        return self.node.get("metadata", "namespace").text or None

    @cached_property
    def object(self) -> ObjectRef:
        """Kind, namespace and name; of what a kustomization builds those that its source has."""
        if isinstance(self.node.document, BuiltDocument):
            return self.node.document.written
        return ObjectRef(self.kind, self.name, self.namespace)

    @property
    def is_built(self) -> bool:
        """Whether it is the work of a kustomization."""
        return isinstance(self.node.document, BuiltDocument)

    @cached_property
    def labels(self) -> dict[str, str]:
        """``metadata.labels`` with text values."""
        return string_map(self.node.get("metadata", "labels"))

    @cached_property
    def annotations(self) -> dict[str, str]:
        """``metadata.annotations`` with text values."""
        return string_map(self.node.get("metadata", "annotations"))

    def get(self, *route: str | int) -> Node:
        """The node some steps below the object's root."""
        return self.node.get(*route)


@dataclass(frozen=True)
class ObjectFacet:
    """A Kubernetes object as one of the things that it is, such as a workload, or one setting in it."""

    base: KubernetesObject

    @property
    def source(self) -> Document:
        """The document that holds the object."""
        return self.base.source

    @property
    def object(self) -> ObjectRef:
        """Kind, namespace and name."""
        return self.base.object

    @property
    def kind(self) -> str:
        """The object's kind."""
        return self.base.kind

    @property
    def name(self) -> str:
        """The object's name."""
        return self.base.name

    @property
    def namespace(self) -> str | None:
        """The object's namespace; ``None`` if unknown."""
        return self.base.namespace


def objects_of(document: Document) -> Iterator[KubernetesObject]:
    """The objects of one document; a ``List`` (of any kind) gives its items."""
    root = document.root
    kind = root.get("kind").text
    if kind is None or root.get("apiVersion").text is None:
        return
    items = root.get("items")
    if kind.endswith("List") and items.is_list:
        for item in items.elements():
            if item.get("kind").text is not None and item.get("apiVersion").text is not None:
                yield KubernetesObject(item)
    else:
        yield KubernetesObject(root)


def string_map(node: Node) -> dict[str, str]:
    """A map of strings; entries of another type are left out, as the API server refuses them."""
    return {key: value.text for key, value in node.items() if value.text is not None}
