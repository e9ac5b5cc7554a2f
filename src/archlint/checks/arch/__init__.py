"""Rules about how services call each other."""

from archlint.files import Kind

KINDS = frozenset({Kind.KUBERNETES})
