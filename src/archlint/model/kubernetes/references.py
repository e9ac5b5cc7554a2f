"""Names that objects use for each other: is what they name defined anywhere?

Manifests in a form that is not read: templates of other engines, Jsonnet, CUE, Terraform, broken YAML.
"""

from __future__ import annotations

from collections import defaultdict

from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.kubernetes.commands import made_by_commands
from archlint.model.kubernetes.config_makers import made_configs
from archlint.model.kubernetes.names.similar import SimilarNames
from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.kubernetes.sets import deployment_sets, find_objects, may_be_elsewhere
from archlint.model.kubernetes.vendored import vendored_names
from archlint.model.world import World

_SUFFIXES = (
    ".yaml",
    ".yml",
    ".json",
    ".tpl",
    ".tmpl",
    ".gotmpl",
    ".j2",
    ".jsonnet",
    ".libsonnet",
    ".cue",
    ".tf",
)
_OF_CHARTS = frozenset(
    {
        *("Service", "ServiceAccount", "ConfigMap", "Secret", "PersistentVolumeClaim"),
        *("Deployment", "StatefulSet", "DaemonSet", "Role"),
    }
)
"""Kinds that a chart of others brings to its namespace."""
_NOBODY = SimilarNames(())
_WORD = regex(r"[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?")


def template_words(world: World) -> frozenset[str]:
    """Every word in such files that could be an object's name; ask with ``world.fact(template_words)``."""
    read = {document.path for document in world.documents()}
    broken = {problem.path for problem in world.problems}
    words: set[str] = set()
    for path in sorted(world.kinds):
        is_read = path in read and path not in broken
        if path.lower().endswith(_SUFFIXES) and not is_read:
            words.update(_WORD.findall(world.text(path) or ""))
    return frozenset(words)


def is_missing(
    world: World,
    asker: KubernetesObject,
    kind: str,
    name: str,
    namespace: str | None,
    *,
    group: str | None = None,
) -> bool:
    """Whether a name means nothing, as far as one can tell from the repository.

    That needs a deployment set of the asker's that defines other objects of this kind (and API group, where
    that is known), so that they are not made elsewhere; no set that defines this one; and nothing else that
    may make it. Of what charts bring, those others have to be in the same namespace, or this one in another,
    or one of nearly its name in none: where nothing of the kind is here, somebody else fills the namespace.
    """
    if not _may_tell(_beside(world, asker, kind, group), name, namespace if kind in _OF_CHARTS else None):
        return False
    if find_objects(world, asker, kind, name, namespace) or _is_written(world, asker, kind, name):
        return False
    return (kind, name) not in world.fact(made_configs) and not is_made_elsewhere(world, asker, kind, name)


@dataclass(frozen=True, slots=True)
class _Beside:
    """The objects of one kind that are applied together with an asker."""

    names: frozenset[str]
    namespaces: frozenset[str]
    slips: SimilarNames
    """Names of those, in the whole world, that state no namespace."""


def _may_tell(beside: _Beside, name: str, namespace: str | None) -> bool:
    """Whether such objects tell that one of this name is missing in a namespace."""
    if namespace is None or namespace in beside.namespaces:
        return bool(beside.names)
    return name in beside.names or beside.slips.nearest(name) is not None


def _beside(world: World, asker: KubernetesObject, kind: str, group: str | None) -> _Beside:
    """The objects of a kind in the sets of the asker."""
    sets, known = world.fact(deployment_sets), world.fact(_known)
    key = (sets.group_of(asker), kind, group)
    if key not in known:
        every = (item for each in sets.of(asker) for item in each.by_kind.get(kind, ()))
        found = [item for item in every if group is None or item.group == group]
        known[key] = _Beside(
            frozenset(item.name for item in found),
            frozenset(item.namespace for item in found if item.namespace),
            world.fact(_unstated).get(kind, _NOBODY),
        )
    return known[key]


def _unstated(world: World) -> dict[str, SimilarNames]:
    """Names of objects that state no namespace, by kind."""
    names: dict[str, set[str]] = defaultdict(set)
    for item in world.all(KubernetesObject):
        if item.kind in _OF_CHARTS and not item.namespace:
            names[item.kind].add(item.name)
    return {kind: SimilarNames(found) for kind, found in names.items()}


def _known(world: World) -> dict[tuple[int, str, str | None], _Beside]:
    """What was found already, by the sets of the asker, kind and API group."""
    return {}


def _is_written(world: World, asker: KubernetesObject, kind: str, name: str) -> bool:
    """Whether a kustomization renames an object that is called so in its file: a plain file beside it, which
    nothing takes in yet, says the name as it is written."""
    return world.fact(deployment_sets).is_plain(asker) and (kind, name) in world.fact(_written_names)


def _written_names(world: World) -> frozenset[tuple[str, str]]:
    """Kind and name of all that is built, as their files say them."""
    return frozenset(
        (item.object.kind, item.object.name) for item in world.all(KubernetesObject) if item.is_built
    )


def is_made_elsewhere(world: World, asker: KubernetesObject, kind: str, name: str) -> bool:
    """Whether something may define the object that is not read as one: a chart, a template, a command."""
    if may_be_elsewhere(world, asker, kind, name) or name in world.fact(template_words):
        return True
    if name in world.fact(vendored_names):
        return True
    return (kind, name) in world.fact(made_by_commands)
