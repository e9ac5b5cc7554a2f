"""Takes an expectation apart to the smallest parts that nothing of what is sent has."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from archlint.comparison.evidence.pact_parts import declared_at, lacking
from archlint.comparison.schemas.answers import Budget, Unknown, Yes
from archlint.comparison.schemas.containment import Engine
from archlint.comparison.schemas.json_schema import read
from archlint.comparison.schemas.lowering import Lowering
from archlint.comparison.schemas.schema import Schema, schema_with
from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.evidence.pact_values import At, Expected, ExpectedPart, TakenValues, around
from archlint.model.openapi import Contract, Dialect
from archlint.model.openapi.references import References

EFFORT = Budget(steps=10_000, total=100_000, least=300)
"""What all questions about one contract may cost."""
_MOST_TOLD = 20
"""Parts of one answer that are told."""
_MOST_OPEN = 50
"""Questions about one answer that may stay open before no more are asked."""


def lowering_of(contract: Contract) -> Lowering:
    """What makes nodes of the engine of the schemas of a contract."""

    def resolve(text: str, here: Any) -> tuple[Any, Any] | None:
        target, _ = contract.references.step(here, text)
        return None if target is None or not target.exists else (target.value, target)

    return Lowering(contract.dialect or Dialect.V3_0, resolve)


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
    header: str = ""
    """The name of the header that it is part of, as the contract has it; empty if it is part of a body."""


class Reading:
    """Takes an expectation apart to the parts that no answer has."""

    def __init__(self, references: References, engine: Engine, sent: Schema) -> None:
        self._references = references
        self._engine = engine
        self._sent = sent
        self._open = 0
        self.doubts: set[tuple[str, ...]] = set()
        """The ways to the smallest parts of which nobody can tell whether they may come."""

    def over(self, sent: TakenValues) -> Reading:
        """What takes expectations apart where these values are sent."""
        return Reading(self._references, self._engine, read(sent))

    def of(self, schema: Node, expected: Expected) -> list[Unmet]:
        """The parts of a value that nothing of the schema has; none if something has all of it."""
        return self._below([schema], schema, expected, lambda inner: inner, ())[:_MOST_TOLD]

    def _is_sent(self, wanted: TakenValues) -> bool | None:
        """Whether some answer is among these values; ``None`` if that cannot be told."""
        if self._open >= _MOST_OPEN:
            return None
        answer = self._engine.contains(self._sent, schema_with(**{"not": read(wanted)}))
        if isinstance(answer, Unknown):
            self._open += 1
            return None
        return not isinstance(answer, Yes)

    def _doubt(self, way: tuple[str, ...], before: int) -> list[Unmet]:
        """Note a part that cannot be told, unless one below it was noted after so many."""
        if len(self.doubts) == before:
            self.doubts.add(way)
        return []

    def _below(
        self,
        schemas: list[Node],
        home: Node,
        expected: Expected,
        whole: Callable[[TakenValues], TakenValues],
        way: tuple[str, ...],
    ) -> list[Unmet]:
        """``whole`` puts what is wanted of this part into the values that have it at its place."""
        is_sent, before = self._is_sent(whole(expected.least())), len(self.doubts)
        if is_sent:
            return []
        if self._is_sent(whole(expected.own)) is False:
            return [Unmet(Lack.IMPOSSIBLE, home, expected.node, way, schemas[0], expected)]
        found: list[Unmet] = []
        for part in expected.parts:
            if len(found) < _MOST_TOLD:
                found += self._at(schemas, home, part, whole, way)
        if not found and is_sent is None:
            return self._doubt(way, before)
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
        is_sent = self._is_sent(with_part(part.expected.least()))
        if is_sent:
            return []
        if declared and self._is_sent(with_part({})) is False:
            return [Unmet(Lack.UNSENT, declared[0], part.expected.node, further, None, part.expected)]
        if declared:
            return self._below(declared, declared[0], part.expected, with_part, further)
        if part.at is At.MEMBER and self._is_sent(with_part({})) is False:
            missing = lacking(schemas[0], part, self._references)
            return [Unmet(Lack.UNDECLARED, missing, part.expected.node, further, None, part.expected)]
        if is_sent is None:
            return self._doubt(further, len(self.doubts))
        return [Unmet(Lack.IMPOSSIBLE, home, part.expected.node, further, schemas[0], part.expected)]


def _step(part: ExpectedPart) -> str:
    return part.name if part.at is At.MEMBER else str(part.index) if part.at is At.ITEM else "*"
