"""A kustomization file, its fields checked and older spellings understood."""

from __future__ import annotations

from archlint.documents.kustomize.changes import Changes, change, generated_kustomization
from archlint.documents.kustomize.refusal import Refusal
from archlint.documents.kustomize.shapes import check_shape
from archlint.documents.kustomize.sources import Sources
from archlint.documents.kustomize.values import Origin, Value

_KINDS = {
    "Kustomization": "kustomize.config.k8s.io/v1beta1",
    "Component": "kustomize.config.k8s.io/v1alpha1",
}


_LISTS_OF_TEXTS = frozenset(
    {
        *("resources", "bases", "components", "crds", "configurations", "patchesStrategicMerge"),
        *("generators", "transformers", "validators"),
    }
)


class Settings:
    """What the kustomization file of a folder says."""

    def __init__(self, sources: Sources, folder: str, asked: Origin, changes: Changes | None = None) -> None:
        """``asked`` is what names the folder; ``changes`` are made by who applies it."""
        self.folder = folder
        found = sources.kustomization(folder)
        if not found and changes is not None and changes.files:
            self.path = changes.path
            self.value = generated_kustomization(changes.files, changes.origin)
            self.origin: Origin = changes.origin
            change(self.value, changes.fields)
            self._check_kind()
            return
        if not found:
            raise sources.missing(folder, f"'{folder or '.'}' has no kustomization file.", asked)
        if len(found) > 1:
            raise Refusal(f"'{folder or '.'}' has several kustomization files.", asked)
        self.path = found[0]
        documents = sources.top(self.path)
        if not documents:
            raise Refusal(f"'{self.path}' is empty.", asked if asked[1] is not None else (None, None))
        self.value = documents[0]
        self.origin = self.value.origin
        check_shape(self.value, "Kustomization")
        said = self.value.data.items()
        if all(value.data is None or key in ("apiVersion", "kind") for key, value in said):
            raise Refusal("The kustomization is empty.", self.origin)
        if changes is not None:
            change(self.value, changes.fields)
        self._check_kind()

    def _check_kind(self) -> None:
        kind, version = self.text("kind"), self.text("apiVersion")
        self.kind = kind.text if kind is not None else "Kustomization"
        if self.kind not in _KINDS:
            assert kind is not None
            raise Refusal("'kind' must be Kustomization or Component.", kind.origin)
        if version is not None and version.text != _KINDS[self.kind]:
            raise Refusal(f"'apiVersion' must be {_KINDS[self.kind]}.", version.origin)

    @property
    def is_component(self) -> bool:
        """Whether it changes what another kustomization has."""
        return self.kind == "Component"

    @property
    def resources(self) -> list[Value]:
        """The files and bases that it takes in."""
        return self.entries("resources") + self.entries("bases")

    @property
    def images(self) -> list[Value]:
        """The images that it replaces."""
        return self.entries("images") + self.entries("imageTags")

    def entries(self, key: str) -> list[Value]:
        """The items of a list; null is an empty map where maps are listed, as kustomize takes it."""
        found = self.value.get(key)
        items = list(found.data) if found is not None and found.data else []
        if key in _LISTS_OF_TEXTS:
            return items
        return [Value({}, item.origin) if item.data is None else item for item in items]

    def text(self, *route: str) -> Value | None:
        """A text that says something."""
        found = self.value.get(*route)
        return found if found is not None and found.text else None
