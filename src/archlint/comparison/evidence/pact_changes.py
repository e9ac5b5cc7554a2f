"""Which expectations of consumers a change of contracts breaks: met by the base, and not any more.

What the base did not give either is no matter of the change, nor is what was not judged there.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

from archlint.comparison.evidence.expectations import BrokenExpectation
from archlint.comparison.evidence.mismatches import TrafficMismatch
from archlint.comparison.evidence.pact_calls import pact_calls
from archlint.comparison.evidence.pact_judging import (
    NOTHING,
    PactVerdict,
    UnmetAnswer,
    Unoffered,
    pact_verdicts,
)
from archlint.comparison.evidence.pact_messages import pact_messages
from archlint.comparison.evidence.pact_reading import Lack, Unmet
from archlint.comparison.evidence.pact_requests import JudgedRequests, pact_requests
from archlint.documents import Document
from archlint.finding.place import Route
from archlint.finding.records import replace
from archlint.model.evidence.pact import Pact
from archlint.model.world import World

if TYPE_CHECKING:
    from archlint.comparison.evidence.expectations import Expectation

T = TypeVar("T")
_OF_INTERACTION = 2
"""Steps of a route that lead to an interaction."""


def broken_expectations(base: World, revision: World) -> list[BrokenExpectation]:
    """What a change breaks of the Pact files that both worlds have."""
    found: list[BrokenExpectation] = []
    for pact in revision.all(Pact):
        both = _Both(pact.document, base, revision)
        found += [BrokenExpectation(pact, unmet) for unmet in both.broken()]
    return found


class _Both:
    """One Pact file, judged by the contracts of the base and by those of the revision."""

    def __init__(self, document: Document, base: World, revision: World) -> None:
        self._document = document
        self._base = base
        self._revision = revision

    def broken(self) -> Iterator[Expectation]:
        """What is met by the base alone."""
        was = self._base.fact(pact_verdicts).get(self._document)
        if was is not None:
            now = self._revision.fact(pact_verdicts).get(self._document, NOTHING)
            unknown = {asked.interaction.node.route for each in was.unoffered for asked in each.asked}
            yield from _answers(was, now, unknown)
            yield from _unoffered(now, unknown)
            yield from self._requests(unknown)
        messages = self._base.fact(pact_messages).get(self._document)
        if messages is not None:
            had = {_spot(each.unmet) for each in messages.unmet}
            later = self._revision.fact(pact_messages)[self._document].unmet
            sure = _surely(later, lambda each: each.unmet.seen.route, messages.unsure)
            yield from (each for each in sure if not _lies_in(each.unmet.seen.route, had))
        calls = self._base.fact(pact_calls).get(self._document)
        if calls is not None:
            names = {(each.lack, each.subject, each.name) for each in calls.unmet}
            more = self._revision.fact(pact_calls)[self._document].unmet
            sure_ones = _surely(more, lambda each: each.seen.route, calls.unsure)
            yield from (each for each in sure_ones if (each.lack, each.subject, each.name) not in names)

    def _requests(self, unknown: Container[Route]) -> Iterator[TrafficMismatch]:
        was = self._base.fact(pact_requests).get(self._document, _NO_REQUESTS)
        now = self._revision.fact(pact_requests).get(self._document, _NO_REQUESTS)
        had = {(type(each), each.identity) for each in was.mismatches}
        for each in now.mismatches:
            known = _surely(each.seen, lambda place: place.route, was.unsure)
            seen = tuple(_surely(known, lambda place: place.route, unknown))
            if seen and (type(each), each.identity) not in had:
                yield replace(each, seen=seen)


_NO_REQUESTS = JudgedRequests((), {})


def _answers(was: PactVerdict, now: PactVerdict, unknown: Container[Route]) -> Iterator[UnmetAnswer]:
    had = {_spot(unmet) for each in was.answers for unmet in each.unmet}
    for each in now.answers:
        known = _surely(each.unmet, lambda unmet: unmet.seen.route, was.unsure)
        offered = _surely(known, lambda unmet: unmet.seen.route, unknown)
        broken = tuple(unmet for unmet in offered if not _lies_in(unmet.seen.route, had))
        if broken:
            yield replace(each, unmet=broken)


def _unoffered(now: PactVerdict, unknown: Container[Route]) -> Iterator[Unoffered]:
    for each in now.unoffered:
        asked = tuple(one for one in each.asked if one.interaction.node.route not in unknown)
        if asked:
            yield replace(each, asked=asked)


def _surely(found: Iterable[T], route_of: Callable[[T], Route], unsure: Container[Route]) -> Iterator[T]:
    """What belongs to interactions of which the base leaves nothing open."""
    return (each for each in found if route_of(each)[:_OF_INTERACTION] not in unsure)


def _spot(unmet: Unmet) -> Route:
    """The part of a Pact file of which nothing is given; without its status all of an answer."""
    route = unmet.seen.route
    return route[:-1] if unmet.lack is Lack.STATUS else route


def _lies_in(route: Route, parts: Container[Route]) -> bool:
    return any(route[:length] in parts for length in range(len(route) + 1))
