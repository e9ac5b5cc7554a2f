"""Rules about schemas of events, and what their changes break."""

from archlint.files import Kind

KINDS = frozenset({Kind.AVRO, Kind.ASYNCAPI, Kind.JSON_SCHEMA})
