"""What is built of the files of a repository, by kustomizations and by charts."""

from __future__ import annotations

from archlint.files import Kind
from archlint.finding.records import replace
from archlint.model.kubernetes.building.kustomized import Builds, kustomized
from archlint.model.kubernetes.building.patches import patches_of
from archlint.model.kubernetes.building.renderings import renderings
from archlint.model.world import World


def builds(world: World) -> Builds:
    """What is built; ask with ``world.fact(builds)``."""
    made, charts = world.fact(kustomized), world.fact(renderings)
    return replace(made, documents=(*made.documents, *charts.documents), charts=charts)


def patch_text(world: World) -> str:
    """The text of all patches of which nothing is built, those written into a kustomization included, to
    look words up in."""
    built = world.fact(builds).members
    left = [document for document in world.documents(Kind.KUSTOMIZATION) if document.path not in built]
    files = (world.text(path) or "" for path in sorted({path for each in left for path in patches_of(each)}))
    inline = (
        text
        for document in left
        for key in ("patches", "patchesJson6902", "patchesStrategicMerge")
        for entry in document.root.get(key).elements()
        if (text := entry.get("patch").text or entry.text)
    )
    return "\n".join((*files, *inline))
