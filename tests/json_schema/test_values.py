"""Values are the judge: the validator of the draft says whether what is told of two schemas is so.

What is told has a value that the one schema takes and the other refuses, as they are written. Where nothing
is told, no value that the writer's schema takes is refused by the reader's.
"""

from __future__ import annotations

import itertools
import random
from typing import Any

import jsonschema_rs
import pytest

from archlint.comparison import Compatibility
from archlint.comparison.json_schema import EventDataRefused, EventUndecided, UndeclaredDataRefused
from archlint.comparison.terms import Readers
from tests.json_schema.support import BASES, between

PAIRS, VALUES = 80, 40
VALIDATORS = {
    4: jsonschema_rs.Draft4Validator,
    6: jsonschema_rs.Draft6Validator,
    7: jsonschema_rs.Draft7Validator,
    2019: jsonschema_rs.Draft201909Validator,
    2020: jsonschema_rs.Draft202012Validator,
}
NAMES = ("a", "b", "c")


class Maker:
    """Makes schemas of a draft, edits of them, and values."""

    def __init__(self, seed: int, draft: int) -> None:
        self.random = random.Random(seed)
        self.draft = draft

    def document(self) -> dict[str, Any]:
        """A schema with definitions that may refer to themselves."""
        word = "$defs" if self.draft >= 2019 else "definitions"
        # not a reference itself: one that leads back to itself means nothing, and nothing is decided
        definitions = {name: self.random.choice((self.object, self.text))(1) for name in ("one", "two")}
        return {"$schema": BASES[self.draft], word: definitions, **self.object(2)}

    def schema(self, depth: int) -> Any:
        makers = [self.text, self.number, self.choice, self.listed, self.free]
        if depth:
            makers += [self.object, self.array, self.reference, self.combined, self.conditional]
        maker = self.random.choice(makers)
        return maker(depth - 1) if depth else maker(0)

    def text(self, depth: int) -> Any:
        found: dict[str, Any] = {"type": "string"}
        if self.random.random() < 0.5:
            found["maxLength"] = self.random.randint(0, 3)
        if self.random.random() < 0.3:
            found["pattern"] = self.random.choice(("^a", "b$"))
        return found

    def number(self, depth: int) -> Any:
        found: dict[str, Any] = {"type": self.random.choice(("integer", "number"))}
        if self.random.random() < 0.5:
            found["minimum"] = self.random.randint(0, 3)
        if self.random.random() < 0.3:
            found["exclusiveMaximum"] = True if self.draft == 4 else 3
            if self.draft == 4:
                found["maximum"] = 3
        return found

    def choice(self, depth: int) -> Any:
        if self.draft > 4 and self.random.random() < 0.3:
            return {"const": self.random.choice((1, "a"))}
        return {"enum": self.random.sample(["a", "b", 1, None], self.random.randint(1, 3))}

    def listed(self, depth: int) -> Any:
        return {"type": self.random.sample(["string", "null", "integer", "boolean"], 2)}

    def free(self, depth: int) -> Any:
        """A schema that says nothing of the type."""
        return self.random.choice(
            (
                {},
                {"minLength": self.random.randint(0, 3)},
                {"minimum": self.random.randint(0, 3)},
                {"multipleOf": self.random.choice((2, 0.5))},
                {"not": self.random.choice(({"type": "string"}, {"enum": ["a", 1]}, {"maxLength": 1}))},
            )
        )

    def object(self, depth: int) -> dict[str, Any]:
        names = self.random.sample(NAMES, self.random.randint(1, 3))
        found: dict[str, Any] = {"type": "object", "properties": {each: self.schema(depth) for each in names}}
        if self.random.random() < 0.5:
            found["required"] = names[:1]
        if self.random.random() < 0.4:
            found["additionalProperties"] = self.random.choice((False, {"type": "string"}))
        if self.random.random() < 0.2:
            word = "dependentRequired" if self.draft >= 2019 else "dependencies"
            found[word] = {"a": ["b"]}
        if self.random.random() < 0.2:
            found["minProperties"] = self.random.randint(0, 2)
        if self.random.random() < 0.2:
            found["patternProperties"] = {self.random.choice(("^a", "b")): self.schema(0)}
        if self.random.random() < 0.1 and self.draft > 4:
            found["propertyNames"] = self.random.choice(({"maxLength": 1}, {"enum": ["a", "b"]}))
        if self.random.random() < 0.15:
            del found["type"]
        return found

    def conditional(self, depth: int) -> Any:
        """A schema of two cases; draft 4 and draft 6 do not look at it."""
        found = {name: self.schema(0) for name in ("if", "then", "else")}
        return {**self.object(0), **found} if self.random.random() < 0.5 else found

    def array(self, depth: int) -> Any:
        if self.random.random() < 0.4:
            rest = self.random.choice((False, {"type": "string"}))
            items = [self.schema(depth), self.schema(0)]
            if self.draft >= 2020:
                return {"type": "array", "prefixItems": items, "items": rest}
            return {"type": "array", "items": items, "additionalItems": rest}
        found = {"type": "array", "items": self.schema(depth), "maxItems": self.random.randint(1, 3)}
        if self.random.random() < 0.2:
            found["uniqueItems"] = True
        if self.random.random() < 0.2 and self.draft > 4:
            found["contains"] = self.schema(0)
        return found

    def reference(self, depth: int) -> Any:
        word = "$defs" if self.draft >= 2019 else "definitions"
        found = {"$ref": f"#/{word}/{self.random.choice(('one', 'two'))}"}
        return {**found, "type": "string"} if self.random.random() < 0.2 else found

    def combined(self, depth: int) -> Any:
        word = self.random.choice(("anyOf", "oneOf", "allOf"))
        return {word: [self.schema(depth), self.schema(0)]}

    def edited(self, schema: Any) -> Any:
        """The schema with something in it that is other, or not there, or new."""
        if isinstance(schema, dict):
            kept = {}
            for name, each in schema.items():
                is_fixed = name in ("$schema", "definitions", "$defs", "type", "properties")
                if not is_fixed and self.random.random() < 0.1:
                    continue
                kept[name] = self.edited(each)
            if "properties" in kept and self.random.random() < 0.15:
                kept["properties"] = {**kept["properties"], self.random.choice(NAMES): self.schema(0)}
            return kept
        if isinstance(schema, list):
            return [self.edited(each) for each in schema]
        if isinstance(schema, int) and not isinstance(schema, bool) and self.random.random() < 0.3:
            return schema + self.random.choice((-1, 1)) if schema else 1
        return schema

    def value(self, depth: int = 3) -> Any:
        """Something that may fit."""
        kind = self.random.random()
        if depth and kind < 0.5:
            names = self.random.sample(NAMES, self.random.randint(0, 3))
            return {each: self.value(depth - 1) for each in names}
        if depth and kind < 0.6:
            return [self.value(depth - 1) for _ in range(self.random.randint(0, 2))]
        return self.random.choice(["a", "b", "ab", "aaaa", "", 0, 1, 2.5, 4, None, True])


