"""The types that expressions see: those that the schema of a custom resource declares.

What a schema says nothing certain of (``x-kubernetes-preserve-unknown-fields`` without a type) expressions
cannot see at all. Fields whose names are no names of CEL go by escaped ones.

Source: ``SchemaDeclType`` and ``Escape`` in ``k8s.io/apiserver/pkg/cel``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

EMBEDDED = "x-kubernetes-embedded-resource"
INT_OR_STRING = "x-kubernetes-int-or-string"
_RESERVED = frozenset({"true", "false", "null", "in", "as", "break", "const", "continue", "else", "for"}) | {
    *("function", "if", "import", "let", "loop", "package", "namespace", "return", "var", "void", "while")
}
_ESCAPES = {"__": "__underscores__", ".": "__dot__", "-": "__dash__", "/": "__slash__"}
_FORMATS = {"byte": "bytes", "duration": "duration", "date": "date", "date-time": "timestamp"}
_SCALARS = {"boolean": "bool", "integer": "int", "number": "double"}
_TEXT: Mapping[str, Any] = {"type": "string"}
_IDENTITY: Mapping[str, Any] = {
    "apiVersion": _TEXT,
    "kind": _TEXT,
    "metadata": {"type": "object", "properties": {"name": _TEXT, "generateName": _TEXT}},
}
"""What expressions see of every object, whatever its schema says of these."""


class Declared:
    """A type. ``kind`` is ``object``, ``map``, ``list``, ``dyn`` or that of a scalar, where ``date`` is the
    timestamp of a day."""

    __slots__ = ("fields", "inner", "is_nullable", "kind")

    def __init__(self, kind: str, inner: Declared | None = None, *, is_nullable: bool = False) -> None:
        self.kind = kind
        self.inner = inner
        """What a list or a map consists of."""
        self.is_nullable = is_nullable
        self.fields: dict[str, tuple[str, Declared]] = {}
        """By the names in expressions: the name in the object, and the type."""


STRING = Declared("string")
INT = Declared("int")


def declared(schema: Any, *, is_root: bool = False) -> Declared | None:
    """The type of a schema; ``None`` if expressions do not see its values."""
    if not isinstance(schema, dict):
        return None
    is_nullable = schema.get("nullable") is True
    if schema.get(INT_OR_STRING) is True:
        return Declared("dyn", is_nullable=is_nullable)
    kind = schema.get("type")
    if kind == "string":
        written = schema.get("format")
        found = _FORMATS.get(written, "string") if isinstance(written, str) else "string"
        return Declared(found, is_nullable=is_nullable)
    if kind in _SCALARS:
        return Declared(_SCALARS[kind], is_nullable=is_nullable)
    if kind == "array":
        items = declared_part(schema.get("items"))
        return None if items is None else Declared("list", items, is_nullable=is_nullable)
    if kind != "object":
        return None
    others = schema.get("additionalProperties")
    if isinstance(others, dict):
        values = declared_part(others)
        return None if values is None else Declared("map", values, is_nullable=is_nullable)
    made = Declared("object", is_nullable=is_nullable)
    properties = schema.get("properties")
    fields = properties if isinstance(properties, dict) else {}
    for name, inner in {**fields, **(_IDENTITY if is_root else {})}.items():
        escaped, field = escape(str(name)), declared_part(inner)
        if escaped is not None and field is not None:
            made.fields[escaped] = (str(name), field)
            if name in _RESERVED:  # newer servers take them behind a dot as they are
                made.fields[str(name)] = (str(name), field)
    return made


def declared_part(schema: Any) -> Declared | None:
    """The type of a part of a schema, which may be that of a whole object."""
    return declared(schema, is_root=isinstance(schema, dict) and schema.get(EMBEDDED) is True)


def escape(name: str) -> str | None:
    """The name of a field in expressions; ``None`` if it has none there."""
    if name in _RESERVED:
        return f"__{name}__"
    if not re.fullmatch(r"[A-Za-z_./-][A-Za-z0-9_./-]*", name, re.ASCII):
        return None
    return re.sub(r"__|[./-]", lambda found: _ESCAPES[found[0]], name)
