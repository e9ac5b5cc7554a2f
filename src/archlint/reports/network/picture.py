"""What a picture of connections shows: who stands in it, and what each may do to each.

Ranges of addresses with the same connections are one. Above a hundred workloads those of one namespace are
one that may do the same things to the same namespaces, and if these are still too many, all of a namespace.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from archlint.comparison.connections import ConnectionChange
from archlint.finding.words import number_of
from archlint.model.network.connectivity.connections import NONE
from archlint.model.network.connectivity.listing import Listed
from archlint.model.network.connectivity.pods import CONTROLLER

MOST_PEERS = 100
"""So many workloads are shown one by one."""
_EXAMPLES = 3
_OUTSIDE = "[External]"
_EVERY_ADDRESS = "0.0.0.0-255.255.255.255"


class LinkState(StrEnum):
    """What a picture says of a connection, the gravest first."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    UNDECIDED = "undecided"
    DOUBTFUL = "doubtful"
    ALLOWED = "allowed"


class PeerKind(StrEnum):
    """What stands in a picture."""

    PODS = "pods"
    CONTROLLER = "controller"
    OUTSIDE = "outside"


class Row(NamedTuple):
    """One connection, as reports have it."""

    source: str
    destination: str
    state: LinkState
    now: str
    before: str = ""
    note: str = ""


class Peer(NamedTuple):
    """One of those in a picture."""

    label: str
    space: str
    """Its namespace; empty for what is outside, and where namespaces are the peers."""
    kind: PeerKind
    members: tuple[str, ...]
    """The full names of all that it stands for."""


class Detail(NamedTuple):
    """What a link says, for some of the pairs that it stands for."""

    state: LinkState
    now: str
    before: str
    note: str


class Link:
    """What one peer may do to another."""

    __slots__ = ("details", "examples")

    def __init__(self) -> None:
        self.details: Counter[Detail] = Counter()
        self.examples: dict[Detail, list[tuple[str, str]]] = {}

    def add(self, row: Row) -> None:
        """Take in one connection."""
        detail = Detail(*row[2:])
        self.details[detail] += 1
        known = self.examples.setdefault(detail, [])
        if len(known) < _EXAMPLES:
            known.append(row[:2])

    @property
    def state(self) -> LinkState:
        """The gravest of what it says; additions and removals together are a change."""
        found = {detail.state for detail in self.details}
        if {LinkState.ADDED, LinkState.REMOVED} <= found:
            return LinkState.CHANGED
        return next(state for state in LinkState if state in found)

    @property
    def ports(self) -> str:
        """What is allowed, in words for a picture."""
        said = dict.fromkeys(detail.now or detail.before for detail in self.details)
        return " / ".join(said) if len(said) <= 2 else f"{len(said)} sets of ports"


class Picture(NamedTuple):
    """All that is drawn."""

    title: str
    peers: Sequence[Peer]
    links: Mapping[tuple[int, int], Link]
    counts: Mapping[LinkState, int]
    workloads: int
    grouped: str = ""
    """How workloads are put together, in words; empty if each stands by itself."""


def listed_rows(found: Iterable[Listed]) -> Iterator[Row]:
    """The connections of a list."""
    for item in found:
        source, destination, bounds = item.connection
        note = f"only in {'; '.join(item.editions)}" if item.editions else ""
        state = LinkState.ALLOWED
        if bounds.surely is not bounds.possibly and bounds.surely != bounds.possibly:
            state = LinkState.DOUBTFUL if bounds.taken else LinkState.UNDECIDED
            doubt = f"not known for {bounds.doubtful}: {item.reason}"
            note = f"{doubt}; {note}" if note else doubt
        now = bounds.taken or bounds.doubtful
        yield Row(source.name, destination.name, state, str(now), "", note)


def changed_rows(changes: Iterable[ConnectionChange], kept: Iterable[Row] = ()) -> Iterator[Row]:
    """What changes, and what stays as it is; of a workload's connections with addresses outside only what
    changes, if anything does, as the ranges may be others."""
    moved: set[tuple[str, str]] = set()
    for item in changes:
        moved.add((item.source, item.destination))
        for one, other in ((item.source, item.destination), (item.destination, item.source)):
            if is_outside(one):
                moved.add((f"{_OUTSIDE}{one == item.source}", other))
        info = ", ".join(f"workload {name} {kind.value}" for name, kind in item.workloads)
        note = "; ".join(filter(None, (info, f"only in {item.edition}" if item.edition else "")))
        now, before = (str(each) if each != NONE else "" for each in (item.revision, item.base))
        yield Row(item.source, item.destination, LinkState(item.kind.value), now, before, note)
    for row in kept:
        ends = {row[:2]}
        if is_outside(row.source):
            ends.add((f"{_OUTSIDE}True", row.destination))
        if is_outside(row.destination):
            ends.add((f"{_OUTSIDE}False", row.source))
        if not ends & moved:
            yield row


def is_outside(name: str) -> bool:
    """Whether a name is that of addresses outside of the cluster."""
    return name.endswith(_OUTSIDE) and "/" not in name


