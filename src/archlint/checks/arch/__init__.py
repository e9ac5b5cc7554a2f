"""Rules about how services call each other, and about the files that run them together."""

from archlint.files import Kind

KINDS = frozenset({Kind.KUBERNETES, Kind.COMPOSE})
