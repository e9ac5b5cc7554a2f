"""Names that objects use for each other: is what they name defined anywhere?"""

from __future__ import annotations

from archlint.model.kubernetes.commands import made_by_commands
from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.kubernetes.sets import deployment_sets, find_objects, may_be_elsewhere
from archlint.model.kubernetes.templates import template_words
from archlint.model.world import World


def is_missing(world: World, asker: KubernetesObject, kind: str, name: str, namespace: str | None) -> bool:
    """Whether a name means nothing, as far as one can tell from the repository.

    That needs a deployment set of the asker's that defines other objects of this kind, so that they are not
    made elsewhere; no set that defines this one; and nothing else that may make it.
    """
    own = world.fact(deployment_sets).of(asker)
    if not any(kind in group.by_kind for group in own) or find_objects(world, asker, kind, name, namespace):
        return False
    return not is_made_elsewhere(world, asker, kind, name)


def is_made_elsewhere(world: World, asker: KubernetesObject, kind: str, name: str) -> bool:
    """Whether something may define the object that is not read as one: a chart, a template, a command."""
    if may_be_elsewhere(world, asker, kind, name) or name in world.fact(template_words):
        return True
    return (kind, name) in world.fact(made_by_commands)
