"""What a revision opens and closes: the connections of two clusters, held against each other.

Addresses outside are compared piece by piece, and told in the longest ranges of which the same is true.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum

from archlint.finding.records import dataclass, replace
from archlint.model.network.connectivity.connections import NONE, ConnectionSet
from archlint.model.network.connectivity.connectivity import Connectivity
from archlint.model.network.connectivity.external import AddressRange
from archlint.model.network.connectivity.listing import Connection, connections
from archlint.model.network.policies import TrafficDirection


class ConnectionChangeKind(StrEnum):
    """What happens to a connection."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True)
class ConnectionChange:
    """What one peer could do to another, and can do now."""

    kind: ConnectionChangeKind
    source: str
    destination: str
    base: ConnectionSet
    revision: ConnectionSet
    workloads: tuple[tuple[str, ConnectionChangeKind], ...] = ()
    """Workloads among both sides that are new, or gone."""
    edition: str = ""
    """The edition of the repository in which it is so; empty if there is one alone."""


_Ends = tuple[str, str]
_Piece = tuple[int, int, ConnectionSet]
"""The first and the last address, and what they may do."""
_Outside = dict[tuple[TrafficDirection, str, int], list[_Piece]]
"""By direction, workload and IP version."""


def connection_changes(base: Connectivity, revision: Connectivity) -> list[ConnectionChange]:
    """All changes: those of both sides' ports first, then what is new, then what is gone."""
    old, old_outside = _sorted_out(connections(base, with_hidden=True))
    new, new_outside = _sorted_out(connections(revision, with_hidden=True))
    pairs = [(ends, old.get(ends, NONE), new.get(ends, NONE)) for ends in sorted({*old, *new})]
    named = {
        direction: base.external[direction].names_ipv6 or revision.external[direction].names_ipv6
        for direction in TrafficDirection
    }
    for key in sorted({*old_outside, *new_outside}):
        direction, workload, version = key
        if version == 4 or named[direction]:
            pieces = _merged(old_outside.get(key, ()), new_outside.get(key, ()))
            for first, last, before, after in pieces:
                name = AddressRange(version, first, last).name
                ends = (name, workload) if direction is TrafficDirection.INGRESS else (workload, name)
                pairs.append((ends, before, after))
    names = _names(base), _names(revision)
    found = [_change(ends, before, after, *names) for ends, before, after in pairs if before != after]
    order = list(ConnectionChangeKind)
    return sorted(found, key=lambda item: (-order.index(item.kind), item.source, item.destination))


def edition_changes(base: Sequence[Connectivity], revision: Sequence[Connectivity]) -> list[ConnectionChange]:
    """All changes, edition by edition: those of one name are one, else those in one place."""
    if len(base) == len(revision) == 1:
        return connection_changes(base[0], revision[0])
    by_name = {item.name: item for item in base}
    left = [item for item in base if item.name not in {each.name for each in revision}]
    found: list[ConnectionChange] = []
    for item in revision:
        older = by_name.get(item.name) or (left.pop(0) if left else base[0])
        found += [replace(change, edition=item.name) for change in connection_changes(older, item)]
    return found


def _change(
    ends: _Ends, before: ConnectionSet, after: ConnectionSet, old: frozenset[str], new: frozenset[str]
) -> ConnectionChange:
    kind = ConnectionChangeKind.CHANGED
    if not before or not after:
        kind = ConnectionChangeKind.ADDED if after else ConnectionChangeKind.REMOVED
    moved = [(name, ConnectionChangeKind.ADDED) for name in ends if name in new - old]
    moved += [(name, ConnectionChangeKind.REMOVED) for name in ends if name in old - new]
    return ConnectionChange(kind, *ends, before, after, tuple(moved))


def _names(found: Connectivity) -> frozenset[str]:
    return frozenset(group.name for item in found.pods.classes for group in item.members)


def _sorted_out(found: Iterable[Connection]) -> tuple[dict[_Ends, ConnectionSet], _Outside]:
    """Connections between pods, and those with addresses outside."""
    inside: dict[_Ends, ConnectionSet] = {}
    outside: _Outside = defaultdict(list)
    for item in found:
        source, destination, what = item.source, item.destination, item.bounds.taken
        if isinstance(source, AddressRange):
            key = (TrafficDirection.INGRESS, destination.name, source.version)
            outside[key].append((source.first, source.last, what))
        elif isinstance(destination, AddressRange):
            key = (TrafficDirection.EGRESS, source.name, destination.version)
            outside[key].append((destination.first, destination.last, what))
        else:
            inside[source.name, destination.name] = what
    return inside, outside


def _merged(
    old: Iterable[_Piece], new: Iterable[_Piece]
) -> Iterator[tuple[int, int, ConnectionSet, ConnectionSet]]:
    """The longest ranges in which both sides say one thing each."""
    before, after = _by_start(old), _by_start(new)
    left = right = NONE
    began: int | None = None
    for place in sorted({*before, *after}):
        now = before.get(place, left), after.get(place, right)
        if now == (left, right):
            continue
        if began is not None and (left or right):
            yield began, place - 1, left, right
        began, (left, right) = place, now


def _by_start(pieces: Iterable[_Piece]) -> Mapping[int, ConnectionSet]:
    """What is allowed from each address on at which that changes."""
    found: dict[int, ConnectionSet] = {}
    for first, last, what in sorted(pieces, key=lambda piece: piece[0]):
        found[first] = what
        found[last + 1] = NONE
    return found
