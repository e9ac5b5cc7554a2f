"""Which environment variables are set wherever a service is deployed: defaults for them are never used."""

from __future__ import annotations

from archlint.model.system.evidence import Unit
from archlint.model.system.parties import Party, parties
from archlint.model.world import World


class Overrides:
    """The variables that all deployments of a part of the system set."""

    def __init__(self, world: World) -> None:
        self._parties = world.fact(parties)
        self._known: dict[int, frozenset[str]] = {}

    def is_set(self, unit: Unit, variable: str) -> bool:
        """Whether every deployment of what a unit describes sets a variable."""
        found = self._parties.of(unit)
        return bool(found) and all(variable in self._of(party) for party in found)

    def _of(self, party: Party) -> frozenset[str]:
        if id(party) not in self._known:
            self._known[id(party)] = _set_everywhere(party)
        return self._known[id(party)]


def _set_everywhere(party: Party) -> frozenset[str]:
    deployments = [{variable.name for variable in service.variables} for service in party.composed]
    for workload in party.service.workloads if party.service else ():
        names = {
            entry.get("name").text or ""
            for container in workload.containers
            for entry in container.get("env").elements()
        }
        deployments.append(names)
    return frozenset.intersection(*map(frozenset, deployments)) if deployments else frozenset()


def overrides(world: World) -> Overrides:
    """What deployments set; ask with ``world.fact(overrides)``."""
    return Overrides(world)
