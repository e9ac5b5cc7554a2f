"""Rules about how changes are brought out and taken back."""

from archlint.files import Kind

KINDS = frozenset({Kind.KUBERNETES, Kind.DATA})
