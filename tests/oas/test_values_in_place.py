"""A value is judged by all that looks at it: however an object schema is spread over references, what stands
beside them, and ``allOf``, it takes the same values, and the same members need not be there."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from archlint.comparison.schemas.trials import tried
from archlint.model.openapi import Contract, Dialect
from tests.oas.worlds import world_of

Schema = dict[str, Any]
NAMES = ("a", "b", "c")
MARKS = ("readOnly", "writeOnly")
VALUES = [
    {n: 1 for n, is_there in zip(NAMES, mask, strict=True) if is_there}
    for mask in [(x, y, z) for x in (0, 1) for y in (0, 1) for z in (0, 1)]
]


class Spreading:
    """Writes schemas in other ways that mean the same; ``beside``: whether keys beside ``$ref`` count."""

    def __init__(self, data: st.DataObject, *, beside: bool) -> None:
        self._data = data
        self._beside = beside
        self.components: dict[str, Schema] = {}

    def named(self, schema: Schema) -> Schema:
        """A reference to a schema, over up to two others."""
        for _ in range(self._data.draw(st.integers(1, 3))):
            name = f"S{len(self.components)}"
            self.components[name] = schema
            schema = {"$ref": f"#/components/schemas/{name}"}
        return schema

    def spread(self, parts: list[Schema]) -> Schema:
        """One schema that says what several say together."""
        first, *rest = parts
        if not rest:
            return self.named(first) if self._data.draw(st.booleans()) else first
        below = self.spread(rest)
        ways = ["all", "within", *(["beside"] if self._beside else [])]
        way = self._data.draw(st.sampled_from(ways))
        if way == "all":
            return {"allOf": self._data.draw(st.permutations([first, below]))}
        if way == "within":
            return {**first, "allOf": [below]}
        return {**first, **self.named(below)}


def _refused(schema: Schema, components: dict[str, Schema], version: str, mark: str) -> list[int]:
    """The numbers of the values that a schema does not take where members with a mark are not sent."""
    document = {
        "openapi": version,
        "info": {"title": "Shop", "version": "1"},
        "paths": {},
        "components": {"schemas": {"Asked": schema, **components}},
    }
    world = world_of({"api.yaml": document})
    (contract,) = world.all(Contract)
    node = contract.document.at(("components", "schemas", "Asked"))
    trials = [(node, value) for value in VALUES]
    dialect = Dialect.V3_1 if version.startswith("3.1") else Dialect.V3_0
    return [number for number, errors, _ in tried(world, dialect, frozenset((mark,)), trials) if errors]


@given(
    st.data(),
    st.sampled_from(("3.0.3", "3.1.0")),
    st.sampled_from(MARKS),
    st.lists(st.sampled_from((*MARKS, "")), min_size=3, max_size=3),
    st.sets(st.sampled_from(NAMES)),
)
def test_a_schema_that_is_spread_takes_what_it_took(
    data: st.DataObject, version: str, mark: str, marks: list[str], required: set[str]
) -> None:
    spreading = Spreading(data, beside=version == "3.1.0")
    members = {
        name: {"type": "integer", **({m: True} if m else {})} for name, m in zip(NAMES, marks, strict=True)
    }
    written = {
        name: spreading.spread([{"type": "integer"}, {m: True}] if m else [{"type": "integer"}])
        for name, m in zip(NAMES, marks, strict=True)
    }
    parts: list[Schema] = [{"type": "object", "properties": {name: written[name]}} for name in NAMES]
    parts += [{"required": [name]} for name in sorted(required)]
    spread = spreading.spread(data.draw(st.permutations(parts)))
    flat = {"type": "object", "properties": members, "required": sorted(required)}
    expected = [
        number
        for number, value in enumerate(VALUES)
        if any(name not in value and members[name].get(mark) is not True for name in required)
    ]
    assert _refused(flat, {}, version, mark) == expected
    assert _refused(spread, spreading.components, version, mark) == expected
