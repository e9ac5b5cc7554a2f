"""Source that several parts of a system are built from: who of them calls what it names.

One image runs as several services, each with a command of its own. What the source says holds for one of them
if its compose file says that it waits for the callee, and for those that do not wait only if none does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from archlint.model.compose import ComposeService
from archlint.model.system.evidence import Unit
from archlint.model.system.folders import SourceFolder
from archlint.model.system.parties import Party, parties
from archlint.model.world import World


class SharedSource:
    """Tells callers apart by what they wait for."""

    def __init__(self, world: World) -> None:
        self._waiting: Mapping[int, frozenset[int]] = _waiting(world)

    def may_call(self, unit: Unit, callers: Sequence[Party], caller: Party, callee: Party) -> bool:
        """Whether a caller is one of those for whom it holds that their source names a callee; stores and
        brokers are for all of them."""
        if len(callers) < 2 or not isinstance(unit, SourceFolder) or callee.store_protocol is not None:
            return True
        is_waited_for = any(id(callee) in self._waiting.get(id(other), ()) for other in callers)
        return not is_waited_for or id(callee) in self._waiting.get(id(caller), ())


def _waiting(world: World) -> dict[int, frozenset[int]]:
    known = world.fact(parties)
    found: dict[int, set[int]] = {}
    for service in world.all(ComposeService):
        for caller in known.of(service) if service.depends_on else ():
            for item in service.depends_on:
                callees = map(id, known.resolve(item.name, caller))
                found.setdefault(id(caller), set()).update(callees)
    return {caller: frozenset(callees) for caller, callees in found.items()}


def shared_source(world: World) -> SharedSource:
    """Who calls what shared source names; ask with ``world.fact(shared_source)``."""
    return SharedSource(world)
