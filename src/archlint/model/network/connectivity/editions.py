"""Which objects of a repository are of one cluster: overlays for several clusters define the same things.

Deployment sets that define a workload or a policy of the same name are **editions** of it, and never in one
cluster. What no other set defines as well belongs to all editions. Sets in folders of tests are deployed by
tests, so they are no clusters where a world says which of them nobody asked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from itertools import combinations

from archlint.finding.records import dataclass
from archlint.model.kubernetes import KubernetesObject, Workload
from archlint.model.kubernetes.sets import DeploymentSet, deployment_sets
from archlint.model.network.connectivity.admin_policies import GROUP as ADMIN_GROUP
from archlint.model.network.connectivity.pods import namespace_of
from archlint.model.network.policies import GROUPS
from archlint.model.world import World

_MOST_NAMED = 3
_Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class Edition:
    """The objects of one cluster."""

    name: str
    """The deployment sets that no other edition has; empty where there is one edition alone."""
    left_out: frozenset[str]
    """The files, or built kustomizations, that belong to other editions alone."""

    def holds(self, item: KubernetesObject) -> bool:
        """Whether an object belongs to it."""
        return item.source.path not in self.left_out


def editions(world: World) -> tuple[Edition, ...]:
    """All editions, at least one; ask for them with ``world.fact(editions)``."""
    sets = world.fact(deployment_sets).sets
    rivals, aside = world.fact(_rivals), _only_theirs(sets, world.fact(for_tests))
    if not rivals:
        return (Edition("", aside),)
    groups: list[list[int]] = []
    for number in sorted(rivals, key=lambda one: sets[one].name):
        fitting = (group for group in groups if rivals[number].isdisjoint(group))
        home = next(fitting, None)
        if home is None:
            groups.append([number])
        else:
            home.append(number)
    return tuple(
        Edition(
            _named([sets[number] for number in group]),
            aside | _paths(sets, rivals.keys() - set(group), group),
        )
        for group in groups
    )


def for_tests(world: World) -> Mapping[int, str]:
    """The deployment sets that are no clusters, by number, with their names; none where only these have pods
    or policies."""
    is_for_tests = world.is_for_tests
    if is_for_tests is None:
        return {}
    sets = world.fact(deployment_sets).sets
    found = {number: item.name for number, item in enumerate(sets) if is_for_tests(item.name)}
    others = (item for number, item in enumerate(sets) if number not in found)
    return found if any(next(_keys(world, item), None) for item in others) else {}


def _only_theirs(sets: Sequence[DeploymentSet], numbers: Collection[int]) -> frozenset[str]:
    """The files that some sets have and no others."""
    own = {path for number in numbers for path in sets[number].paths}
    if not own:
        return frozenset()
    rest = (item.paths for number, item in enumerate(sets) if number not in numbers)
    return frozenset(own.difference(*rest))


def _rivals(world: World) -> Mapping[int, Set[int]]:
    """By the number of a deployment set, those that define something which it defines as well, itself
    included."""
    owners: dict[_Key, list[int]] = defaultdict(list)
    aside = world.fact(for_tests)
    for number, item in enumerate(world.fact(deployment_sets).sets):
        for key in dict.fromkeys(_keys(world, item)) if number not in aside else ():
            owners[key].append(number)
    found: dict[int, set[int]] = defaultdict(set)
    for those in owners.values():
        if len(those) > 1:
            for number in those:
                found[number].update(those)
    return found


class Company:
    """Which objects may be in one cluster, whatever else is in it."""

    def __init__(self, world: World) -> None:
        self._rivals = world.fact(_rivals)
        self._numbers: dict[str, list[int]] = defaultdict(list)
        for number, item in enumerate(world.fact(deployment_sets).sets if self._rivals else ()):
            for path in item.paths:
                self._numbers[path].append(number)
        self._known: dict[tuple[str, str], bool] = {}

    def may_meet(self, *items: KubernetesObject) -> bool:
        """Whether no two of some objects belong to deployment sets alone that are never in one cluster."""
        if not self._rivals:
            return True
        paths = dict.fromkeys(item.source.path for item in items)
        return all(self._meet(one, other) for one, other in combinations(paths, 2))

    def _meet(self, one: str, other: str) -> bool:
        if (one, other) not in self._known:
            own, others = self._numbers.get(one), self._numbers.get(other)
            self._known[one, other] = (
                own is None
                or others is None
                or any(
                    left == right or right not in self._rivals.get(left, ())
                    for left in own
                    for right in others
                )
            )
        return self._known[one, other]


def company(world: World) -> Company:
    """Which objects of a world may meet; ask for it with ``world.fact(company)``."""
    return Company(world)


def _keys(world: World, item: DeploymentSet) -> Iterator[_Key]:
    """What of a set can be in a cluster once only."""
    running = world.fact(_running)
    for base in item.objects:
        is_policy = base.kind == "NetworkPolicy" and base.group in GROUPS
        if is_policy or base.group == ADMIN_GROUP or id(base) in running:
            yield (base.group, base.kind, namespace_of(base), base.name)


def _running(world: World) -> frozenset[int]:
    """The objects that run pods."""
    return frozenset(id(item.base) for item in world.all(Workload))


def _named(sets: Collection[DeploymentSet]) -> str:
    names = [item.name for item in sets]
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _paths(sets: tuple[DeploymentSet, ...], others: Collection[int], own: Collection[int]) -> frozenset[str]:
    """The files of other editions that these sets do not have too."""
    taken = {path for number in own for path in sets[number].paths}
    return frozenset(path for number in others for path in sets[number].paths) - taken
