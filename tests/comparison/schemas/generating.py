"""Random JSON Schemas, small edits to them, and values at the bounds of what they say."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator
from typing import Any

Json = Any

NAMES = ("id", "name", "kind", "tags", "next", "x-a")
WORDS = ("a", "b", "ab", "red", "")
PATTERNS = ("^a", "b$", "^[a-c]+$", "^[0-9]{2,3}$", "^(a|b)*$", "^.{1,3}$", "x", "^x-", "^$")
TEXTS = (
    "",
    "a",
    "b",
    "ab",
    "abc",
    "ba",
    "12",
    "123",
    "1234",
    "x",
    "x-",
    "x-a",
    "red",
    "aaaa",
    "ééé",
    "2024-01-31",
)
FORMATS = ("date", "uuid", "ipv4", "email")
LIKE_FORMATS = ("2024-01-31", "00000000-0000-4000-8000-000000000000", "192.0.2.1", "a@example.com")


class Generator:
    """Makes schemas; ``rare`` also with the keywords that contracts hardly use."""

    def __init__(self, rng: random.Random, rare: bool) -> None:
        self.rng = rng
        self.rare = rare

    def document(self) -> Json:
        """A schema with definitions that may refer to each other."""
        schema = self.schema(3)
        if self.rng.random() < 0.25 and isinstance(schema, dict):
            schema = {**schema, "$defs": {name: self.schema(2) for name in ("one", "two")}}
            _point(self.rng, schema)
        return schema

    def schema(self, depth: int) -> Json:
        """A schema of at most so many levels."""
        rng = self.rng
        roll = rng.random()
        if roll < 0.04:
            return {} if rng.random() < 0.8 else rng.random() < 0.7
        if depth > 0 and roll < 0.18:
            return self.combination(depth)
        if roll < 0.26:
            return {"enum": rng.sample([*WORDS, 1, 2, 2.5, None, True, [], {}], rng.randint(1, 4))}
        makers: list[Callable[[int], Json]] = [self.string, self.number]
        if depth > 0:
            makers += [self.object, self.object, self.object, self.array]
        made = rng.choice(makers)(depth)
        if rng.random() < 0.1:
            made["type"] = [made["type"], "null"] if isinstance(made.get("type"), str) else ["string", "null"]
        if rng.random() < 0.05:
            del made["type"]
        return made

    def combination(self, depth: int) -> Json:
        rng = self.rng
        roll = rng.random()
        if self.rare and roll < 0.35:
            if rng.random() < 0.5:
                return {**self.schema_map(depth), "not": self.schema(depth - 1)}
            return {
                "if": self.schema(depth - 1),
                "then": self.schema(depth - 1),
                **({"else": self.schema(depth - 1)} if rng.random() < 0.5 else {}),
            }
        name = rng.choice(("anyOf", "oneOf", "allOf", "tagged"))
        count = rng.randint(2, 3)
        if name == "tagged":
            return {rng.choice(("oneOf", "anyOf")): [self.tagged(word, depth) for word in WORDS[:count]]}
        return {name: [self.schema(depth - 1) for _ in range(count)]}

    def tagged(self, word: str, depth: int) -> Json:
        made = self.object(depth)
        made.setdefault("properties", {})["kind"] = {"const": word}
        made["required"] = sorted({*made.get("required", ()), "kind"})
        return made

    def schema_map(self, depth: int) -> dict[str, Json]:
        made = self.schema(depth - 1)
        return made if isinstance(made, dict) else {}

    def string(self, depth: int) -> Json:
        rng, made = self.rng, dict[str, Json](type="string")
        if rng.random() < 0.3:
            made["minLength"] = rng.randint(0, 3)
        if rng.random() < 0.3:
            made["maxLength"] = rng.randint(1, 4)
        if rng.random() < 0.25:
            made["pattern"] = rng.choice(PATTERNS)
        elif rng.random() < 0.15:
            made["format"] = rng.choice(FORMATS)
        return made

    def number(self, depth: int) -> Json:
        rng = self.rng
        made = dict[str, Json](type=rng.choice(("integer", "integer", "number", "boolean")))
        if made["type"] == "boolean":
            return made
        if rng.random() < 0.15:
            made["minimum"] = rng.choice((0, 1, 2.5))
            made["maximum"] = made["minimum"] + rng.choice((0, 0, 1))
            return made
        for name in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
            if rng.random() < 0.25:
                made[name] = rng.choice((-1, 0, 1, 2, 2.5, 5, 10)) + (5 if "ax" in name else 0)
        if rng.random() < 0.15:
            made["multipleOf"] = rng.choice((1, 2, 3, 0.5, 0.01, 5))
        return made

    def object(self, depth: int) -> Json:
        rng, made = self.rng, dict[str, Json](type="object")
        names = rng.sample(NAMES, rng.randint(0, 4))
        if names:
            made["properties"] = {name: self.schema(depth - 1) for name in names}
            chosen = [name for name in names if rng.random() < 0.4]
            if chosen:
                made["required"] = chosen
        roll = rng.random()
        if roll < 0.2:
            made["additionalProperties"] = False
        elif roll < 0.35:
            made["additionalProperties"] = self.schema(depth - 1)
        if rng.random() < 0.08:
            made["minProperties"] = rng.randint(1, 3)
        if rng.random() < 0.08:
            made["maxProperties"] = rng.randint(1, 4)
        if self.rare:
            self.rare_object(made, depth)
        return made

    def rare_object(self, made: dict[str, Json], depth: int) -> None:
        rng = self.rng
        if rng.random() < 0.2:
            made["patternProperties"] = {rng.choice(PATTERNS): self.schema(depth - 1)}
        if rng.random() < 0.12:
            made["propertyNames"] = self.string(0)
        if rng.random() < 0.12:
            made["dependentRequired"] = {rng.choice(NAMES): [rng.choice(NAMES)]}
        if rng.random() < 0.08:
            made["dependentSchemas"] = {rng.choice(NAMES): self.schema(depth - 1)}
        if rng.random() < 0.1 and "additionalProperties" not in made:
            made["unevaluatedProperties"] = rng.choice((False, self.schema(depth - 1)))

    def array(self, depth: int) -> Json:
        rng, made = self.rng, dict[str, Json](type="array")
        if rng.random() < 0.8:
            made["items"] = self.schema(depth - 1)
        if rng.random() < 0.3:
            made["minItems"] = rng.randint(0, 2)
        if rng.random() < 0.3:
            made["maxItems"] = rng.randint(1, 3)
        if rng.random() < 0.1:
            made["uniqueItems"] = True
        if self.rare and rng.random() < 0.25:
            made["prefixItems"] = [self.schema(depth - 1) for _ in range(rng.randint(1, 2))]
        if self.rare and rng.random() < 0.25:
            made["contains"] = self.schema(depth - 1)
            if rng.random() < 0.3:
                made["minContains"] = rng.randint(0, 2)
            if rng.random() < 0.2:
                made["maxContains"] = rng.randint(1, 2)
        return made

    def mutate(self, document: Json) -> Json:
        """The document after one edit."""
        made = copy.deepcopy(document)
        places = [schema for schema in _schemas(made) if isinstance(schema, dict)]
        if not places:
            return self.schema(2)
        self.edit(self.rng.choice(places))
        return made

    def edit(self, schema: dict[str, Json]) -> None:
        rng = self.rng
        plain = [name for name in schema if name not in ("$ref", "$defs", "type")]
        roll = rng.random()
        if roll < 0.4 and plain:
            self.change(schema, rng.choice(plain))
        elif roll < 0.55 and plain:
            del schema[rng.choice(plain)]
        elif roll < 0.65 and "type" in schema:
            schema["type"] = rng.choice(
                ("string", "integer", "number", ["string", "null"], "object", "array")
            )
        elif "properties" in schema and roll < 0.85:
            names = schema["properties"]
            names[rng.choice(NAMES)] = self.schema(1)
            if rng.random() < 0.3:
                schema["required"] = sorted(rng.sample(sorted(names), rng.randint(1, len(names))))
        else:
            extra = self.schema_map(2)
            if extra:
                name = rng.choice(list(extra))
                schema[name] = extra[name]

    def change(self, schema: dict[str, Json], name: str) -> None:
        rng, value = self.rng, schema[name]
        if isinstance(value, bool):
            schema[name] = not value
        elif isinstance(value, (int, float)):
            changed = value + rng.choice((1, -1, 0.5 if isinstance(value, float) else 1))
            schema[name] = max(changed, 0 if name.startswith(("min", "max")) and name[3].isupper() else -9)
            if name == "multipleOf" and schema[name] <= 0:
                schema[name] = 1
        elif isinstance(value, str):
            schema[name] = rng.choice({"pattern": PATTERNS, "format": FORMATS}.get(name, WORDS))
        elif isinstance(value, list) and len(value) > 1 and rng.random() < 0.5:
            del value[rng.randrange(len(value))]
        elif name == "required":
            value.append(rng.choice(NAMES))
            schema[name] = sorted(set(value))
        elif name == "enum":
            value.append(rng.choice((*WORDS, 3, False)))
        elif name in ("anyOf", "oneOf", "allOf"):
            value.append(self.schema(1))
        elif name in ("properties", "patternProperties") and value:
            chosen = rng.choice(list(value))
            if rng.random() < 0.5:
                del value[chosen]
            else:
                value[chosen] = self.schema(1)
        elif isinstance(value, dict) and name in ("items", "additionalProperties", "not", "contains", "if"):
            schema[name] = self.schema(1)


def _point(rng: random.Random, document: dict[str, Json]) -> None:
    """Put references to definitions where a value has been stepped into."""
    for schema in list(_schemas(document)):
        if isinstance(schema, dict):
            for name in ("items", "additionalProperties"):
                if isinstance(schema.get(name), dict) and rng.random() < 0.4:
                    schema[name] = {"$ref": f"#/$defs/{rng.choice(('one', 'two'))}"}
            for name in schema.get("properties", {}):
                if rng.random() < 0.3:
                    schema["properties"][name] = {"$ref": f"#/$defs/{rng.choice(('one', 'two'))}"}


def _schemas(schema: Json) -> Iterator[Json]:
    """A schema and all below it."""
    yield schema
    if not isinstance(schema, dict):
        return
    for name, value in schema.items():
        if name in ("properties", "patternProperties", "$defs", "dependentSchemas"):
            for child in value.values():
                yield from _schemas(child)
        elif name in ("anyOf", "oneOf", "allOf", "prefixItems"):
            for child in value:
                yield from _schemas(child)
        elif name in (
            *("items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames"),
            "unevaluatedProperties",
        ):
            yield from _schemas(value)


class Sampler:
    """Makes values near the bounds of a schema: most fulfil it, some just do not."""

    def __init__(self, rng: random.Random, document: Json) -> None:
        self.rng = rng
        self.root = document

    def value(self, schema: Json, depth: int = 4) -> Json:
        rng = self.rng
        if not isinstance(schema, dict) or depth <= 0:
            return rng.choice((None, 1, "a", {}, [], True))
        if "$ref" in schema:
            return self.value(self.root.get("$defs", {}).get(schema["$ref"].split("/")[-1], {}), depth - 1)
        if rng.random() < 0.04:
            return rng.choice((None, 0, 1.5, "a", "", {}, [], False))
        if "const" in schema:
            return schema["const"]
        if schema.get("enum"):
            return rng.choice(schema["enum"])
        for name in ("anyOf", "oneOf"):
            if schema.get(name):
                return self.value(rng.choice(schema[name]), depth)
        if "allOf" in schema:
            return self.together([self.value(part, depth) for part in schema["allOf"]])
        for name in ("then", "else", "if"):
            if name in schema and rng.random() < 0.5:
                return self.value(schema[name], depth)
        return self.of_type(schema, depth)

    def together(self, values: list[Json]) -> Json:
        maps = [value for value in values if isinstance(value, dict)]
        if len(maps) == len(values):
            return {name: member for value in maps for name, member in value.items()}
        return self.rng.choice(values)

    def of_type(self, schema: dict[str, Json], depth: int) -> Json:
        kind = schema.get("type")
        if isinstance(kind, list):
            kind = self.rng.choice(kind)
        if kind is None:
            known = {"properties": "object", "items": "array", "minLength": "string", "minimum": "number"}
            kind = next((known[name] for name in known if name in schema), "string")
        if kind == "object":
            return self.object(schema, depth)
        if kind == "array":
            return self.array(schema, depth)
        if kind == "string":
            return self.string(schema)
        if kind in ("integer", "number"):
            return self.number(schema, kind)
        return None if kind == "null" else self.rng.random() < 0.5

    def string(self, schema: dict[str, Json]) -> str:
        rng = self.rng
        bounds = [schema[name] for name in ("minLength", "maxLength") if isinstance(schema.get(name), int)]
        if bounds and rng.random() < 0.5:
            return rng.choice("ab1x") * max(0, rng.choice(bounds) + rng.choice((-1, 0, 0, 1)))
        if "format" in schema and rng.random() < 0.7:
            return rng.choice(LIKE_FORMATS)
        return rng.choice(TEXTS)

    def number(self, schema: dict[str, Json], kind: str) -> float:
        rng = self.rng
        bounds = [
            value for name, value in schema.items() if isinstance(value, (int, float)) and name != "type"
        ]
        found = rng.choice([*bounds, 0, 1, 3]) + rng.choice((0, 0, 1, -1, 0.5, -0.5, 0.01))
        if isinstance(found, float) and (kind == "integer" or found.is_integer()) and rng.random() < 0.9:
            return int(found)
        return round(found, 4)

    def object(self, schema: dict[str, Json], depth: int) -> Json:
        rng = self.rng
        named = schema.get("properties", {})
        keep = rng.choice((0.0, 0.5, 1.0))
        found = {
            name: self.value(child, depth - 1)
            for name, child in named.items()
            if (name in schema.get("required", ()) and rng.random() < 0.95) or rng.random() < keep
        }
        for name in schema.get("required", ()):
            if name not in found and rng.random() < 0.9:
                found[name] = self.value(named.get(name, True), depth - 1)
        if rng.random() < 0.3:
            others = schema.get("additionalProperties", schema.get("unevaluatedProperties", True))
            found[rng.choice((*NAMES, "extra", *TEXTS))] = self.value(others, depth - 1)
        for child in schema.get("patternProperties", {}).values():
            if rng.random() < 0.5:
                found[rng.choice(TEXTS)] = self.value(child, depth - 1)
        return found

    def array(self, schema: dict[str, Json], depth: int) -> Json:
        rng = self.rng
        bounds = [schema[name] for name in ("minItems", "maxItems") if isinstance(schema.get(name), int)]
        length = min(5, max(0, rng.choice([*bounds, 0, 1, 2]) + rng.choice((-1, 0, 0, 1))))
        first = schema.get("prefixItems", [])
        found = [
            self.value(first[index] if index < len(first) else schema.get("items", True), depth - 1)
            for index in range(length)
        ]
        if "contains" in schema and rng.random() < 0.7:
            found.append(self.value(schema["contains"], depth - 1))
        if len(found) > 1 and rng.random() < 0.2:
            found[-1] = found[0]
        return found
