"""Rules about OpenAPI documents, and about what changed between two revisions of them."""

from archlint.files import Kind

KINDS = frozenset({Kind.OPENAPI, Kind.PACT})
