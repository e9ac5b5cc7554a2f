"""Which objects of two worlds are one and the same, before and after.

An object keeps its place: it is the one of the same kind, namespace and name in the same file, or of the same
kustomization; of a file that moved, the one of its old path, or the only one of that name. What has another
name is another object.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from operator import is_

from archlint.comparison.contract_kinds import MANIFEST_KINDS
from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.world import World

Family = tuple[str, str]
"""Group and kind; groups of which Kubernetes kept kinds under another name are that one."""
_Identity = tuple[str, str, str | None, str]
_Placed = Mapping[tuple[str, _Identity], KubernetesObject]
_MOVED = {"extensions": "apps"}


class Counterparts:
    """Finds what objects of the revision were at the base."""

    def __init__(
        self, base: World, revision: World, renames: Mapping[str, str], families: frozenset[Family]
    ) -> None:
        """``families`` are those whose objects are asked for."""
        self._renames = renames
        self._before, self._old = _placed(base, families)
        _, self._now = _placed(revision, families)

    def of(self, item: KubernetesObject) -> KubernetesObject | None:
        """What an object was; ``None`` if it is new, or if several may be meant."""
        identity, path = _identity(item), item.source.path
        old = self._before.get((self._renames.get(path, path), identity))
        if old is None and len(self._old[identity]) == len(self._now[identity]) == 1:
            old = self._old[identity][0]
        return old


def family_of(item: KubernetesObject) -> Family:
    """What kind an object is of."""
    return _MOVED.get(item.group, item.group), item.kind


def is_same_text(base: World, revision: World) -> bool:
    """Whether all manifests are the same documents, which were read once for both."""
    one, other = (list(world.documents(*MANIFEST_KINDS)) for world in (base, revision))
    return len(one) == len(other) and all(map(is_, one, other))


def _identity(item: KubernetesObject) -> _Identity:
    return (*family_of(item), item.namespace, item.name)


def _placed(
    world: World, families: frozenset[Family]
) -> tuple[_Placed, defaultdict[_Identity, list[KubernetesObject]]]:
    """The objects by path and identity, those alone that are there once, and all of one identity."""
    by_place: dict[tuple[str, _Identity], list[KubernetesObject]] = defaultdict(list)
    by_identity: defaultdict[_Identity, list[KubernetesObject]] = defaultdict(list)
    for item in world.all(KubernetesObject):
        if family_of(item) in families:
            by_place[item.source.path, _identity(item)].append(item)
            by_identity[_identity(item)].append(item)
    return {key: items[0] for key, items in by_place.items() if len(items) == 1}, by_identity
