"""From a schema in JSON Schema, as definitions of custom resources and catalogues hold them, to a shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archlint.finding import Route
from archlint.finding.records import dataclass
from archlint.model.kubernetes.schemas.builtin import METADATA, shape_of
from archlint.model.kubernetes.schemas.formats import known_format
from archlint.model.kubernetes.schemas.limits import LIMITS
from archlint.model.kubernetes.schemas.shape import (
    ANYTHING,
    BOOLEAN,
    INTEGER,
    LIST,
    MAP,
    NULL,
    NUMBER,
    STRING,
    Shape,
)

_TYPES = {
    "object": (MAP, "a map"),
    "array": (LIST, "a list"),
    "string": (STRING, "a string"),
    "integer": (INTEGER, "an integer"),
    "number": (NUMBER, "a number"),
    "boolean": (BOOLEAN, "true or false"),
    "null": (frozenset((NULL,)), "null"),
}
_PRESERVE = "x-kubernetes-preserve-unknown-fields"
_INT_OR_STRING = "x-kubernetes-int-or-string"
_EMBEDDED = "x-kubernetes-embedded-resource"
_DEEPEST = 300
"""Steps into a schema after which nothing is asked of values any more."""
_MOST_OPEN = 50
"""References within references after which nothing is asked of values any more."""
_CHOICES = ("anyOf", "oneOf", "allOf", "not")
_EITHER = Shape(INTEGER | STRING, "an integer or a string")
_LEAVES = {
    name: Shape(*_TYPES[name], refuses_null=True) for name in ("string", "integer", "number", "boolean")
}
_SAID_OF_LEAVES = frozenset(("type", "description"))
"""What most parts of a definition say, and no more: their shapes are shared."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a schema is meant."""

    minor: int
    """The version of Kubernetes, whose metadata objects have."""
    is_closed: bool = False
    """Whether keys that a map does not name are refused where the schema says nothing of them."""
    is_structural: bool = False
    """Whether the API server takes only schemas that say the type of everything."""


class BrokenSchema(Exception):
    """A schema that the API server does not take."""

    def __init__(self, route: Route, reason: str) -> None:
        super().__init__(reason)
        self.route = route
        self.reason = reason


def object_shape(schema: Any, dialect: Dialect) -> Shape:
    """The shape of an object; raises ``BrokenSchema``."""
    made = _Compiler(schema, dialect).shape(schema, ())
    return with_identity(made, dialect.minor)


def with_identity(shape: Shape, minor: int) -> Shape:
    """The shape of an object that has kind and metadata, whatever a schema says of these."""
    fields = {
        **shape.fields,
        "apiVersion": shape_of("s", minor),
        "kind": shape_of("s", minor),
        "metadata": shape_of(METADATA, minor),
    }
    required = tuple(name for name in shape.required if name not in ("apiVersion", "kind", "metadata"))
    limits = shape.limits
    return Shape(MAP, "a map", make=lambda: fields, required=required, rest=shape.rest, limits=limits)


