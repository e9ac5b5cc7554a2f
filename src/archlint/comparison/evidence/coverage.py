"""What of contracts the evidence shows: operations, statuses, media types and properties, with how often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from archlint.comparison.evidence.shapes import Shape, shape_of
from archlint.documents import Node
from archlint.finding import Route
from archlint.finding.records import dataclass
from archlint.model.openapi import Contract, Operation, operations_of

_DEEPEST = 4
_MOST = 500
"""Levels and number of the properties of one schema that are listed."""


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """One element of a contract; what does not apply is empty."""

    contract: str
    method: str
    path: str
    status: str
    """As it is declared; empty for the operation itself and for its request."""
    media_type: str
    property: str
    seen: int


class Coverage:
    """Counts what exchanges show."""

    def __init__(self, with_properties: bool = False) -> None:
        self._with_properties = with_properties
        self._seen: Counter[tuple[object, ...]] = Counter()
        self._shapes: dict[tuple[str, Route], Shape] = {}

    def add(self, operation: Operation, status: str = "", media_type: str = "") -> None:
        """Count an operation, one of its statuses, or a media type of these."""
        self._seen[operation, status, media_type, ""] += 1

    def add_values(
        self, operation: Operation, status: str, media_type: str, schema: Node, values: Iterable[Any]
    ) -> None:
        """Count the properties that some values of a media type have, if these are asked for."""
        if not self._with_properties:
            return
        for value in values:
            for name in set(self._shown(value, schema, operation.contract, "", 0)):
                self._seen[operation, status, media_type, name] += 1

    def rows(self, contracts: Sequence[Contract]) -> Iterator[CoverageRow]:
        """All elements of some contracts, in the order of their texts."""
        for contract in contracts:
            for operation in operations_of(contract.path_items):
                for status, media_type, name in self._elements(operation):
                    yield CoverageRow(
                        contract=contract.document.path,
                        method=operation.method,
                        path=operation.item.template,
                        status=status,
                        media_type=media_type,
                        property=name,
                        seen=self._seen[operation, status, media_type, name],
                    )

    def _elements(self, operation: Operation) -> Iterator[tuple[str, str, str]]:
        yield "", "", ""
        bodies = [("", operation.request_body)] if operation.request_body is not None else []
        answers = ((name, one.body) for name, one in operation.responses.items())
        for status, body in (*bodies, *answers):
            if status:
                yield status, "", ""
            for media_type, schema in body.content.items():
                yield status, media_type, ""
                for name in dict.fromkeys(self._named(schema, operation.contract, "", 0)):
                    yield status, media_type, name

    def _named(self, schema: Node, contract: Contract, way: str, depth: int) -> list[str]:
        """The properties that a schema names, with those below them."""
        shape, found = self._shape(schema, contract), []
        if depth >= _DEEPEST:
            return []
        if shape.items is not None:
            found += self._named(shape.items, contract, f"{way}[]", depth + 1)
        for name, member in shape.members.items():
            here = f"{way}.{name}".removeprefix(".")
            found.append(here)
            if len(found) < _MOST:
                found += self._named(member, contract, here, depth + 1)
        return found[:_MOST]

    def _shown(self, value: Any, schema: Node, contract: Contract, way: str, depth: int) -> Iterator[str]:
        shape = self._shape(schema, contract)
        if depth >= _DEEPEST:
            return
        if isinstance(value, list) and shape.items is not None:
            for item in value:
                yield from self._shown(item, shape.items, contract, f"{way}[]", depth + 1)
        elif isinstance(value, dict):
            for name, member in shape.members.items():
                if name in value:
                    here = f"{way}.{name}".removeprefix(".")
                    yield here
                    yield from self._shown(value[name], member, contract, here, depth + 1)

    def _shape(self, schema: Node, contract: Contract) -> Shape:
        key = (schema.document.path, schema.route)
        if key not in self._shapes:
            self._shapes[key] = shape_of(schema, contract)
        return self._shapes[key]
