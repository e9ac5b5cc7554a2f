"""How far the places of findings are from what was edited: steps up to a common value, then down again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archlint.finding import Finding, Location

Route = tuple[str, ...]


class Distances:
    """The values in which two documents differ."""

    def __init__(self, base: Any, revision: Any) -> None:
        self._sides = {"base": base, None: revision}
        self._above: dict[Route, int] = {}
        for route in _differing(base, revision, ()):
            for length in range(len(route) + 1):
                steps = len(route) - length
                self._above[route[:length]] = min(steps, self._above.get(route[:length], steps))

    def of(self, place: Location) -> int | None:
        """The steps from a place to the nearest edit; ``None`` if the document has no such place."""
        route = tuple(
            name.replace("~1", "/").replace("~0", "~") for name in (place.pointer or "").split("/")[1:]
        )
        if not _exists(self._sides[place.revision], route):
            return None
        lengths = range(len(route) + 1)
        return min(
            len(route) - length + self._above[route[:length]]
            for length in lengths
            if route[:length] in self._above
        )

    def misplaced(self, finding: Finding, most: int = 1) -> list[Location]:
        """The place of a finding, and that in the base, if they are none or farther away than this."""
        places = [finding.location, *(each for each in finding.related if each.message == "in the base")]
        return [place for place in places if (steps := self.of(place)) is None or steps > most]


def _differing(base: Any, revision: Any, route: Route) -> Iterator[Route]:
    if isinstance(base, dict) and isinstance(revision, dict):
        for name in {**base, **revision}:
            if name in base and name in revision:
                yield from _differing(base[name], revision[name], (*route, name))
            else:
                yield (*route, name)
    elif isinstance(base, list) and isinstance(revision, list) and len(base) == len(revision):
        for at, (one, other) in enumerate(zip(base, revision, strict=True)):
            yield from _differing(one, other, (*route, str(at)))
    elif base != revision:
        yield route


def _exists(value: Any, route: Route) -> bool:
    for name in route:
        if isinstance(value, dict) and name in value:
            value = value[name]
        elif isinstance(value, list) and name.isdigit() and int(name) < len(value):
            value = value[int(name)]
        else:
            return False
    return True