class _Compiler:
    """Turns the parts of one schema into shapes; what is referred to is turned once."""

    def __init__(self, root: Any, dialect: Dialect) -> None:
        self._root = root
        self._dialect = dialect
        self._referred: dict[str, Shape] = {}
        self._open = 0
        """References that are being followed, one within the other."""

    def shape(self, schema: Any, route: Route) -> Shape:
        """The shape of a part at a route of the schema."""
        if len(route) > _DEEPEST:
            return ANYTHING
        if not isinstance(schema, dict):
            if self._dialect.is_structural:
                raise BrokenSchema(route, "a schema is a map")
            return ANYTHING
        if (
            schema.keys() <= _SAID_OF_LEAVES
            and isinstance(said := schema.get("type"), str)
            and said in _LEAVES
        ):
            return _LEAVES[said]
        if "$ref" in schema:
            return self._reference(schema["$ref"], route)
        if schema.get(_INT_OR_STRING) is True or schema.get("format") == "int-or-string":
            limits = _limits(schema, without=("anyOf", "oneOf", "allOf"))
            return Shape(_EITHER.classes, _EITHER.expected, limits=limits) if limits else _EITHER
        classes, expected = self._classes(schema, route)
        fields = self._fields(schema, route)
        defaulted = _with_default(schema)
        required = tuple(name for name in _names(schema.get("required")) if name not in defaulted)
        rest = self._rest(schema, route)
        items = self._items(schema, route)
        made = Shape(
            classes,
            expected,
            make=lambda: fields,
            required=required,
            rest=rest,
            items=items,
            limits=_limits(schema, without=_CHOICES if defaulted else ()) or None,
            distinct=_distinct(schema),
            refuses_null=schema.get("nullable") is not True and (classes is None or NULL not in classes),
        )
        return with_identity(made, self._dialect.minor) if schema.get(_EMBEDDED) is True else made

    def _classes(self, schema: Mapping[str, Any], route: Route) -> tuple[frozenset[type] | None, str]:
        said = schema.get("type")
        if isinstance(said, str) and said in _TYPES:
            return _TYPES[said]
        names = said if isinstance(said, list) else [] if said in (None, "") else [said]
        known = [_TYPES[name] for name in names if isinstance(name, str) and name in _TYPES]
        if self._dialect.is_structural:
            if len(known) < len(names) or isinstance(said, list):
                raise BrokenSchema((*route, "type"), f"'{said}' is no type")
            if not names and schema.get(_PRESERVE) is not True:
                raise BrokenSchema(route, "'type' is missing")
        if not known or len(known) < len(names):
            return None, "anything"
        words = [words for _, words in known if words != "null"]
        return frozenset().union(*(classes for classes, _ in known)), " or ".join(words)

    def _fields(self, schema: Mapping[str, Any], route: Route) -> dict[str, Shape]:
        properties = schema.get("properties")
        if not isinstance(properties, dict):
            return {}
        return {key: self.shape(inner, (*route, "properties", key)) for key, inner in properties.items()}

    def _rest(self, schema: Mapping[str, Any], route: Route) -> Shape | None:
        others = schema.get("additionalProperties")
        if isinstance(others, dict):
            if self._dialect.is_structural and schema.get("properties"):
                place = (*route, "additionalProperties")
                raise BrokenSchema(place, "'properties' and 'additionalProperties' exclude each other")
            return self.shape(others, (*route, "additionalProperties"))
        if others is True or schema.get(_PRESERVE) is True or "patternProperties" in schema:
            return ANYTHING
        return None if self._dialect.is_closed or others is False else ANYTHING

    def _items(self, schema: Mapping[str, Any], route: Route) -> Shape | None:
        items = schema.get("items")
        if self._dialect.is_structural and schema.get("type") == "array" and not isinstance(items, dict):
            raise BrokenSchema(route, "the schema of a list says in 'items' what its entries are")
        return self.shape(items, (*route, "items")) if isinstance(items, dict) else None

    def _reference(self, name: Any, route: Route) -> Shape:
        if self._dialect.is_structural:
            raise BrokenSchema((*route, "$ref"), "schemas of custom resources have no '$ref'")
        if not isinstance(name, str) or not name.startswith("#/"):
            return ANYTHING
        if name not in self._referred:
            if self._open == _MOST_OPEN:
                return ANYTHING
            self._open += 1
            made = self._referred[name] = Shape()
            found = self._root
            for step in name[2:].split("/"):
                key = step.replace("~1", "/").replace("~0", "~")
                found = found.get(key) if isinstance(found, dict) else None
            made.become(self.shape(found, route))
            self._open -= 1
        return self._referred[name]


def _with_default(schema: Mapping[str, Any]) -> frozenset[str]:
    """Fields that the API server fills in before it asks what is required."""
    properties = schema.get("properties")
    fields = properties if isinstance(properties, dict) else {}
    return frozenset(name for name, inner in fields.items() if isinstance(inner, dict) and "default" in inner)


def _distinct(schema: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The keys in which the entries of a list differ, with their defaults."""
    kind, keys = schema.get("x-kubernetes-list-type"), schema.get("x-kubernetes-list-map-keys")
    if kind == "set":
        return {}
    if kind != "map" or not isinstance(keys, list) or not keys:
        return None
    items = schema.get("items")
    properties = items.get("properties") if isinstance(items, dict) else None
    fields = properties if isinstance(properties, dict) else {}
    return {
        str(key): inner.get("default") if isinstance(inner := fields.get(key), dict) else None for key in keys
    }


def _limits(schema: Mapping[str, Any], without: tuple[str, ...] = ()) -> dict[str, Any]:
    found = {key: schema[key] for key in schema.keys() & LIMITS if key not in without}
    name = known_format(schema.get("format")) if schema.get("type") == "string" else None
    if name is not None:
        found["format"] = name
    return {key: value for key, value in found.items() if key != "enum" or isinstance(value, list)}


def _names(value: Any) -> tuple[str, ...]:
    return tuple(name for name in value if isinstance(name, str)) if isinstance(value, list) else ()
