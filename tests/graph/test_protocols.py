"""What products are called, where they listen, and what speaking to them is."""

from __future__ import annotations

from pathlib import Path

import pytest

from archlint.model.graph import service_graph
from archlint.model.services.protocols import EdgeKind, edge_kind, of_image, of_port, of_port_name, of_scheme
from tests.arch.worlds import deployment, findings_of, service, world_of

DATA, ASYNC, SYNC = EdgeKind.DATA, EdgeKind.ASYNC, EdgeKind.SYNC
SPOKEN = [
    (
        DATA,
        "postgres",
        "postgres postgresql cockroachdb postgres+asyncpg postgresql+psycopg2 postgresql+asyncpg",
    ),
    (DATA, "mysql", "mysql mariadb mysql+pymysql mysql2"),
    (DATA, "mongodb", "mongodb mongodb+srv mongo"),
    (DATA, "redis", "redis rediss valkey"),
    (DATA, "sqlserver", "sqlserver mssql mssql+pyodbc"),
    *((DATA, name, name) for name in ("oracle", "cassandra", "clickhouse", "memcached", "elasticsearch")),
    *((DATA, name, name) for name in ("couchdb", "etcd", "sql")),
    (DATA, "neo4j", "neo4j bolt neo4j+s"),
    (ASYNC, "amqp", "amqp amqps"),
    (ASYNC, "nats", "nats stan"),
    (ASYNC, "kafka", "kafka"),
    (ASYNC, "mqtt", "mqtt mqtts"),
    (ASYNC, "pulsar", "pulsar pulsar+ssl"),
    (ASYNC, "stomp", "stomp"),
    (SYNC, "http", "http"),
    (SYNC, "https", "https"),
    (SYNC, "grpc", "grpc grpcs dns"),
    (SYNC, "ws", "ws wss"),
    (SYNC, "thrift", "thrift"),
    (SYNC, "h2c", "h2c"),
]
LISTENING = {
    "postgres": (5432, 26257),
    "mysql": (3306,),
    "mongodb": (27017,),
    "redis": (6379,),
    "sqlserver": (1433,),
    "oracle": (1521,),
    "cassandra": (9042,),
    "neo4j": (7687,),
    "memcached": (11211,),
    "elasticsearch": (9200,),
    "couchdb": (5984,),
    "etcd": (2379,),
    "amqp": (5672, 5671),
    "nats": (4222,),
    "kafka": (9092,),
    "mqtt": (1883, 8883),
    "pulsar": (6650,),
}
IMAGES = {
    "postgres": "postgres bitnami/postgresql postgis/postgis timescale/timescaledb pgvector/pgvector"
    " cockroachdb/cockroach ghcr.io/zalando/spilo",
    "mysql": "mysql mysql/mysql-server mariadb percona percona/percona-server bitnami/mariadb-galera",
    "mongodb": "mongo bitnami/mongodb percona/percona-server-mongodb",
    "redis": "redis redis/redis-stack redis/redis-stack-server bitnami/redis-cluster valkey/valkey"
    " eqalpha/keydb docker.dragonflydb.io/dragonflydb/dragonfly",
    "cassandra": "cassandra scylladb/scylla",
    "elasticsearch": "docker.elastic.co/elasticsearch/elasticsearch opensearchproject/opensearch",
    "memcached": "memcached",
    "couchdb": "couchdb",
    "neo4j": "neo4j",
    "clickhouse": "clickhouse yandex/clickhouse-server",
    "etcd": "quay.io/coreos/etcd",
    "amqp": "rabbitmq rabbitmq-server apache/activemq-artemis",
    "nats": "nats nats-server nats-streaming",
    "kafka": "apache/kafka confluentinc/cp-kafka redpandadata/redpanda",
    "mqtt": "eclipse-mosquitto mosquitto emqx/emqx",
    "pulsar": "apachepulsar/pulsar",
}


@pytest.mark.parametrize(("kind", "protocol", "schemes"), SPOKEN)
def test_schemes(kind: EdgeKind, protocol: str, schemes: str) -> None:
    assert {of_scheme(scheme) for scheme in schemes.split()} == {protocol}
    assert edge_kind(protocol) is kind


def test_other_schemes_say_nothing() -> None:
    assert {of_scheme(scheme) for scheme in ("tcp", "unix", "file", "s3", "Postgres", "")} == {None}
    assert edge_kind("tcp") is SYNC


def test_ports() -> None:
    expected = {port: name for name, ports in LISTENING.items() for port in ports}
    assert {port: of_port(port) for port in range(30_000) if of_port(port)} == expected
    assert of_port(None) is None


@pytest.mark.parametrize(
    ("image", "protocol"), [(image, name) for name, images in IMAGES.items() for image in images.split()]
)
def test_images(image: str, protocol: str) -> None:
    for written in (
        image,
        f"{image}:7.2",
        f"{image}@sha256:{'0' * 64}",
        f"mirror.example.com:5000/{image}:1",
    ):
        assert of_image(written) == protocol
    assert of_image(f"{image}-exporter:1") is None


@pytest.mark.parametrize(
    ("name", "protocol"),
    [
        ("grpc", "grpc"),
        ("grpc-web", "grpc"),
        ("http", "http"),
        ("http-api", "http"),
        ("HTTP", "http"),
        ("http2", "http"),
        ("https-admin", "https"),
        ("kubernetes.io/h2c", "h2c"),
        ("kubernetes.io/ws", "ws"),
        ("mongo", "mongodb"),
        ("redis-cache", "redis"),
        ("postgres", "postgres"),
        ("metrics", None),
        ("-", None),
        ("", None),
    ],
)
def test_names_of_ports(name: str, protocol: str | None) -> None:
    assert of_port_name(name) == protocol


@pytest.mark.parametrize(
    ("url", "port", "other"),
    [
        ("http://peer", 80, 8080),
        ("https://peer", 443, 80),
        ("ws://peer", 80, 443),
        ("wss://peer", 443, 80),
        ("postgres://peer/db", 5432, 5433),
        ("postgresql://peer/db", 5432, 5433),
        ("mysql://peer/db", 3306, 3307),
        ("mariadb://peer/db", 3306, 3307),
        ("mongodb://peer/db", 27017, 27018),
        ("redis://peer", 6379, 6380),
        ("amqp://peer", 5672, 5671),
        ("amqps://peer", 5671, 5672),
        ("nats://peer", 4222, 4223),
    ],
)
def test_a_url_without_a_port_means_the_usual_one(tmp_path: Path, url: str, port: int, other: int) -> None:
    for at, listens in enumerate((port, other)):
        world = world_of(
            tmp_path / str(at),
            {"all.yaml": [deployment("web", PEER_URL=url), deployment("peer"), service("peer", listens)]},
        )
        assert service_graph(world).edges
        found = [item for item in findings_of(world) if "port" in item.rule]
        assert bool(found) is (listens == other), found
