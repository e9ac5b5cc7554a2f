"""Rules about alerts."""

from archlint.files import Kind

KINDS = frozenset({Kind.KUBERNETES, Kind.PROMETHEUS_RULES})
