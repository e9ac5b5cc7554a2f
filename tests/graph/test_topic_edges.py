"""Topics of the graph: arrows from those who send, and to those who receive."""

from __future__ import annotations

from pathlib import Path

from archlint.model.graph import service_graph
from tests.arch.worlds import world_of

FILES = {
    "compose.yaml": "services: {orders: {build: orders}, mail: {build: mail}, kafka: {image: kafka}}\n",
    "orders/Dockerfile": "FROM scratch\n",
    "orders/main.py": 'producer = KafkaProducer()\nproducer.send("orders.placed", b"1")\n',
    "mail/Dockerfile": "FROM scratch\n",
    "mail/main.py": 'TOPIC = "orders.placed"\nconsumer = KafkaConsumer(TOPIC, group_id="mail")\n',
}


def test_messages_go_to_the_topic_and_from_it(tmp_path: Path) -> None:
    graph = service_graph(world_of(tmp_path, dict(FILES)))
    shown = {
        (edge.source, edge.target): [item.place.source.path for item in edge.evidence] for edge in graph.edges
    }
    assert shown["service:orders", "topic:orders.placed"] == ["orders/main.py"]
    assert shown["topic:orders.placed", "service:mail"] == ["mail/main.py", "mail/main.py"]
    assert all(edge.kind == "async" for edge in graph.edges)


def test_a_contract_declares_and_proves_nothing(tmp_path: Path) -> None:
    contract = """\
asyncapi: 3.0.0
info: {title: Mail, version: 1.0.0}
channels: {placed: {address: orders.placed}}
operations: {receive: {action: receive, channel: {$ref: '#/channels/placed'}}}
"""
    files = {"compose.yaml": FILES["compose.yaml"], "mail/asyncapi.yaml": contract}
    graph = service_graph(world_of(tmp_path, files))
    assert {edge.kind for edge in graph.edges} <= {"declared"}


def test_source_without_text_says_nothing(tmp_path: Path) -> None:
    """A class in a folder none of whose files can be read, beside one that speaks of a broker."""
    empty = {
        "stream/Dockerfile": "FROM scratch\n",
        "stream/Aggregator.java": b"",
        "stream/Other.java": b"\xff",
    }
    graph = service_graph(world_of(tmp_path, {**FILES, **empty}))
    assert ("service:orders", "topic:orders.placed") in {(edge.source, edge.target) for edge in graph.edges}
