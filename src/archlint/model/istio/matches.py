"""Matches of routes: which later ones an earlier one leaves nothing to.

Source: Istio's reference of VirtualService: routes are tried in order and the first that matches is
taken; the conditions of one match must all hold, of several matches any one. A route with a ``delegate``
takes what the routes of that virtual service take, and leaves the rest to later ones.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import accumulate

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.istio.routing import PROTOCOLS, TrafficRoute, VirtualService
from archlint.model.kubernetes import ObjectFacet
from archlint.model.world import World

_LABELS = ("name", "statPrefix")
"""Keys of a match that say nothing about what matches."""
_LONGEST = 500
"""Characters of a path whose beginnings are looked for."""


class Cover(StrEnum):
    """How an earlier match takes all that a later one asks for."""

    EVERYTHING = "everything"
    """It has no condition."""
    SAME = "same"
    """Its conditions are the same."""
    PREFIX = "prefix"
    """It asks for a beginning of the beginning that the later one asks for, and else for the same."""
    EXACT = "exact"
    """It asks for a beginning of the path that the later one asks for, and else for the same."""


@dataclass(frozen=True)
class MatchCondition:
    """One match of a route; ``node`` is the route's own where it has no ``match``."""

    node: Node
    rest: str
    """All conditions besides the path, in one form of writing."""
    path: Node

    @property
    def is_everything(self) -> bool:
        """Whether it has no condition."""
        return self.rest == "{}" and not self.path.is_set

    @property
    def ignores_case(self) -> bool:
        """Whether the case of letters in the path does not count."""
        return self.node.get("ignoreUriCase").value is True


@dataclass(frozen=True)
class CoveredMatch:
    """A match that is never taken, and the earlier one that takes all of it."""

    match: MatchCondition
    earlier: MatchCondition
    cover: Cover


@dataclass(frozen=True)
class CoveredRoute(ObjectFacet):
    """A route of a virtual service with matches that are never taken."""

    route: TrafficRoute
    covered: tuple[CoveredMatch, ...]
    is_unreachable: bool
    """Whether all its matches are among them."""

    @classmethod
    def all(cls, world: World) -> Iterator[CoveredRoute]:
        """Every such route."""
        for service in world.all(VirtualService):
            for protocol in PROTOCOLS:
                routes = [route for route in service.routes if route.protocol == protocol]
                for route, covered, count in covered_routes(routes):
                    yield cls(service.base, route, covered, is_unreachable=len(covered) == count)


def conditions(route: TrafficRoute) -> list[MatchCondition]:
    """The matches of a route."""
    listed = [node for node in route.node.get("match").elements() if node.is_map]
    if not listed:
        return [MatchCondition(route.node, "{}", route.node.get("match", "uri"))]
    return [_condition(node) for node in listed]


def _condition(node: Node) -> MatchCondition:
    kept = {key: value.value for key, value in node.items() if key not in (*_LABELS, "uri")}
    return MatchCondition(node, json.dumps(kept, sort_keys=True, default=str), node.get("uri"))


_Found = tuple[TrafficRoute, tuple[CoveredMatch, ...], int]


def covered_routes(routes: Sequence[TrafficRoute]) -> Iterator[_Found]:
    """The routes with matches that earlier ones take, with these, and the number of all its matches."""
    seen = _Earlier()
    for route in routes:
        found: list[CoveredMatch] = []
        matches = conditions(route)
        for match in matches:
            covering = seen.covering(match)
            if covering is not None:
                found.append(covering)
            elif not route.is_delegated:
                seen.add(match)
        if found:
            yield route, tuple(found), len(matches)


class _Earlier:
    """The matches so far: one without conditions, and by other conditions those with a path."""

    def __init__(self) -> None:
        self._everything: MatchCondition | None = None
        self._same: dict[tuple[str, str], MatchCondition] = {}
        self._prefixes: dict[str, dict[str, MatchCondition]] = defaultdict(dict)

    def add(self, match: MatchCondition) -> None:
        if match.is_everything:
            self._everything = match
        self._same[match.rest, _written(match.path)] = match
        prefix = match.path.get("prefix").text
        if prefix and not match.ignores_case:
            self._prefixes[match.rest][prefix] = match

    def covering(self, match: MatchCondition) -> CoveredMatch | None:
        if self._everything is not None:
            cover = Cover.SAME if match.is_everything else Cover.EVERYTHING
            return CoveredMatch(match, self._everything, cover)
        same = self._same.get((match.rest, _written(match.path)))
        if same is not None:
            return CoveredMatch(match, same, Cover.SAME)
        shorter = self._shorter(match)
        if shorter is None:
            return None
        cover = Cover.PREFIX if match.path.get("prefix").text is not None else Cover.EXACT
        return CoveredMatch(match, shorter, cover)

    def _shorter(self, match: MatchCondition) -> MatchCondition | None:
        path = match.path.get("prefix").text or match.path.get("exact").text or ""
        known = self._prefixes.get(match.rest, {})
        if match.ignores_case or not known:
            return None
        return next((known[start] for start in accumulate(path[:_LONGEST]) if start in known), None)


def _written(node: Node) -> str:
    """A value in one form of writing."""
    return json.dumps(node.value, sort_keys=True, default=str)
