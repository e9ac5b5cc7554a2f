"""Pairs the objects of two worlds and holds them against the laws of their kinds.

Which objects are one and the same before and after, ``pairs`` tells.
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.comparison.manifests.changes import FixedField, FixedFieldChange
from archlint.comparison.manifests.laws import LAWS
from archlint.comparison.manifests.pairs import Counterparts, family_of, is_same_text
from archlint.comparison.terms import ComparisonTerms
from archlint.documents import Node
from archlint.files.kinds import is_for_tests
from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.world import World

_HOOKS = ("helm.sh/hook", "argocd.argoproj.io/hook")
_OF_WORKFLOWS = (".github/", ".gitlab/", ".circleci/")
"""Folders of what workflows apply: to a cluster that is made for each of their runs, as for tests."""
_FORCED = (
    ("argocd.argoproj.io/sync-options", "force=true"),
    ("kustomize.toolkit.fluxcd.io/force", "enabled"),
    ("kustomize.toolkit.fluxcd.io/force", "true"),
)
"""Annotations with which a controller replaces an object that cannot be changed."""


def fixed_fields(base: World, revision: World, terms: ComparisonTerms) -> Iterator[FixedFieldChange]:
    """Every change of a fixed field, once for each place that makes it."""
    if is_same_text(base, revision):
        return
    made: dict[object, tuple[FixedField, list[KubernetesObject]]] = {}
    forced = _forced_folders(revision)
    former = Counterparts(base, revision, terms.renames, frozenset(LAWS))
    for item in revision.all(KubernetesObject):
        law = LAWS.get(family_of(item))
        if law is None or not item.get("metadata", "name").text or _is_replaced(item, forced):
            continue
        if item.source.path.startswith(_OF_WORKFLOWS) or is_for_tests(item.source.path):
            continue
        old = former.of(item)
        if old is None or old.node.value == item.node.value:
            continue
        with terms.losing(f"{item.kind} '{item.name}'", item.source.path):
            for field in law(old, item):
                made.setdefault(_cause(field), (field, []))[1].append(item)
    for field, objects in made.values():
        yield FixedFieldChange(field, tuple(objects))


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
