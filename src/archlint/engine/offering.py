"""What rules that look at one file find in objects that a chart offers and nothing deploys.

Such a finding holds under values that nobody states, so it says under which, and is a warning at most. What a
rendering that is stated has at the same place is told of that alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archlint.documents.charts.unset import open_maps
from archlint.engine.running import Runner
from archlint.files import Kind
from archlint.finding import Finding, Location, Place, Severity, Token
from archlint.finding.place import steps_of
from archlint.finding.records import replace
from archlint.model.kubernetes.building.builds import builds
from archlint.model.kubernetes.building.rendered import Offer
from archlint.model.world import World

SWITCHED_HERE = "what switches it on"
"""What is said of a value with which a template renders anything."""


def over_offered(world: World, runner: Runner, seen: Iterable[Finding]) -> Iterator[Finding]:
    """The findings, each place once and none where others are ``seen``."""
    told = {_cause(finding) for finding in seen}
    for offer in world.fact(builds).charts.offers:
        found = list(_over(offer, world, runner))
        for finding in found:
            if _cause(finding) not in told:
                yield _under(finding, offer)
        told.update(map(_cause, found))


def _over(offer: Offer, world: World, runner: Runner) -> Iterator[Finding]:
    if not offer.documents:
        return
    path = offer.documents[0].path
    alone = World(
        world.tree,
        {path: Kind.KUBERNETES},
        {path: offer.documents},
        is_alone=True,
        pod_spec_paths=world.pod_spec_paths,
    )
    is_open = {
        _located(document.place(route, Token.ANCHOR))
        for document in offer.documents
        for route in open_maps(document.data)
    }
    for finding in runner.over_files(alone, (Kind.KUBERNETES,)):
        at = finding.location
        is_offered_too = any(f"'{key}'" in finding.message for key in offer.optional)
        is_told = not is_offered_too and not _is_empty(at, world)
        if is_told and replace(at, message=SWITCHED_HERE) not in is_open:
            yield finding


def _is_empty(at: Location, world: World) -> bool:
    """Whether a place is a value that is empty, so that nobody has set it yet."""
    if world.kinds.get(at.path) is not Kind.CHART_VALUES or at.pointer is None:
        return False
    document = world.document(at.path)
    if document is None:
        return False
    here = document.data
    for step in steps_of(at.pointer):
        if isinstance(here, list):
            here = here[int(step)] if step.isdecimal() and int(step) < len(here) else None
        else:
            here = here.get(step) if isinstance(here, dict) else None
    return here in (None, "", [], {}) and not isinstance(here, (bool, int))


def _cause(finding: Finding) -> object:
    at = finding.location
    return (finding.code, at.path, at.document, at.span, finding.message_id)


def _under(finding: Finding, offer: Offer) -> Finding:
    """The finding with the values under which it holds."""
    severity = Severity.WARNING if finding.severity is Severity.ERROR else finding.severity
    known = {(place.path, place.span.line) for place in (finding.location, *finding.related)}
    places = tuple(
        place for place in map(_located, offer.places) if (place.path, place.span.line) not in known
    )
    return replace(
        finding,
        severity=severity,
        message=f"{finding.message} It is so where {offer.condition}, which nothing here states.",
        related=(*finding.related, *places),
    )


def _located(place: Place) -> Location:
    source = place.source
    at = place.span()
    return Location(source.path, at, source.index, place.pointer(), source.revision, SWITCHED_HERE)
