"""Rules about proto files: their style, and what their changes break."""

from archlint.files import Kind

KINDS = frozenset({Kind.PROTO})
