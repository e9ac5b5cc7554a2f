"""Which pods no network policy restricts, by direction, and by edition of the repository.

A policy of one overlay protects nothing in the cluster of another one. So what stands in some editions alone
has to be protected in each of these. What belongs to all of them may in truth be in one cluster alone, so any
edition is enough that protects it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from operator import or_

from archlint.finding.records import dataclass
from archlint.model.kubernetes import Workload
from archlint.model.kubernetes.sets import DeploymentSets, deployment_sets
from archlint.model.network.connectivity.editions import Edition, editions
from archlint.model.network.labels import Bits, numbers
from archlint.model.network.policies import NetworkPolicy, TrafficDirection
from archlint.model.network.selection import (
    PolicySelection,
    has_foreign_policy,
    is_on_pod_network,
    policy_selection,
)
from archlint.model.world import World

SetAndNamespace = tuple[int, str | None]
"""A deployment set, by its identity as sets of values of one chart share a name, and a namespace."""
_EITHER = None
"""Stands for a policy of whatever direction."""
_Way = TrafficDirection | None


@dataclass(frozen=True)
class Gap:
    """A workload that nothing protects among others that something does."""

    covered: int
    others: int
    example: tuple[Workload, NetworkPolicy]
    """Another workload of the group, and a policy that selects it."""
    has_egress: bool
    """Whether policies restrict what it calls, and only those that call it are free."""


class Protection:
    """What policies restrict in one edition."""

    def __init__(
        self,
        edition: Edition,
        selection: PolicySelection,
        policies: Sequence[NetworkPolicy],
        sets: DeploymentSets,
    ) -> None:
        self._selection = selection
        self._sets = sets
        self._policies = [policy for policy in policies if edition.holds(policy.base)]
        self.held: Bits = sum(
            1 << number for number, item in enumerate(selection.workloads) if edition.holds(item.base)
        )
        self.restricted: dict[_Way, Bits] = dict.fromkeys((_EITHER, *TrafficDirection), 0)
        self._surely: dict[_Way, Bits] = dict(self.restricted)
        self._groups: dict[SetAndNamespace, Bits] = defaultdict(int)
        in_set: dict[int, Bits] = defaultdict(int)
        for number in numbers(self.held):
            for group in self.groups_of(selection.workloads[number]):
                self._groups[group] |= 1 << number
                in_set[group[0]] |= 1 << number
        self._meant = [self._surely_meant_by(policy, in_set) for policy in self._policies]
        for policy, surely in zip(self._policies, self._meant, strict=True):
            selected = selection.selected_by(policy)
            for way in (_EITHER, *policy.directions):
                self.restricted[way] |= selected
                self._surely[way] |= surely

    def _surely_meant_by(self, policy: NetworkPolicy, in_set: Mapping[int, Bits]) -> Bits:
        """What a policy is surely for, given the workloads of each deployment set; one in a plain file, of
        which nobody says where it is applied, is for what it is together with: of manifests of releases it
        may be meant for any, or for none."""
        surely = self._selection.surely_meant_by(policy)
        if not surely or not self._sets.is_plain(policy.base):
            return surely
        return surely & reduce(or_, (in_set.get(id(each), 0) for each in self._sets.of(policy.base)), 0)

    def gap_at(self, number: int, least_share: float) -> Gap | None:
        """The gap that a workload is, if at least ``least_share`` (0 to 1) of the others are restricted."""
        has_policy = bool(self.restricted[_EITHER] >> number & 1)
        way: _Way = TrafficDirection.INGRESS if has_policy else _EITHER
        restricted = self.restricted[way]
        for group in (
            self.groups_of(self._selection.workloads[number]) if not restricted >> number & 1 else ()
        ):
            members = self._groups[group]
            surely = members & self._surely[way]
            covered, others = surely.bit_count(), members.bit_count() - 1
            if covered and covered >= least_share * others:
                return Gap(covered, others, self._example(surely, way), has_policy)
        return None

    def groups_of(self, workload: Workload) -> Iterator[SetAndNamespace]:
        """The groups in which a workload counts: what stays, not bare pods, one-time jobs and fragments."""
        is_lasting = workload.kind not in ("Pod", "Job", "PodTemplate")
        if is_lasting and workload.pod_labels and is_on_pod_network(workload):
            for deployment in self._sets.of(workload.base):
                yield id(deployment), workload.namespace

    def _example(self, covered: Bits, way: _Way) -> tuple[Workload, NetworkPolicy]:
        number = next(numbers(covered))
        workload = self._selection.workloads[number]
        fitting = [
            policy
            for policy, meant in zip(self._policies, self._meant, strict=True)
            if meant >> number & 1 and (way is None or way in policy.directions)
        ]
        return workload, min(fitting, key=lambda policy: policy.namespace != workload.namespace)


class WorldProtection:
    """What policies restrict in all editions of a world."""

    def __init__(self, world: World) -> None:
        self._world = world
        selection: PolicySelection = world.fact(policy_selection)
        self._numbers = {workload: number for number, workload in enumerate(selection.workloads)}
        self._on_pod_network = selection.on_pod_network
        policies, sets = world.all(NetworkPolicy), world.fact(deployment_sets)
        self._editions = [Protection(one, selection, policies, sets) for one in world.fact(editions)]

    def gap_of(self, workload: Workload, least_share: float) -> Gap | None:
        """The gap that a workload is in the first edition in which it is one."""
        number = self._numbers.get(workload)
        if number is None or has_foreign_policy(self._world, workload.namespace):
            return None
        gaps = [edition.gap_at(number, least_share) for edition in self._having(number)]
        if self._may_be_of_one(number) and None in gaps:
            return None
        return next((gap for gap in gaps if gap is not None), None)

    def open_directions(self, workload: Workload) -> list[TrafficDirection]:
        """The directions that no policy restricts in some edition; none for pods that policies do not
        reach."""
        number = self._numbers.get(workload)
        if number is None or not self._on_pod_network >> number & 1:
            return []
        enough = all if self._may_be_of_one(number) else any
        return [
            direction
            for direction in TrafficDirection
            if enough(not one.restricted[direction] >> number & 1 for one in self._having(number))
        ]

    def _having(self, number: int) -> list[Protection]:
        return [one for one in self._editions if one.held >> number & 1]

    def _may_be_of_one(self, number: int) -> bool:
        """Whether a workload belongs to all editions, so that nobody knows in which clusters it is."""
        return len(self._having(number)) == len(self._editions)


def protection(world: World) -> WorldProtection:
    """What is protected in a world; ask for it with ``world.fact(protection)``."""
    return WorldProtection(world)
