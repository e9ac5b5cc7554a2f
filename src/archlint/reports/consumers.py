"""Whom a change of a contract breaks, in sentences, where the places of all consumers would be too long."""

from __future__ import annotations

from collections.abc import Callable

from archlint.finding import Affected, Finding, Location
from archlint.finding.words import listed
from archlint.reports.characters import visible

_MOST = 5


def broken_consumers(
    finding: Finding, shown: Callable[[str], str] = str, told: set[Location] | None = None
) -> list[str]:
    """The consumers with a place each, and how the provider is rolled out; nothing where nobody looked.

    ``shown`` gives the path of a file as it is written; places in ``told``, to which those that are told now
    are added, are not told again.
    """
    if finding.affected is None:
        return []
    if not finding.affected:
        return ["no known consumer in this repository"]
    seen = set[Location]() if told is None else told
    users = [_consumer(item, shown, seen) for item in finding.affected if item.is_use]
    callers = [_consumer(item, shown, seen) for item in finding.affected if not item.is_use]
    calling = "calls" if len(callers) == 1 else "call"
    said = [
        *([f"breaks {listed(users, _MOST)}"] if users else []),
        *([f"may break {listed(callers, _MOST)}, which {calling} the service"] if callers else []),
    ]
    for item in finding.rollouts[:1]:
        said += [] if item.place in seen else [visible(item.place.message)]
        seen.add(item.place)
    return said


def consumer_places(finding: Finding) -> list[Location]:
    """The related places that these sentences tell."""
    places = [place for item in finding.affected or () for place in item.places]
    return places + [item.place for item in finding.rollouts]


def _consumer(item: Affected, shown: Callable[[str], str], seen: set[Location]) -> str:
    place = item.places[0]
    at = "" if place in seen else f" ({_at(place, shown)})"
    seen.add(place)
    return f"{visible(item.name)}{at}"


def _at(place: Location, shown: Callable[[str], str]) -> str:
    return f"{shown(place.path)}:{place.span.line}:{place.span.column}"
