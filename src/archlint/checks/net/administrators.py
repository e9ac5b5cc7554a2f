"""Policies of the cluster's administrators."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.model.kubernetes.sets import deployment_sets
from archlint.model.network.connectivity.admin_policies import AdminPolicy
from archlint.model.world import World

_Rank = tuple[bool, object, int | None]


@join(AdminPolicy)
def admin_priority_shared(policy: AdminPolicy, world: World, options: Options) -> Iterator[Observation]:
    """Two policies of a tier of which nobody can tell which is asked first."""
    rank = _rank(policy)
    if policy.base.kind == "BaselineAdminNetworkPolicy" or None in rank:
        return
    sets = world.fact(deployment_sets)
    for other in world.fact(_by_rank)[rank]:
        if other.base is policy.base:
            return  # the first of them has nothing to change
        if other.name != policy.name and sets.are_together(policy.base, other.base):
            place = policy.base.get("spec", "priority").place()
            yield observe(
                place,
                related=[(other.base.get("spec", "priority").place(), f"the priority of '{other.name}'")],
                kind=policy.kind,
                name=policy.name,
                other=other.name,
                priority=policy.priority or 0,
            )
            return


def _rank(policy: AdminPolicy) -> _Rank:
    return policy.is_cluster_policy, policy.tier, policy.priority


def _by_rank(world: World) -> dict[_Rank, list[AdminPolicy]]:
    found: dict[_Rank, list[AdminPolicy]] = defaultdict(list)
    for policy in world.all(AdminPolicy):
        found[_rank(policy)].append(policy)
    return found
