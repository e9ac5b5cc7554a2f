"""Rules about credentials and identities, and about what is open to the outside."""

from archlint.files import Kind

KINDS = frozenset({Kind.KUBERNETES, Kind.COMPOSE, Kind.DATA, Kind.OTHER})
