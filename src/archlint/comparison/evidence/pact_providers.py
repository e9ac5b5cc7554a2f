"""Which contract of a repository a Pact file is about: that of the provider which it names, else the only one
that describes all that the consumer asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from posixpath import dirname

from archlint.comparison.evidence.offers import Fit, NoFit, Offers
from archlint.documents import Document, Node
from archlint.finding.records import dataclass, replace
from archlint.model.evidence.exchange import OPEN, Pair, SentBody, SentRequest
from archlint.model.evidence.pact import Interaction, InteractionKind, Pact, PactPart
from archlint.model.openapi import Contract
from archlint.model.services.contracts import contracts as contracts_by_name
from archlint.model.system.names import stem
from archlint.model.world import World

_Request = tuple[Interaction, SentRequest]
_UNDESCRIBED = frozenset((404, 405))
"""Statuses that a provider gives to what it does not know."""
_FEW = 3
"""Requests of which a contract that has none is another one than that of the provider, whatever its name."""
_MOST_ASKED = 200
"""Interactions that are looked at to tell which contract is meant."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An interaction over HTTP, and the operation that it is about."""

    interaction: Interaction
    request: SentRequest
    fit: Fit | NoFit


@dataclass(frozen=True, slots=True)
class PactProvider:
    """The contract that a Pact file is held against; ``None`` with the reason if it cannot be told."""

    contract: Contract | None
    why: str
    asked: tuple[Asked, ...] = ()


def pact_providers(world: World) -> Mapping[Document, PactProvider]:
    """The provider of each Pact file that has interactions over HTTP."""
    pacts = [pact for pact in world.all(Pact) if _over_http(pact)]
    if not pacts:
        return {}
    finder = _Finder(world)
    return {pact.document: finder.provider(pact) for pact in pacts}


def _over_http(pact: Pact) -> list[Interaction]:
    return [item for item in pact.interactions if item.kind is InteractionKind.HTTP]


def request_of(interaction: Interaction) -> SentRequest:
    """The request of an interaction as evidence of all kinds tells it."""
    part = interaction.request
    place = part.node.get("path").value_place()
    body = part.body
    return SentRequest(
        method=interaction.method,
        path=interaction.path,
        place=place,
        query=tuple(_pair("query", part, *each) for each in part.query),
        headers=tuple(_pair("header", part, *each) for each in part.headers),
        body=None if body is None else SentBody(body.stated, "", body.node.place(), is_complete=False),
    )


def _pair(category: str, part: PactPart, name: str, value: str, node: Node) -> Pair:
    is_open = part.generators.is_open(category, name)
    return Pair(name, OPEN if is_open else value, node.place())


class _Finder:
    def __init__(self, world: World) -> None:
        self._world = world
        self._contracts = [item for item in world.all(Contract) if item.path_items]
        self._offers: dict[Document, Offers] = {}

    def provider(self, pact: Pact) -> PactProvider:
        """The contract of a Pact file, with what its interactions are about."""
        requests = [(item, request_of(item)) for item in _over_http(pact)]
        if not self._contracts:
            return PactProvider(None, "no OpenAPI document")
        named = self._named(pact.provider)
        chosen = self._best(named, pact, requests) if named else self._only(pact, requests)
        if isinstance(chosen, str):
            return PactProvider(None, chosen)
        offers = self._of(chosen)
        return PactProvider(
            chosen, "", tuple(Asked(item, request, _fit(offers, request)) for item, request in requests)
        )

    def _named(self, name: str) -> list[Contract]:
        """The contracts that have the provider's name: by title, file, folder or catalog."""
        wanted = stem(name)
        if not wanted:
            return []
        known = set(self._world.fact(contracts_by_name).of(name))
        surely = [
            item for item in self._contracts if item.document.path in known or stem(item.title) == wanted
        ]
        return surely or [
            item
            for item in self._contracts
            if wanted in {stem(folder) for folder in dirname(item.document.path).split("/")}
        ]

    def _best(self, named: Sequence[Contract], pact: Pact, requests: Sequence[_Request]) -> Contract | str:
        """The one that describes the most; of several the one beside the Pact file."""
        counts = [self._count(item, requests) for item in named]
        best = [item for item, count in zip(named, counts, strict=True) if count == max(counts)]
        if not max(counts) and len(requests) >= _FEW and not pact.is_named:
            return "the contract with the provider's name describes nothing of what is asked"
        return named[0] if len(named) == 1 else _one_of(best, pact)

    def _only(self, pact: Pact, requests: Sequence[_Request]) -> Contract | str:
        """The only contract that describes everything; else the one beside the Pact file."""
        counts = [(item, self._count(item, requests)) for item in self._contracts]
        wanted = min(len(requests), _MOST_ASKED)
        found = [item for item, count in counts if count == wanted]
        some = [item for item, count in counts if count]
        beside = some if pact.is_named else _beside(some, pact)
        if not found and len(beside) == 1:
            return beside[0]
        if not found:
            return "no contract has the provider's name, and none describes all that is asked"
        return _one_of(found, pact)

    def _count(self, contract: Contract, requests: Sequence[_Request]) -> int:
        offers = self._of(contract)
        return sum(_is_described(item, _fit(offers, request)) for item, request in requests[:_MOST_ASKED])

    def _of(self, contract: Contract) -> Offers:
        if contract.document not in self._offers:
            self._offers[contract.document] = Offers([contract])
        return self._offers[contract.document]


def _fit(offers: Offers, request: SentRequest) -> Fit | NoFit:
    """The operation that a request is about; a slash at the end is read as nothing."""
    found = offers.fit(request)
    if isinstance(found, NoFit) and not request.path.endswith("/"):
        other = offers.fit(replace(request, path=request.path + "/"))
        return found if isinstance(other, NoFit) else other
    return found


def _is_described(interaction: Interaction, fit: Fit | NoFit) -> bool:
    """Whether a contract has the operation, told by a word of its path and not by parameters alone."""
    if isinstance(fit, NoFit):
        return is_unknown_on_purpose(interaction)
    return (fit.operation is not None or is_answered_anyway(fit, interaction.method)) and any(
        part and "{" not in part for part in fit.item.template.split("/")
    )


def is_answered_anyway(fit: Fit, method: str) -> bool:
    """Whether servers answer a method by themselves: what a path allows, and the head of what it gives."""
    names = {name for name, _ in fit.item.operation_nodes()}
    return method == "OPTIONS" or (method == "HEAD" and "GET" in names)


def is_unknown_on_purpose(interaction: Interaction) -> bool:
    """Whether the consumer expects that nobody knows what it asks for."""
    statuses = {status for part in interaction.responses for status in part.statuses}
    return bool(statuses) and statuses <= _UNDESCRIBED


def _beside(found: Iterable[Contract], pact: Pact) -> list[Contract]:
    """The contracts in the folder of a Pact file."""
    return [item for item in found if dirname(item.document.path) == dirname(pact.document.path)]


def _one_of(found: Sequence[Contract], pact: Pact) -> Contract | str:
    """The contract that is meant; a sentence where it may be any of several."""
    choice = found if len(found) == 1 else _beside(found, pact)
    return choice[0] if len(choice) == 1 else _several(found)


def _several(found: Iterable[Contract]) -> str:
    paths = sorted(item.document.path for item in found)
    shown = ", ".join(paths[:3])
    return f"several contracts may be meant: {shown}" + (" and more" if len(paths) > 3 else "")
