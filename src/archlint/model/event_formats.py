"""Formats in which the schemas of events are written, by the names that AsyncAPI has for them.

Source: https://www.asyncapi.com/docs/reference/specification/v3.0.0#multiFormatSchemaObject
"""

from __future__ import annotations

_JUDGED = (
    *("application/vnd.aai.asyncapi", "application/schema+json", "application/schema+yaml"),
    *("application/schema;",),
)


def is_judged(schema_format: str | None) -> bool:
    """Whether schemas of a format are JSON Schema as AsyncAPI means it, which rules can judge values by."""
    return schema_format is None or schema_format.lower().startswith(_JUDGED)


def family_of(schema_format: str | None) -> str | None:
    """What a format describes on the wire: text in JSON, or bytes of Avro or Protobuf; None if unknown."""
    text = (schema_format or "").lower()
    if is_judged(schema_format) or text.startswith("application/vnd.oai.openapi"):
        return "json"
    return next((name for name in ("avro", "protobuf") if name in text), None)
