"""Whom the changes of contracts break: consumers in the repository, told with each finding.

They change no severity: a consumer that nobody sees here may be elsewhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from posixpath import splitext

from archlint.comparison.contract_kinds import CONTRACTS
from archlint.engine.changes import breaks
from archlint.engine.coverage import all_unread
from archlint.engine.request import Request, Side
from archlint.engine.whole import world_of
from archlint.finding import Affected, Finding, Location, Notice, Place, RolledOut, Unread
from archlint.finding.records import dataclass, replace
from archlint.finding.unread import REASONS
from archlint.finding.words import listed
from archlint.model.consumers import (
    Changed,
    Consumer,
    Consumers,
    Rollout,
    consumers,
    proto_part,
    rollouts,
)
from archlint.model.sources.reading import source_files
from archlint.model.system.parties import parties
from archlint.model.world import World

_MOST_TOLD = 10
"""Consumers, and providers, that one finding tells."""
_MOST_RELATED = 2
"""Providers whose rollout is told in words."""
_MOST_REASONS = 4
_UNKNOWN_SOURCE = {
    **dict.fromkeys((".c", ".cc", ".cpp", ".cxx"), "C and C++"),
    ".rs": "Rust",
    ".swift": "Swift",
    ".scala": "Scala",
    ".dart": "Dart",
    **dict.fromkeys((".ex", ".exs"), "Elixir"),
    ".erl": "Erlang",
    ".clj": "Clojure",
    ".hs": "Haskell",
}
"""Languages whose source is not read, by how their files end."""


@dataclass(frozen=True)
class Told:
    """Findings with whom they affect, and what is to be said of contracts without consumers."""

    findings: tuple[Finding, ...]
    notices: tuple[Notice, ...] = ()


def tell_affected(
    findings: Sequence[Finding], world: World, unread: Sequence[Unread], *contracts: World
) -> Told:
    """Findings about changes of contracts, each with the consumers that it breaks.

    ``contracts`` are those that were compared, newest first: what is gone stands only in those of before.
    """
    teller = _Teller(world, contracts)
    told = tuple(teller.told(item) if breaks(item) else item for item in findings)
    return Told(told, tuple(teller.without(unread)))


def tell_around(findings: Sequence[Finding], side: Side, request: Request, *contracts: World) -> Told:
    """As ``tell_affected``, in the repository around the contracts that were compared; contracts without a
    service beside them are alone."""
    world = world_of(side, request.settings, request.helm)
    if not world.fact(parties).all:
        return Told(tuple(findings))
    return tell_affected(findings, world, all_unread(world), *contracts)


class _Teller:
    def __init__(self, world: World, contracts: Sequence[World]) -> None:
        self._world = world
        self._compared = contracts
        self._consumers: Consumers = world.fact(consumers)
        self._counts: Counter[str] = Counter()
        """Breaking changes by contract."""
        self._unknown: Counter[str] = Counter()
        """Those of which no consumer is known."""
        self._offered: set[str] = set()
        """Contracts of which a provider is known."""

    def told(self, finding: Finding) -> Finding:
        """A finding with the consumers that it breaks, and how the providers are rolled out."""
        contracts, changed = self._contracts(finding), self._changed(finding)
        found: dict[str, Consumer] = {}
        for path in contracts:
            for consumer in self._consumers.of(path, changed):
                found.setdefault(consumer.name, consumer)
        self._counts.update(contracts)
        self._unknown.update(() if found else contracts)
        affected = tuple(
            Affected(item.name, item.is_use, _locations(item)) for item in [*found.values()][:_MOST_TOLD]
        )
        rolled = tuple(map(_rolled_out, self._rollouts(contracts, changed)))[:_MOST_TOLD]
        told = [place for item in affected for place in item.places[:1]]
        told += [item.place for item in rolled[:_MOST_RELATED]] if affected else []
        return replace(finding, affected=affected, rollouts=rolled, related=(*finding.related, *told))

    def _contracts(self, finding: Finding) -> list[str]:
        """The contracts that a finding is about: the roots that lead to its place, and the file itself."""
        paths = (*finding.through, finding.location.path, *(item.path for item in finding.related))
        return [path for path in dict.fromkeys(paths) if self._world.kinds.get(path) in CONTRACTS]

    def _changed(self, finding: Finding) -> Changed:
        if not finding.code.startswith("PROTO"):
            return Changed(finding.operations)
        if finding.object is None:
            return Changed()
        places = (finding.location, *finding.related)
        pointers = [place.pointer for place in places if place.pointer is not None]
        return proto_part(self._compared, finding.object.name, pointers)

    def _rollouts(self, contracts: Iterable[str], changed: Changed) -> Iterator[Rollout]:
        """How those are rolled out that offer what has changed."""
        parties = {id(item): item for path in contracts for item in self._consumers.providers(path, changed)}
        self._offered.update(contracts if parties else ())
        for party in parties.values():
            if party.service is not None:
                yield from rollouts(self._world, party.service)

    def without(self, unread: Sequence[Unread]) -> Iterator[Notice]:
        """That nobody is known to use what has changed of a contract, and what was not looked at."""
        left = _not_read(self._world, unread)
        for path, count in sorted(self._unknown.items()):
            whole = "what has changed in it breaks"
            part = f"{count} of its {self._counts[path]} breaking changes have"
            said = f"{whole if count == self._counts[path] else part} no known consumer in this repository"
            owner = "" if path in self._offered else ", as no service here is known to offer it"
            yield Notice("warning", f"{said}{owner}{left}", path)


def _not_read(world: World, unread: Sequence[Unread]) -> str:
    """What was not read and may hold a consumer."""
    reasons = Counter(item.reason for item in unread)
    found = [
        f"{count} {REASONS[reason].one if count == 1 else REASONS[reason].many}"
        for reason, count in reasons.most_common()
    ]
    languages = {_UNKNOWN_SOURCE.get(splitext(path)[1]) for path in world.kinds}
    found += [f"source in {name}" for name in sorted(filter(None, languages))]
    large = len(world.fact(source_files).left_out)
    found += [f"{large} source files that are too large"] if large else []
    return f"; not read: {listed(found, _MOST_REASONS)}" if found else ""


def _rolled_out(item: Rollout) -> RolledOut:
    name, strategy = item.workload.name, item.strategy
    named = f" ({strategy})" if item.node.route != ("kind",) else ""
    if item.is_side_by_side:
        said = f"old and new '{name}' answer side by side while this rolls out{named}"
    else:
        said = (
            f"'{name}' stops before its new version starts{named}, so old and new never answer side by side"
        )
    place = _location(item.node.value_place(), said)
    return RolledOut(item.workload.object, strategy, item.is_side_by_side, place)


def _locations(consumer: Consumer) -> tuple[Location, ...]:
    said = "uses it here" if consumer.is_use else "calls this service"
    return tuple(_location(place, f"consumer '{consumer.name}' {said}") for place in consumer.places)


def _location(place: Place, said: str) -> Location:
    return Location(place.source.path, place.span(), place.source.index, place.pointer(), None, said)
