"""Rules about network policies."""

from archlint.files import Kind

KINDS = frozenset({Kind.KUBERNETES})
