"""Rules about databases and their migrations, and about topics and queues."""

from archlint.files import Kind

KINDS = frozenset({Kind.KUBERNETES, Kind.MIGRATION, Kind.ASYNCAPI, Kind.DATA, Kind.OTHER})
