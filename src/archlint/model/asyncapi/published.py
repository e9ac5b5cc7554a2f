"""The published JSON Schemas of AsyncAPI documents, ready to validate with; ``schemas/README.md`` says where
they come from."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archlint.model.openapi.metaschema import field_names

if TYPE_CHECKING:
    from jsonschema_rs import Validator

VERSIONS = ("2.0", "2.1", "2.2", "2.3", "2.4", "2.5", "2.6", "3.0", "3.1")
"""The versions that have a schema, by major and minor number."""
_FOLDER = Path(__file__).parent / "schemas"
_REFERENCE = {"$ref": "#/definitions/Reference"}
_GUESSES = ("avroSchema_v1", "openapiSchema_3_0")
"""Definitions for payloads in formats of others, of which the schema knows one version each."""


@cache
def validator(version: str, definition: str = "") -> Validator:
    """The validator of documents of a version, or of the objects of one of its definitions."""
    import jsonschema_rs

    schema = _published(version)
    if definition:
        schema = {
            "$schema": schema["$schema"],
            "definitions": schema["definitions"],
            "allOf": [{"$ref": f"#/definitions/{definition}"}],
        }
    return jsonschema_rs.validator_for(schema, offline=True)


@cache
def known_fields(version: str) -> frozenset[str]:
    """Every field name that the schema of a version has anywhere."""
    return field_names(_published(version))


@cache
def _published(version: str) -> Any:
    schema = json.loads((_FOLDER / f"{version}.json").read_text("utf-8"))
    schema["definitions"].update(dict.fromkeys(_GUESSES, True))
    waiting: list[Any] = [schema]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, dict):
            forms = value.get("oneOf")
            if isinstance(forms, list) and _REFERENCE in forms:
                value["anyOf"] = value.pop("oneOf")  # a reference may also fit the other form: a schema
            waiting.extend(value.values())
    return schema
