"""Takes an expectation apart to the smallest parts that nothing of what is sent has."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from archlint.comparison.evidence.pact_parts import declared_at, lacking
from archlint.comparison.schemas.answers import Budget, Yes
from archlint.comparison.schemas.containment import Engine
from archlint.comparison.schemas.json_schema import read
from archlint.comparison.schemas.schema import Schema, schema_with
from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.evidence.pact_values import At, Expected, ExpectedPart, TakenValues, around
from archlint.model.openapi.references import References

EFFORT = Budget(steps=10_000, total=100_000, least=300)
"""What all questions about one contract may cost."""
_MOST_TOLD = 20
"""Parts of one answer that are told."""


class Lack(StrEnum):
    """What of an answer the contract does not give."""

    STATUS = "status"
    BODY = "body"
    MEDIA = "media"
    UNDECLARED = "undeclared"
    UNSENT = "unsent"
    """It is declared, and never sent: it is write-only, or ``false``."""
    IMPOSSIBLE = "impossible"
    TOGETHER = "together"
    """Each part may come, and not all at once."""


@dataclass(frozen=True, slots=True)
class Unmet:
    """Something that a consumer reads and that no answer of the contract has."""

    lack: Lack
    home: Node
    """The element of the contract to mark; a missing one stands for its nearest parent."""
    seen: Node
    """Where the Pact file asks for it."""
    way: tuple[str, ...] = ()
    """The names and positions that lead to the part; ``*`` for any."""
    schema: Node | None = None
    """What the contract states for it."""
    expected: Expected | None = None


class Reading:
    """Takes an expectation apart to the parts that no answer has."""

    def __init__(self, references: References, engine: Engine, sent: Schema) -> None:
        self._references = references
        self._engine = engine
        self._sent = sent

    def of(self, schema: Node, expected: Expected) -> list[Unmet]:
        """The parts of a value that nothing of the schema has; none if something has all of it."""
        return self._below([schema], schema, expected, lambda inner: inner, ())[:_MOST_TOLD]

    def _is_sent(self, wanted: TakenValues) -> bool:
        """Whether some answer is among these values, or that cannot be told."""
        answer = self._engine.contains(self._sent, schema_with(**{"not": read(wanted)}))
        return not isinstance(answer, Yes)

    def _below(
        self,
        schemas: list[Node],
        home: Node,
        expected: Expected,
        whole: Callable[[TakenValues], TakenValues],
        way: tuple[str, ...],
    ) -> list[Unmet]:
        """``whole`` puts what is wanted of this part into the values that have it at its place."""
        if self._is_sent(whole(expected.least())):
            return []
        if not self._is_sent(whole(expected.own)):
            return [Unmet(Lack.IMPOSSIBLE, home, expected.node, way, schemas[0], expected)]
        found: list[Unmet] = []
        for part in expected.parts:
            if len(found) < _MOST_TOLD:
                found += self._at(schemas, home, part, whole, way)
        if not found:
            found.append(Unmet(Lack.TOGETHER, home, expected.node, way, schemas[0], expected))
        return found

    def _at(
        self,
        schemas: list[Node],
        home: Node,
        part: ExpectedPart,
        whole: Callable[[TakenValues], TakenValues],
        way: tuple[str, ...],
    ) -> list[Unmet]:
        def with_part(inner: TakenValues) -> TakenValues:
            return whole(around(part, inner))

        further = (*way, _step(part))
        declared = [node for schema in schemas for node in declared_at(schema, part, self._references)]
        if self._is_sent(with_part(part.expected.least())):
            return []
        if declared and not self._is_sent(with_part({})):
            return [Unmet(Lack.UNSENT, declared[0], part.expected.node, further, None, part.expected)]
        if declared:
            return self._below(declared, declared[0], part.expected, with_part, further)
        if part.at is At.MEMBER and not self._is_sent(with_part({})):
            missing = lacking(schemas[0], part, self._references)
            return [Unmet(Lack.UNDECLARED, missing, part.expected.node, further, None, part.expected)]
        return [Unmet(Lack.IMPOSSIBLE, home, part.expected.node, further, schemas[0], part.expected)]


def _step(part: ExpectedPart) -> str:
    return part.name if part.at is At.MEMBER else str(part.index) if part.at is At.ITEM else "*"
