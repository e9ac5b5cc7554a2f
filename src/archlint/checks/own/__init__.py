"""Rules about who owns what."""

from archlint.files import Kind

KINDS = frozenset({Kind.KUBERNETES, Kind.CATALOG, Kind.PROMETHEUS_RULES, Kind.DATA})
