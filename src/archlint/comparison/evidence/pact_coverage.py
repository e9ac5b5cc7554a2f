"""What the consumers of Pact files use of the contracts of their providers, for the table of coverage."""

from __future__ import annotations

from archlint.comparison.evidence.coverage import Coverage
from archlint.comparison.evidence.offers import Fit
from archlint.comparison.evidence.pact_providers import pact_providers
from archlint.comparison.evidence.pact_responses import media_of
from archlint.documents import Node
from archlint.model.evidence.pact import Interaction, PactPart
from archlint.model.openapi.operations import Operation
from archlint.model.world import World


def cover_consumers(world: World, coverage: Coverage) -> frozenset[Operation]:
    """Count what is asked, and of answers what is read; returned are the operations that consumers use."""
    used: set[Operation] = set()
    for provider in world.fact(pact_providers).values():
        for asked in provider.asked:
            if isinstance(asked.fit, Fit) and asked.fit.operation is not None:
                used.add(asked.fit.operation)
                _cover(asked.interaction, asked.fit.operation, coverage)
    return frozenset(used)


def _cover(interaction: Interaction, operation: Operation, coverage: Coverage) -> None:
    coverage.add(operation)
    if operation.request_body is not None:
        _cover_body(interaction.request, operation, "", operation.request_body.content, coverage)
    for part in interaction.responses:
        answer = operation.response_for(*part.statuses)
        if answer is not None:
            coverage.add(operation, answer.status)
            _cover_body(part, operation, answer.status, answer.body.content, coverage)


def _cover_body(
    part: PactPart, operation: Operation, status: str, content: dict[str, Node], coverage: Coverage
) -> None:
    """Count the media type of a body, if that is told, and the properties that it has."""
    body = part.body
    names = [] if body is None else media_of(content, body.stated, body.is_json)
    if body is None or len(names) != 1:
        return
    coverage.add(operation, status, names[0])
    if body.is_json:
        coverage.add_values(operation, status, names[0], content[names[0]], [body.node.value])
