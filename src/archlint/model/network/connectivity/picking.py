"""Whom the sides of a team's rules mean, as sets of the numbers of a cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from ipaddress import ip_network

from archlint.model.kubernetes import Workload
from archlint.model.network.connectivity.connectivity import Connectivity
from archlint.model.network.connectivity.external import OUTSIDE, AddressRange
from archlint.model.network.connectivity.pods import PodClass, PodGroup, Stranger
from archlint.model.network.labels import Bits
from archlint.model.network.policies import TrafficDirection
from archlint.model.network.team_rules import PeerPattern

OwnerOf = Callable[[Workload], str | None]


class Picked:
    """The peers that one side of a rule means."""

    def __init__(
        self,
        found: Connectivity,
        direction: TrafficDirection,
        pattern: PeerPattern,
        members: Mapping[int, Sequence[PodGroup]],
        outside: Bits,
    ) -> None:
        """``direction`` is that whose peers these are: sources of ingress, destinations of egress."""
        self._found = found
        self._direction = direction
        self._members = members
        self.pods: Bits = sum(1 << number for number in members)
        self.bits: Bits = self.pods | outside
        self._outside = ", ".join(pattern.addresses) or OUTSIDE
        """How the addresses among them are called."""

    def names(self, bits: Bits) -> Iterator[str]:
        """What those among some peers are called: each workload once, and addresses all together."""
        mine = bits & self.bits
        for number, groups in self._members.items():
            if mine >> number & 1:
                yield from (group.name for group in groups)
        if mine & ~self.pods:
            yield self._outside

    def count(self, bits: Bits) -> int:
        """How many of these names there are."""
        mine = bits & self.bits
        more = sum(
            len(groups) - 1
            for number, groups in self._members.items()
            if len(groups) > 1 and mine >> number & 1
        )
        return (mine & self.pods).bit_count() + more + bool(mine & ~self.pods)

    def peer(self, number: int) -> PodGroup | AddressRange:
        """One peer that stands for a number."""
        if number in self._members:
            return self._members[number][0]
        return self._found.external[self._direction].ranges[number - len(self._found.pods.classes)]


class Picker:
    """Finds whom patterns mean in one cluster."""

    def __init__(self, found: Connectivity, owner_of: OwnerOf) -> None:
        self._found = found
        self._owner_of = owner_of
        self._known: dict[tuple[PeerPattern, TrafficDirection], Picked] = {}

    def picked(self, pattern: PeerPattern, direction: TrafficDirection) -> Picked:
        """Those whom a pattern means, among the peers of a direction."""
        key = (pattern, direction)
        if key not in self._known:
            self._known[key] = self._pick(pattern, direction)
        return self._known[key]

    def _pick(self, pattern: PeerPattern, direction: TrafficDirection) -> Picked:
        external = self._found.external[direction]
        if pattern.addresses:
            places = (
                place
                for place, item in enumerate(external.ranges)
                if any(_overlap(item, text) for text in pattern.addresses)
            )
            start = len(self._found.pods.classes)
            outside = sum(1 << (start + place) for place in places)
            return Picked(self._found, direction, pattern, {}, outside)
        classes = self._found.pods.classes
        members = {item.number: found for item in classes if (found := self._members(item, pattern))}
        return Picked(self._found, direction, pattern, members, external.all if pattern.anywhere else 0)

    def _members(self, item: PodClass, pattern: PeerPattern) -> list[PodGroup]:
        if not _has_labels(item, pattern) or not _fits(item.namespace, pattern.namespaces):
            return []
        return [group for group in item.members if self._is_meant(group, item, pattern)]

    def _is_meant(self, group: PodGroup, item: PodClass, pattern: PeerPattern) -> bool:
        workload = group.workload
        excepted = pattern.excepted
        if excepted is not None and workload is not None and self._is_among(group, item, excepted):
            return False
        if workload is None:
            return pattern.anywhere or (item.namespace != "" and bool(pattern.labels or pattern.namespaces))
        kind = group.name.rpartition("[")[2].rstrip("]")
        return (
            (not pattern.kinds or kind in pattern.kinds)
            and _fits(group.name.partition("/")[2].rpartition("[")[0], pattern.names)
            and (not pattern.owners or _is_owner(self._owner_of(workload), pattern.owners))
        )

    def _is_among(self, group: PodGroup, item: PodClass, pattern: PeerPattern) -> bool:
        labels, space = _has_labels(item, pattern), _fits(item.namespace, pattern.namespaces)
        return labels and space and self._is_meant(group, item, pattern)


def stranger_of(pattern: PeerPattern) -> Sequence[Stranger]:
    """The pods that a pattern describes wholly: in single namespaces, by single labels, and nothing else."""
    if pattern.owners or pattern.kinds or pattern.names or pattern.excepted or not pattern.namespaces:
        return ()
    texts = (*pattern.namespaces, *(value for _, values in pattern.labels for value in values))
    if any("*" in text for text in texts) or any(len(values) != 1 for _, values in pattern.labels):
        return ()
    labels = tuple((key, values[0]) for key, values in pattern.labels)
    return [Stranger(namespace, labels) for namespace in pattern.namespaces]


def _has_labels(item: PodClass, pattern: PeerPattern) -> bool:
    return all(
        key in item.labels and _fits(item.labels[key], values or ("*",)) for key, values in pattern.labels
    )


def _is_owner(owner: str | None, wanted: Iterable[str]) -> bool:
    """Whether somebody is named: catalogs write ``group:team``, CODEOWNERS ``@org/team``."""
    if owner is None:
        return False
    own = {owner, owner.rpartition("/")[2], owner.rpartition(":")[2], owner.lstrip("@")}
    return any(each in own for each in wanted)


def _fits(text: str, globs: Sequence[str]) -> bool:
    """Whether a text is one of some patterns; all texts are, where there are none."""
    return not globs or any(_is_like(text, glob) for glob in globs)


def _is_like(text: str, glob: str) -> bool:
    """Whether a text is as a pattern says, in which ``*`` stands for any characters."""
    first, *rest = glob.split("*")
    if not rest:
        return text == glob
    if not text.startswith(first):
        return False
    at = len(first)
    for part in rest[:-1]:
        at = text.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return len(text) - at >= len(rest[-1]) and text.endswith(rest[-1])


def _overlap(item: AddressRange, text: str) -> bool:
    network = ip_network(text)
    return item.meets(network.version, int(network[0]), int(network[-1]))
