"""Null or a wrong type wherever a map, list or string is expected: no rule about messaging raises."""

from __future__ import annotations

import copy
import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.arch.test_hostile_shapes import WRONG, _replaced, _routes
from tests.arch.worlds import custom, deployment, world_of
from tests.messaging.test_asyncapi import SECOND, THIRD
from tests.messaging.test_configured_uses import CONNECTORS, DEFINITIONS, trigger
from tests.messaging.worlds import cluster, messaging_findings, topic
from tests.support.sampling import usually

CART = deployment("cart", "shop", ORDERS_TOPIC="orders", KAFKA_BROKERS="kafka:9092")
CART["spec"]["template"]["spec"]["volumes"] = [
    {"name": "k", "secret": {"secretName": "cart-user"}},
    {"name": "p", "projected": {"sources": [{"secret": {"name": "cart-user"}}]}},
]
CART["spec"]["template"]["metadata"] = {"annotations": {"dapr.io/app-id": "cart"}}
ACLS = [{"resource": {"type": "topic", "name": "a", "patternType": "prefix"}, "operations": ["Read"]}]
OBJECTS: list[dict[str, Any]] = [
    CART,
    cluster(**{"offsets.topic.replication.factor": 1, "transaction.state.log.min.isr": 3}),
    custom("KafkaNodePool", "kafka.strimzi.io/v1", "p", "shop", spec={"replicas": 3, "roles": ["broker"]}),
    topic("orders", **{"min.insync.replicas": 3}),
    custom(
        "KafkaUser",
        "kafka.strimzi.io/v1",
        "cart-user",
        "shop",
        spec={"authorization": {"type": "simple", "acls": ACLS}},
    ),
    custom(
        "KafkaConnector",
        "kafka.strimzi.io/v1",
        "c",
        "shop",
        spec={"class": "org.example.FileSinkConnector", "config": {"topics": "orders"}},
    ),
    trigger("kafka", topic="orders.events"),
    custom("Queue", "rabbitmq.com/v1beta1", "q", spec={"name": "q", "durable": False, "arguments": {}}),
    custom("Policy", "rabbitmq.com/v1beta1", "p", spec={"pattern": "^q", "definition": {"ha-mode": "all"}}),
    custom("Subscription", "dapr.io/v1alpha1", "s", spec={"pubsubname": "b", "topic": "orders"}),
    custom(
        "KafkaSource",
        "sources.knative.dev/v1",
        "k",
        spec={"topics": ["a"], "sink": {"ref": {"name": "cart"}}},
    ),
]
DATA: list[Any] = [DEFINITIONS, SECOND, THIRD, {"name": "c", "config": CONNECTORS[2][0]}]
NAMES = ("definitions.json", "cart/second.json", "cart/third.json", "connector.json")
SOURCE = {
    "cart/Dockerfile": "FROM scratch\n",
    "cart/app.py": "import kafka\nproducer.send('orders', b'')\nconsumer.subscribe(['refunds', 'order'])\n",
}


@settings(max_examples=usually(50, 800), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(_routes([*OBJECTS, *DATA])), WRONG), min_size=1, max_size=6))
def test_wrong_shapes(changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    everything = copy.deepcopy([*OBJECTS, *DATA])
    for route, wrong in changes:
        _replaced(everything, route, wrong)
    texts = dict(zip(NAMES, map(json.dumps, everything[len(OBJECTS) :]), strict=True))
    with tempfile.TemporaryDirectory() as folder:
        messaging_findings(world_of(Path(folder), {"a.yaml": everything[: len(OBJECTS)], **texts, **SOURCE}))


def test_the_objects_are_worth_replacing(tmp_path: Path) -> None:
    texts = dict(zip(NAMES, map(json.dumps, DATA), strict=True))
    world = world_of(tmp_path, {"a.yaml": OBJECTS, **texts, **SOURCE})
    assert {item.rule for item in messaging_findings(world)} >= {
        "kafka-writes-stop",
        "kafka-transactions-stop",
        "kafka-defaults-low",
        "kafka-access-missing",
        "rabbitmq-queue-transient",
        "rabbitmq-mirroring-ignored",
        "queue-without-dead-letter",
    }
