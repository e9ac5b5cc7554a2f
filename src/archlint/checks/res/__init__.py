"""Rules about what happens when a call goes wrong."""

from archlint.files import Kind

KINDS = frozenset({Kind.KUBERNETES, Kind.DATA})
