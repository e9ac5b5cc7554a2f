"""What the generators of ApplicationSets look at in this repository, and which URLs may be its own."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.documents.kustomize.values import Value, at_route, from_document
from archlint.files import Kind
from archlint.model.kubernetes.building.application_sets import Repository, claimed
from archlint.model.kubernetes.building.appliers import OwnSources, entries, folder_of, folders_in, text
from archlint.model.kubernetes.building.kustomizations import appliers_in
from archlint.model.world import World


def set_repository(world: World) -> Repository:
    """The folders and files of the repository; ask with ``world.fact(set_repository)``."""
    paths = sorted(world.kinds)
    folders = sorted(world.fact(folders_in))

    def read(path: str) -> list[Value]:
        return [from_document(document) for document in world.loaded(path).documents]

    found = appliers_in(world.documents(Kind.KUBERNETES))
    values = [at_route(node.document, node.route) for node in found]
    listed = {"directories": folders, "files": paths}
    own = OwnSources(
        [claim for value in values for claim in _named(value)],
        [claim for value in values for claim in claimed(value, listed)],
        {*folders, *paths},
    )
    return Repository(folders, paths, read, own.may_be)


def _named(value: Value) -> Iterator[tuple[str, str]]:
    """The repositories that an Application names, with the folders."""
    if text(value, "kind") != "Application":
        return
    single = value.get("spec", "source")
    for source in (*entries(value, "spec", "sources"), *([single] if single is not None else ())):
        folder = folder_of(text(source, "path"))
        if folder is not None and text(source, "path"):
            yield text(source, "repoURL"), folder
