"""Charts written for tests, and what archlint makes of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from archlint.documents import Document
from archlint.documents.charts.rendering import Release
from archlint.documents.kustomize.built import BuiltDocument
from archlint.engine.reading import read_world
from archlint.files import WorkingTree
from archlint.finding import Token
from archlint.model.kubernetes.building.rendered import Renderings
from archlint.model.kubernetes.building.renderings import renderings
from archlint.model.world import World
from tests.support.charts import with_charts

CHART = "apiVersion: v2\nname: cart\nversion: 1.0.0\n"


def world_of(folder: Path, files: Mapping[str, str], *releases: Release, version: str = "1.37") -> World:
    """The world of some files, laid out in a folder."""
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
    paths = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir())
    return with_charts(read_world(WorkingTree(folder), paths), *releases, version=version)


def rendered(folder: Path, files: Mapping[str, str], *releases: Release, version: str = "1.37") -> Renderings:
    """What the charts among some files render."""
    return world_of(folder, files, *releases, version=version).fact(renderings)


def objects(made: Renderings) -> dict[tuple[str, str], BuiltDocument]:
    """By kind and name."""
    return {(item.data["kind"], item.data["metadata"]["name"]): item for item in made.documents}


def line_of(document: Document, *route: str | int) -> str:
    """Where a part of an object stands, as ``path:line``."""
    place = document.place(route, Token.ANCHOR)
    return f"{place.source.path}:{place.span().line}"
