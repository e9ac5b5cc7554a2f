"""Names that objects use for each other: is what they name defined anywhere?"""

from __future__ import annotations

from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.kubernetes.sets import find_objects, may_be_elsewhere
from archlint.model.world import World


def is_missing(world: World, asker: KubernetesObject, kind: str, name: str, namespace: str | None) -> bool:
    """Whether a name means nothing, as far as one can tell from the repository.

    That needs a deployment set of the asker's, or one beside it, that defines other objects of this kind, so
    that they are not made elsewhere; no set that defines this one; and nothing unread that may.
    """
    if not find_objects(world, asker, kind) or find_objects(world, asker, kind, name, namespace):
        return False
    return not may_be_elsewhere(world, asker, kind, name)
