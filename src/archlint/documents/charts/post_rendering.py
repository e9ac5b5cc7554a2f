"""What Flux changes in the objects of a release after Helm has rendered them: ``postRenderers`` with the
patches and images of kustomize, and ``commonMetadata``.

Source: the HelmRelease API (helm.toolkit.fluxcd.io/v2).
"""

from __future__ import annotations

from collections.abc import Iterable

from archlint.documents.kustomize.changes import put_entries
from archlint.documents.kustomize.images import set_images
from archlint.documents.kustomize.patches import Patcher
from archlint.documents.kustomize.paths import NO_SPECS
from archlint.documents.kustomize.resource import Resource
from archlint.documents.kustomize.resources import Resources
from archlint.documents.kustomize.schema import schema_of
from archlint.documents.kustomize.sources import Sources
from archlint.documents.kustomize.values import Value


def post_rendered(objects: Iterable[Value], spec: Value, sources: Sources) -> list[Value]:
    """The objects of a release as its ``spec`` changes them; raises ``Refusal`` where that cannot be done."""
    resources = Resources(map(Resource, objects))
    for renderer in _items(spec.get("postRenderers")):
        patcher = Patcher(resources, sources, "", schema_of)
        for entry in _items(renderer.get("kustomize", "patches")):
            if entry.get("patch") is not None and entry.get("path") is None:
                patcher.apply(entry)
        set_images(resources, _items(renderer.get("kustomize", "images")), NO_SPECS)
        resources.drop_gone()
    for field in ("labels", "annotations"):
        said = spec.get("commonMetadata", field)
        if said is not None and isinstance(said.data, dict):
            for item in resources:
                put_entries(field, said)(item)
    return [item.root for item in resources]


def _items(found: Value | None) -> list[Value]:
    listed = found.data if found is not None and isinstance(found.data, list) else []
    return [item for item in listed if isinstance(item.data, dict)]
