"""What the versions of OpenAPI say otherwise than JSON Schema 2020-12, turned into its keywords."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archlint.comparison.schemas.formats import is_known
from archlint.comparison.schemas.values import exact, type_of
from archlint.model.openapi.contracts import Dialect

_BOUNDS: dict[str, tuple[int | float, int | float]] = {
    **{f"int{bits}": (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) for bits in (8, 16, 32)},
    **{f"uint{bits}": (0, 2**bits - 1) for bits in (8, 16, 32, 64)},
}
"""Bounds of numeric formats (OpenAPI format registry)."""

_SAYS_NOTHING = frozenset(("int64", "float", "double", "password", "binary"))
"""Formats that shut out no value that is ever sent: JSON numbers are read with 53 to 64 bits anyway, and
``float`` is about precision."""
_NUMERIC = ("integer", "number")
_NUMBERS = frozenset((*_NUMERIC, "null"))
_BASE64 = r"^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"
_WRITTEN = {"byte": _BASE64, "base64": _BASE64}
"""Formats of strings that are a pattern (RFC 4648, 4)."""
_COMBINED = ("allOf", "anyOf", "oneOf")
_NULLABLE_2_0 = "x-nullable"


def as_json_schema(
    schema: Mapping[str, Any], dialect: Dialect, *, with_encodings: bool = True
) -> dict[str, Any]:
    """The keywords of a schema without ``$ref``, in the meaning of 2020-12; schemas below are left as they
    are.

    ``with_encodings``: whether ``contentEncoding`` means what ``format: byte`` does. JSON Schema only notes
    it, so it does where one version writes the one and another version the other.
    """
    found = dict(schema)
    if found.pop("contentEncoding", None) == "base64" and with_encodings:
        found.setdefault("format", "byte")
    if dialect is Dialect.V2_0 and found.get("type") == "file":
        found["type"] = "string"
    _exclusive(found)
    judge_format(found)
    if dialect <= Dialect.V3_0:
        _nullable(found, _NULLABLE_2_0 if dialect is Dialect.V2_0 else "nullable")
        for name in ("discriminator", "collectionFormat", "allowEmptyValue"):
            found.pop(name, None)
        if isinstance(found.get("items"), list):
            found["prefixItems"] = found.pop("items")
    else:
        found.pop("nullable", None)
        found.pop("discriminator", None)
    return found


def _exclusive(found: dict[str, Any]) -> None:
    """Boolean ``exclusiveMinimum`` and ``exclusiveMaximum``, which say how ``minimum`` and ``maximum`` are
    meant."""
    for name, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(found.get(name), bool):
            is_exclusive = found.pop(name)
            if is_exclusive and bound in found:
                found[name] = found.pop(bound)


def judge_format(found: dict[str, Any]) -> None:
    """Formats of numbers as bounds, and those that shut out nothing as none."""
    name = found.get("format")
    if isinstance(name, str) and name in _SAYS_NOTHING:
        del found["format"]
        return
    types = found.get("type")
    listed = types if isinstance(types, list) else [types]
    is_number = types is None or any(kind in listed for kind in _NUMERIC)
    if not isinstance(name, str) or name not in _BOUNDS or not is_number:
        if all(isinstance(kind, str) and kind in _NUMBERS for kind in listed):
            found.pop("format", None)  # what a number counts says nothing about it
        elif isinstance(name, str):
            _text_format(found, name)
        return
    del found["format"]
    low, high = _BOUNDS[name]
    for bound, keyword, exclusive, choose in (
        (low, "minimum", "exclusiveMinimum", max),
        (high, "maximum", "exclusiveMaximum", min),
    ):
        known = [exact(found[key]) for key in (keyword, exclusive) if type_of(found.get(key)) == "number"]
        inner = [value for value in known if value is not None]
        if all(choose(value, bound) == bound for value in inner):
            found[keyword] = bound
            if inner:
                found.pop(exclusive, None)


def _text_format(found: dict[str, Any], name: str) -> None:
    """Formats of strings that are a pattern as that; those that no reader checks limit nothing."""
    if is_known(name):
        return
    del found["format"]
    if name in _WRITTEN:
        pattern = {"pattern": _WRITTEN[name]}
        if "pattern" in found:
            others = found.get("allOf")
            found["allOf"] = [*(others if isinstance(others, list) else ()), pattern]
        else:
            found |= pattern


def _nullable(found: dict[str, Any], keyword: str) -> None:
    """``nullable`` lets null in beside the type; ``x-nullable``, which is no word of 2.0, also without one.

    ``nullable`` has no meaning without ``type`` in the same schema (OpenAPI 3.0.3, 4.7.24.1), so that beside
    ``allOf`` it lets nothing in that a part refuses.
    """
    if found.pop(keyword, None) is not True:
        return
    types = found.get("type")
    if isinstance(types, str):
        found["type"] = [types, "null"] if types != "null" else types
    elif isinstance(types, list):
        found["type"] = [*types, *(["null"] if "null" not in types else [])]
    elif keyword == _NULLABLE_2_0 and any(name in found for name in _COMBINED):
        rest = {name: found.pop(name) for name in list(found) if not name.startswith("x-")}
        found["anyOf"] = [{"type": "null"}, rest]
