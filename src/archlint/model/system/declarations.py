"""What is said to connect, by those who allow or describe connections: never proof of a call.

A new kind is a function that yields declarations, in a module of its own, and its name in ``DECLARERS``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from archlint.model.system.declared_by_mesh import declared_by_mesh
from archlint.model.system.declared_by_policies import declared_by_policies
from archlint.model.system.evidence import Declaration
from archlint.model.world import World

DECLARERS: tuple[Callable[[World], Iterable[Declaration]], ...] = (declared_by_policies, declared_by_mesh)


def all_declarations(world: World) -> Iterator[Declaration]:
    """What everybody declares, in the order of the list."""
    for declarer in DECLARERS:
        yield from declarer(world)