def picture_of(title: str, rows: Iterable[Row], names: Iterable[str] = ()) -> Picture:
    """The picture of some connections; ``names`` are workloads that stand in it in any case."""
    every = list(rows)
    pods = {name for row in every for name in row[:2] if not is_outside(name) and name != CONTROLLER}
    pods.update(names)
    group_of, grouped = _grouping(sorted(pods), every)
    group_of |= _outside_groups(every)
    members: dict[Peer, list[str]] = defaultdict(list)
    for name in sorted({*pods, *(name for row in every for name in row[:2])}, key=_order):
        members[group_of.get(name) or _single(name)].append(name)
    peers = [peer._replace(members=tuple(those)) for peer, those in members.items()]
    number = {name: at for at, peer in enumerate(peers) for name in peer.members}
    links: dict[tuple[int, int], Link] = defaultdict(Link)
    counts: Counter[LinkState] = Counter()
    for row in every:
        counts[row.state] += 1
        links[number[row.source], number[row.destination]].add(row)
    return Picture(title, _told_apart(peers), dict(sorted(links.items())), counts, len(pods), grouped)


def _order(name: str) -> tuple[int, str, str]:
    kind = 0 if name == CONTROLLER else 2 if is_outside(name) else 1
    space, _, rest = name.partition("/")
    return (kind, "", name) if kind != 1 else (kind, space, rest)


def _single(name: str) -> Peer:
    if name == CONTROLLER:
        return Peer("ingress controller", "", PeerKind.CONTROLLER, (name,))
    if is_outside(name):
        return Peer(name, "", PeerKind.OUTSIDE, (name,))
    space, _, rest = name.partition("/")
    return Peer(rest, space, PeerKind.PODS, (name,))


def _told_apart(peers: Sequence[Peer]) -> list[Peer]:
    """Names without kinds, where these tell nothing apart."""
    bare = Counter((peer.space, peer.label.rpartition("[")[0]) for peer in peers)
    found = []
    for peer in peers:
        short = peer.label.rpartition("[")[0]
        is_one = peer.kind is PeerKind.PODS and short and bare[peer.space, short] == 1
        found.append(peer._replace(label=short) if is_one else peer)
    return found


def _outside_groups(rows: Sequence[Row]) -> dict[str, Peer]:
    """Ranges of addresses with the same connections as one, named by the first."""
    said: dict[str, set[tuple[bool, str, Detail]]] = defaultdict(set)
    for row in rows:
        for at, name in enumerate(row[:2]):
            if is_outside(name):
                said[name].add((at == 0, row[1 - at], Detail(*row[2:])))
    alike: dict[frozenset[tuple[bool, str, Detail]], list[str]] = defaultdict(list)
    for name, connections in said.items():
        alike[frozenset(connections)].append(name)
    found: dict[str, Peer] = {}
    for several in alike.values():
        first, *more = sorted(several)
        label = first.removesuffix(_OUTSIDE)
        label = "every address outside" if label == _EVERY_ADDRESS else _short_range(label)
        label += f" and {len(more)} more" if more else ""
        found |= dict.fromkeys(several, Peer(label, "", PeerKind.OUTSIDE, (first,)))
    return found


def _short_range(label: str) -> str:
    first, _, last = label.partition("-")
    return first if first == last else label


def _grouping(pods: Sequence[str], rows: Sequence[Row]) -> tuple[dict[str, Peer], str]:
    """Which peer each workload belongs to, where they are too many to stand alone."""
    if len(pods) <= MOST_PEERS:
        return {}, ""
    roles = _roles(pods, rows)
    groups: dict[tuple[str, frozenset[object]], list[str]] = defaultdict(list)
    for name in pods:
        groups[name.partition("/")[0], roles[name]].append(name)
    found: dict[str, Peer] = {}
    if len(groups) <= MOST_PEERS:
        for (space, _), those in groups.items():
            peer = _single(those[0])
            if len(those) > 1:
                first = peer.label.rpartition("[")[0] or peer.label
                peer = Peer(f"{first} and {len(those) - 1} more", space, PeerKind.PODS, (those[0],))
            found |= dict.fromkeys(those, peer)
        return found, "workloads of one namespace with the same kinds of connections stand together"
    spaces: dict[str, list[str]] = defaultdict(list)
    for name in pods:
        spaces[name.partition("/")[0]].append(name)
    largest = sorted(spaces, key=lambda space: (-len(spaces[space]), space))[:MOST_PEERS]
    others = len(spaces) - len(largest)
    for space, those in spaces.items():
        label = f"{space} ({number_of(len(those), 'workload')})" if space in largest else ""
        peer = Peer(label or f"{number_of(others, 'other namespace')}", "", PeerKind.PODS, ())
        found |= dict.fromkeys(those, peer)
    return found, "workloads stand together by namespace"


def _roles(pods: Sequence[str], rows: Sequence[Row]) -> dict[str, frozenset[object]]:
    """What each may do to which namespaces or what is outside, whatever it is there."""
    place: Callable[[str], str] = _Places().__getitem__
    found: dict[str, set[object]] = {name: set() for name in pods}
    for row in rows:
        what = row[2:5]
        if row.source in found:
            found[row.source].add((True, place(row.destination), what))
        if row.destination in found:
            found[row.destination].add((False, place(row.source), what))
    return {name: frozenset(each) for name, each in found.items()}


class _Places(dict[str, str]):
    """Where each name belongs: its namespace, or itself."""

    def __missing__(self, name: str) -> str:
        self[name] = name if is_outside(name) or name == CONTROLLER else name.partition("/")[0] + "/"
        return self[name]
