"""Rules about alerts and everything else that watches what runs."""

from archlint.files import Kind

KINDS = frozenset({Kind.KUBERNETES, Kind.PROMETHEUS_RULES, Kind.DATA, Kind.COMPOSE})
