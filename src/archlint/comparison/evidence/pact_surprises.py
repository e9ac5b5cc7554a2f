"""What a provider may send by its contract and a consumer does not take, by all that its Pact file says.

The other way round than ``pact_responses``, and weaker: a Pact file shows examples, and a consumer may bear
more than it shows. So only parts with a matcher count, all interactions of a consumer with an answer are
taken together, and of texts only those that the contract lists.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any

from archlint.comparison.evidence.offers import Fit
from archlint.comparison.evidence.pact_parts import declared_at, forms_of
from archlint.comparison.evidence.pact_providers import PactProvider, pact_providers
from archlint.comparison.evidence.pact_reading import EFFORT, lowering_of
from archlint.comparison.evidence.pact_responses import media_of
from archlint.comparison.schemas.answers import No, Yes
from archlint.comparison.schemas.containment import Engine
from archlint.comparison.schemas.json_schema import read
from archlint.comparison.schemas.schema import Schema
from archlint.documents import Document, Node
from archlint.finding.records import dataclass
from archlint.model.evidence.pact_values import At, Expected, ExpectedPart, TakenValues
from archlint.model.openapi import Contract, Direction, types_of
from archlint.model.openapi.operations import Operation
from archlint.model.world import World

_NULL: TakenValues = {"type": "null"}
_DEEPEST = 30
_Key = tuple[Operation, str, str]


class Surprise(StrEnum):
    """How a value differs from what is taken."""

    VALUE = "value"
    NULL = "null"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Unexpected:
    """Something that may come and that a consumer does not take."""

    surprise: Surprise
    operation: Operation
    status: str
    home: Node
    """What the contract states for it; for what may be missing the schema around it."""
    seen: tuple[Node, ...]
    way: tuple[str, ...]
    expected: Expected
    values: tuple[Any, ...] = ()
    """Values that the contract lists and the consumer does not take."""
    names: tuple[str, ...] = ()
    """Members that may be missing."""


def pact_surprises(world: World) -> Mapping[Document, tuple[Unexpected, ...]]:
    """What may surprise the consumer of each Pact file; ask with ``world.fact(pact_surprises)``."""
    engines: dict[Document, _Surprises] = {}
    found: dict[Document, tuple[Unexpected, ...]] = {}
    for document, provider in world.fact(pact_providers).items():
        contract = provider.contract
        if contract is not None:
            judge = engines.setdefault(contract.document, _Surprises(contract))
            found[document] = tuple(judge.of(provider))
    return found


def _bodies(provider: PactProvider) -> dict[_Key, tuple[Node, list[Expected]]]:
    """What a consumer reads of each answer in JSON, from all interactions, with the schema of the answer."""
    found: dict[_Key, tuple[Node, list[Expected]]] = {}
    for asked in provider.asked:
        operation = asked.fit.operation if isinstance(asked.fit, Fit) else None
        if operation is None:
            continue
        for part in asked.interaction.responses:
            answer = operation.response_for(*part.statuses)
            if answer is None or part.body is None or part.expected is None:
                continue
            content = answer.body.content
            names = media_of(content, part.body.stated, part.body.is_json)
            if len(names) == 1:
                key = operation, answer.status, names[0]
                found.setdefault(key, (content[names[0]], []))[1].append(part.expected)
    return found


class _Surprises:
    def __init__(self, contract: Contract) -> None:
        self._references = contract.references
        self._lowering = lowering_of(contract)
        self._engine = Engine(EFFORT)

    def of(self, provider: PactProvider) -> Iterator[Unexpected]:
        """What may surprise the consumer."""
        for (operation, status, _), (schema, expected) in _bodies(provider).items():
            yield from self._below(operation, status, schema, expected, ())

    def _below(
        self,
        operation: Operation,
        status: str,
        schema: Node,
        around: Sequence[Expected],
        way: tuple[str, ...],
    ) -> Iterator[Unexpected]:
        if len(way) > _DEEPEST:
            return
        lacking: dict[str, Expected] = {}
        for name, parts in _grouped(around).items():
            declared = declared_at(schema, parts[0], self._references)
            inner = [part.expected for part in parts]
            if len(declared) != 1 or not self._says_something(declared[0]):
                continue  # which of several is meant is not known
            further = (*way, name)
            if any(each.is_matched for each in inner):
                yield from self._differing(operation, status, declared[0], inner, further)
                if parts[0].at is At.MEMBER and self._may_lack(schema, name, around):
                    lacking[name] = inner[0]
            yield from self._below(operation, status, declared[0], inner, further)
        if lacking:
            first = next(iter(lacking.values()))
            seen = tuple(each.node for each in lacking.values())
            names = tuple(lacking)
            yield Unexpected(Surprise.MISSING, operation, status, schema, seen, way, first, names=names)

    def _may_lack(self, schema: Node, name: str, around: Sequence[Expected]) -> bool:
        """Whether a member need not be there, and no interaction shows how the consumer does without it."""
        forms = forms_of(schema, self._references)
        is_required = any(item.text == name for form in forms for item in form.get("required").elements())
        every = [{part.name for part in each.parts if part.at is At.MEMBER} for each in around if each.parts]
        return not is_required and all(name in names for names in every)

    def _differing(
        self,
        operation: Operation,
        status: str,
        stated: Node,
        inner: Sequence[Expected],
        way: tuple[str, ...],
    ) -> Iterator[Unexpected]:
        sent = self._lowering.lower(stated.value, stated, Direction.RESPONSE)
        taken = [_with_whole_numbers(each.own) for each in inner]
        seen = tuple(each.node for each in inner)
        if self._never(sent, {"anyOf": [each.own for each in inner]}):
            return  # nothing fits, which is told as impossible
        if self._has_null(sent) and self._never(read({"anyOf": taken}), _NULL):
            yield Unexpected(Surprise.NULL, operation, status, stated, seen, way, inner[0])
        if any(each.parts for each in inner):
            return
        answer = self._engine.contains(sent, read({"anyOf": [*taken, _NULL]}))
        if not isinstance(answer, No):
            return
        values = tuple(self._listed(stated, taken))
        is_text = isinstance(answer.witness, str)
        if values or not is_text or self._never(read({"anyOf": taken}), {"type": "string"}):
            yield Unexpected(Surprise.VALUE, operation, status, stated, seen, way, inner[0], values)

    def _says_something(self, schema: Node) -> bool:
        """Whether a contract says of a value what it is."""
        forms = forms_of(schema, self._references)
        return any(types_of(form.value) or form.get("enum").is_list for form in forms)

    def _has_null(self, sent: Schema) -> bool:
        return isinstance(self._engine.contains(sent, read({"not": _NULL})), No)

    def _never(self, schema: Schema, values: TakenValues) -> bool:
        """Whether none of some values is one of a schema."""
        return isinstance(self._engine.contains(schema, read({"not": values})), Yes)

    def _listed(self, stated: Node, taken: Sequence[TakenValues]) -> Iterator[Any]:
        """The values that the contract lists and the consumer does not take."""
        for form in forms_of(stated, self._references):
            for value in form.get("enum").elements():
                is_taken = self._engine.contains(read({"const": value.value}), read({"anyOf": list(taken)}))
                if value.value is not None and isinstance(is_taken, No):
                    yield value.value


def _with_whole_numbers(own: TakenValues) -> TakenValues:
    """Who reads numbers with decimals reads whole ones."""
    return {"type": "number"} if own.get("type") == "number" else own


def _grouped(around: Sequence[Expected]) -> dict[str, list[ExpectedPart]]:
    """The parts of all interactions by where they stand; ``*`` is any item or key."""
    found: dict[str, list[ExpectedPart]] = {}
    for each in around:
        for part in each.parts:
            found.setdefault(part.name if part.at is At.MEMBER else "*", []).append(part)
    return found
