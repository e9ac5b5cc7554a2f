"""All that the Pact files of a repository expect and its contracts do not give, once for each cause."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field

from archlint.comparison.evidence.offers import Fit
from archlint.comparison.evidence.pact_calls import pact_calls
from archlint.comparison.evidence.pact_messages import pact_messages
from archlint.comparison.evidence.pact_providers import (
    Asked,
    PactProvider,
    is_answered_anyway,
    is_unknown_on_purpose,
    pact_providers,
)
from archlint.comparison.evidence.pact_reading import Unmet
from archlint.comparison.evidence.pact_requests import pact_requests
from archlint.comparison.evidence.pact_responses import Answers
from archlint.documents import Document
from archlint.finding import Route
from archlint.finding.records import dataclass
from archlint.model.evidence.pact import Pact
from archlint.model.openapi import Contract, Operation
from archlint.model.world import World


@dataclass(frozen=True, slots=True)
class UnmetAnswer:
    """Something that a consumer reads of an operation and never gets, with all interactions that read it."""

    operation: Operation
    unmet: tuple[Unmet, ...]
    """The same for each interaction; the first one stands for all."""
    status: str


@dataclass(frozen=True, slots=True)
class Unoffered:
    """A request that no operation of the provider describes."""

    contract: Contract
    asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class PactVerdict:
    """What is wrong between one Pact file and the contract of its provider."""

    answers: tuple[UnmetAnswer, ...] = ()
    unoffered: tuple[Unoffered, ...] = ()
    unread: Mapping[str, int] = field(default_factory=dict)
    """How much of the answers was not judged, by what it is."""
    unsure: frozenset[Route] = frozenset()
    """The interactions of whose answers something was not judged."""


NOTHING = PactVerdict()


def pact_verdicts(world: World) -> Mapping[Document, PactVerdict]:
    """The verdict on each Pact file; ask with ``world.fact(pact_verdicts)``."""
    answers: dict[Document, Answers] = {}
    found: dict[Document, PactVerdict] = {}
    for document, provider in world.fact(pact_providers).items():
        contract = provider.contract
        if contract is not None:
            if contract.document not in answers:
                answers[contract.document] = Answers(contract)
            found[document] = _verdict(provider, contract, answers[contract.document])
    return found


def _verdict(provider: PactProvider, contract: Contract, answers: Answers) -> PactVerdict:
    unsure: set[Route] = set()
    unmet = tuple(_unmet(provider, answers, unsure))
    unoffered = tuple(_unoffered(provider, contract))
    return PactVerdict(unmet, unoffered, answers.take_unread(), frozenset(unsure))


def _unmet(provider: PactProvider, answers: Answers, unsure: set[Route]) -> Iterator[UnmetAnswer]:
    found: dict[tuple[object, ...], tuple[Operation, str, list[Unmet]]] = {}
    for asked in provider.asked:
        operation = asked.fit.operation if isinstance(asked.fit, Fit) else None
        if operation is None:
            continue
        before = answers.unread.total()
        for part in asked.interaction.responses:
            status = str(next(iter(part.statuses), ""))
            for unmet in answers.unmet(operation, part, asked.interaction.request.header("accept")):
                home = unmet.home
                key = (
                    home.document.path,
                    home.route,
                    unmet.lack,
                    unmet.header,
                    unmet.way[-1:],
                    status,
                    operation.object,
                )
                found.setdefault(key, (operation, status, []))[2].append(unmet)
        if answers.unread.total() > before:
            unsure.add(asked.interaction.node.route)
    for operation, status, same in found.values():
        yield UnmetAnswer(operation, tuple(same), status)


def _unoffered(provider: PactProvider, contract: Contract) -> Iterator[Unoffered]:
    found: dict[tuple[object, ...], list[Asked]] = {}
    for asked in provider.asked:
        fit = asked.fit
        method = asked.request.method
        is_met = isinstance(fit, Fit) and (fit.operation is not None or is_answered_anyway(fit, method))
        if is_met or is_unknown_on_purpose(asked.interaction):
            continue
        where = fit.item.template if isinstance(fit, Fit) else asked.request.path
        found.setdefault((where, method), []).append(asked)
    for same in found.values():
        yield Unoffered(contract, tuple(same))


def judged_interactions(world: World) -> int:
    """How many interactions of all Pact files are held against a contract."""
    over_http = sum(len(each.asked) for each in world.fact(pact_providers).values())
    messages = sum(each.judged for each in world.fact(pact_messages).values())
    return over_http + messages + sum(each.judged for each in world.fact(pact_calls).values())


def unjudged(world: World) -> Iterator[tuple[str, str]]:
    """Pact files of which something is held against no contract, with what and why."""
    providers = world.fact(pact_providers)
    for pact in world.all(Pact):
        provider = providers.get(pact.document)
        if provider is not None and provider.contract is None:
            yield pact.document.path, provider.why
        for what, count in world.fact(pact_verdicts).get(pact.document, NOTHING).unread.items():
            yield pact.document.path, f"{what}: {count}"
        requests = world.fact(pact_requests).get(pact.document)
        for what, count in ((requests and requests.unread) or {}).items():
            yield pact.document.path, f"{what}: {count}"
        for judged in (
            world.fact(pact_messages).get(pact.document),
            world.fact(pact_calls).get(pact.document),
        ):
            for why, count in ((judged and judged.unread) or {}).items():
                yield pact.document.path, f"{count} without HTTP: {why}"
