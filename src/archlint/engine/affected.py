"""Whom the changes of contracts break: consumers in the repository, told with each finding.

They change no severity: a consumer that nobody sees here may be elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from archlint.comparison.contract_kinds import CONTRACTS
from archlint.finding import Affected, Finding, Location, Notice, Place, Severity, Unread
from archlint.finding.records import dataclass, replace
from archlint.model.consumers import Consumer, Consumers, consumers
from archlint.model.kubernetes import Workload
from archlint.model.world import World

_MOST_TOLD = 10
"""Consumers, and places of rollouts, that one finding tells."""


@dataclass(frozen=True)
class Told:
    """Findings with whom they affect, and what is to be said of contracts without consumers."""

    findings: tuple[Finding, ...]
    notices: tuple[Notice, ...] = ()


def tell_affected(findings: Sequence[Finding], world: World, unread: Sequence[Unread]) -> Told:
    """Findings about changes of contracts, each with the consumers that it breaks."""
    if not any(_breaks(item) for item in findings):
        return Told(tuple(findings))
    teller = _Teller(world)
    told = tuple(teller.told(item) if _breaks(item) else item for item in findings)
    return Told(told, tuple(_without(teller.unknown, unread)))


def _breaks(finding: Finding) -> bool:
    return finding.severity >= Severity.WARNING and finding.code.startswith(("OAS", "PROTO"))


class _Teller:
    def __init__(self, world: World) -> None:
        self._world = world
        self._consumers: Consumers = world.fact(consumers)
        self.unknown: set[str] = set()
        """Contracts of which no consumer is known."""

    def told(self, finding: Finding) -> Finding:
        found: dict[str, Consumer] = {}
        contracts = self._contracts(finding)
        for path in contracts:
            element = finding.object.name if finding.object and finding.code.startswith("PROTO") else ""
            for consumer in self._consumers.of(path, finding.operations, element):
                found.setdefault(consumer.name, consumer)
        if not found:
            self.unknown.update(contracts)
            return replace(finding, affected=())
        known = list(found.values())[:_MOST_TOLD]
        affected = tuple(Affected(item.name, item.is_use, _locations(item)) for item in known)
        places = [place for item in affected for place in item.places[:1]]
        rollouts = [*self._rollouts(contracts)]
        return replace(finding, affected=affected, related=(*finding.related, *places, *rollouts))

    def _contracts(self, finding: Finding) -> list[str]:
        """The contracts that a finding is about: the roots that lead to its place, and the file itself."""
        paths = (*finding.through, finding.location.path, *(item.path for item in finding.related))
        return [path for path in dict.fromkeys(paths) if self._world.kinds.get(path) in CONTRACTS]

    def _rollouts(self, contracts: Iterable[str]) -> Iterator[Location]:
        """Where a provider is deployed such that old and new answer side by side for a while."""
        parties = {id(item): item for path in contracts for item in self._consumers.providers(path)}
        workloads = [
            workload
            for item in parties.values()
            for workload in (item.service.workloads if item.service else ())
            if _rolls(workload)
        ]
        for workload in workloads[:1]:
            said = f"old and new '{workload.name}' answer side by side while this rolls out"
            yield _location(workload.base.get("kind").value_place(), said)


def _rolls(workload: Workload) -> bool:
    """Whether new pods are started before all old ones are gone."""
    strategy = workload.base.get("spec", "strategy", "type").text
    return workload.kind in ("Deployment", "Rollout") and strategy != "Recreate"


def _locations(consumer: Consumer) -> tuple[Location, ...]:
    said = "uses it here" if consumer.is_use else "calls this service"
    return tuple(_location(place, f"consumer '{consumer.name}' {said}") for place in consumer.places)


def _location(place: Place, said: str) -> Location:
    return Location(place.source.path, place.span(), place.source.index, place.pointer(), None, said)


def _without(contracts: Iterable[str], unread: Sequence[Unread]) -> Iterator[Notice]:
    """That nobody is known to use a contract, and what was not looked at."""
    left = f" ({len(unread)} files or parts of files were not read)" if unread else ""
    for path in sorted(contracts):
        text = f"what has changed in it breaks no known consumer in this repository{left}"
        yield Notice("warning", text, path)
