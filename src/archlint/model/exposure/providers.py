"""Providers: the contract of the service that a route leads to, with its paths as callers write them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import field
from functools import cached_property

from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.exposure.path_matches import PathMatch, Segments, segments_of
from archlint.model.exposure.path_trees import PathTree
from archlint.model.exposure.routes import PathRoute
from archlint.model.kubernetes.names.similar import SimilarNames
from archlint.model.openapi import Contract, PathItem, server_paths
from archlint.model.services.contracts import contracts
from archlint.model.services.grouping import Service, service_groups
from archlint.model.services.resolution import service_names
from archlint.model.world import World


@dataclass(frozen=True, slots=True)
class Written:
    """A path of a contract, with or without the base path of a server."""

    text: str
    segments: Segments
    item: PathItem


@dataclass(frozen=True, eq=False)
class Provider:
    """The one contract of a service."""

    service: str
    contract: Contract
    paths: tuple[Written, ...]
    is_open: bool
    """Whether a server's base path is a variable, so that a path may begin in any way."""
    _similar: dict[Segments, SimilarNames] = field(default_factory=dict, repr=False)
    """The segments that follow some first ones."""
    _next: dict[Segments, dict[str, int]] = field(default_factory=dict, repr=False)

    @cached_property
    def _tree(self) -> PathTree:
        return PathTree.of([path.segments for path in self.paths])

    @cached_property
    def _written(self) -> dict[int, list[Segments]]:
        found: dict[int, list[Segments]] = {}
        for path in self.paths:
            found.setdefault(id(path.item), []).append(path.segments)
        return found

    def written(self, item: PathItem) -> list[Segments]:
        """A path of the contract, in all ways in which callers may write it."""
        return self._written.get(id(item), [])

    def has(self, match: PathMatch) -> bool:
        """Whether a path of the contract may be among those that a route sends.

        What follows a parameter at the end of a template is taken for part of it, as servers read paths
        of files.
        """
        return self.is_open or self._tree.takes(match)

    def nearest(self, match: PathMatch) -> Written | None:
        """The path that is most like one that it does not have: with the same first segments, and then the
        most alike one; ``None`` if even the first segment is another one."""
        wanted = segments_of(match.text)
        shared, level = self._tree.deepest(wanted)
        first = min(here.first for here in level)
        following = self._following(wanted[:shared], level)
        alike = self._most_alike(wanted, shared, following)
        found = self.paths[following[alike] if alike is not None else first]
        is_near = alike is not None or any(part is not None for part in found.segments[:shared])
        return found if is_near else None

    def _following(self, known: Segments, level: list[PathTree]) -> dict[str, int]:
        """The segments that may follow some first ones, each with the first path that has it."""
        if known not in self._next:
            found: dict[str, int] = {}
            for here in level:
                ends = [("", here.first)] if here.is_end else []
                for key, number in [*ends, *((key or "", each.first) for key, each in here.below.items())]:
                    found[key] = min(number, found.get(key, number))
            self._next[known] = found
        return self._next[known]

    def _most_alike(self, wanted: Segments, index: int, known: Iterable[str]) -> str | None:
        """The segment that is most like one of a path; where many are wrong, guessing ends."""
        asked = _at(wanted, index)
        if _VERSION.fullmatch(asked):
            return next((word for word in sorted(known) if _VERSION.fullmatch(word)), None)
        if wanted[:index] not in self._similar:
            self._similar[wanted[:index]] = SimilarNames(word for word in known if word)
        return self._similar[wanted[:index]].nearest(asked) if asked else None


_VERSION = regex(r"v[0-9]\w*+")


class Providers:
    """Finds the contracts of what routes lead to."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._names = world.fact(service_names)
        self._groups = world.fact(service_groups)
        self._contracts = world.fact(contracts)
        self._by_path = {contract.document.path: contract for contract in world.all(Contract)}
        self._found: dict[tuple[str, ...], Provider | None] = {}

    def of(self, route: PathRoute) -> Provider | None:
        """The provider that all targets of a route lead to, if they have one contract alone."""
        names = {service.name for service in self.services_of(route)}
        return self.of_service(names.pop()) if len(names) == 1 else None

    def services_of(self, route: PathRoute) -> list[Service]:
        """The services that a route leads to; none where one of its targets is not known."""
        found: list[Service] = []
        for target in route.targets:
            fronts = self._names.resolve(target, route.base)
            if not fronts:
                return []
            found += [self._groups.of_front(front) for front in fronts]
        return found

    def of_service(self, name: str) -> Provider | None:
        """The provider that a service is, if it has one contract alone."""
        key = (name,)
        if key not in self._found:
            paths = [path for path in self._contracts.of(name) if path in self._by_path]
            self._found[key] = _provider(name, self._by_path[paths[0]]) if len(paths) == 1 else None
        return self._found[key]


def providers(world: World) -> Providers:
    """The providers of a world; ask with ``world.fact(providers)``."""
    return Providers(world)


def _provider(name: str, contract: Contract) -> Provider | None:
    items = contract.path_items
    bases = {text for _, text in contract.base_paths}
    bases.update(text for item in items for _, text in server_paths(item.get("servers")))
    is_open = any("{" in base or not base.startswith("/") for base in bases if base)
    written = dict.fromkeys(text for base in ("", *sorted(bases)) for text in [base.rstrip("/")])
    paths = tuple(_written(items, list(written)))
    return Provider(name, contract, paths, is_open) if paths else None


def _written(items: tuple[PathItem, ...], bases: list[str]) -> Iterator[Written]:
    for base in bases:
        for item in items:
            yield Written(base + item.template, segments_of(base + item.template), item)


def _at(segments: Segments, index: int) -> str:
    return (segments[index] or "") if index < len(segments) else ""