@pytest.mark.parametrize("draft", sorted(BASES))
def test_what_is_told_is_so(draft: int) -> None:
    counts = {"told": 0, "silent": 0, "undecided": 0, "values": 0}
    for seed in range(PAIRS):
        maker = Maker(seed, draft)
        old = maker.document()
        new = maker.edited(old)
        try:
            judges = [VALIDATORS[draft](each) for each in (old, new)]
        except ValueError:
            continue
        found = between(old, new, Compatibility.FULL)
        for readers, (writer, reader) in (
            (Readers.NEW, judges),
            (Readers.OLD, judges[::-1]),
        ):
            mine = [each for each in found if getattr(each, "readers", None) in (readers, Readers.BOTH)]
            told = [each for each in mine if isinstance(each, (EventDataRefused, UndeclaredDataRefused))]
            for each in told:
                if each.readers is readers:
                    assert writer.is_valid(each.witness), (seed, readers, each)
                    assert not reader.is_valid(each.witness), (seed, readers, each)
            counts["told"] += bool(told)
            if told:
                continue
            if any(isinstance(each, EventUndecided) for each in mine):
                counts["undecided"] += 1
                continue
            counts["silent"] += 1
            for _ in range(VALUES):
                value = maker.value()
                if writer.is_valid(value):
                    counts["values"] += 1
                    assert reader.is_valid(value), (seed, readers, value)
    assert counts["told"] > PAIRS / 5
    assert counts["silent"] > PAIRS / 5
    assert counts["values"] > PAIRS
    assert counts["undecided"] < PAIRS / 10


