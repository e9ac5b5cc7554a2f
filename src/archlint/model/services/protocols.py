"""Protocols: how a scheme, a port or an image tells what two services speak, and what kind of edge that is.

Ports are those that IANA or the product's own documentation names as default.
"""

from __future__ import annotations

from enum import StrEnum

from archlint.finding.regex import regex


class EdgeKind(StrEnum):
    """What an edge means: a call that waits, a message that does not, data that is kept; or what is only said
    to be so, by policies, catalogs and diagrams."""

    SYNC = "sync"
    ASYNC = "async"
    DATA = "data"
    DECLARED = "declared"


_DATA = {
    "postgres": (
        "postgresql",
        "cockroachdb",
        "postgres+asyncpg",
        "postgresql+psycopg2",
        "postgresql+asyncpg",
    ),
    "mysql": ("mariadb", "mysql+pymysql", "mysql2"),
    "mongodb": ("mongodb+srv", "mongo"),
    "redis": ("rediss", "valkey"),
    "sqlserver": ("mssql", "mssql+pyodbc"),
    "oracle": (),
    "cassandra": (),
    "neo4j": ("bolt", "neo4j+s"),
    "clickhouse": (),
    "memcached": (),
    "elasticsearch": (),
    "couchdb": (),
    "etcd": (),
    "sql": (),
}
_ASYNC = {
    "amqp": ("amqps",),
    "nats": ("stan",),
    "kafka": (),
    "mqtt": ("mqtts",),
    "pulsar": ("pulsar+ssl",),
    "stomp": (),
}
_SYNC = {"http": (), "https": (), "grpc": ("grpcs", "dns"), "ws": ("wss",), "thrift": (), "h2c": ()}

_CANONICAL = {
    alias: name
    for table in (_DATA, _ASYNC, _SYNC)
    for name, aliases in table.items()
    for alias in (name, *aliases)
}

DEFAULT_PORTS = {
    "http": 80,
    "https": 443,
    "ws": 80,
    "wss": 443,
    "postgres": 5432,
    "postgresql": 5432,
    "mysql": 3306,
    "mariadb": 3306,
    "mongodb": 27017,
    "redis": 6379,
    "amqp": 5672,
    "amqps": 5671,
    "nats": 4222,
}
"""The port that a URL of a scheme means if it names none."""

_BY_PORT = {
    5432: "postgres",
    3306: "mysql",
    27017: "mongodb",
    6379: "redis",
    1433: "sqlserver",
    1521: "oracle",
    9042: "cassandra",
    7687: "neo4j",
    11211: "memcached",
    26257: "postgres",
    9200: "elasticsearch",
    5984: "couchdb",
    2379: "etcd",
    5672: "amqp",
    5671: "amqp",
    4222: "nats",
    9092: "kafka",
    1883: "mqtt",
    8883: "mqtt",
    6650: "pulsar",
}

_IMAGES = {
    "postgres": ("postgres", "postgresql", "postgis", "timescaledb", "pgvector", "cockroach", "spilo"),
    "mysql": ("mysql", "mysql-server", "mariadb", "percona", "percona-server", "mariadb-galera"),
    "sqlserver": ("mssql", "mssql-server", "mssql-server-linux", "azure-sql-edge"),
    "mongodb": ("mongo", "mongodb", "percona-server-mongodb"),
    "redis": ("redis", "redis-stack", "redis-stack-server", "redis-cluster", "valkey", "keydb", "dragonfly"),
    "cassandra": ("cassandra", "scylla"),
    "elasticsearch": ("elasticsearch", "opensearch"),
    "memcached": ("memcached",),
    "couchdb": ("couchdb",),
    "neo4j": ("neo4j",),
    "clickhouse": ("clickhouse", "clickhouse-server"),
    "etcd": ("etcd",),
    "amqp": ("rabbitmq", "rabbitmq-server", "activemq-artemis"),
    "nats": ("nats", "nats-server", "nats-streaming"),
    "kafka": ("kafka", "cp-kafka", "redpanda"),
    "mqtt": ("eclipse-mosquitto", "mosquitto", "emqx"),
    "pulsar": ("pulsar",),
}
_BY_IMAGE = {image: protocol for protocol, images in _IMAGES.items() for image in images}
_PORT_NAME = regex(r"[a-z0-9]+")
_NAMED = {"grpc": "grpc", "http": "http", "http2": "http", "https": "https", "mongo": "mongodb"}


def of_scheme(scheme: str) -> str | None:
    """The protocol that a URL's scheme names; ``None`` for schemes such as ``tcp`` that say nothing."""
    return _CANONICAL.get(scheme)


def of_port(port: int | None) -> str | None:
    """The data or messaging protocol whose default port this is."""
    return _BY_PORT.get(port) if port is not None else None


def of_image(image: str) -> str | None:
    """The data or messaging protocol of an image, by its last path segment."""
    folder, _, last = image.rpartition("/")
    name = last.partition("@")[0].partition(":")[0]
    if name == "server" and folder.endswith("/mssql"):
        return "sqlserver"
    return _BY_IMAGE.get(name)


def of_port_name(name: str) -> str | None:
    """The protocol that a Service port's name or ``appProtocol`` declares (``grpc``, ``http-web``,
    ``kubernetes.io/h2c``), by Istio's convention of protocol, hyphen, suffix."""
    first = _PORT_NAME.match(name.rpartition("/")[2].lower())
    if first is None:
        return None
    return _NAMED.get(first[0]) or _CANONICAL.get(first[0])


def edge_kind(protocol: str) -> EdgeKind:
    """What an edge of a protocol means; protocols that are not known are calls."""
    if protocol in _DATA:
        return EdgeKind.DATA
    return EdgeKind.ASYNC if protocol in _ASYNC else EdgeKind.SYNC


RELATIONAL = frozenset({"postgres", "mysql", "mongodb", "sqlserver", "oracle", "sql"})
"""Protocols whose servers hold databases that belong to one service by name."""
