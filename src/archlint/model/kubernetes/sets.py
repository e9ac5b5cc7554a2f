"""Deployment sets: manifests that are applied together.

Real repositories define the same object several times (a plain manifest, an overlay, a release bundle), so a
join must know which definitions belong together. A kustomization with all it includes is a set; what no
kustomization includes belongs to the largest folder in which no object occurs twice.

Which of several objects of one name somebody means: those that are applied together with the asker.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from posixpath import dirname

from archlint.files import Kind
from archlint.files.folders import folders_above
from archlint.files.kinds import is_called_values
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.kubernetes.building.builds import builds
from archlint.model.kubernetes.building.kustomizations import Kustomization
from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.kubernetes.values_names import named_in_values
from archlint.model.world import World

SetsKey = tuple[int, ...]
"""Which deployment sets something belongs to."""
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
    has_unseen: bool = False
    """Whether a kustomization takes in what is left out of the world, or is not there."""
    is_built: bool = False
    """Whether its objects are what kustomize makes of the files."""

    @cached_property
    def by_kind(self) -> dict[str, list[KubernetesObject]]:
        """The objects by kind."""
        found: dict[str, list[KubernetesObject]] = defaultdict(list)
        for item in self.objects:
            found[item.kind].append(item)
        return dict(found)

    @cached_property
    def by_name(self) -> dict[tuple[str, str], list[KubernetesObject]]:
        """The objects by kind and name."""
        found: dict[tuple[str, str], list[KubernetesObject]] = defaultdict(list)
        for item in self.objects:
            found[item.kind, item.name].append(item)
        return dict(found)

    @property
    def is_plain(self) -> bool:
        """Whether it is a folder of files of which nobody says that they are applied."""
        return not self.is_built and not self.kustomizations

    @cached_property
    def is_complete(self) -> bool:
        """Whether everything in the set can be read; remote bases and rendered charts cannot."""
        return not self.has_unseen and (
            self.is_built or not any(item.has_remote for item in self.kustomizations)
        )


class DeploymentSets:
    """All sets of a world."""

    def __init__(self, sets: Iterable[DeploymentSet]) -> None:
        self.sets: tuple[DeploymentSet, ...] = tuple(sets)
        numbers: dict[str, list[int]] = defaultdict(list)
        for number, item in enumerate(self.sets):
            for path in item.paths:
                numbers[path].append(number)
        self._groups: list[tuple[DeploymentSet, ...]] = [()]
        self._group_of: dict[str, int] = {}
        known: dict[tuple[int, ...], int] = {(): 0}
        for path, found in numbers.items():
            group = known.setdefault(tuple(found), len(known))
            if group == len(self._groups):
                self._groups.append(tuple(self.sets[number] for number in found))
            self._group_of[path] = group
        self._plain = [all(each.is_plain for each in group) for group in self._groups]
        self._beside: dict[int, frozenset[str]] = {0: frozenset()}

    def of(self, item: KubernetesObject) -> Sequence[DeploymentSet]:
        """The sets that an object belongs to: several where overlays share a base."""
        return self._groups[self.group_of(item)]

    def group_of(self, item: KubernetesObject) -> int:
        """A number that is the same for all objects that belong to the same sets."""
        return self._group_of.get(item.source.path, 0)

    def are_together(self, one: KubernetesObject, other: KubernetesObject) -> bool:
        """Whether two objects are applied together: some set has both."""
        groups = set(map(id, self.of(one)))
        return any(id(group) in groups for group in self.of(other))

    def are_applied_alike(self, one: KubernetesObject, other: KubernetesObject) -> bool:
        """Whether nothing tells two objects apart by how they are applied: plain files beside kustomizations
        and charts that leave them out may be for another cluster, or for none."""
        return self.is_plain(one) is self.is_plain(other) or self.are_together(one, other)

    def is_plain(self, item: KubernetesObject) -> bool:
        """Whether an object stands in files alone that no kustomization or chart takes in."""
        return self._plain[self.group_of(item)]

    def paths_beside(self, item: KubernetesObject) -> frozenset[str]:
        """The files of all sets that an object belongs to."""
        group = self.group_of(item)
        if group not in self._beside:
            paths = [each.paths for each in self._groups[group]]
            self._beside[group] = paths[0] if len(paths) == 1 else frozenset().union(*paths)
        return self._beside[group]


def deployment_sets(world: World) -> DeploymentSets:
    """The sets of a world; ask for them with ``world.fact(deployment_sets)``."""
    by_path: dict[str, list[KubernetesObject]] = defaultdict(list)
    built: dict[str, list[KubernetesObject]] = defaultdict(list)
    for item in world.all(KubernetesObject):
        (built if item.is_built else by_path)[item.source.path].append(item)
    kustomized = [*_built(world, built, by_path), *_kustomized(world, by_path)]
    taken = {path for item in kustomized for path in item.paths}
    rest = {path: objects for path, objects in by_path.items() if path not in taken}
    return DeploymentSets([*kustomized, *_folders(rest)])


def _built(
    world: World, built: dict[str, list[KubernetesObject]], by_path: dict[str, list[KubernetesObject]]
) -> Iterator[DeploymentSet]:
    """One set for each kustomization that was built, and for each chart with each of its sets of values."""
    kustomizations = {item.source.path: item for item in world.all(Kustomization)}
    made = world.fact(builds)
    crds = dict(made.charts.crds)
    for path, objects in built.items():
        through = objects[0].source.through
        members = tuple(kustomizations[member] for member in through if member in kustomizations)
        name = dirname(path) or "."
        beside = [each for each in crds.get(path, ()) if each in by_path]
        every = (*objects, *(item for each in beside for item in by_path[each]))
        has_unseen = path in made.charts.incomplete or path in made.partial
        yield DeploymentSet(
            name, frozenset((path, *beside)), every, members, has_unseen=has_unseen, is_built=True
        )


def _kustomized(world: World, by_path: dict[str, list[KubernetesObject]]) -> Iterator[DeploymentSet]:
    built = world.fact(builds).members
    by_folder = {item.folder: item for item in world.all(Kustomization) if item.source.path not in built}
    includers: dict[str, set[str]] = defaultdict(set)
    for item in by_folder.values():
        for name in item.includes:
            includers[name].add(item.folder)
    for folder, top in by_folder.items():
        if includers[folder] - {folder}:
            continue
        members = _members(top, by_folder)
        paths = sorted({name for member in members for name in member.includes if name in by_path})
        objects = tuple(item for path in paths for item in by_path[path])
        has_unseen = any(
            name not in by_folder and name not in world.kinds
            for member in members
            for name in member.includes
        )
        yield DeploymentSet(folder or ".", frozenset(paths), objects, tuple(members), has_unseen)


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
        for folder in folders_above(path):
            below[folder].append(path)
    clean = {folder for folder, paths in below.items() if not _repeats(by_path, paths)}
    homes: dict[str, list[str]] = defaultdict(list)
    for path in sorted(by_path):
        homes[_home(path, clean)].append(path)
    for home, paths in homes.items():
        yield DeploymentSet(
            home or ".", frozenset(paths), tuple(item for path in paths for item in by_path[path])
        )


def _home(path: str, clean: set[str]) -> str:
    """The highest clean folder that is reached through clean folders only, else the file itself."""
    home = path
    for folder in folders_above(path):
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
    known = world.fact(_found)
    if name is not None and not any((kind, name) in world.fact(_all_names) for kind in wanted):
        return []
    for number, groups in ((sets.group_of(asker), sets.of(asker)), (-1, sets.sets)):
        key = (number, tuple(wanted), name, namespace)
        if key not in known:
            found = (item for group in groups for item in _matching(group, wanted, name, namespace))
            known[key] = tuple(dict.fromkeys(found))
        if known[key]:
            break
    return list(known[key])


_Question = tuple[int, tuple[str, ...], str | None, str | None]
"""Who asks (-1 for the whole world), kinds, name and namespace."""


def _found(world: World) -> dict[_Question, tuple[KubernetesObject, ...]]:
    """What was found already, by the question."""
    return {}


def _all_names(world: World) -> frozenset[tuple[str, str]]:
    """Kind and name of every object."""
    return frozenset((item.kind, item.name) for item in world.all(KubernetesObject))


def _matching(
    group: DeploymentSet, kinds: Sequence[str], name: str | None, namespace: str | None
) -> Iterator[KubernetesObject]:
    for kind in kinds:
        found = group.by_kind.get(kind, ()) if name is None else group.by_name.get((kind, name), ())
        for item in found:
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
    return is_unseen(world, kind, name)


def is_unseen(world: World, kind: str, name: str) -> bool:
    """Whether a kustomize generator makes an object of this name, or a chart mentions the name."""
    return (kind, name) in world.fact(_generated) or name in world.fact(_chart_words)


def _generated(world: World) -> frozenset[tuple[str, str]]:
    """Kind and name of all that generators of kustomizations make."""
    built = world.fact(builds).members
    unbuilt = (item for item in world.all(Kustomization) if item.source.path not in built)
    return frozenset(pair for item in unbuilt for pair in item.generated)


_WORD = regex(r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?")


def _chart_words(world: World) -> frozenset[str]:
    """Every word in charts that could be an object's name, names of chart folders included, and what values
    for charts of others name."""
    words: set[str] = set()
    for path in world.paths(Kind.CHART, Kind.CHART_VALUES, Kind.CHART_TEMPLATE):
        words.update(_WORD.findall(world.text(path) or ""))
    for path in filter(is_called_values, world.paths(Kind.DATA)):
        words.update(named_in_values(world.text(path) or ""))
    return frozenset(words)


def fits(item: KubernetesObject, namespace: str | None) -> bool:
    """Whether an object may be in a namespace; an unknown one fits every other."""
    return namespace is None or item.namespace is None or item.namespace == namespace


def nearest(
    sets: DeploymentSets,
    asker: KubernetesObject,
    candidates: Iterable[KubernetesObject],
    namespace: str | None,
) -> list[KubernetesObject]:
    """The candidates that fit a namespace: of the asker's own deployment sets if there are any, else all."""
    fitting = [item for item in candidates if fits(item, namespace)]
    own = sets.paths_beside(asker)
    near = [item for item in fitting if item.source.path in own]
    return near or fitting
