"""Objects of Istio by kind, found in one pass over all objects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from archlint.model.kubernetes import KubernetesObject
from archlint.model.kubernetes.sets import deployment_sets
from archlint.model.world import World

NETWORKING_GROUP = "networking.istio.io"
SECURITY_GROUP = "security.istio.io"
TELEMETRY_GROUP = "telemetry.istio.io"
EXTENSIONS_GROUP = "extensions.istio.io"
INSTALL_GROUP = "install.istio.io"
SAIL_GROUP = "sailoperator.io"
"""The group of the operator that installs Istio elsewhere; its objects are none of Istio's own."""
_GROUPS = frozenset({NETWORKING_GROUP, SECURITY_GROUP, TELEMETRY_GROUP, EXTENSIONS_GROUP, INSTALL_GROUP})


def istio_objects(world: World) -> Mapping[str, Sequence[KubernetesObject]]:
    """The objects of Istio's own API groups by kind; ask for them with ``world.fact(istio_objects)``."""
    found: dict[str, list[KubernetesObject]] = defaultdict(list)
    for item in world.all(KubernetesObject):
        if item.group in _GROUPS:
            found[item.kind].append(item)
    return dict(found)


def of_kind(world: World, *kinds: str) -> Iterator[KubernetesObject]:
    """The objects of some kinds of Istio's, in the order of the text for each kind."""
    by_kind = world.fact(istio_objects)
    for kind in kinds:
        yield from by_kind.get(kind, ())


def applied_together(world: World, *kinds: str) -> Iterator[tuple[int, list[KubernetesObject]]]:
    """The objects of some kinds that each deployment set has, with a number for the set. An object that is
    in several sets is in each of them."""
    by_set: dict[int, list[KubernetesObject]] = defaultdict(list)
    sets = world.fact(deployment_sets)
    numbers = {id(group): number for number, group in enumerate(sets.sets)}
    for item in of_kind(world, *kinds):
        for group in sets.of(item):
            by_set[numbers[id(group)]].append(item)
    yield from by_set.items()
