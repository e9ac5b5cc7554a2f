"""Who is let in by several peers together, none of which is open to all by itself.

Labels that one peer asks for and another one excludes make everybody, and so do parts of the address space,
be they in one rule or in several policies that select the same pods.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from archlint.finding.records import dataclass
from archlint.model.kubernetes import Workload
from archlint.model.network.addresses import IpBlock, block_of, share_let_in
from archlint.model.network.connectivity import Bound, Connectivity, connectivities
from archlint.model.network.connectivity.traffic import PolicyTier, TrafficPolicy
from archlint.model.network.label_spaces import EVERY_POD, are_all_in
from archlint.model.network.openness import Openness, openings
from archlint.model.network.policies import NetworkPolicy, TrafficDirection
from archlint.model.network.selection import has_foreign_policy
from archlint.model.network.stated import (
    EVERY_PORT,
    StatedPeer,
    StatedPolicy,
    StatedPorts,
    StatedRule,
    stated_policies,
)
from archlint.model.world import World

_LEAST_SHARE = 0.01
"""Smaller parts of the address space than this are not put together."""
_MOST_PARTS = 64
"""So many peers are put together for the pods of one class."""
_MOST_TRIED = 32
"""Of more peers than this, all are told that mean every pod together."""
MOST_SHARE = 0.5
"""So much of all addresses counts as all, from 0 to 1."""


@dataclass(frozen=True)
class UnionOpening:
    """Peers that are open to all together."""

    reach: Openness
    workload: Workload
    """The first whose pods are open by them."""
    peers: tuple[tuple[StatedRule, StatedPeer], ...]
    ports: StatedPorts
    shares: tuple[tuple[int, float], ...] = ()


class _Candidates:
    """The peers of each policy that may be parts of everybody."""

    def __init__(self, policies: Iterable[StatedPolicy], direction: TrafficDirection) -> None:
        self._parts: dict[int, tuple[tuple[StatedRule, StatedPeer], ...]] = {}
        for policy in policies:
            found = tuple(
                (rule, peer) for rule in policy.of(direction) for peer in rule.peers if _may_be_part(peer)
            )
            if found:
                self._parts[id(policy.policy.base)] = found

    def __bool__(self) -> bool:
        return bool(self._parts)

    def of(self, policies: Iterable[TrafficPolicy]) -> list[tuple[StatedRule, StatedPeer]]:
        """Those of some policies, in an order that is the same however the policies are written."""
        return sorted(
            (part for policy in policies for part in self._parts.get(id(policy.base), ())), key=_order
        )


def _order(part: tuple[StatedRule, StatedPeer]) -> tuple[str, str, tuple[str, ...]]:
    rule, peer = part
    names = peer.node.document.names(peer.node.route)
    return (rule.policy.namespace or "", rule.policy.name, names)


def _may_be_part(peer: StatedPeer) -> bool:
    """Whether it lets in pods whatever labels they have or lack, or a large part of all addresses."""
    if peer.pods is not None:
        return bool(peer.pods.asked) and (peer.pods.picks(labelled=True) or peer.pods.picks(labelled=False))
    block = block_of(peer.node.get("ipBlock")) if peer.addresses is not None else None
    return block is not None and share_let_in([block], block.version) >= _LEAST_SHARE


class _Unions:
    """Finds the openings of one edition and direction; what the same policies select is judged once."""

    def __init__(
        self, found: Connectivity, direction: TrafficDirection, policies: Mapping[int, StatedPolicy]
    ) -> None:
        self._found = found
        self._direction = direction
        self._policies = policies
        here = [policies[id(item.base)] for item in found.policies if id(item.base) in policies]
        self._candidates = _Candidates(here, direction)
        self._open: dict[int, list[tuple[StatedPorts, frozenset[Openness]]]] = {}

    def openings(self) -> Iterator[UnionOpening]:
        """What is open to all, each cause once for the first workload that it opens."""
        seen: set[tuple[int, ...]] = set()
        for item in self._found.pods.classes[:-1] if self._candidates else ():
            selecting = self._found.judge(self._direction, as_taken=False).selecting(item.number)
            sure = [policy for policy in selecting if policy.subjects[Bound.SURE] & item.bit]
            parts = self._candidates.of(sure)[:_MOST_PARTS]
            workload = item.members[0].workload
            is_plain = all(policy.tier is PolicyTier.NETWORK_POLICY for policy in selecting)
            if len(parts) < 2 or workload is None or not is_plain:
                continue
            open_ones = [policy for policy in sure if self._open_rules(policy)]
            key = (*(id(peer) for _, peer in parts), *map(id, open_ones))
            if key not in seen:
                seen.add(key)
                yield from self._of(parts, open_ones, workload)

    def _of(
        self,
        parts: Sequence[tuple[StatedRule, StatedPeer]],
        open_ones: Sequence[TrafficPolicy],
        workload: Workload,
    ) -> Iterator[UnionOpening]:
        """``open_ones`` are the policies with rules that are open by themselves."""
        open_rules = [one for policy in open_ones for one in self._open_rules(policy)]
        found: dict[tuple[Openness, tuple[int, ...]], UnionOpening] = {}
        for atom in EVERY_PORT.atoms(rule.ports for rule, _ in parts):
            told = {reach for ports, ways in open_rules if ports.has_all(atom) for reach in ways}
            if Openness.ANYONE in told:
                continue  # whoever is let in besides is let in already
            here = [part for part in parts if part[0].ports.has_all(atom)]
            for reach, join in ((Openness.CLUSTER, _all_pods), (Openness.ADDRESSES, _addresses)):
                together = () if reach in told else join(here)
                if together:
                    key = (reach, tuple(id(peer) for _, peer in together))
                    known_ports = found[key].ports.numbers if key in found else atom.numbers
                    ports = StatedPorts(known_ports | atom.numbers, frozenset())
                    found[key] = UnionOpening(reach, workload, tuple(together), ports, _shares(together))
        yield from found.values()

    def _open_rules(self, policy: TrafficPolicy) -> list[tuple[StatedPorts, frozenset[Openness]]]:
        """The rules of a policy that are open by themselves, by their ports."""
        if id(policy) not in self._open:
            item = self._policies.get(id(policy.base))
            rules = item.of(self._direction) if item else ()
            ways = ((rule.ports, {one.reach for one in openings(rule.rule, MOST_SHARE)}) for rule in rules)
            self._open[id(policy)] = [(ports, frozenset(reaches)) for ports, reaches in ways if reaches]
        return self._open[id(policy)]


_Parts = Sequence[tuple[StatedRule, StatedPeer]]


def _all_pods(parts: _Parts) -> _Parts:
    """Few of some peers that mean every pod together."""

    def are_all(those: _Parts) -> bool:
        return are_all_in(EVERY_POD, [peer.pods for _, peer in those if peer.pods is not None])

    kept = [part for part in parts if part[1].pods is not None]
    if not are_all(kept):
        return ()
    for part in list(kept) if len(kept) <= _MOST_TRIED else ():
        fewer = [item for item in kept if item is not part]
        if are_all(fewer):
            kept = fewer
    return kept


def _addresses(parts: _Parts) -> _Parts:
    """The blocks that hold a large share of all addresses together."""
    kept = [part for part in parts if part[1].addresses is not None]
    versions = {version for version, share in _shares(kept) if share >= MOST_SHARE}
    found = [part for part in kept if part[1].addresses and part[1].addresses.version in versions]
    return found if len(found) > 1 else ()


def _shares(parts: _Parts) -> tuple[tuple[int, float], ...]:
    blocks: list[IpBlock] = []
    for _, peer in parts:
        block = block_of(peer.node.get("ipBlock")) if peer.addresses is not None else None
        if block is not None:
            blocks.append(block)
    shares = ((version, share_let_in(blocks, version)) for version in (4, 6))
    return tuple((version, share) for version, share in shares if share)


def union_openings(world: World) -> dict[NetworkPolicy, list[UnionOpening]]:
    """Those of a world, by the policy that holds the first of their peers; ask for them with
    ``world.fact(union_openings)``."""
    policies = {id(policy.base): item for policy, item in world.fact(stated_policies).items()}
    directions = [one for one in TrafficDirection if _Candidates(policies.values(), one)]
    found: dict[NetworkPolicy, list[UnionOpening]] = defaultdict(list)
    seen: set[tuple[int, ...]] = set()
    for connectivity in world.fact(connectivities) if directions else ():
        for direction in directions:
            for opening in _Unions(connectivity, direction, policies).openings():
                key = tuple(id(peer) for _, peer in opening.peers)
                policy = opening.peers[0][0].policy
                if key not in seen and not has_foreign_policy(world, policy.namespace):
                    seen.add(key)
                    found[policy].append(opening)
    return dict(found)
