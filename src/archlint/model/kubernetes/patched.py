"""What the patches of kustomizations make of objects: settings of workloads, keys of ConfigMaps.

Kustomize documentation, "Patches": a strategic merge patch names its object by kind and name and a container
by its name; a JSON 6902 patch is a list of operations with paths; ``target`` chooses objects by expressions.
Something counts only if each deployment set that holds the workload has such a patch; ``$patch: delete``
gives everything, because nothing of the workload is left.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import product
from posixpath import join as join_path
from posixpath import normpath

from archlint.documents import Document, Node, load_text
from archlint.files import Kind
from archlint.finding.place import steps_of
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.kubernetes.kustomizations import Kustomization
from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.kubernetes.sets import DeploymentSet, deployment_sets
from archlint.model.kubernetes.workloads import Container
from archlint.model.world import World

_KEYS = ("patches", "patchesStrategicMerge", "patchesJson6902")
_PLAIN = regex(r"[A-Za-z0-9-]*\Z")
_ROLES = {"main": "containers", "ephemeral": "ephemeralContainers"}


def is_given(
    container: Container, world: World, route: tuple[str, ...], holds: Callable[[Node], bool]
) -> bool:
    """Whether patches give the container, or its pod, a setting of which something holds."""
    workload = container.workload
    if workload.base.is_built:
        return False
    way = tuple(map(str, workload.pod_spec.route[len(workload.base.node.route) :]))
    key = _ROLES.get(container.role, "initContainers")
    index = container.node.route[-1]

    def gives(patch: _Patch) -> bool:
        if patch.deletes(workload.base):
            return True
        if route[0] not in patch.text:
            return False
        merged = patch.merged(workload.base, way, key, container.name, route)
        named = patch.operated((*way, key, str(index), *route))
        return any(map(holds, (*merged, *named, *patch.operated((*way, *route)))))

    patches = world.fact(_patches).about(workload.base)
    return _is_everywhere(workload.base, world, {patch.folder for patch in patches if gives(patch)})


def is_put(
    item: KubernetesObject, world: World, route: tuple[str, ...], groups: Sequence[DeploymentSet]
) -> bool:
    """Whether patches put something at a route of an object: one in each of some sets, or any if there are
    no sets to look at."""
    if item.is_built:
        return False
    patches = world.fact(_patches).about(item)
    folders = {patch.folder for patch in patches if any(node.is_set for node in patch.put(item, route))}
    return bool(folders) and all(
        any(member.folder in folders for member in group.kustomizations) for group in groups
    )


def _is_everywhere(item: KubernetesObject, world: World, folders: set[str]) -> bool:
    """Whether each set that holds an object has one of the kustomizations."""
    if not folders:
        return False
    sets = world.fact(deployment_sets).of(item)
    return all(any(member.folder in folders for member in group.kustomizations) for group in sets)


@dataclass(frozen=True)
class _Patch:
    """One entry of a kustomization; ``text`` is what it says, or all that is known of its file."""

    folder: str
    target: Node
    text: str
    read: Callable[[], Iterable[Document]]

    @cached_property
    def documents(self) -> tuple[Document, ...]:
        return tuple(self.read())

    @property
    def subjects(self) -> set[tuple[str | None, str | None]]:
        """Kind and name of what it is about; nothing for what an expression says, or does not narrow."""
        if self.target.is_map:
            return {(_plain(self.target.get("kind").text), _plain(self.target.get("name").text))}
        roots = (document.root for document in self.documents)
        return {(root.get("kind").text, root.get("metadata", "name").text) for root in roots}

    def _maps(self, item: KubernetesObject) -> Iterator[Node]:
        """The documents merged into an object: all if the target chose it, else those that name it."""
        for document in self.documents:
            root = document.root
            is_named = (root.get("kind").text, root.get("metadata", "name").text) == (item.kind, item.name)
            if root.is_map and (self.target.is_map or is_named):
                yield root

    def deletes(self, item: KubernetesObject) -> bool:
        """Whether it takes an object away."""
        return "$patch" in self.text and any(root.get("$patch").text == "delete" for root in self._maps(item))

    def merged(
        self, item: KubernetesObject, way: tuple[str, ...], key: str, name: str, route: tuple[str, ...]
    ) -> Iterator[Node]:
        """What it merges in at a route below the pod and below a container."""
        for root in self._maps(item):
            spec = root.get(*way)
            yield spec.get(*route)
            for container in spec.get(key).elements():
                if container.get("name").text == name:
                    yield container.get(*route)

    def put(self, item: KubernetesObject, route: tuple[str, ...]) -> Iterator[Node]:
        """What it merges in, or its operations put, at a route of an object."""
        yield from (root.get(*route) for root in self._maps(item))
        yield from self.operated(route)

    def operated(self, wanted: tuple[str, ...]) -> Iterator[Node]:
        """What its operations put at a route."""
        for document in self.documents:
            for operation in document.root.elements():
                path = tuple(steps_of(operation.get("path").text or ""))
                if operation.get("op").text in ("add", "replace") and wanted[: len(path)] == path:
                    yield operation.get("value").get(*wanted[len(path) :])


def _plain(text: str | None) -> str | None:
    """What a target says, if it is no expression."""
    return text if text and _PLAIN.match(text) else None


class _Patches:
    """The patches of a world, found by kind and name of what they are about."""

    def __init__(self, patches: Iterable[_Patch]) -> None:
        self._known: dict[tuple[str | None, str | None], list[_Patch]] = defaultdict(list)
        for patch in patches:
            for subject in patch.subjects:
                self._known[subject].append(patch)

    def about(self, item: KubernetesObject) -> Iterator[_Patch]:
        """Those that are about an object, or may be: an expression in a target fits everything."""
        for subject in product((item.kind, None), (item.name, None)):
            yield from self._known.get(subject, ())


def _patches(world: World) -> _Patches:
    files: dict[str, list[Document]] = defaultdict(list)
    for document in world.documents(Kind.KUSTOMIZE_PATCH):
        files[document.path].append(document)
    return _Patches(_listed(world, files))


def _listed(world: World, files: dict[str, list[Document]]) -> Iterator[_Patch]:
    for item in world.all(Kustomization):
        for key in _KEYS:
            for entry in item.node.get(key).elements():
                inline = entry.get("patch").text or (entry.text if "\n" in (entry.text or "") else None)
                path = normpath(join_path(item.folder, entry.get("path").text or entry.text or ""))
                if inline:
                    yield _Patch(item.folder, entry.get("target"), inline, _reader(inline))
                elif path in files:
                    known = files[path]
                    yield _Patch(item.folder, entry.get("target"), world.text(path) or "", known.copy)


def _reader(text: str) -> Callable[[], Iterable[Document]]:
    return lambda: load_text("patch.yaml", text, Kind.KUSTOMIZE_PATCH).documents
