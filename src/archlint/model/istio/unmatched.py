"""Selections that fit no workload, though the workloads that they mean should be known."""

from __future__ import annotations

from archlint.model.istio.selection import MeshSelection
from archlint.model.network.coverage import may_be_made_elsewhere, neighbour_keys
from archlint.model.world import World


def matches_nothing_known(item: MeshSelection, world: World) -> bool:
    """Whether an object asks for labels that no workload of the repository has, though it should.

    That is certain enough only where the repository defines workloads beside it that use the same keys, and
    nothing may make pods with these labels. The proxies of gateways come with Istio, mostly.
    """
    if item.kind == "Gateway" or not item.labels or item.is_targeted or item.workloads(world):
        return False
    namespace = None if item.is_for_mesh else item.namespace
    if not world.fact(neighbour_keys).are_used_beside(item.base, namespace, set(item.labels)):
        return False
    return not may_be_made_elsewhere(item.base, set(item.labels.values()), world)
