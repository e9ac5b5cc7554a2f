"""How the values of a schema are written where it stands: as JSON, as text, as fields of a form.

Text that reads as a number or boolean stands for that value, and an array of one item for the item, so each
text has one value. A string without further demands therefore takes numbers and booleans too; a string with
demands takes those whose text meets them (keyword ``text``).
"""

from __future__ import annotations

from typing import Any

from archlint.comparison.schemas import formats
from archlint.comparison.schemas.schema import Schema, schema_with
from archlint.finding.records import dataclass, replace
from archlint.finding.regex import regex


@dataclass(frozen=True, slots=True)
class Serialization:
    """How values are written.

    ``text``: as text, so a string takes whatever a number or boolean looks like, and an array of one item
    looks like the item. ``fields``: the members are such text, the value itself is none (a form).
    ``joined``: the items of an array are one text, as with a comma between them, and not repeated.
    """

    text: bool = False
    fields: bool = False
    joined: bool = False

    def member(self) -> Serialization:
        """How a member of an object is written that is written so."""
        return replace(self, text=True, fields=False) if self.fields else self


BODY = Serialization()
"""JSON, and whatever else keeps types."""
FORM = Serialization(fields=True)
"""``application/x-www-form-urlencoded`` and ``multipart/form-data``: each member is a field."""


def parameter(location: str, style: str | None = None, explode: bool | None = None) -> Serialization:
    """How the value of a parameter or header is written: by its ``in``, ``style`` and ``explode``.

    The defaults are those of OpenAPI: ``form`` in queries and cookies, ``simple`` in paths and headers;
    ``form`` repeats the name for each item, all others join items.
    """
    shown = style or ("form" if location in ("query", "cookie", "querystring") else "simple")
    repeats = shown in ("form", "multi", "deepObject") if explode is None else explode and shown != "simple"
    return Serialization(text=True, joined=not repeats)


_SCALARS = frozenset(("string", "number", "integer", "boolean"))
_LIKE_NUMBER = r"[+\-]?[0-9]+(\.[0-9]+)?([eE][+\-]?[0-9]+)?"
_OTHER_TEXT = schema_with(type=frozenset(("string",)), pattern=f"^(true|false|{_LIKE_NUMBER})$")
_ANY_TEXT = schema_with(type=_SCALARS, allOf=(schema_with(**{"not": _OTHER_TEXT}),))
"""What one text of which nothing is said stands for."""
_ONE_ITEM = schema_with(type=frozenset(("array",)), minItems=1, maxItems=1)
_INTEGER = regex(r"-?(0|[1-9][0-9]{0,30})")
_DECIMAL = regex(r"-?(0|[1-9][0-9]{0,15})\.[0-9]{0,14}[1-9]")
_OF_STRINGS = ("minLength", "maxLength", "pattern", "format")


def as_text(keywords: dict[str, Any], serialization: Serialization) -> dict[str, Any]:
    """The lowered keywords of a schema, for values that are written as text."""
    found = dict(keywords)
    types = found.get("type")
    if types is not None and len(types) > 1:
        found["type"] = types = types - {"null"}  # null has no text
    if types is None or "string" in types:
        _strings(found, types, serialization)
    if types is None and "enum" not in found:
        _shut(found)
    if types is not None and "array" in types:
        return _arrays(found, types)
    return found


def _strings(found: dict[str, Any], types: frozenset[str] | None, serialization: Serialization) -> None:
    """Let the numbers and booleans in whose text is such a string."""
    if "enum" in found:
        found["enum"] = tuple(_decoded(value) for value in found["enum"])
    demands = {name: found[name] for name in _OF_STRINGS if name in found}
    if demands.get("minLength", 2) <= 1:
        del demands["minLength"]  # no text of a number is empty
    if formats.is_known(demands.get("format", "")):
        if types is not None:
            found["type"] = types - {"null"}
            _shut(found)
        return  # none of these formats looks like a number
    if demands:
        found["text"] = schema_with(type=frozenset(("string",)), **demands)
    if types is not None:
        added = {"string", "number", "boolean"}
        if serialization.joined and not demands and "enum" not in found:
            added.add("array")
        found["type"] = (types - {"integer"}) | added
        _shut(found)


def _shut(found: dict[str, Any]) -> None:
    """Leave text that reads as another value to that value."""
    found["allOf"] = (*found.get("allOf", ()), schema_with(**{"not": _OTHER_TEXT}))


def _arrays(found: dict[str, Any], types: frozenset[str]) -> dict[str, Any]:
    """An array takes its single item as it is."""
    rows = dict(found)
    rows["type"] = frozenset(("array",))
    rows.setdefault("items", _ANY_TEXT)
    rows["allOf"] = (*rows.get("allOf", ()), schema_with(**{"not": _ONE_ITEM}))
    choices = [Schema(keywords=rows)]
    takes_one = found.get("minItems", 0) <= 1 <= found.get("maxItems", 1)
    if takes_one and not {"prefixItems", "contains", "enum"} & found.keys():
        choices.append(rows["items"])
    rest = types - {"array"}
    if rest:
        others = dict(found)
        others["type"] = rest
        choices.append(Schema(keywords=others))
    return {"anyOf": tuple(choices)}


def _decoded(value: Any) -> Any:
    """The value that a text stands for."""
    if not isinstance(value, str):
        return value
    if value in ("true", "false"):
        return value == "true"
    if _INTEGER.fullmatch(value) and value != "-0":
        return int(value)
    if _DECIMAL.fullmatch(value):
        return float(value)
    return value
