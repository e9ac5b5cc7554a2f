"""What consumers expect in their Pact files, held against the contracts of their providers."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.checks.oas.pact_words import expected_words, masked_path, part_words, way_words
from archlint.checks.oas.wording import joined, label
from archlint.comparison.evidence.offers import NoFit
from archlint.comparison.evidence.pact_calls import pact_calls
from archlint.comparison.evidence.pact_judging import (
    NOTHING,
    UnmetAnswer,
    Unoffered,
    pact_verdicts,
)
from archlint.comparison.evidence.pact_messages import pact_messages
from archlint.comparison.evidence.pact_parts import stated_words, value_words
from archlint.comparison.evidence.pact_reading import Lack, Unmet
from archlint.comparison.evidence.pact_requests import pact_requests
from archlint.comparison.evidence.pact_surprises import pact_surprises
from archlint.model.evidence.pact import Pact
from archlint.model.world import World

_MOST_RELATED = 10


@join(Pact)
def pact_answer_impossible(pact: Pact, world: World, options: Options) -> Iterator[Observation]:
    """What a consumer reads and no answer of the contract has."""
    for answer in world.fact(pact_verdicts).get(pact.document, NOTHING).answers:
        yield _of_answer(pact, answer)


def _of_answer(pact: Pact, answer: UnmetAnswer) -> Observation:
    first, operation = answer.unmet[0], answer.operation
    place = first.home.place()
    related = [(unmet.seen.place(), "what the consumer reads") for unmet in answer.unmet[:_MOST_RELATED]]
    expected = "" if first.expected is None else expected_words(first.expected)
    return observe(
        place,
        str(first.lack),
        related=related,
        identity=(operation.method, operation.item.template, answer.status, *_way(first), str(first.lack)),
        operations=(operation.name,),
        consumer=pact.consumer,
        operation=label(operation),
        status=answer.status,
        where=part_words(first),
        expected=expected,
        stated="" if first.schema is None else stated_words(first.schema, operation.contract.references),
        declared=joined(list(operation.responses), 8) or "none",
        media=joined([name for name, _ in first.home.items()], 5) if first.lack is Lack.MEDIA else "",
    )


def _way(unmet: Unmet) -> tuple[str, ...]:
    return (f"header {unmet.header}", *unmet.way) if unmet.header else unmet.way


@join(Pact)
def pact_answer_unexpected(pact: Pact, world: World, options: Options) -> Iterator[Observation]:
    """What the contract may send and a consumer does not take."""
    for found in world.fact(pact_surprises).get(pact.document, ()):
        operation, references = found.operation, found.operation.contract.references
        yield observe(
            found.home.place(),
            str(found.surprise),
            related=[(node.place(), "what the consumer takes") for node in found.seen[:_MOST_RELATED]],
            identity=(operation.method, operation.item.template, found.status, *found.way, found.surprise),
            operations=(operation.name,),
            consumer=pact.consumer,
            operation=label(operation),
            status=found.status,
            where=way_words(found.way),
            expected=expected_words(found.expected),
            stated=value_words(found.values) or stated_words(found.home, references),
            names=joined(found.names, 5),
        )


@join(Pact)
def pact_operation_missing(pact: Pact, world: World, options: Options) -> Iterator[Observation]:
    """A request that no operation of the provider's contract describes."""
    for found in world.fact(pact_verdicts).get(pact.document, NOTHING).unoffered:
        yield _of_request(pact, found)


def _of_request(pact: Pact, found: Unoffered) -> Observation:
    first = found.asked[0]
    related = [(asked.request.place, "what the consumer asks") for asked in found.asked[:_MOST_RELATED]]
    method = first.request.method
    if isinstance(first.fit, NoFit):
        path = masked_path(first.request.path, found.contract)
        return observe(
            found.contract.root.get("paths").place(),
            "path",
            related=related,
            identity=(method, path),
            consumer=pact.consumer,
            method=method,
            path=path,
            title=found.contract.title or found.contract.document.path,
        )
    item = first.fit.item
    return observe(
        item.key.place(),
        "method",
        related=related,
        identity=(method, item.template),
        consumer=pact.consumer,
        method=method,
        path=item.template,
        declared=joined([name for name, _ in item.operation_nodes()], 8) or "none",
    )


@join(Pact)
def pact_request_refused(pact: Pact, world: World, options: Options) -> Iterator[Observation]:
    """What a consumer sends and its provider does not take."""
    judged = world.fact(pact_requests).get(pact.document)
    for found in () if judged is None else judged.mismatches:
        yield observe(
            found.node.place(),
            related=[(place, "what the consumer sends") for place in found.seen],
            identity=(*found.identity, type(found).__name__),
            operations=found.operations,
            consumer=pact.consumer,
            operation=joined([f"{each.method} {each.path}" for each in found.operations], 3),
            problem=found.in_short,
        )


@join(Pact)
def pact_message_impossible(pact: Pact, world: World, options: Options) -> Iterator[Observation]:
    """What a consumer reads of a message and nobody sends."""
    judged = world.fact(pact_messages).get(pact.document)
    for found in () if judged is None else judged.unmet:
        unmet = found.unmet
        yield observe(
            unmet.home.place(),
            str(unmet.lack),
            related=[(unmet.seen.place(), "what the consumer reads")],
            object=found.object,
            identity=(pact.consumer, found.name, *unmet.way, str(unmet.lack)),
            consumer=pact.consumer,
            message=found.name,
            where=way_words(unmet.way),
            expected="" if unmet.expected is None else expected_words(unmet.expected),
            stated=found.stated,
        )


@join(Pact)
def pact_call_impossible(pact: Pact, world: World, options: Options) -> Iterator[Observation]:
    """What a consumer calls, or reads of an answer, and no proto file has."""
    judged = world.fact(pact_calls).get(pact.document)
    for found in () if judged is None else judged.unmet:
        yield observe(
            found.place,
            str(found.lack),
            related=[(found.seen.place(), "what the consumer expects")],
            identity=(found.subject, found.name, str(found.lack)),
            consumer=pact.consumer,
            subject=found.subject,
            name=found.name,
            stated=found.stated,
            expected=found.expected,
        )
