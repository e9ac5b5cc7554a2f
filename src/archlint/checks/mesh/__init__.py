"""Rules about the service mesh."""

from archlint.files import Kind

KINDS = frozenset({Kind.KUBERNETES})
