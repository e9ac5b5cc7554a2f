"""Whose source a folder holds: what is built from it, runs an image of its name, or is called as it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING

from archlint.documents import Node
from archlint.model.appconfig.application_names import application_names
from archlint.model.compose.mounts import mounted_paths
from archlint.model.kubernetes import KubernetesObject
from archlint.model.system.compose_systems import built_folders
from archlint.model.system.folders import SourceFolder, named_folder
from archlint.model.system.images import WEB_SERVERS, image_name, image_repository
from archlint.model.system.names import plain, stem
from archlint.model.world import World

if TYPE_CHECKING:
    from archlint.model.system.parties import Party


class FolderHomes:
    """The parties of a world that are deployed, by what may tie a folder of source to them."""

    def __init__(self, world: World, parties: Iterable[Party]) -> None:
        self._mounted: dict[str, list[Party]] = defaultdict(list)
        self._built: dict[str, list[Party]] = defaultdict(list)
        self._images: dict[str, list[Party]] = defaultdict(list)
        self._repositories: dict[str, list[Party]] = defaultdict(list)
        self._names: dict[str, list[Party]] = defaultdict(list)
        self._stems: dict[str, list[Party]] = defaultdict(list)
        self._applications = world.fact(application_names)
        for party in parties:
            self._note(party)
        for folder, image in _skaffold_builds(world):
            self._built[folder] += self._repositories.get(image, ())

    def of(self, folder: SourceFolder) -> Sequence[Party]:
        """The parties whose source a folder holds, by the surest sign that there is."""
        called = (plain(name) for name in self._applications.get(folder.path, ()))
        return (
            self._built.get(folder.path)
            or self._mounted_by(folder)
            or self._names.get(plain(folder.name))
            or self._images.get(folder.name)
            or next((self._names[name] for name in called if name in self._names), None)
            or self._stems.get(stem(folder.name))
            or ()
        )

    def _mounted_by(self, folder: SourceFolder) -> Sequence[Party]:
        """The one party that sees a folder as its own source."""
        found = self._mounted.get(folder.path, ()) if folder.path else ()
        return found if len(found) == 1 else ()

    def _note(self, party: Party) -> None:
        for composed in party.composed:  # a web server has the files of the program behind it
            if composed.store_protocol is None and image_name(composed.image or "") not in WEB_SERVERS:
                for path in mounted_paths(composed):
                    _add(self._mounted[path], party)
        for composed in party.composed:
            for path in built_folders(composed):
                _add(self._built[path], party)
        for hosted in party.hosted:
            if hosted.folder:
                _add(self._built[hosted.folder], party)
        for image in images_of(party):
            _add(self._images[image_name(image)], party)
            _add(self._repositories[image_repository(image)], party)
        for name in names_of(party):
            _add(self._names[plain(name)], party)
            _add(self._stems[stem(name)], party)


def _add(parties: list[Party], party: Party) -> None:
    if not any(item is party for item in parties):
        parties.append(party)


def images_of(party: Party) -> set[str]:
    """The images that a party runs, without what runs beside its main containers."""
    found = {item.image for item in party.composed if item.image}
    for workload in party.service.workloads if party.service else ():
        for container in workload.containers:
            image = container.get("image").text
            if image and container.role == "main":
                found.add(image)
    return found


def runs_web_server(party: Party) -> bool:
    """Whether a party is a web server or proxy off the shelf, which answers with what is behind it."""
    images = images_of(party)
    return bool(images) and all(image_name(image) in WEB_SERVERS for image in images)


def names_of(party: Party) -> set[str]:
    """What a party is called in the cluster and in compose files."""
    found = {party.name, *(item.name for item in party.composed)}
    if party.service is not None:
        found.update(front.name for front in party.service.fronts)
        found.update(workload.name for workload in party.service.workloads)
    return found


def _skaffold_builds(world: World) -> Iterable[tuple[str, str]]:
    """Folders and the repositories of the images that Skaffold builds from them.

    Source: https://skaffold.dev/docs/references/yaml/ (``build.artifacts``).
    """
    for item in world.all(KubernetesObject):
        if item.group != "skaffold" or item.kind != "Config":
            continue
        parts = [item.get("build"), *(each.get("build") for each in item.get("profiles").elements())]
        for artifact in (each for part in parts for each in part.get("artifacts").elements()):
            image = artifact.get("image").text
            if image:
                yield _artifact_folder(item.source.path, artifact), image_repository(image)


def _artifact_folder(path: str, artifact: Node) -> str:
    """The folder of an artifact: its Dockerfile's, or the module that Jib or ko builds, else the context."""
    context = artifact.get("context").text or artifact.get("workspace").text or "."
    dockerfile = artifact.get("docker", "dockerfile").text
    module = artifact.get("jib", "project").text or artifact.get("ko", "dir").text or ""
    below = dirname(dockerfile) if dockerfile else module
    folder = normpath(join(dirname(path), context, below))
    return named_folder("" if folder == "." else folder)
