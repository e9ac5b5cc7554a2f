"""Deployment sets: manifests that are applied together.

Real repositories define the same object several times (a plain manifest, an overlay, a release bundle), so a
join must know which definitions belong together. A kustomization with all it includes is a set; what no
kustomization includes belongs to the largest folder in which no object occurs twice.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from posixpath import dirname

from archlint.files import Kind
from archlint.model.kubernetes.kustomizations import Kustomization
from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.world import World

ObjectKey = tuple[str, str, str | None, str]


def object_key(item: KubernetesObject) -> ObjectKey:
    """What makes two definitions the same object: group (not version), kind, namespace and name."""
    return (item.group, item.kind, item.namespace, item.name)


@dataclass(frozen=True)
class DeploymentSet:
    """Objects that are applied together; ``name`` is the folder or kustomization that holds them."""

    name: str
    paths: frozenset[str]
    objects: tuple[KubernetesObject, ...]
    kustomizations: tuple[Kustomization, ...] = ()

    @cached_property
    def by_kind(self) -> dict[str, list[KubernetesObject]]:
        """The objects by kind."""
        found: dict[str, list[KubernetesObject]] = defaultdict(list)
        for item in self.objects:
            found[item.kind].append(item)
        return dict(found)

    @property
    def is_complete(self) -> bool:
        """Whether everything in the set can be read; remote bases and rendered charts cannot."""
        return not any(item.has_remote for item in self.kustomizations)


class DeploymentSets:
    """All sets of a world."""

    def __init__(self, sets: Iterable[DeploymentSet]) -> None:
        self.sets: tuple[DeploymentSet, ...] = tuple(sets)
        self._by_path: dict[str, list[DeploymentSet]] = defaultdict(list)
        for item in self.sets:
            for path in item.paths:
                self._by_path[path].append(item)

    def of(self, item: KubernetesObject) -> Sequence[DeploymentSet]:
        """The sets that an object belongs to: several where overlays share a base."""
        return self._by_path.get(item.source.path, ())


def deployment_sets(world: World) -> DeploymentSets:
    """The sets of a world; ask for them with ``world.fact(deployment_sets)``."""
    by_path: dict[str, list[KubernetesObject]] = defaultdict(list)
    for item in world.all(KubernetesObject):
        by_path[item.source.path].append(item)
    kustomized = list(_kustomized(world, by_path))
    taken = {path for item in kustomized for path in item.paths}
    rest = {path: objects for path, objects in by_path.items() if path not in taken}
    return DeploymentSets([*kustomized, *_folders(rest)])


def _kustomized(world: World, by_path: dict[str, list[KubernetesObject]]) -> Iterator[DeploymentSet]:
    by_folder = {item.folder: item for item in world.all(Kustomization)}
    included = {name for item in by_folder.values() for name in item.includes}
    for folder, top in by_folder.items():
        if folder in included and any(
            folder in other.includes for other in by_folder.values() if other != top
        ):
            continue
        members = _members(top, by_folder)
        paths = sorted({name for member in members for name in member.includes if name in by_path})
        objects = tuple(item for path in paths for item in by_path[path])
        yield DeploymentSet(folder or ".", frozenset(paths), objects, tuple(members))


def _members(top: Kustomization, by_folder: dict[str, Kustomization]) -> list[Kustomization]:
    """A kustomization and all that it includes, each once."""
    members: dict[str, Kustomization] = {}
    waiting = [top]
    while waiting:
        member = waiting.pop()
        if member.folder in members:
            continue
        members[member.folder] = member
        waiting.extend(by_folder[name] for name in member.includes if name in by_folder)
    return list(members.values())


def _folders(by_path: dict[str, list[KubernetesObject]]) -> Iterator[DeploymentSet]:
    """Sets for plain files: the highest folders without a repeated object, else the files by themselves."""
    below: dict[str, list[str]] = defaultdict(list)
    for path in by_path:
        for folder in _ancestors(path):
            below[folder].append(path)
    clean = {folder for folder, paths in below.items() if not _repeats(by_path, paths)}
    homes: dict[str, list[str]] = defaultdict(list)
    for path in sorted(by_path):
        homes[_home(path, clean)].append(path)
    for home, paths in homes.items():
        yield DeploymentSet(
            home or ".", frozenset(paths), tuple(item for path in paths for item in by_path[path])
        )


def _ancestors(path: str) -> Iterator[str]:
    folder = dirname(path)
    while folder:
        yield folder
        folder = dirname(folder)
    yield ""


def _home(path: str, clean: set[str]) -> str:
    """The highest clean folder that is reached through clean folders only, else the file itself."""
    home = path
    for folder in _ancestors(path):
        if folder not in clean:
            break
        home = folder
    return home


def _repeats(by_path: dict[str, list[KubernetesObject]], paths: Iterable[str]) -> bool:
    """Whether two files define the same object."""
    owner: dict[ObjectKey, str] = {}
    return any(owner.setdefault(object_key(item), path) != path for path in paths for item in by_path[path])


def find_objects(
    world: World,
    asker: KubernetesObject,
    kinds: str | Sequence[str],
    name: str | None = None,
    namespace: str | None = None,
) -> list[KubernetesObject]:
    """Objects of some kinds that ``asker`` may mean: of its own sets if there are any, else of the world.

    ``None`` as name means any name, as namespace an unknown one; an object whose own namespace is unknown
    fits every namespace.
    """
    wanted = (kinds,) if isinstance(kinds, str) else kinds
    sets = world.fact(deployment_sets)
    own = [item for group in sets.of(asker) for item in _matching(group, wanted, name, namespace)]
    if own:
        return list(dict.fromkeys(own))
    found = (item for group in sets.sets for item in _matching(group, wanted, name, namespace))
    return list(dict.fromkeys(found))


def _matching(
    group: DeploymentSet, kinds: Sequence[str], name: str | None, namespace: str | None
) -> Iterator[KubernetesObject]:
    for kind in kinds:
        for item in group.by_kind.get(kind, ()):
            if name is not None and item.name != name:
                continue
            if namespace is None or item.namespace is None or item.namespace == namespace:
                yield item


def may_be_elsewhere(world: World, asker: KubernetesObject, kind: str, name: str) -> bool:
    """Whether something that archlint does not read as objects may define ``name``.

    That is a remote base or rendered chart in the asker's set, a kustomize generator, or a chart whose
    templates or values mention the name.
    """
    sets = world.fact(deployment_sets)
    for group in sets.of(asker):
        if not group.is_complete:
            return True
    if any((kind, name) in item.generated for item in world.all(Kustomization)):
        return True
    return name in world.fact(_chart_words)


_WORD = re.compile(r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?")


def _chart_words(world: World) -> frozenset[str]:
    """Every word in charts that could be an object's name, names of chart folders included."""
    words: set[str] = set()
    for path in world.paths(Kind.CHART, Kind.CHART_VALUES, Kind.CHART_TEMPLATE):
        text = world.text(path)
        if text is not None:
            words.update(_WORD.findall(text))
    return frozenset(words)
