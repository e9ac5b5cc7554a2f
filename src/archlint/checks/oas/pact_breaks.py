"""Words and places of what a change of contracts takes from consumers."""

from __future__ import annotations

from collections.abc import Sequence

from archlint.checks import Observation, observe
from archlint.checks.oas.pact_words import expected_words, masked_path, part_words
from archlint.checks.oas.wording import label
from archlint.comparison.evidence.expectations import BrokenExpectation
from archlint.comparison.evidence.offers import NoFit
from archlint.comparison.evidence.pact_calls import CallLack, UnmetCall
from archlint.comparison.evidence.pact_judging import UnmetAnswer, Unoffered
from archlint.comparison.evidence.pact_messages import UnmetMessage
from archlint.comparison.evidence.pact_parts import stated_words
from archlint.comparison.evidence.pact_reading import Lack, Unmet
from archlint.finding import Place
from archlint.finding.records import dataclass
from archlint.finding.vocabulary import OperationName

_MOST_RELATED = 10


@dataclass(frozen=True, slots=True)
class _Told:
    """What is said of one expectation."""

    place: Place
    problem: str
    related: tuple[tuple[Place, str], ...]
    identity: tuple[str, ...]
    operations: tuple[OperationName, ...] = ()


def observed_break(found: BrokenExpectation) -> Observation:
    """What is said of an expectation that a change breaks."""
    told = _told(found)
    return observe(
        told.place,
        related=told.related[:_MOST_RELATED],
        identity=told.identity,
        operations=told.operations,
        object=found.object,
        consumer=found.pact.consumer,
        problem=told.problem,
    )


def _told(found: BrokenExpectation) -> _Told:
    unmet = found.unmet
    if isinstance(unmet, UnmetAnswer):
        return _of_answer(unmet)
    if isinstance(unmet, Unoffered):
        return _of_request(unmet)
    if isinstance(unmet, UnmetMessage):
        inner = unmet.unmet
        problem = _lack_words(inner, f"message '{unmet.name}'", unmet.stated)
        return _Told(inner.home.place(), problem, _read_at([inner]), (unmet.name, *inner.way))
    if isinstance(unmet, UnmetCall):
        related = ((unmet.seen.place(), "what the consumer expects"),)
        return _Told(unmet.place, _call_words(unmet), related, (unmet.subject, unmet.name))
    name = "".join(f"{each.method} {each.path}" for each in unmet.operations[:1])
    return _Told(
        unmet.node.place(),
        f"{name} refuses what it sends: {unmet.in_short}",
        tuple((place, "what the consumer sends") for place in unmet.seen),
        (*unmet.identity, type(unmet).__name__),
        unmet.operations,
    )


def _of_answer(unmet: UnmetAnswer) -> _Told:
    first, name = unmet.unmet[0], label(unmet.operation)
    subject = f"the {unmet.status} answer of {name}"
    stated = "" if first.schema is None else stated_words(first.schema, unmet.operation.contract.references)
    problem = _lack_words(first, subject, stated)
    identity = (name, unmet.status, first.header, *first.way)
    return _Told(first.home.place(), problem, _read_at(unmet.unmet), identity, (unmet.operation.name,))


def _of_request(unmet: Unoffered) -> _Told:
    first = unmet.asked[0]
    related = tuple((asked.request.place, "what the consumer asks") for asked in unmet.asked)
    method = first.request.method
    if isinstance(first.fit, NoFit):
        path = masked_path(first.request.path, unmet.contract)
        place = unmet.contract.root.get("paths").place()
    else:
        path, place = first.fit.item.template, first.fit.item.key.place()
    return _Told(place, f"no operation describes {method} {path}", related, (method, path))


def _read_at(found: Sequence[Unmet]) -> tuple[tuple[Place, str], ...]:
    return tuple((unmet.seen.place(), "what the consumer reads") for unmet in found)


def _lack_words(unmet: Unmet, subject: str, stated: str) -> str:
    """What of an answer or a message is gone."""
    where = part_words(unmet) if unmet.way or unmet.header else "the body"
    if unmet.lack is Lack.STATUS:
        return f"{subject} is not declared"
    if unmet.lack is Lack.BODY:
        return f"{subject} has no body"
    if unmet.lack is Lack.MEDIA:
        return f"{subject} has another media type than what it reads"
    if unmet.lack is Lack.UNDECLARED:
        return f"{where} of {subject} is not declared"
    if unmet.lack is Lack.UNSENT:
        return f"{where} of {subject} is never sent"
    if unmet.lack is Lack.TOGETHER or unmet.schema is None or unmet.expected is None:
        return f"{where} of {subject} never has all that it reads at once"
    return f"{where} of {subject} is {stated}, where it expects {expected_words(unmet.expected)}"


def _call_words(unmet: UnmetCall) -> str:
    if unmet.lack is CallLack.METHOD:
        return f"service '{unmet.subject}' has no method '{unmet.name}'"
    if unmet.lack is CallLack.FIELD:
        return f"message '{unmet.subject}' has no field '{unmet.name}'"
    where = f"field '{unmet.name}' of message '{unmet.subject}'"
    return f"{where} is of type {unmet.stated}, where it expects {unmet.expected}"
