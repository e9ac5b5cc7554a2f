"""What a consumer reads of an answer, held against what the contract says that the provider sends.

A Pact response is the least that a consumer reads. So nothing is asked of ``required``: each thing that is
read must be declared, and some answer of the contract must have it. That is a question about two sets of
values, and the containment engine answers it: is every value that the provider sends one that the consumer
does not take? Of a value that no answer has, the smallest part is told that no answer has either.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from archlint.comparison.evidence.pact_headers import unmet_headers
from archlint.comparison.evidence.pact_reading import EFFORT, Lack, Reading, Unmet, lowering_of
from archlint.comparison.evidence.shapes import shape_of
from archlint.comparison.schemas.containment import Engine
from archlint.comparison.schemas.schema import produced
from archlint.documents import Node
from archlint.model.evidence.media_types import bare
from archlint.model.evidence.pact import PactPart
from archlint.model.evidence.pact_values import Expected
from archlint.model.openapi import Contract, Direction
from archlint.model.openapi.operations import Operation, Response

DOUBTFUL = "bodies of answers of which it cannot be decided whether the contract has them"
NOT_JSON = "bodies of answers that are neither JSON nor plain text, of which the media type alone was judged"
HEADERS = "headers of answers of which it cannot be decided whether the contract has them"
_FAILED = 500
"""The first status of failures, which any provider may have, and which contracts need not tell."""


class Answers:
    """What the operations of one contract answer."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._lowering = lowering_of(contract)
        self._engine = Engine(EFFORT)
        self.unread: Counter[str] = Counter()
        """What was not judged since somebody took it, by what it is."""

    def take_unread(self) -> Counter[str]:
        """What was not judged since this was last asked."""
        found, self.unread = self.unread, Counter()
        return found

    def unmet(self, operation: Operation, part: PactPart, accepted: str | None) -> Iterator[Unmet]:
        """What of an answer the contract does not give; ``accepted`` is the media type that was asked for."""
        response = operation.response_for(*part.statuses)
        if response is None:
            if min(part.statuses, default=_FAILED) < _FAILED:
                yield Unmet(Lack.STATUS, operation.node.get("responses"), part.node.get("status"))
            return
        for unmet in unmet_headers(self._contract, response, part, self._reading_of):
            if unmet is None:
                self.unread[HEADERS] += 1
            else:
                yield unmet
        yield from self._of_body(response, part, accepted)

    def _of_body(self, response: Response, part: PactPart, accepted: str | None) -> Iterator[Unmet]:
        body = part.body
        if body is None:
            return
        content = response.body.content
        if not content:
            yield Unmet(Lack.BODY, response.node if response.node.exists else response.declared, body.node)
            return
        names = (
            media_of(content, body.stated, body.is_json)
            if body.stated
            else _accepted(content, accepted, body.is_json)
        )
        if not names:
            yield Unmet(Lack.MEDIA, response.node.get("content"), body.node)
            return
        schemas = [content[name] for name in names]
        expected = part.expected or self._expected_text(part, schemas)
        if expected is None:
            self.unread[NOT_JSON] += 1
        else:
            each = [self._in_media(schema, expected) for schema in schemas]
            # where the media type is open, the one that fits is meant
            found, is_open = min(each, key=lambda one: (len(one[0]), one[1]))
            self.unread += Counter({DOUBTFUL: int(is_open)})
            yield from found

    def _expected_text(self, part: PactPart, schemas: Sequence[Node]) -> Expected | None:
        """What is expected of a body of plain text, if all that the contract says of it is about texts."""
        shapes = (shape_of(schema, self._contract) for schema in schemas)
        is_plain = part.body is not None and part.body.is_plain_text
        return part.expected_text if is_plain and all(shape.types <= {"string"} for shape in shapes) else None

    def _in_media(self, schema: Node, expected: Expected) -> tuple[list[Unmet], bool]:
        """The smallest parts of a body that the contract never sends, and whether something stays open."""
        if not isinstance(schema.value, (dict, bool)):
            return [], False
        reading = self._reading_of(schema)
        return reading.of(schema, expected), bool(reading.doubts)

    def _reading_of(self, schema: Node) -> Reading:
        sent = produced(self._lowering.lower(schema.value, schema, Direction.RESPONSE))
        return Reading(self._contract.references, self._engine, sent)


def media_of(content: dict[str, Node], media_type: str | None, is_json: bool) -> list[str]:
    """The entries of a body's content that describe a media type, the nearest ones alone."""
    if media_type is None or media_type.strip() == "*/*":
        return [name for name in content if "json" in name.lower() or "*" in name or not is_json]
    wanted = bare(media_type)
    exact = [name for name in content if _written(name) == _written(media_type)]
    if exact:
        return exact
    for pattern in (wanted, f"{wanted.partition('/')[0]}/*", "*/*", "*"):
        found = [name for name in content if bare(name) == pattern]
        if found:
            return found
    return []


def _accepted(content: dict[str, Node], accepted: str | None, is_json: bool) -> list[str]:
    """The entries for an answer that does not tell its media type: those that were asked for, if any are."""
    ranges = [part for part in (accepted or "").split(",") if "*" not in part and part.strip()]
    asked = dict.fromkeys(name for part in ranges for name in media_of(content, part, is_json))
    of_form = media_of(content, None, is_json)
    return [name for name in asked if name in of_form] or of_form


def _written(media_type: str) -> str:
    return "".join(media_type.lower().split())
