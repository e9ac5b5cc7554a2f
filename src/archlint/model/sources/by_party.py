"""The source of each party: the files below the folders that it is built from."""

from __future__ import annotations

from collections import defaultdict
from posixpath import dirname

from archlint.model.sources.reading import SourceFile, source_files
from archlint.model.system.parties import Parties, Party, parties
from archlint.model.world import World


class PartySources:
    """Looks up the source files of parties."""

    def __init__(self, world: World) -> None:
        self._files: dict[int, list[SourceFile]] = defaultdict(list)
        known: Parties = world.fact(parties)
        for file in world.fact(source_files).files:
            for owner in known.of_path(dirname(file.path)):
                self._files[id(owner)].append(file)

    def of(self, party: Party) -> list[SourceFile]:
        """The source files of a party, by path."""
        return self._files.get(id(party), [])


def party_sources(world: World) -> PartySources:
    """The sources of a world's parties; ask with ``world.fact(party_sources)``."""
    return PartySources(world)
