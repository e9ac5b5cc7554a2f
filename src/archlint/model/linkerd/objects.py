"""Objects of Linkerd's policies, found in one pass over all objects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from archlint.model.kubernetes import KubernetesObject
from archlint.model.world import World

_GROUP = "policy.linkerd.io"


def linkerd_objects(world: World) -> Mapping[str, Sequence[KubernetesObject]]:
    """The objects of Linkerd's policy group by kind; ask for them with ``world.fact(linkerd_objects)``."""
    found: dict[str, list[KubernetesObject]] = defaultdict(list)
    for item in world.all(KubernetesObject):
        if item.group == _GROUP:
            found[item.kind].append(item)
    return dict(found)


def of_kind(world: World, *kinds: str) -> Iterator[KubernetesObject]:
    """The policy objects of some kinds."""
    for kind in kinds:
        yield from world.fact(linkerd_objects).get(kind, ())
