"""Contracts by name: which OpenAPI and proto files describe what a service offers.

A file belongs to a service if its catalog entry says so, if the file or its folder has the service's name, if
a proto file defines a ``service`` of that name, or if its name says nothing and it lies in the service's
source.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from posixpath import basename, dirname, splitext

from archlint.files import API_DESCRIPTIONS, Kind
from archlint.finding.regex import regex
from archlint.model.ownership.catalog import catalog
from archlint.model.sources.left_out import is_left_out
from archlint.model.system.names import stem
from archlint.model.system.parties import Parties, parties
from archlint.model.world import World

_SERVICE = regex(r"^[ \t]*service[ \t]+(\w+)", re.MULTILINE)
_VERSION = regex(r"v[0-9]\w*")
NAMELESS = regex(r"(?i)(?:open-?_?api|swagger|api|api-?_?docs?|api-?_?spec|spec|rest-?_?api)")
"""Matches names of contracts that say nothing of whose they are."""


class Contracts:
    """The contracts of a world, by the names that they give to services."""

    def __init__(self, world: World) -> None:
        self._by_name: dict[str, set[str]] = defaultdict(set)
        self._services: dict[str, frozenset[str]] = {}
        for path in world.paths(*API_DESCRIPTIONS, Kind.PROTO):
            offered = _proto_services(world, path)
            self._services[path] = frozenset(map(stem, offered))
            for name in (*_names(path), *self._services[path]):
                self._by_name[name].add(path)
        self._declared = world.fact(catalog).contracts
        self._in_source = _in_source(world, world.paths(Kind.OPENAPI))

    def of(self, name: str) -> list[str]:
        """Paths of the contracts of a service, sorted."""
        named = self._by_name.get(stem(name), set()) | self._declared.get(name, set())
        return sorted(named.union(self._in_source.get(name, ())))

    @property
    def declared(self) -> set[str]:
        """Paths of the contracts that entries of the catalog name."""
        return {path for paths in self._declared.values() for path in paths}

    def services(self, path: str) -> frozenset[str]:
        """The stems of the names of the services that a proto file defines."""
        return self._services.get(path, frozenset())


def contracts(world: World) -> Contracts:
    """The contracts of a world; ask with ``world.fact(contracts)``."""
    return Contracts(world)


def _in_source(world: World, paths: Iterable[str]) -> dict[str, list[str]]:
    """Contracts without a name of their own, by the name of the party whose source they lie in."""
    known: Parties = world.fact(parties)
    found: dict[str, list[str]] = defaultdict(list)
    for path in paths:
        if NAMELESS.fullmatch(splitext(basename(path))[0]) and not is_left_out(path):
            owners = {party.name for party in known.of_path(dirname(path))}
            for name in owners if len(owners) == 1 else ():
                found[name].append(path)
    return found


def _names(path: str) -> Iterator[str]:
    parts = splitext(path)[0].split("/")
    yield stem(parts[-1])
    folders = [part for part in parts[:-1] if not _VERSION.fullmatch(part)]
    if folders:
        yield stem(folders[-1])


def _proto_services(world: World, path: str) -> list[str]:
    """The names of the services of a proto file."""
    text = world.text(path) if path.endswith(".proto") else None
    return [match[1] for match in _SERVICE.finditer(text or "")]
