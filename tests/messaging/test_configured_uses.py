"""Who sends and who receives, as manifests, settings, variables and connectors say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from archlint.model.messaging.bindings import exchange_bindings
from archlint.model.messaging.connectors import connector_uses
from archlint.model.messaging.declared import declared_topics
from archlint.model.messaging.topics import TopicUse, literal_beginning
from archlint.model.messaging.uses import topic_uses
from archlint.model.messaging.variables import direction, is_name, words
from tests.arch.worlds import custom, deployment, world_of


def shown(use: TopicUse) -> str:
    sign = "-" if use.sends is None else ">" if use.sends else "<"
    return f"{use.unit.name} {sign} {use.protocol} {use.topic}{'*' if use.is_pattern else ''}"


def uses_of(folder: Path, files: dict[str, Any]) -> list[str]:
    return sorted(map(shown, topic_uses(world_of(folder, files))))


def test_variables_tell_topics_by_their_names(tmp_path: Path) -> None:
    variables = {
        "KAFKA_BROKERS": "kafka:9092",
        "ORDERS_TOPIC": "orders",
        "KAFKA_CONSUMER_TOPICS": "refunds, returns",
        "OUTPUT_QUEUE_NAME": "mails",
        "RABBITMQ_EXCHANGE": "shop",
        "QUEUE_URL": "https://sqs.eu-west-1.amazonaws.com/1/mails",
        "SQS_QUEUE": "mails",
        "AUDIT_TOPIC": "arn:aws:sns:eu-west-1:1:audit",
        "TOPIC_PREFIX": "shop",
        "USE_TOPIC": "true",
    }
    assert uses_of(tmp_path, {"a.yaml": [deployment("cart", "shop", **variables)]}) == [
        "cart -  orders",
        "cart - amqp shop",
        "cart < kafka refunds",
        "cart < kafka returns",
        "cart >  mails",
    ]


def test_variables_of_compose_services_count_alike(tmp_path: Path) -> None:
    text = "services:\n  cart:\n    image: cart\n    environment:\n      KAFKA_TOPIC: ${TOPIC}\n"
    assert uses_of(tmp_path, {"compose.yaml": text, ".env": "TOPIC=orders\n"}) == ["cart - kafka orders"]


def test_settings_of_frameworks_tell_topics(tmp_path: Path) -> None:
    spring = (
        "spring.kafka.bootstrap-servers=kafka:9092\nspring.kafka.template.default-topic=orders\n"
        "spring.cloud.stream.bindings.paid-in-0.destination=payments\n"
        "spring.cloud.stream.bindings.output.destination=mails\n"
    )
    quarkus = (
        "mp.messaging.incoming.prices.connector=smallrye-kafka\nmp.messaging.incoming.prices.topic=prices\n"
    )
    files = {
        "cart/pom.xml": "<project/>",
        "cart/src/main/resources/application.properties": spring,
        "stock/pom.xml": "<project/>",
        "stock/src/main/resources/application.properties": quarkus,
    }
    assert uses_of(tmp_path, files) == [
        "cart < kafka payments",
        "cart > kafka mails",
        "cart > kafka orders",
        "stock < kafka prices",
    ]


def trigger(kind: str, **metadata: str) -> dict[str, Any]:
    return custom(
        "ScaledObject",
        "keda.sh/v1alpha1",
        "cart",
        "shop",
        spec={"scaleTargetRef": {"name": "cart"}, "triggers": [{"type": kind, "metadata": metadata}]},
    )


def test_keda_wakes_those_who_receive(tmp_path: Path) -> None:
    objects = [
        deployment("cart", "shop"),
        trigger("kafka", topic="orders", consumerGroup="cart"),
        trigger("rabbitmq", queueName="mails"),
        trigger("cron", topic="never"),
    ]
    assert uses_of(tmp_path, {"a.yaml": objects}) == ["cart < amqp mails", "cart < kafka orders"]


def test_dapr_and_knative_wake_those_who_receive(tmp_path: Path) -> None:
    cart = deployment("cart", "shop")
    cart["spec"]["template"]["metadata"] = {"annotations": {"dapr.io/app-id": "cart-app"}}
    objects = [
        cart,
        custom("Component", "dapr.io/v1alpha1", "bus", "shop", spec={"type": "pubsub.kafka"}),
        {
            **custom("Subscription", "dapr.io/v1alpha1", "s", spec={"pubsubname": "bus", "topic": "orders"}),
            "scopes": ["cart-app"],
        },
        custom(
            "KafkaSource",
            "sources.knative.dev/v1",
            "k",
            spec={"topics": ["refunds"], "sink": {"ref": {"kind": "Service", "name": "cart"}}},
        ),
    ]
    assert uses_of(tmp_path, {"a.yaml": objects}) == ["cart < kafka orders", "cart < kafka refunds"]


def test_access_lists_declare_what_may_be(tmp_path: Path) -> None:
    acls = [
        {"resource": {"type": "topic", "name": "orders"}, "operations": ["Read", "Write"]},
        {"resource": {"type": "topic", "name": "audit.", "patternType": "prefix"}, "operation": "Write"},
        {"resource": {"type": "topic", "name": "secret"}, "type": "deny", "operations": ["Read"]},
        {"resource": {"type": "group", "name": "cart"}, "operations": ["Read"]},
    ]
    cart = deployment("cart", "shop")
    cart["spec"]["template"]["spec"]["volumes"] = [{"name": "k", "secret": {"secretName": "cart-user"}}]
    spec = {"authorization": {"type": "simple", "acls": acls}}
    user = custom("KafkaUser", "kafka.strimzi.io/v1beta2", "cart-user", "shop", spec=spec)
    world = world_of(tmp_path, {"a.yaml": [cart, user]})
    assert sorted(map(shown, topic_uses(world))) == [
        "cart < kafka orders",
        "cart > kafka audit.*",
        "cart > kafka orders",
    ]
    assert all(use.is_declared for use in topic_uses(world))


CONNECTORS: list[tuple[dict[str, Any], list[str]]] = [
    (
        {"connector.class": "io.confluent.connect.s3.S3SinkConnector", "topics": "orders, refunds"},
        ["c < kafka orders", "c < kafka refunds"],
    ),
    (
        {"connector.class": "org.example.JdbcSinkConnector", "topics.regex": "shop\\.(orders|carts)"},
        ["c < kafka *"],
    ),
    (
        {
            "connector.class": "io.debezium.connector.postgresql.PostgresConnector",
            "topic.prefix": "shop",
            "table.include.list": "public.orders,public.audit_.*",
        },
        ["c > kafka shop.public*", "c > kafka shop.public.orders"],
    ),
    (
        {
            "connector.class": "io.debezium.connector.mysql.MySqlConnector",
            "database.server.name": "shop",
            "table.whitelist": "shop.orders",
            "transforms": "outbox",
        },
        [],
    ),
    ({"connector.class": "org.example.FileStreamSourceConnector", "topic": "lines"}, ["c > kafka lines"]),
    ({"connector.class": "org.example.Something", "topics": "orders"}, []),
]


@pytest.mark.parametrize(("config", "expected"), CONNECTORS)
@pytest.mark.parametrize("form", ["json", "resource"])
def test_sinks_receive_and_sources_send(
    tmp_path: Path, config: dict[str, Any], expected: list[str], form: str
) -> None:
    rest = {key: value for key, value in config.items() if key != "connector.class"}
    spec = {"class": config["connector.class"], "config": rest}
    files: dict[str, Any] = (
        {"c.json": json.dumps({"name": "c", "config": config})}
        if form == "json"
        else {"c.yaml": [custom("KafkaConnector", "kafka.strimzi.io/v1beta2", "c", "shop", spec=spec)]}
    )
    assert sorted(map(shown, connector_uses(world_of(tmp_path, files)))) == expected


DEFINITIONS = {
    "rabbit_version": "3.13.1",
    "vhosts": [{"name": "/"}],
    "queues": [{"name": "mails", "vhost": "/", "durable": True, "arguments": {}}],
    "exchanges": [{"name": "shop", "vhost": "/", "type": "topic"}],
    "bindings": [
        {
            "source": "shop",
            "vhost": "/",
            "destination": "mails",
            "destination_type": "queue",
            "routing_key": "#",
        }
    ],
}


def test_definitions_and_resources_declare_queues(tmp_path: Path) -> None:
    queue = custom("Queue", "rabbitmq.com/v1beta1", "orders-queue", spec={"name": "orders", "durable": True})
    world = world_of(tmp_path, {"definitions.json": json.dumps(DEFINITIONS), "q.yaml": [queue]})
    seen = [(topic.name, topic.form, topic.declared_by) for topic in declared_topics(world)]
    assert seen == [
        ("mails", "queue", "the definitions"),
        ("orders", "queue", "Queue 'orders-queue'"),
        ("shop", "exchange", "the definitions"),
    ]
    assert [(item.exchange, item.queue) for item in exchange_bindings(world)] == [("shop", "mails")]


BINDINGS = {
    "main.go": (
        'package main\nimport amqp "github.com/rabbitmq/amqp091-go"\nfunc f() {\n'
        '\tqueue, err := ch.QueueDeclare("mails", true, false, false, false, nil)\n'
        '\terr = ch.QueueBind(queue.Name, "orders", "shop", false, nil)\n}\n'
    ),
    "a.py": "import pika\nchannel.queue_bind(exchange='shop', queue='mails', routing_key='orders')\n",
    "a.js": "const amqp = require('amqplib');\nch.bindQueue('mails', 'shop', 'orders');\n",
    "A.java": (
        'import com.rabbitmq.client;\nclass A { void f() { ch.queueBind("mails", "shop", "orders"); } }\n'
    ),
    "A.cs": 'using RabbitMQ.Client;\nclass A { void F() { ch.QueueBind("mails", "shop", "orders"); } }\n',
}


@pytest.mark.parametrize("name", BINDINGS)
def test_calls_bind_queues_to_exchanges(tmp_path: Path, name: str) -> None:
    world = world_of(tmp_path, {"mail/Dockerfile": "FROM scratch\n", f"mail/{name}": BINDINGS[name]})
    assert [(item.exchange, item.queue) for item in exchange_bindings(world)] == [("shop", "mails")]


def test_what_an_exchange_gets_reaches_its_queues(tmp_path: Path) -> None:
    send = "import pika\nchannel.basic_publish(exchange='shop', routing_key='orders', body=b'')\n"
    files = {
        "cart/Dockerfile": "FROM scratch\n",
        "cart/app.py": send,
        "mail/Dockerfile": "FROM scratch\n",
        "mail/a.py": BINDINGS["a.py"] + "channel.basic_consume(queue='mails')\n",
    }
    assert uses_of(tmp_path, files) == ["cart > amqp mails", "cart > amqp shop", "mail < amqp mails"]


def test_names_tell_directions() -> None:
    said = {
        name: direction(words(name)) for name in ("ORDERS_OUT_TOPIC", "IN_QUEUE", "TOPIC", "IN_OUT_TOPIC")
    }
    assert said == {"ORDERS_OUT_TOPIC": True, "IN_QUEUE": False, "TOPIC": None, "IN_OUT_TOPIC": None}


def test_values_that_are_no_names_are_left_out() -> None:
    assert [text for text in ("orders", "a b", "true", "12", "http://x", "", "x" * 300) if is_name(text)] == [
        "orders"
    ]


def test_patterns_are_taken_by_what_stands_for_itself() -> None:
    found = {each: literal_beginning(each) for each in ("^orders.*", "orders", "a|b", "ab*", r"a\.b", "(a)")}
    assert found == {
        "^orders.*": "orders",
        "orders": "orders",
        "a|b": "",
        "ab*": "a",
        r"a\.b": "a",
        "(a)": "",
    }
