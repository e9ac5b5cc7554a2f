"""Kustomizations: which files each one puts together, and what it defines that no file shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from posixpath import dirname, normpath
from posixpath import join as join_path

from archlint.documents import Document, Node
from archlint.files import Kind
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.model.kubernetes.building.patches import patches_of
from archlint.model.world import World

FLUX = "kustomize.toolkit.fluxcd.io/"
ARGO = "argoproj.io/"
_GROUP = "kustomize.config.k8s.io/"
_INCLUDES = ("resources", "bases", "components", "crds")
_GENERATORS = ("configMapGenerator", "secretGenerator")


@dataclass(frozen=True)
class Kustomization:
    """One kustomization file."""

    node: Node

    @classmethod
    def all(cls, world: World) -> Iterable[Kustomization]:
        """Every kustomization in the world."""
        for document in world.documents(Kind.KUSTOMIZATION):
            yield cls(document.root)

    @property
    def source(self) -> Document:
        """The kustomization file."""
        return self.node.document

    @property
    def object(self) -> ObjectRef:
        """The kustomization; most have no name, and a place in the repository is none."""
        return ObjectRef("Kustomization", self.node.get("metadata", "name").text or "kustomization")

    @property
    def folder(self) -> str:
        """The folder that holds the file; the root is the empty string."""
        return dirname(self.node.document.path)

    @cached_property
    def includes(self) -> tuple[str, ...]:
        """Files and folders that it names, relative to the root."""
        named = (item.text for key in _INCLUDES for item in self.node.get(key).elements())
        return tuple(normpath(join_path(self.folder, name)) for name in named if name and not is_remote(name))

    @cached_property
    def has_remote(self) -> bool:
        """Whether it takes in something that is not in the repository, or renders a chart."""
        named = (item.text or "" for key in _INCLUDES for item in self.node.get(key).elements())
        return any(map(is_remote, named)) or any(
            self.node.get(key).is_set for key in ("helmCharts", "helmChartInflationGenerator", "generators")
        )

    @cached_property
    def generated(self) -> frozenset[tuple[str, str]]:
        """Kind and name of the objects that its generators make, without the hash that is appended."""
        return frozenset(
            ("ConfigMap" if key == "configMapGenerator" else "Secret", item.get("name").text or "")
            for key in _GENERATORS
            for item in self.node.get(key).elements()
        )

    @property
    def is_own(self) -> bool:
        """Whether a file is kustomize's own: Flux has a kind of the same name."""
        version = self.node.get("apiVersion")
        return self.node.is_map and (not version.is_set or (version.text or "").startswith(_GROUP))

    @property
    def namespace(self) -> str | None:
        """The namespace it puts everything into, if it names one."""
        return self.node.get("namespace").text


def tops_of(every: Mapping[str, Kustomization]) -> Iterator[str]:
    """The folders of those that no other one takes in, and one of each ring; components need another one."""
    inside = {name for folder, item in every.items() for name in item.includes if _folder(name) != folder}
    alone = [folder for folder, item in every.items() if not _is_component(item)]
    seen: set[str] = set()
    for folder in (*(each for each in alone if (each or ".") not in inside), *sorted(alone)):
        if folder not in seen:
            yield folder
            _see(folder, every, seen)


def _is_component(item: Kustomization) -> bool:
    return item.node.get("kind").text == "Component"


def _see(folder: str, every: Mapping[str, Kustomization], seen: set[str]) -> None:
    """Note all that a kustomization takes in, and itself."""
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        if here in every and here not in seen:
            seen.add(here)
            waiting.extend(map(_folder, every[here].includes))


def reached(tops: Sequence[Kustomization], every: Mapping[str, Kustomization]) -> Iterator[str]:
    """All files that kustomizations take in, with their patches, and their own."""
    seen: set[str] = set()
    waiting = list(tops)
    while waiting:
        item = waiting.pop()
        if item.folder in seen:
            continue
        seen.add(item.folder)
        yield item.source.path
        yield from patches_of(item.source)
        for name in item.includes:
            inner = every.get(_folder(name))
            if inner is not None:
                waiting.append(inner)
            else:
                yield name


def _folder(name: str) -> str:
    return "" if name == "." else name


def appliers_in(documents: Iterable[Document]) -> Iterator[Node]:
    """The objects that may apply folders: those of Flux and Argo CD."""
    for document in documents:
        root = document.root
        if not root.is_map:
            continue
        nodes = (
            (root, *root.get("items").elements())
            if (root.get("kind").text or "").endswith("List")
            else (root,)
        )
        for node in nodes:
            if (node.get("apiVersion").text or "").startswith((FLUX, ARGO)):
                yield node


def kustomized_folders(world: World) -> frozenset[str]:
    """The folders with a kustomization; ask with ``world.fact(kustomized_folders)``."""
    return frozenset(map(dirname, world.paths(Kind.KUSTOMIZATION)))


def taken_in(world: World) -> frozenset[str]:
    """The files and folders that kustomizations take in; ask with ``world.fact(taken_in)``."""
    return frozenset(name for item in world.all(Kustomization) for name in item.includes)


def is_remote(name: str) -> bool:
    """Whether a resource is a URL or a repository and not a path (kustomize's "remote targets")."""
    first = name.split("/", 1)[0]
    return (
        "://" in name
        or "?ref=" in name
        or name.startswith("git@")
        or ("." in first.strip(".") and "/" in name and not first.endswith((".yaml", ".yml", ".json")))
    )
