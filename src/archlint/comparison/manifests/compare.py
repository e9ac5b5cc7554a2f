"""Pairs the objects of two worlds and holds them against the laws of their kinds.

An object keeps its place: it is the one of the same kind, namespace and name in the same file, or of the same
kustomization; of a file that moved, the one of its old path, or the only one of that name. What has another
name is another object.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from operator import is_

from archlint.comparison.contract_kinds import MANIFEST_KINDS
from archlint.comparison.manifests.changes import FixedField, FixedFieldChange
from archlint.comparison.manifests.laws import LAWS
from archlint.comparison.terms import ComparisonTerms
from archlint.documents import Node
from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.world import World

_Identity = tuple[str, str, str | None, str]
_MOVED = {"extensions": "apps"}
"""Groups of which Kubernetes kept kinds under another name."""
_HOOKS = ("helm.sh/hook", "argocd.argoproj.io/hook")
_FORCED = (
    ("argocd.argoproj.io/sync-options", "force=true"),
    ("kustomize.toolkit.fluxcd.io/force", "enabled"),
    ("kustomize.toolkit.fluxcd.io/force", "true"),
)
"""Annotations with which a controller replaces an object that cannot be changed."""


def fixed_fields(base: World, revision: World, terms: ComparisonTerms) -> Iterator[FixedFieldChange]:
    """Every change of a fixed field, once for each place that makes it."""
    if _is_same_text(base, revision):
        return
    before, by_identity = _placed(base)
    _, now_by_identity = _placed(revision)
    made: dict[object, tuple[FixedField, list[KubernetesObject]]] = {}
    forced = _forced_folders(revision)
    for item in revision.all(KubernetesObject):
        law = LAWS.get(_family(item))
        if law is None or not item.get("metadata", "name").text or _is_replaced(item, forced):
            continue
        identity = _identity(item)
        path = item.source.path
        old = before.get((terms.renames.get(path, path), identity))
        if old is None and len(by_identity[identity]) == len(now_by_identity[identity]) == 1:
            old = by_identity[identity][0]
        if old is None or old.node.value == item.node.value:
            continue
        with terms.losing(f"{item.kind} '{item.name}'", path):
            for field in law(old, item):
                made.setdefault(_cause(field), (field, []))[1].append(item)
    for field, objects in made.values():
        yield FixedFieldChange(field, tuple(objects))


def _is_same_text(base: World, revision: World) -> bool:
    """Whether all manifests are the same documents, which were read once for both."""
    one, other = (list(world.documents(*MANIFEST_KINDS)) for world in (base, revision))
    return len(one) == len(other) and all(map(is_, one, other))


def _family(item: KubernetesObject) -> tuple[str, str]:
    return _MOVED.get(item.group, item.group), item.kind


def _identity(item: KubernetesObject) -> _Identity:
    return (*_family(item), item.namespace, item.name)


_Placed = Mapping[tuple[str, _Identity], KubernetesObject]


def _placed(world: World) -> tuple[_Placed, Mapping[_Identity, list[KubernetesObject]]]:
    """The objects by path and identity, those alone that are there once, and all of one identity."""
    by_place: dict[tuple[str, _Identity], list[KubernetesObject]] = defaultdict(list)
    by_identity: dict[_Identity, list[KubernetesObject]] = defaultdict(list)
    for item in world.all(KubernetesObject):
        if _family(item) in LAWS:
            by_place[item.source.path, _identity(item)].append(item)
            by_identity[_identity(item)].append(item)
    return {key: items[0] for key, items in by_place.items() if len(items) == 1}, by_identity


def _is_replaced(item: KubernetesObject, forced: frozenset[str]) -> bool:
    """Whether a controller deletes the old object, so that anything may change."""
    notes = item.annotations
    if any(hook in notes for hook in _HOOKS):
        return True
    if any(word in notes.get(key, "").lower() for key, word in _FORCED):
        return True
    folder = item.source.path
    while folder:
        folder = folder.rpartition("/")[0]
        if folder in forced:
            return True
    return False


def _forced_folders(world: World) -> frozenset[str]:
    """The folders that Flux applies with force."""
    return frozenset(
        (item.get("spec", "path").text or "").removeprefix("./").strip("/")
        for item in world.all(KubernetesObject)
        if item.group == "kustomize.toolkit.fluxcd.io" and item.get("spec", "force").value is True
    )


def _cause(field: FixedField) -> object:
    """What makes changes of several objects one: the place that makes them, and the values."""
    place = field.now.place()
    return (
        place.source.path,
        place.source.index,
        place.route,
        place.token,
        _word(field.now),
        _word(field.before),
    )


def _word(node: Node) -> str:
    return str(node.value) if node.exists else ""
