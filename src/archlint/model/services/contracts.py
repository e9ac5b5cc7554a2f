"""Contracts by name: which OpenAPI and proto files describe what a service offers.

A file belongs to a service if its catalog entry says so, if the file or its folder has the service's name, or
if a proto file defines a ``service`` of that name.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from posixpath import splitext

from archlint.files import API_DESCRIPTIONS, Kind
from archlint.finding.regex import regex
from archlint.model.ownership.catalog import catalog
from archlint.model.system.names import stem
from archlint.model.world import World

_SERVICE = regex(r"^[ \t]*service[ \t]+(\w+)", re.MULTILINE)
_VERSION = regex(r"v[0-9]\w*")


class Contracts:
    """The contracts of a world, by the names that they give to services."""

    def __init__(self, world: World) -> None:
        self._by_name: dict[str, set[str]] = defaultdict(set)
        for path in world.paths(*API_DESCRIPTIONS, Kind.PROTO):
            for name in _names(world, path):
                self._by_name[name].add(path)
        self._declared = world.fact(catalog).contracts

    def of(self, name: str) -> list[str]:
        """Paths of the contracts of a service, sorted."""
        return sorted(self._by_name.get(stem(name), set()) | self._declared.get(name, set()))


def contracts(world: World) -> Contracts:
    """The contracts of a world; ask with ``world.fact(contracts)``."""
    return Contracts(world)


def _names(world: World, path: str) -> Iterator[str]:
    parts = splitext(path)[0].split("/")
    yield stem(parts[-1])
    folders = [part for part in parts[:-1] if not _VERSION.fullmatch(part)]
    if folders:
        yield stem(folders[-1])
    if path.endswith(".proto"):
        for match in _SERVICE.finditer(world.text(path) or ""):
            yield stem(match[1])
