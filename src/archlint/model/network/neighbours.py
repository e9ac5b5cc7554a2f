"""Which NetworkPolicies select all of the pods that another one selects, whatever pods there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice

from archlint.model.kubernetes.building.renderings import renderings
from archlint.model.kubernetes.sets import SetsKey
from archlint.model.network.label_spaces import LabelKey, are_all_in
from archlint.model.network.policies import NetworkPolicy
from archlint.model.network.selection import policy_selection
from archlint.model.network.stated import StatedPolicy, stated_policies
from archlint.model.world import World

_MOST_AROUND = 64
"""So many policies are held against one, so that cost grows with policies and not with their pairs."""
_Pair = tuple[LabelKey, str | None]


class PolicyNeighbours:
    """Policies that are applied together, by their subjects."""

    def __init__(self, groups: Sequence[Sequence[StatedPolicy]]) -> None:
        """Each of ``groups`` is of one namespace."""
        self.policies = [policy for group in groups for policy in group]
        self._around: dict[int, tuple[StatedPolicy, ...]] = {}
        self._inside: dict[int, list[StatedPolicy]] = defaultdict(list)
        for group in groups:
            self._fill(group)

    def around(self, policy: StatedPolicy) -> tuple[StatedPolicy, ...]:
        """Other policies that surely select all that one selects."""
        return self._around.get(id(policy), ())

    def inside(self, policy: StatedPolicy) -> Sequence[StatedPolicy]:
        """Other policies that select none but those that one selects."""
        return self._inside.get(id(policy), ())

    def _fill(self, group: Sequence[StatedPolicy]) -> None:
        by_pair: dict[_Pair | None, list[StatedPolicy]] = defaultdict(list)
        for policy in group:
            by_pair[next(_pairs(policy), None)].append(policy)
        for policy in group:
            candidates = (item for pair in [None, *_pairs(policy)] for item in by_pair.get(pair, ()))
            found = []
            for item in islice((one for one in candidates if one is not policy), _MOST_AROUND):
                if are_all_in(policy.subjects, [item.subjects]):
                    found.append(item)
                    self._inside[id(item)].append(policy)
            self._around[id(policy)] = tuple(found)


def _pairs(policy: StatedPolicy) -> Iterator[_Pair]:
    """The labels of pods of which a policy asks for one value."""
    for key, values in policy.subjects.asked.items():
        if key[0] == "pod" and not values.is_rest and len(values.listed) == 1:
            yield key, next(iter(values.listed))


def policy_neighbours(world: World) -> PolicyNeighbours:
    """Those of a world, of one namespace and the same deployment sets; ask with
    ``world.fact(policy_neighbours)``."""
    selection = world.fact(policy_selection)
    groups: dict[tuple[SetsKey, str | None], list[StatedPolicy]] = defaultdict(list)
    for policy, item in world.fact(stated_policies).items():
        groups[selection.sets_key(policy.base), policy.namespace].append(item)
    return PolicyNeighbours(list(groups.values()))


def is_of_chart(world: World, policy: NetworkPolicy) -> bool:
    """Whether a policy was rendered from a chart: with other values, its parts may differ from each other."""
    return policy.source.path in world.fact(_rendered)


def _rendered(world: World) -> frozenset[str]:
    return frozenset(document.path for document in world.fact(renderings).documents)
