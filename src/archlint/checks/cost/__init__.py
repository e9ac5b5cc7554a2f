"""Rules about what a system takes of its cluster, and what of it nobody uses."""

from archlint.files import Kind

KINDS = frozenset({Kind.KUBERNETES, Kind.COMPOSE, Kind.DATA, Kind.OTHER})
