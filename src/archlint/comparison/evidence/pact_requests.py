"""What consumers send by their Pact files, held in full against what the contracts of their providers take.

A request that is meant to be refused is not judged, and credentials are not asked for: they are added when
Pact holds the provider against the file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from archlint.comparison.evidence.coverage import Coverage
from archlint.comparison.evidence.gathering import Case, Gathered
from archlint.comparison.evidence.mismatches import (
    CredentialNotSent,
    ParameterUndeclared,
    TrafficMismatch,
)
from archlint.comparison.evidence.offers import Fit
from archlint.comparison.evidence.pact_providers import Asked, PactProvider, pact_providers
from archlint.comparison.evidence.requests import RequestJudge
from archlint.comparison.evidence.trying import Trial, Trying
from archlint.documents import Document
from archlint.finding import Route
from archlint.finding.records import dataclass, replace
from archlint.model.evidence.exchange import EvidenceKind, Exchange, SentBody, SentRequest
from archlint.model.evidence.pact import Interaction
from archlint.model.world import World

_HARMLESS = (CredentialNotSent, ParameterUndeclared)
"""What Pact files need not have, and what servers pass over."""
_UNREAD = (
    "bodies of requests that are written in no way that is read, of which the media type alone was judged"
)
_VALUES = (
    "values of parameters of requests that the state of the provider gives, or that are written in no way"
    " that is read"
)
_OPEN = "values of requests whose schema cannot be read, or takes too long"


@dataclass(frozen=True, slots=True)
class JudgedRequests:
    """What came of the requests of one Pact file."""

    mismatches: tuple[TrafficMismatch, ...]
    unread: Mapping[str, int]
    """How much of them was not judged, by what it is."""
    unsure: frozenset[Route] = frozenset()
    """The interactions of whose requests something was not judged."""


def pact_requests(world: World) -> Mapping[Document, JudgedRequests]:
    """What the provider of each Pact file does not take; ask with ``world.fact(pact_requests)``."""
    return {
        document: _refused(world, provider)
        for document, provider in world.fact(pact_providers).items()
        if provider.contract is not None
    }


def _refused(world: World, provider: PactProvider) -> JudgedRequests:
    gathered = Gathered(Coverage())
    trials: list[Trial] = []
    judge = RequestJudge(gathered, trials, shows_values=False)
    for number, asked in enumerate(provider.asked):
        fit = asked.fit
        if isinstance(fit, Fit) and fit.operation is not None and not _is_to_be_refused(asked.interaction):
            request = _whole(asked)
            exchange = Exchange(EvidenceKind.PACT, request.place, request, None, is_recorded=False)
            case = Case(number, exchange, fit.contract, fit.operation)
            judge.judge(case, request, fit.operation, _values(asked, fit.values))
    trying = Trying(world, gathered, shows_values=False)
    trying.run(trials)
    counted = gathered.unread
    unread = {
        _UNREAD: counted["body"] + counted["open body"],
        _VALUES: counted["value"] + counted["open value"],
        _OPEN: trying.open_ones,
    }
    return JudgedRequests(
        tuple(found for found in gathered.mismatches() if not isinstance(found, _HARMLESS)),
        {what: count for what, count in unread.items() if count},
        frozenset(provider.asked[number].interaction.node.route for number in gathered.unsure),
    )


def _values(asked: Asked, values: Mapping[str, str]) -> Mapping[str, str]:
    """The values of the parameters of its path, unless these are not known before the provider is called."""
    return {} if asked.interaction.request.generators.is_path_open else values


def _is_to_be_refused(interaction: Interaction) -> bool:
    """Whether the consumer waits for nothing but a refusal."""
    statuses = {status for part in interaction.responses for status in part.statuses}
    return bool(statuses) and all(400 <= status < 500 for status in statuses)


def _whole(asked: Asked) -> SentRequest:
    """The request with its body."""
    body = asked.interaction.request.body
    if body is None:
        return replace(asked.request, are_credentials_known=False)
    value: Any = body.node.value
    is_text = isinstance(value, str) and not body.is_json
    stated = body.stated or ("application/json" if body.is_json else None)
    sent = SentBody(
        stated,
        value if is_text else json.dumps(value),
        body.node.place(),
        is_complete=not body.is_encoded and (is_text or body.is_json),
        open_parts=asked.interaction.request.generators.open_parts,
    )
    return replace(asked.request, body=sent, are_credentials_known=False)
