"""Whether findings stand at what was edited, and quote it: how far their places are from the next value that
differs (steps up to a common value, then down again), and whether the values told are those at the places."""

from __future__ import annotations

import json
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
        route = _route(place)
        if _value(self._sides[place.revision], route) is _NONE:
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

    def misquoted(self, finding: Finding) -> list[tuple[str, Any]]:
        """What a finding says was there, and is now, and that is not what stands at its places."""
        found = []
        if finding.rule not in _IN_OTHER_WORDS:
            places = {"new": finding.location, "old": next(iter(finding.related), finding.location)}
            for name in finding.arguments.keys() & places.keys():
                told, place = finding.arguments[name], places[name]
                value = _value(self._sides[place.revision], _route(place))
                is_flag = told in ("true", "false") and not isinstance(value, bool)  # whether it may be null
                is_open = told == "not set" and value is True
                is_plain = not isinstance(value, (dict, list)) and not is_flag and not is_open
                if is_plain and _text(value) not in told:
                    found.append((told, value))
        return found


_IN_OTHER_WORDS = ("discriminator-changed", "serialization-changed")
"""Rules that tell what the values at their places mean, with those around them."""
_NONE = object()


def _text(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return "http" if text == "basic" else text  # as later versions say


def _route(place: Location) -> Route:
    steps = (place.pointer or "").split("/")[1:]
    return tuple(name.replace("~1", "/").replace("~0", "~") for name in steps)


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


def _value(value: Any, route: Route) -> Any:
    for name in route:
        if isinstance(value, dict) and name in value:
            value = value[name]
        elif isinstance(value, list) and name.isdigit() and int(name) < len(value):
            value = value[int(name)]
        else:
            return _NONE
    return value
