"""Charts that the objects of a repository install from elsewhere: what these make cannot be seen here.

Sources: the Application API of Argo CD (``spec.source`` and ``spec.sources``), the HelmRelease and HelmChart
APIs of Flux.
"""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename

from archlint.documents import Node
from archlint.model.kubernetes.building.appliers import folder_of, folders_in
from archlint.model.kubernetes.commands import helm_releases
from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.world import World


def installed_elsewhere(world: World) -> frozenset[str]:
    """The names of the charts, and of their releases, which charts write into labels; ask with
    ``world.fact(installed_elsewhere)``."""
    found = (name for item in world.all(KubernetesObject) for name in _of_object(item, world))
    return frozenset(name for name in found if name) | world.fact(helm_releases)


def _of_object(item: KubernetesObject, world: World) -> Iterator[str | None]:
    spec = item.get("spec")
    if item.kind == "HelmRelease":
        chart = spec.get("chart", "spec", "chart")
        if not _is_here(chart, world):
            yield from (item.name, spec.get("releaseName").text, basename(chart.text or ""))
            yield spec.get("chartRef", "name").text
    elif item.kind == "Application":
        for source in (spec.get("source"), *spec.get("sources").elements()):
            chart, path = source.get("chart"), source.get("path")
            if chart.text or (path.text and not _is_here(path, world)):
                yield from (item.name, source.get("helm", "releaseName").text)
                yield basename(chart.text or path.text or "")


def _is_here(path: Node, world: World) -> bool:
    """Whether a path of a source is a folder here, as one of this repository is."""
    folder = folder_of(path.text or "")
    return folder is not None and folder in world.fact(folders_in)
