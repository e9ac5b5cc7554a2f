"""Which expectations of consumers a change of contracts breaks: met by the base, and not any more.

What the base did not give either is no matter of the change, nor is what was not judged there.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from typing import TYPE_CHECKING, TypeVar

from archlint.comparison.evidence.expectations import BrokenExpectation
from archlint.comparison.evidence.mismatches import TrafficMismatch
from archlint.comparison.evidence.pact_calls import pact_calls
from archlint.comparison.evidence.pact_items import JudgedItems
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
from archlint.comparison.evidence.pact_responses import DOUBTFUL, HEADERS
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
        messages = _items(self._base.fact(pact_messages), self._document)
        if messages is not None:
            had = {_spot(each.unmet) for each in messages.unmet}
            later = self._revision.fact(pact_messages)[self._document].unmet
            yield from (each for each in later if not _lies_in(each.unmet.seen.route, had))
        calls = _items(self._base.fact(pact_calls), self._document)
        if calls is not None:
            names = {(each.lack, each.subject, each.name) for each in calls.unmet}
            more = self._revision.fact(pact_calls)[self._document].unmet
            yield from (each for each in more if (each.lack, each.subject, each.name) not in names)

    def _requests(self, unknown: Container[Route]) -> Iterator[TrafficMismatch]:
        was = self._base.fact(pact_requests).get(self._document, _NO_REQUESTS)
        now = self._revision.fact(pact_requests).get(self._document, _NO_REQUESTS)
        if was.unread:
            return
        had = {(type(each), each.identity) for each in was.mismatches}
        for each in now.mismatches:
            seen = tuple(place for place in each.seen if place.route[:_OF_INTERACTION] not in unknown)
            if seen and (type(each), each.identity) not in had:
                yield replace(each, seen=seen)


_NO_REQUESTS = JudgedRequests((), {})


def _answers(was: PactVerdict, now: PactVerdict, unknown: Container[Route]) -> Iterator[UnmetAnswer]:
    if was.unread.get(DOUBTFUL) or was.unread.get(HEADERS):
        return
    had = {_spot(unmet) for each in was.answers for unmet in each.unmet}
    for each in now.answers:
        broken = tuple(
            unmet
            for unmet in each.unmet
            if not _lies_in(unmet.seen.route, had) and unmet.seen.route[:_OF_INTERACTION] not in unknown
        )
        if broken:
            yield replace(each, unmet=broken)


def _unoffered(now: PactVerdict, unknown: Container[Route]) -> Iterator[Unoffered]:
    for each in now.unoffered:
        asked = tuple(one for one in each.asked if one.interaction.node.route not in unknown)
        if asked:
            yield replace(each, asked=asked)


def _items(judged: Mapping[Document, JudgedItems[T]], document: Document) -> JudgedItems[T] | None:
    """What the base says of the messages or calls of a file; ``None`` if it leaves something open."""
    found = judged.get(document)
    return None if found is None or found.unread else found


def _spot(unmet: Unmet) -> Route:
    """The part of a Pact file of which nothing is given; without its status all of an answer."""
    route = unmet.seen.route
    return route[:-1] if unmet.lack is Lack.STATUS else route


def _lies_in(route: Route, parts: Container[Route]) -> bool:
    return any(route[:length] in parts for length in range(len(route) + 1))
