"""Names that objects use for each other: is what they name defined anywhere?

Manifests in a form that is not read: templates of other engines, Jsonnet, CUE, Terraform, broken YAML.
"""

from __future__ import annotations

from archlint.finding.regex import regex
from archlint.model.kubernetes.commands import made_by_commands
from archlint.model.kubernetes.config_makers import made_configs
from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.kubernetes.sets import deployment_sets, find_objects, may_be_elsewhere
from archlint.model.kubernetes.vendored import vendored_words
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
    may make it.
    """
    if not _has_others(world, asker, kind, group) or find_objects(world, asker, kind, name, namespace):
        return False
    return (kind, name) not in world.fact(made_configs) and not is_made_elsewhere(world, asker, kind, name)


def _has_others(world: World, asker: KubernetesObject, kind: str, group: str | None) -> bool:
    """Whether a set of the asker's defines objects of a kind."""
    for each in world.fact(deployment_sets).of(asker):
        found = each.by_kind.get(kind, ())
        if found and (group is None or any(item.group == group for item in found)):
            return True
    return False


def is_made_elsewhere(world: World, asker: KubernetesObject, kind: str, name: str) -> bool:
    """Whether something may define the object that is not read as one: a chart, a template, a command."""
    if may_be_elsewhere(world, asker, kind, name) or name in world.fact(template_words):
        return True
    if name in world.fact(vendored_words):
        return True
    return (kind, name) in world.fact(made_by_commands)
