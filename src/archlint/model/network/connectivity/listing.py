"""The connections of a cluster one by one, as people read them: who, to whom, on which ports."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from archlint.finding.records import dataclass
from archlint.model.network.connectivity.bounded import Bound
from archlint.model.network.connectivity.connections import NONE, ConnectionSet
from archlint.model.network.connectivity.connectivity import Connectivity
from archlint.model.network.connectivity.external import AddressRange
from archlint.model.network.connectivity.judging import refined
from archlint.model.network.connectivity.pods import PodClass, PodGroup
from archlint.model.network.labels import Bits, numbers
from archlint.model.network.policies import TrafficDirection

Peer = PodGroup | AddressRange
"""One side of a connection."""


class Bounds(NamedTuple):
    """What one peer may do to another: as it is taken, for sure, and possibly."""

    taken: ConnectionSet
    surely: ConnectionSet
    possibly: ConnectionSet

    @property
    def doubtful(self) -> ConnectionSet:
        """The connections of which nobody can tell from the files."""
        return self.possibly - self.surely

    def __or__(self, other: object) -> Bounds:
        if not isinstance(other, Bounds):
            return NotImplemented
        return Bounds(*(one | its for one, its in zip(self, other, strict=True)))


_NOTHING = Bounds(NONE, NONE, NONE)


@dataclass(frozen=True)
class Connection:
    """What one peer may do to another."""

    source: Peer
    destination: Peer
    bounds: Bounds


def connections(
    found: Connectivity, chosen: Callable[[PodGroup], bool] | None = None, *, with_hidden: bool = False
) -> list[Connection]:
    """All connections that are taken to be allowed, or may be, by the names of both sides.

    With ``chosen``, those of which one side is chosen; ``with_hidden`` adds addresses of IPv6 where no policy
    speaks of any. A workload's connections to itself are left out.
    """
    merged: dict[tuple[str, str], Connection] = {}
    for source, destination, bounds in _pairs(found, with_hidden):
        if source.name == destination.name:
            continue
        if chosen is not None and not (_is_chosen(source, chosen) or _is_chosen(destination, chosen)):
            continue
        key = (source.name, destination.name)
        known = merged.get(key)
        # pods of one owner need not be alike
        together = bounds if known is None else known.bounds | bounds
        merged[key] = Connection(source, destination, together)
    return [merged[key] for key in sorted(merged)]


def _is_chosen(peer: Peer, chosen: Callable[[PodGroup], bool]) -> bool:
    return isinstance(peer, PodGroup) and chosen(peer)


def _pairs(found: Connectivity, with_hidden: bool) -> Iterator[tuple[Peer, Peer, Bounds]]:
    classes: Sequence[PodClass] = found.pods.classes
    count = len(classes)
    sources = found.external[TrafficDirection.INGRESS]
    destinations = found.external[TrafficDirection.EGRESS]
    for number, row in enumerate(_bounded_rows(found)):
        if number >= count and not with_hidden and sources.is_hidden(number - count):
            continue
        these = classes[number].members if number < count else (sources.ranges[number - count],)
        for bounds, bits in row:
            for other in numbers(bits):
                if other >= count and not with_hidden and destinations.is_hidden(other - count):
                    continue
                those = classes[other].members if other < count else (destinations.ranges[other - count],)
                for source in these:
                    for destination in those:
                        yield source, destination, bounds


def _bounded_rows(found: Connectivity) -> Iterator[Sequence[tuple[Bounds, Bits]]]:
    """For each source, what it may do by groups of destinations; without those to which it may do nothing."""
    taken = found.rows(Bound.TAKEN)
    sure, possible = found.rows(Bound.SURE), found.rows(Bound.POSSIBLE)
    everything = found.pods.all | found.external[TrafficDirection.EGRESS].all
    for number, row in enumerate(taken):
        if sure[number] is row and possible[number] is row:
            yield [(Bounds(what, what, what), those) for what, those in row.items()]
            continue
        parts: dict[Bounds, Bits] = {_NOTHING: everything}
        for at, rows in enumerate((row, sure[number], possible[number])):
            for what, those in rows.items():
                parts = refined(parts, those, _with_bound(at, what))
        yield [(bounds, those) for bounds, those in parts.items() if bounds != _NOTHING]


def _with_bound(at: int, what: ConnectionSet) -> Callable[[Bounds], Bounds]:
    name = Bounds._fields[at]
    return lambda one: one._replace(**{name: what})


def reason(found: Connectivity, connection: Connection) -> str:
    """Why a connection's bounds differ, in words."""
    sides = [peer for peer in (connection.source, connection.destination) if isinstance(peer, PodGroup)]
    classes = {group.name: item for item in found.pods.classes for group in item.members}
    for side in sides:
        if classes[side.name].on_host:
            return f"the pods of '{side.name}' are on the network of their node, where policies may not apply"
    if any(side.workload is None for side in sides):
        return "no file tells the labels and the namespace of the ingress controller's pods"
    if found.has_ties:
        return "policies of one tier have the same priority, so nobody can tell which of them decides"
    for side in sides:
        namespace = classes[side.name].namespace
        if not found.pods.is_defined(namespace):
            return f"no file defines namespace '{namespace}', so its labels are not known"
    return "policies ask for labels that controllers give to pods, or networks may hold addresses of pods"
