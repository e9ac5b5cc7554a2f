"""Whether the source of a party names a variable: the second sign for values that are merely at hand."""

from __future__ import annotations

from archlint.model.sources.reading import variables_read
from archlint.model.system.parties import Party
from archlint.model.world import World


def reads_variable(world: World, party: Party, name: str) -> bool:
    """Whether source of the party names an environment variable, or folders below its own do."""
    if not party.folders:
        return False
    read = world.fact(variables_read)
    return any(name in read.get(folder.path, ()) for folder in party.folders)
