"""The official JSON Schemas of OpenAPI documents, ready to validate with.

They come with the package ``openapi-spec-validator``, whose code is not imported (it would cost 0.3 s). Where
the published schema differs from the text of the specification, or leaves Schema Objects unchecked, it is
corrected here.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archlint.model.openapi.contracts import Dialect

if TYPE_CHECKING:
    from jsonschema_rs import Validator

_PACKAGE = "openapi_spec_validator"
_SCHEMA_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TOKEN = "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$"  # RFC 9110, section 5.6.2: what a header may be called
_BOTH_EXAMPLES = {"not": {"required": ["example", "examples"]}}


@cache
def validator(dialect: Dialect, with_schemas: bool) -> Validator:
    """The validator of a version; ``with_schemas``: also judge Schema Objects as JSON Schema 2020-12.

    Raises ``FileNotFoundError`` if the schema is not installed.
    """
    import jsonschema_rs

    schema = _published(dialect)
    if dialect >= Dialect.V3_1:
        _correct(schema["$defs"], dialect)
        if with_schemas:
            schema["$defs"]["schema"]["allOf"] = [{"$ref": _SCHEMA_DIALECT}]
    return jsonschema_rs.validator_for(schema, offline=True)


@cache
def known_keys(dialect: Dialect) -> frozenset[str]:
    """Every fixed field name that the schema of a version has anywhere."""
    return field_names(_published(dialect))


def field_names(schema: Any) -> frozenset[str]:
    """Every fixed field name that a schema has anywhere."""
    found: set[str] = set()
    waiting: list[Any] = [schema]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            properties = value.get("properties")
            found.update(properties if isinstance(properties, dict) else ())
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
    return frozenset(found)


def _published(dialect: Dialect) -> Any:
    found = find_spec(_PACKAGE)
    folders = found.submodule_search_locations if found is not None else None
    if not folders:
        raise FileNotFoundError(f"the package {_PACKAGE} is not installed")
    path = Path(folders[0]) / "resources" / "schemas" / f"v{dialect.label}" / "schema.json"
    return json.loads(path.read_text("utf-8"))


def _correct(definitions: dict[str, Any], dialect: Dialect) -> None:
    """Bring the schema in line with the text of OpenAPI 3.1.1 and 3.2.0."""
    definitions["examples"].update(_BOTH_EXAMPLES)
    link = definitions["link"]["properties"]
    if "body" in link:  # section 4.8.20.1 calls the field `server`
        link["server"] = link.pop("body")
    # section 4.8.9.1: a path that refers to another one keeps its other fields
    definitions["path-item"]["properties"].setdefault("$ref", {"type": "string", "format": "uri-reference"})
    definitions["path-item-or-reference"] = {"$ref": "#/$defs/path-item"}
    if dialect >= Dialect.V3_2:
        definitions["response"]["properties"]["headers"]["propertyNames"] = {"pattern": _TOKEN}
        definitions["parameter"]["allOf"].append(
            {
                "if": {"properties": {"in": {"const": "header"}}, "required": ["in"]},
                "then": {"properties": {"name": {"pattern": _TOKEN}}},
            }
        )
        # section 4.27: `nodeType` replaces the deprecated `attribute` and `wrapped` and excludes them
        excluded = [{"not": {"required": ["nodeType", old]}} for old in ("attribute", "wrapped")]
        definitions["schema"]["properties"] = {"xml": {"allOf": excluded}}
