"""What an edited schema is put into: each layer wraps the schema, and the values, once more.

A layer is a function of a site. It replaces both sides of the schema by schemas that hold it, notes on which
way it stands there, and how a value of it becomes a value of the whole.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

Json = Any
Wrap = Callable[[Json], Json]
ROOT, PARTS, MORE = "openapi.json", "parts.json", "more.json"
OTHER: Json = {"type": "object", "required": ["other-1"], "properties": {"other-1": {"type": "boolean"}}}
BESIDE: tuple[Json, ...] = ({"other-1": True}, None)
"""Values of the schemas that stand beside the edited one in choices."""


class Pairs:
    """The files of both sides of a comparison while they are made."""

    def __init__(self, version: str) -> None:
        self.version = version
        self.sides: tuple[dict[str, Json], dict[str, Json]] = ({}, {})
        for side in self.sides:
            key = "swagger" if version == "2.0" else "openapi"
            side[ROOT] = {key: version, "info": {"title": "Shop", "version": "1"}, "paths": {}}

    def put(self, file: str, route: tuple[str, ...], base: Json, revision: Json) -> None:
        """Set a value of both sides; what stands above it is made where it is missing."""
        for side, value in zip(self.sides, (base, revision), strict=True):
            node = side.setdefault(file, {})
            for name in route[:-1]:
                node = node.setdefault(name, {})
            node[route[-1]] = value


@dataclass
class Site:
    """A schema of both sides, where the edit stands in it, and how its values are made."""

    pairs: Pairs
    key: str
    """What all names that belong to this site begin with."""
    rng: random.Random
    base: Json
    revision: Json
    route: tuple[str, ...] = ()
    home: tuple[str, tuple[str, ...]] | None = None
    """The file and route of the edit, once it stands in a component."""
    wraps: list[Wrap] = field(default_factory=list)
    is_flipped: bool = False
    """Whether the whole takes less where the schema takes more."""
    flags: set[str] = field(default_factory=set)
    count: int = 0

    def wrap(self, around: Callable[[Json], Json], way: tuple[str, ...], value: Wrap | None = None) -> None:
        """Put both sides into something; ``way`` leads from there to them."""
        self.base, self.revision = around(self.base), around(self.revision)
        self.route = (*way, *self.route)
        if value is not None:
            self.wraps.append(value)

    def move(self, file: str = ROOT, inside: str = ROOT) -> str:
        """Put both sides into a component of a file, and refer to it from another; the name of it."""
        self.count += 1
        name = f"{self.key}S{self.count}"
        route = self._shared(name) if file == ROOT else ("schemas", name)
        if file != ROOT:
            self.base, self.revision = _from_elsewhere(self.base), _from_elsewhere(self.revision)
        self.pairs.put(file, route, self.base, self.revision)
        if self.home is None:
            self.home = (file, (*route, *self.route))
        text = ("" if file == inside else file) + "#/" + "/".join(route)
        self.base, self.revision, self.route = {"$ref": text}, {"$ref": text}, ()
        return name

    def named(self, schema: Json) -> Json:
        """A schema beside the edited one, as a component."""
        self.count += 1
        name = f"{self.key}S{self.count}"
        self.pairs.put(ROOT, self._shared(name), schema, schema)
        return {"$ref": "#/" + "/".join(self._shared(name))}

    def _shared(self, name: str) -> tuple[str, ...]:
        return ("definitions", name) if self.is_old else ("components", "schemas", name)

    def whole(self, value: Json) -> Json:
        """A value of the whole."""
        return _wrapped(value, self.wraps)

    def beside(self) -> Iterator[Json]:
        """Values of the whole that are, wherever a choice may stand, those of what stands beside the edit."""
        for depth in range(len(self.wraps) + 1):
            for value in BESIDE:
                yield _wrapped(value, self.wraps[depth:])

    @property
    def is_modern(self) -> bool:
        return not self.is_old and not self.pairs.version.startswith("3.0")

    @property
    def is_old(self) -> bool:
        """Whether the contract is one of Swagger 2.0."""
        return self.pairs.version == "2.0"


def _wrapped(value: Json, wraps: Iterable[Wrap]) -> Json:
    for wrap in wraps:
        value = wrap(value)
    return value


def _from_elsewhere(schema: Json) -> Json:
    """A schema that leaves the root, with its references going on to lead there."""
    if isinstance(schema, list):
        return [_from_elsewhere(item) for item in schema]
    if not isinstance(schema, dict):
        return ROOT + schema if isinstance(schema, str) and schema.startswith("#/") else schema
    return {name: _from_elsewhere(item) for name, item in schema.items()}


Layer = Callable[[Site], None]


def optional_property(site: Site) -> None:
    site.wrap(
        lambda inner: {"type": "object", "properties": {"p": inner, "q": {"type": "string"}}},
        ("properties", "p"),
        lambda value: {"p": value},
    )


def required_property(site: Site) -> None:
    site.wrap(
        lambda inner: {"type": "object", "required": ["p"], "properties": {"p": inner}},
        ("properties", "p"),
        lambda value: {"p": value},
    )


def _member_with(flag: str) -> Layer:
    """A member that goes in one direction only."""

    def layer(site: Site) -> None:
        required = ["p"] if site.rng.random() < 0.5 else ["q"]
        others = {"q": {"type": "string"}}
        site.wrap(
            lambda inner: {
                "type": "object",
                "required": required,
                "properties": {"p": {flag: True, "allOf": [inner]}, **others},
            },
            ("properties", "p", "allOf", "0"),
            lambda value: {"p": value, "q": "a"},
        )

    layer.__name__ = f"{flag}_member"
    return layer


def other_names(site: Site) -> None:
    site.wrap(
        lambda inner: {"type": "object", "additionalProperties": inner},
        ("additionalProperties",),
        lambda value: {"k": value},
    )


def items(site: Site) -> None:
    site.wrap(lambda inner: {"type": "array", "items": inner}, ("items",), lambda value: [value])


def part(site: Site) -> None:
    """One of two parts, the other of which says nothing about values."""
    site.wrap(lambda inner: {"allOf": [{"description": "what it is"}, inner]}, ("allOf", "1"))


def only_part(site: Site) -> None:
    site.wrap(lambda inner: {"description": "what it is", "allOf": [inner]}, ("allOf", "0"))


def _branch(keyword: str) -> Layer:
    def layer(site: Site) -> None:
        other = site.named(OTHER) if site.rng.random() < 0.5 else OTHER
        if site.rng.random() < 0.5:
            site.wrap(lambda inner: {keyword: [inner, other]}, (keyword, "0"))
        else:
            site.wrap(lambda inner: {keyword: [other, inner]}, (keyword, "1"))

    layer.__name__ = f"{keyword}_branch"
    return layer


def _nullable_choice(keyword: str) -> Layer:
    def layer(site: Site) -> None:
        null = {"type": "null"} if site.is_modern else {"type": "string", "nullable": True, "enum": [None]}
        site.wrap(lambda inner: {keyword: [inner, null]}, (keyword, "0"))

    layer.__name__ = f"{keyword}_with_null"
    return layer


def component(site: Site) -> None:
    site.move()


def other_file(site: Site) -> None:
    site.move(PARTS)


def chain(site: Site) -> None:
    """A component that refers to a file that refers to another."""
    site.move(MORE, inside=PARTS)
    site.move(PARTS)
    site.move()


def told_apart(site: Site) -> None:
    """A named schema whose discriminator tells branches apart, one of which has the edit in a member."""
    keyword = site.rng.choice(("oneOf", "anyOf"))
    kind = {"type": "string", "enum": ["Gift"]}
    gift = site.named({"type": "object", "required": ["kind"], "properties": {"kind": kind}})
    mine = {"type": "string", "enum": ["Mine"]}
    site.wrap(
        lambda inner: {"type": "object", "required": ["kind"], "properties": {"kind": mine, "p": inner}},
        ("properties", "p"),
        lambda value: {"kind": "Mine", "p": value},
    )
    site.move()
    here = site.base["$ref"]
    mapping = {"Gift": gift["$ref"], "Mine": here}
    site.wrap(
        lambda inner: {
            keyword: [gift, inner],
            "discriminator": {"propertyName": "kind", "mapping": mapping},
        },
        (keyword, "1"),
    )
    site.move()


def inherited(site: Site) -> None:
    """A schema that inherits from one with a discriminator, and has the edit in a member of its own."""
    parent = site.named(
        {
            "type": "object",
            "required": ["kind"],
            "properties": {"kind": {"type": "string"}},
            "discriminator": "kind" if site.is_old else {"propertyName": "kind"},
        }
    )
    site.wrap(
        lambda inner: {"allOf": [parent, {"type": "object", "properties": {"p": inner}}]},
        ("allOf", "1", "properties", "p"),
        lambda value: {"kind": "Mine", "p": value},
    )
    site.move()


def beside_reference(site: Site) -> None:
    """Beside a reference to what says nothing about values."""
    loose = site.named({"description": "anything"})
    site.wrap(lambda inner: {**loose, **inner}, ())


def reference_with_limits(site: Site) -> None:
    """A reference to the edit, beside which something stands that counts."""
    site.move()
    site.wrap(lambda inner: {**inner, "maxProperties": 50}, ())


def position(site: Site) -> None:
    site.wrap(
        lambda inner: {"type": "array", "prefixItems": [inner]}, ("prefixItems", "0"), lambda value: [value]
    )


def matching_names(site: Site) -> None:
    site.wrap(
        lambda inner: {"type": "object", "patternProperties": {"^k": inner}},
        ("patternProperties", "^k"),
        lambda value: {"k": value},
    )


def then(site: Site) -> None:
    """In force where the condition holds, which it always does."""
    site.wrap(lambda inner: {"if": {"not": OTHER}, "then": inner}, ("then",))


IN_PLACE: tuple[Layer, ...] = (
    *(part, only_part, component, other_file, chain),
    *(_branch("oneOf"), _branch("anyOf"), _nullable_choice("oneOf"), _nullable_choice("anyOf")),
)
"""Layers that look at the same value."""
LAYERS: tuple[Layer, ...] = (
    *IN_PLACE,
    *(optional_property, required_property, other_names, items, told_apart, inherited),
    *(_member_with("readOnly"), _member_with("writeOnly")),
)
MODERN: tuple[Layer, ...] = (beside_reference, reference_with_limits, position, matching_names, then)
"""Layers that only versions from 3.1 on have."""
