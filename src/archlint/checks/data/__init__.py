"""Rules about databases and their migrations."""

from archlint.files import Kind

KINDS = frozenset({Kind.KUBERNETES, Kind.MIGRATION})