NUMBERS: dict[str, Any] = {
    "one": {"enum": [1]},
    "one with a fraction of none": {"enum": [1.0]},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "integer one": {"type": "integer", "enum": [1.0]},
    "number one": {"type": "number", "minimum": 1, "maximum": 1},
    "whole": {"type": "number", "multipleOf": 1},
    "not one": {"type": "number", "not": {"enum": [1.0]}},
    "in a list": {"enum": [[1]]},
    "in a list with a fraction of none": {"enum": [[1.0]]},
    "true": {"enum": [True]},
}


@pytest.mark.parametrize("draft", VALIDATORS)
def test_a_number_is_what_it_is_worth_however_it_is_written(draft: int) -> None:
    """Draft 4 alone asks how: there 1.0 is equal to 1 and no integer, which writers that know no
    difference cannot keep, so that nothing is told of it."""
    values = (0, 1, 2, 0.5, [1], True) if draft == 4 else (0, 1, 1.0, 2, 0.5, [1], [1.0], True)
    for old, new in itertools.permutations(NUMBERS, 2):
        writer, reader = (VALIDATORS[draft](NUMBERS[each]) for each in (old, new))
        is_refused = any(writer.is_valid(value) and not reader.is_valid(value) for value in values)
        pair = (
            {"$schema": BASES[draft], "type": "object", "properties": {"x": NUMBERS[each]}}
            for each in (old, new)
        )
        found = [each for each in between(*pair) if isinstance(each, EventDataRefused)]
        assert bool(found) is is_refused, (old, new, found)


JOINT = (
    ({"maxLength": 5}, {"if": {"type": "string"}, "then": {"maxLength": 3}}),
    ({"type": "number"}, {"type": "number", "if": {"minimum": 5}, "then": {"maximum": 7}}),
    ({}, {"if": {"type": "array"}, "then": {"minItems": 1}}),
)
BESIDE = (
    ({}, {"minLength": 2}),
    ({"type": "integer"}, {"type": "string"}),
    ({"type": "object"}, {"type": "object", "properties": {"n": {"type": "string"}}}),
    ({"type": ["object"], "properties": {"m": {}}}, {"type": "object", "properties": {"m": {"maximum": 1}}}),
    ({"enum": ["a", "b"]}, {"enum": ["a"]}),
)


@pytest.mark.parametrize("joint", JOINT)
@pytest.mark.parametrize("beside", BESIDE)
def test_what_edits_do_together_is_told_whatever_stands_beside_it(
    joint: tuple[Any, Any], beside: tuple[Any, Any]
) -> None:
    def told(**parts: tuple[Any, Any]) -> list[Any]:
        old, new = (
            {
                "$schema": BASES[2020],
                "type": "object",
                "properties": {name: part[side] for name, part in parts.items()},
            }
            for side in (0, 1)
        )
        found = [each for each in between(old, new) if isinstance(each, EventDataRefused)]
        taken, refused = (VALIDATORS[2020](each) for each in (old, new))
        assert all(taken.is_valid(each.witness) and not refused.is_valid(each.witness) for each in found)
        return [each.witness for each in found if each.edit is None]

    (alone,) = told(a=joint)
    (among,) = told(a=joint, b=beside)
    assert alone.keys() == {"a"} <= among.keys()
    assert not told(b=beside)
