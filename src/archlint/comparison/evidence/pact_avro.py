"""What a consumer reads of a message, held against a record of Avro.

What is read is taken as the JSON that consumers make of a record: fields by name, a branch of a union with or
without its name around it. Bytes and types with a logical meaning become whatever a consumer likes, so
nothing is said of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.comparison.evidence.pact_reading import EFFORT, Lack, Unmet
from archlint.comparison.schemas.answers import Unknown, Yes
from archlint.comparison.schemas.containment import Engine
from archlint.comparison.schemas.json_schema import read
from archlint.comparison.schemas.schema import schema_with
from archlint.documents import Node
from archlint.finding.articles import with_article
from archlint.model.avro.schemas import Definitions
from archlint.model.avro.types import (
    ArrayType,
    AvroType,
    EnumType,
    MapType,
    Primitive,
    Record,
    RecordField,
    TypeReference,
    Union,
    simple_name,
)
from archlint.model.evidence.pact_values import At, Expected, ExpectedPart, TakenValues

_VALUES: dict[str, TakenValues] = {
    "null": {"type": "null"},
    "boolean": {"type": "boolean"},
    "int": {"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1},
    "long": {"type": "integer", "minimum": -(2**63), "maximum": 2**63 - 1},
    "float": {"type": "number"},
    "double": {"type": "number"},
    "string": {"type": "string"},
}
"""The values of types without parts that are written as they are."""
_OBJECT: TakenValues = {"type": "object"}
_LIST: TakenValues = {"type": "array"}
_DEEPEST = 60


class AvroReading:
    """Takes expectations apart to the parts that no value of a type has."""

    def __init__(self, definitions: Definitions) -> None:
        self._definitions = definitions
        self._engine = Engine(EFFORT)
        self.is_open = False
        """Whether something could not be decided."""

    def of(self, record: Record, expected: Expected) -> list[Unmet]:
        """The parts of a value that no record has."""
        return list(self._of(record, record, expected, (), _DEEPEST))

    def _of(
        self,
        type_: AvroType | None,
        home: Record | RecordField,
        expected: Expected,
        way: tuple[str, ...],
        depth: int,
    ) -> Iterator[Unmet]:
        found = self._definitions.certain(type_) if isinstance(type_, TypeReference) else type_
        if found is None or depth <= 0:
            return
        if isinstance(found, Union):
            yield from self._of_union(found, home, expected, way, depth - 1)
        elif not self._may_be(found, expected):
            yield Unmet(Lack.IMPOSSIBLE, _named(home), expected.node, way, found.node, expected)
        else:
            for part in expected.parts:
                yield from self._part(found, home, part, way, depth - 1)

    def _part(
        self,
        around: AvroType,
        home: Record | RecordField,
        part: ExpectedPart,
        way: tuple[str, ...],
        depth: int,
    ) -> Iterator[Unmet]:
        step = part.name if part.at is At.MEMBER else str(part.index) if part.at is At.ITEM else "*"
        further = (*way, step)
        if isinstance(around, Record) and part.at is At.MEMBER:
            field = next((each for each in around.fields if each.name == part.name), None)
            if field is None:
                node = around.node.get("fields")
                yield Unmet(Lack.UNDECLARED, node, part.expected.node, further, None, part.expected)
            else:
                yield from self._of(field.type, field, part.expected, further, depth)
        elif isinstance(around, MapType) and part.at in (At.MEMBER, At.VALUE):
            yield from self._of(around.values, home, part.expected, further, depth)
        elif isinstance(around, ArrayType):
            yield from self._of(around.items, home, part.expected, further, depth)

    def _of_union(
        self,
        union: Union,
        home: Record | RecordField,
        expected: Expected,
        way: tuple[str, ...],
        depth: int,
    ) -> Iterator[Unmet]:
        """Nothing if a branch has all of it, by itself or with its name around it; else what of it the only
        branch lacks that may be meant."""
        tried: list[list[Unmet]] = []
        for branch in union.branches:
            name = self._name(branch)
            own = next((part for part in expected.parts if part.at is At.MEMBER and part.name == name), None)
            inner = own.expected if own is not None and len(expected.parts) == 1 else expected
            tried.append(list(self._of(branch, home, inner, way, depth)))
        if not tried or not all(tried):
            return
        likely = [each for each in tried if each[0].way != way]
        if len(likely) == 1:
            yield from likely[0]
        else:
            yield Unmet(Lack.IMPOSSIBLE, _named(home), expected.node, way, union.node, expected)

    def _name(self, branch: AvroType) -> str:
        found = self._definitions.certain(branch) if isinstance(branch, TypeReference) else branch
        return simple_name(str(getattr(found, "name", "")))

    def _may_be(self, type_: AvroType, expected: Expected) -> bool:
        """Whether a type has a value of which this is true, whatever its parts are."""
        values = _values(type_)
        if values is None:
            return True
        answer = self._engine.contains(read(values), schema_with(**{"not": read(expected.own)}))
        self.is_open |= isinstance(answer, Unknown)
        return not isinstance(answer, Yes)


def _values(type_: AvroType) -> TakenValues | None:
    """The values of a type in JSON; ``None`` if these are not known."""
    if isinstance(type_, Record | MapType):
        return _OBJECT
    if isinstance(type_, ArrayType):
        return _LIST
    if isinstance(type_, EnumType):
        return {"enum": list(type_.symbols)}
    if isinstance(type_, Primitive) and type_.logical is None:
        return _VALUES.get(type_.name)
    return None


def _named(home: Record | RecordField) -> Node:
    return home.node.get("name")


def avro_words(type_: Node) -> str:
    """What a schema says of a value, in few words."""
    if type_.is_list:
        return " or ".join(avro_words(item) for item in list(type_.elements())[:4])
    symbols = type_.get("symbols")
    if symbols.is_list:
        return " or ".join(f"'{item.text}'" for item in list(symbols.elements())[:8])
    name = type_.text or type_.get("type").text or "something else"
    return name if name in ("null", "something else") else with_article(name)
