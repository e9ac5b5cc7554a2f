"""The connections of a cluster one by one, as people read them: who, to whom, on which ports."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from archlint.model.network.connectivity.bounded import Bound
from archlint.model.network.connectivity.connections import NONE, ConnectionSet
from archlint.model.network.connectivity.connectivity import Connectivity
from archlint.model.network.connectivity.external import AddressRange
from archlint.model.network.connectivity.judging import refined
from archlint.model.network.connectivity.pods import PodGroup
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

    def doubting(self, what: ConnectionSet) -> Bounds:
        """The same, but that nobody can tell about some connections."""
        return Bounds(self.taken, self.surely - what, self.possibly | what)

    def __or__(self, other: object) -> Bounds:
        if not isinstance(other, Bounds):
            return NotImplemented
        return Bounds(*(one | its for one, its in zip(self, other, strict=True)))


_NOTHING = Bounds(NONE, NONE, NONE)


class Connection(NamedTuple):
    """What one peer may do to another."""

    source: Peer
    destination: Peer
    bounds: Bounds


Chosen = Callable[[PodGroup], bool]


def connections(
    found: Connectivity, chosen: Chosen | None = None, *, with_hidden: bool = False
) -> Iterator[Connection]:
    """All connections that are taken to be allowed, or may be, by the names of both sides.

    With ``chosen``, those of which one side is chosen; ``with_hidden`` adds addresses of IPv6 where no policy
    speaks of any. A workload's connections to itself are left out.
    """
    sources = _by_name(_peers(found, TrafficDirection.INGRESS, with_hidden))
    destinations = _by_name(_peers(found, TrafficDirection.EGRESS, with_hidden))
    rows = _BoundedRows(found)
    members = [group for item in found.pods.classes for group in item.members]
    picked = {group.name for group in members if chosen is None or chosen(group)}
    for name, (source, its_numbers) in sources.items():
        reached: dict[int, Bounds] = {}
        for number in its_numbers:  # pods of one owner need not be alike
            for bounds, bits in rows.of(number):
                for other in numbers(bits):
                    reached[other] = reached[other] | bounds if other in reached else bounds
        if isinstance(source, AddressRange):
            for (other, version), doubt in found.client_doubts.items():
                if version == source.version:
                    reached[other] = reached.get(other, _NOTHING).doubting(doubt)
        every = name in picked
        for other_name, (destination, those) in destinations.items():
            if len(those) == 1:
                bounds = reached.get(those[0], _NOTHING)
            else:
                bounds = _all_of([reached.get(number, _NOTHING) for number in those])
            if bounds is not _NOTHING and other_name != name and (every or other_name in picked):
                yield Connection(source, destination, bounds)


def _all_of(several: Sequence[Bounds]) -> Bounds:
    found = _NOTHING
    for each in several:
        found = each if found is _NOTHING else found if each is _NOTHING else found | each
    return found


def _by_name(peers: Sequence[tuple[Peer, ...]]) -> dict[str, tuple[Peer, list[int]]]:
    """Each peer with its numbers, by name."""
    found: dict[str, tuple[Peer, list[int]]] = {}
    for number, those in enumerate(peers):
        for peer in those:
            found.setdefault(peer.name, (peer, []))[1].append(number)
    return dict(sorted(found.items()))


def _peers(found: Connectivity, direction: TrafficDirection, with_hidden: bool) -> list[tuple[Peer, ...]]:
    """What each number stands for."""
    external = found.external[direction]
    peers: list[tuple[Peer, ...]] = [item.members for item in found.pods.classes]
    for place, each in enumerate(external.ranges):
        peers.append(() if external.is_hidden(place) and not with_hidden else (each,))
    return peers


class _BoundedRows:
    """For each source, what it may do by groups of destinations; without those to which it may do nothing."""

    def __init__(self, found: Connectivity) -> None:
        self._everything = found.pods.all | found.external[TrafficDirection.EGRESS].all
        self._rows = tuple(found.rows(bound) for bound in (Bound.TAKEN, Bound.SURE, Bound.POSSIBLE))

    def of(self, number: int) -> Sequence[tuple[Bounds, Bits]]:
        """The row of one source."""
        taken, sure, possible = (rows[number] for rows in self._rows)
        if sure is taken and possible is taken:
            return [(Bounds(what, what, what), those) for what, those in taken.items()]
        parts: dict[Bounds, Bits] = {_NOTHING: self._everything}
        for at, row in enumerate((taken, sure, possible)):
            for what, those in row.items():
                parts = refined(parts, those, _with_bound(at, what))
        return [(bounds, those) for bounds, those in parts.items() if bounds != _NOTHING]


def _with_bound(at: int, what: ConnectionSet) -> Callable[[Bounds], Bounds]:
    name = Bounds._fields[at]
    return lambda one: one._replace(**{name: what})


class Listed(NamedTuple):
    """A connection, and in which editions of a repository it is so."""

    connection: Connection
    found: Connectivity
    """The first of them."""
    editions: tuple[str, ...] = ()
    """Their names; none if it is so in all of them."""

    @property
    def reason(self) -> str:
        """Why nobody can tell from the files whether it is allowed."""
        return reason(self.found, self.connection)


def listed(all_found: Sequence[Connectivity], chosen: Chosen | None = None) -> Iterator[Listed]:
    """The connections of all editions, each once."""
    if len(all_found) == 1:
        yield from (Listed(item, all_found[0]) for item in connections(all_found[0], chosen))
        return
    known: dict[tuple[str, str, Bounds], list[Listed]] = {}
    for found in all_found:
        for item in connections(found, chosen):
            key = (item.source.name, item.destination.name, item.bounds)
            known.setdefault(key, []).append(Listed(item, found))
    for _, several in sorted(known.items(), key=lambda entry: entry[0][:2]):
        names = () if len(several) == len(all_found) else tuple(each.found.name for each in several)
        yield several[0]._replace(editions=names)


def reason(found: Connectivity, connection: Connection) -> str:
    """Why a connection's bounds differ, in words."""
    hiding = _hiding(found, connection)
    if hiding is not None:
        return hiding
    sides = [peer for peer in (connection.source, connection.destination) if isinstance(peer, PodGroup)]
    for side in sides:
        if found.pods.class_of(side).on_host:
            return f"the pods of '{side.name}' are on the network of their node, where policies may not apply"
    if any(side.workload is None for side in sides):
        return "no file tells the labels and the namespace of the ingress controller's pods"
    if found.has_ties:
        return "policies of one tier have the same priority, so nobody can tell which of them decides"
    for side in sides:
        namespace = found.pods.class_of(side).namespace
        if not found.pods.is_defined(namespace):
            return f"no file defines namespace '{namespace}', so its labels are not known"
    return "policies ask for labels that controllers give to pods, or networks may hold addresses of pods"


def client_doubt(found: Connectivity, source: Peer, destination: Peer) -> ConnectionSet:
    """The connections of a client outside of which nobody can tell whose address policies see."""
    if isinstance(source, AddressRange) and isinstance(destination, PodGroup):
        number = found.pods.class_of(destination).number
        return found.client_doubts.get((number, source.version), NONE)
    return NONE


def _hiding(found: Connectivity, connection: Connection) -> str | None:
    """The Service that leaves it in doubt who connects, in words."""
    source, destination, bounds = connection
    doubt = client_doubt(found, source, destination) & bounds.doubtful
    if not doubt or not isinstance(destination, PodGroup):
        return None
    services = found.hiding[found.pods.class_of(destination).number]
    first = next(item for item in services if item.connections & doubt).base
    return (
        f"Service '{first.name}' of type {first.get('spec', 'type').text} may show policies a node's address "
        "in place of the client's, unless it has externalTrafficPolicy: Local"
    )
