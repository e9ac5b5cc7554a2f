"""Who sends and who receives, as the client libraries of each language are called."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archlint.model.messaging.source_uses import source_uses
from archlint.model.messaging.topics import TopicUse
from archlint.model.sources.reading import source_files
from tests.arch.worlds import deployment, world_of
from tests.support.limits import within

CALLS = {
    "kafka-python.py": (
        "from kafka import KafkaProducer\nTOPIC = 'orders'\nproducer.send(TOPIC, value=order)\n",
        "> kafka topic orders 3:15",
    ),
    "confluent.py": (
        "from confluent_kafka import Consumer\nconsumer.subscribe([\"orders\", 'refunds'])\n",
        "< kafka topic orders 2:20, < kafka topic refunds 2:20",
    ),
    "consumer.py": (
        "from kafka import KafkaConsumer\nc = KafkaConsumer('orders', 'refunds', bootstrap_servers=HOSTS)\n",
        "< kafka topic orders 2:19, < kafka topic refunds 2:29",
    ),
    "environment.py": (
        "import os\nfrom kafka import KafkaProducer\nTOPIC = os.getenv('TOPIC', 'orders')\n"
        "def go():\n    producer.send(TOPIC, b'')\n",
        "> kafka topic orders 5:19",
    ),
    "formatted.py": (
        'from kafka import KafkaProducer\nproducer.send(f"orders.{region}", b"")\n',
        "> kafka topic orders.* 2:15",
    ),
    "pika.py": (
        "import pika\nchannel.basic_publish(exchange='', routing_key='mails', body=b'')\n"
        "channel.basic_publish('shop', 'orders', b'')\n"
        "channel.basic_consume(queue='mails', on_message_callback=f)\n",
        "> amqp queue mails 2:48, > amqp exchange shop 3:23, < amqp queue mails 4:29",
    ),
    "Sender.java": (
        "import org.apache.kafka.clients.producer.*;\nclass Sender {\n"
        '  private static final String TOPIC = "orders";\n'
        "  void go() { producer.send(new ProducerRecord<String, String>(TOPIC, key, value)); }\n}\n",
        "> kafka topic orders 4:64",
    ),
    "Template.java": (
        "import org.springframework.kafka.core.KafkaTemplate;\nclass A {\n"
        '  void go() { kafkaTemplate.send("orders", order); }\n'
        '  @KafkaListener(topics = {"refunds", Topics.PAID}, groupId = "a")\n  void on(String s) {}\n}\n'
        'class Topics { static final String PAID = "paid"; }\n',
        "> kafka topic orders 3:34, < kafka topic refunds 4:27, < kafka topic paid 4:27",
    ),
    "Injected.java": (
        "import org.springframework.kafka.core.KafkaTemplate;\nclass A {\n"
        '  @Value("${topics.orders:orders}")\n  private String topic;\n'
        "  void go() { template.send(topic, order); }\n}\n",
        "> kafka topic orders 5:29",
    ),
    "Rabbit.java": (
        "import org.springframework.amqp.rabbit.core.RabbitTemplate;\nclass A {\n"
        '  @RabbitListener(queues = "mails")\n  void on(String s) {}\n'
        '  void go() { rabbitTemplate.convertAndSend("shop", "orders", order); }\n}\n',
        "< amqp queue mails 3:28, > amqp exchange shop 5:45",
    ),
    "streams.kt": (
        "import org.apache.kafka.clients.consumer.KafkaConsumer\n"
        'val topic: String = System.getenv("TOPIC") ?: "orders"\n'
        "fun go() { consumer.subscribe(listOf(topic)) }\n",
        "< kafka topic orders 3:31",
    ),
    "main.go": (
        'package main\nimport "github.com/IBM/sarama"\nconst topic = "orders"\n'
        "func go() {\n\tmsg := &sarama.ProducerMessage{Topic: topic, Value: v}\n"
        '\tgroup.Consume(ctx, []string{"refunds"}, handler)\n}\n',
        "> kafka topic orders 5:40, < kafka topic refunds 6:21",
    ),
    "confluent.go": (
        'package main\nimport "github.com/confluentinc/confluent-kafka-go/kafka"\nfunc go() {\n'
        '\ttopic := "orders"\n'
        "\tp.Produce(&kafka.Message{TopicPartition: kafka.TopicPartition{Topic: &topic}}, nil)\n"
        '\tconsumer.SubscribeTopics([]string{"orders"}, nil)\n}\n',
        "> kafka topic orders 5:71, < kafka topic orders 6:27",
    ),
    "amqp.go": (
        'package main\nimport amqp "github.com/rabbitmq/amqp091-go"\nfunc go() {\n'
        '\tch.PublishWithContext(ctx, "", "mails", false, false, msg)\n'
        '\tch.Publish("shop", "orders", false, false, msg)\n'
        '\tch.Consume("mails", "", true, false, false, false, nil)\n}\n',
        "> amqp queue mails 4:33, > amqp exchange shop 5:13, < amqp queue mails 6:13",
    ),
    "kafkajs.ts": (
        "import { Kafka } from 'kafkajs';\nconst topic = process.env.TOPIC ?? 'orders';\n"
        "await producer.send({ topic, messages: [] });\n"
        "await consumer.subscribe({ topics: ['refunds'], fromBeginning: true });\n",
        "> kafka topic orders 3:23, < kafka topic refunds 4:36",
    ),
    "amqplib.js": (
        "const amqp = require('amqplib');\n"
        "const QUEUE = 'mails';\nchannel.sendToQueue(QUEUE, Buffer.from(s));\n"
        "channel.publish('shop', 'orders', Buffer.from(s));\nchannel.consume(QUEUE, f);\n",
        "> amqp queue mails 3:21, > amqp exchange shop 4:17, < amqp queue mails 5:17",
    ),
    "Worker.cs": (
        "using Confluent.Kafka;\nclass Worker {\n"
        '  private static readonly string Topic = Environment.GetEnvironmentVariable("TOPIC") ?? "orders";\n'
        '  void Go() { _consumer.Subscribe(Topic); producer.ProduceAsync("paid", message); }\n}\n',
        "< kafka topic orders 4:35, > kafka topic paid 4:65",
    ),
    "Queue.cs": (
        "using RabbitMQ.Client;\nclass Q {\n"
        '  void Go() { channel.BasicPublish(exchange: "", routingKey: "mails", body: b);\n'
        '    channel.BasicConsume(queue: "mails", autoAck: true, consumer: c); }\n}\n',
        "> amqp queue mails 3:62, < amqp queue mails 4:33",
    ),
    "send.php": (
        "<?php\nuse PhpAmqpLib\\Message\\AMQPMessage;\n$channel->basic_publish($msg, '', 'mails');\n"
        "$channel->basic_consume('mails', '', false, true, false, false, $f);\n",
        "> amqp queue mails 3:35, < amqp queue mails 4:25",
    ),
    "kafka.rb": (
        'require "kafka"\nTOPIC = "orders"\nkafka.deliver_message("x", topic: TOPIC)\n'
        "consumer.subscribe(TOPIC)\n",
        "> kafka topic orders 3:35, < kafka topic orders 4:20",
    ),
    "Tram.java": (
        "package shop.orders;\nimport io.eventuate.tram.events.publisher.*;\nimport shop.stock.Item;\n"
        "class P extends AbstractAggregateDomainEventPublisher<Order, OrderEvent> {\n"
        "  void go() { domainEventPublisher.publish(Item.class, id, events);\n"
        '    DomainEventHandlersBuilder.forAggregateType("shop.carts.Cart").build();\n'
        '    CommandWithDestinationBuilder.send(command).to("stockService").build(); }\n}\n',
        "< kafka topic shop.carts.Cart 6:49, > kafka topic stockService 7:52,"
        " > kafka topic shop.orders.Order 4:55, > kafka topic shop.stock.Item 5:44",
    ),
}
"""By file: its text, and who sends (``>``) or receives (``<``) what, with line and column."""


def uses_of(folder: Path, files: dict[str, str]) -> list[TopicUse]:
    return list(source_uses(world_of(folder, {"orders/Dockerfile": "FROM scratch\n", **files})))


def shown(use: TopicUse) -> str:
    span = use.place.span()
    name = use.topic + ("*" if use.is_pattern else "")
    return f"{'>' if use.sends else '<'} {use.protocol} {use.form} {name} {span.line}:{span.column}"


@pytest.mark.parametrize("name", CALLS)
def test_a_call_tells_who_sends_and_who_receives(tmp_path: Path, name: str) -> None:
    text, expected = CALLS[name]
    found = uses_of(tmp_path, {f"orders/{name}": text})
    assert sorted(map(shown, found)) == sorted(expected.split(", "))
    assert {use.unit.name for use in found} == {"orders"}


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("folder", ["orders/tests", "orders/node_modules/lib", "docs"])
def test_what_is_not_deployed_is_no_evidence(tmp_path: Path, name: str, folder: str) -> None:
    assert uses_of(tmp_path, {f"{folder}/{name}": CALLS[name][0]}) == []


@pytest.mark.parametrize("name", CALLS)
def test_comments_are_no_calls(tmp_path: Path, name: str) -> None:
    text = CALLS[name][0]
    sign = "#" if name.endswith((".py", ".rb")) else "//"
    lines = text.splitlines()
    commented = "\n".join(line if line.startswith("<?") else f"{sign} {line}" for line in lines)
    assert uses_of(tmp_path, {f"orders/{name}": commented}) == []


def test_a_constant_is_found_in_another_file_of_the_folder(tmp_path: Path) -> None:
    call = "from kafka import KafkaProducer\nfrom topics import TOPIC\nproducer.send(TOPIC, b'')\n"
    found = uses_of(tmp_path, {"orders/app.py": call, "orders/topics.py": 'TOPIC = "orders"\n'})
    assert [(use.topic, use.named_at and use.named_at.source.path) for use in found] == [
        ("orders", "orders/topics.py")
    ]


def test_a_constant_of_a_class_is_found_in_any_folder(tmp_path: Path) -> None:
    call = "import org.apache.kafka;\nclass A { void f() { new ProducerRecord<>(ShopTopics.ORDERS, o); } }\n"
    held = 'package api;\nclass ShopTopics {\n  public static final String ORDERS = "orders";\n}\n'
    found = uses_of(tmp_path, {"orders/A.java": call, "shop-api/ShopTopics.java": held})
    assert [use.topic for use in found] == ["orders"]


def test_a_name_that_is_set_to_two_things_is_unknown(tmp_path: Path) -> None:
    text = "import kafka\nif a:\n    topic = 'a'\nelse:\n    topic = 'b'\nproducer.send(topic, b'')\n"
    assert uses_of(tmp_path, {"orders/app.py": text}) == []


WHOLE = {
    "producer.send(PREFIX + 'placed', b'')": ["orders.placed"],
    "producer.send('orders.%s' % 'placed', b'')": ["orders.placed"],
    "producer.send('orders.' + region, b'')": ["orders.*"],
    "producer.send('a' if b else 'c', b'')": ["a", "c"],
    "producer.send(given or 'orders', b'')": [],
    "producer.send('a' if b else given, b'')": [],
    "producer.send('orders'[1:], b'')": [],
    "producer.send(changed('orders'), b'')": [],
    "producer.send(os.getenv('orders_topic', 'orders'), b'')": ["orders"],
    "producer.send(loop(), b'')": [],
}
"""Calls with the topics that they tell; none where a part of what is given is unknown."""


@pytest.mark.parametrize("call", WHOLE)
def test_what_is_known_in_part_is_unknown(tmp_path: Path, call: str) -> None:
    head = "import kafka, os\nPREFIX = 'orders.'\ndef loop():\n    return loop()\n"
    found = uses_of(tmp_path, {"orders/app.py": f"{head}{call}\n"})
    assert [use.topic + "*" * use.is_pattern for use in found] == WHOLE[call]


def test_functions_that_call_functions_are_followed_once(tmp_path: Path) -> None:
    calls = "".join(f"def f{i}():\n    return g(f{i + 1}(), f{i + 1}(), f{i + 1}())\n" for i in range(200))
    text = f"import kafka\n{calls}producer.send(f0(), b'')\n"
    assert within(3, lambda: uses_of(tmp_path, {"orders/app.py": text})) == []


def test_what_the_deployment_sets_wins_over_the_default(tmp_path: Path) -> None:
    text = "import os\nimport kafka\nproducer.send(os.environ.get('TOPIC', 'orders'), b'')\n"
    objects = [deployment("orders", "shop", TOPIC="orders.v2")]
    world = world_of(
        tmp_path, {"orders/Dockerfile": "FROM scratch\n", "orders/app.py": text, "deploy.yaml": objects}
    )
    assert [use.topic for use in source_uses(world)] == ["orders.v2"]


SIGNS = "producer.send(\"',TOPIC={}[]:;=>\\n\\t@KafkaListener topics$#f`/*<"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.sampled_from(sorted(CALLS)), st.text(alphabet=SIGNS, max_size=60), st.floats(0, 1))
def test_no_text_ends_the_run(name: str, noise: str, part: float) -> None:
    text = CALLS[name][0]
    at = int(len(text) * part)
    with tempfile.TemporaryDirectory() as folder:
        list(uses_of(Path(folder), {f"orders/{name}": text[:at] + noise + text[at:]}))


@pytest.mark.parametrize(
    "part",
    [
        "producer.send(",
        "producer.send(TOPIC);",
        "send (",
        "a.",
        "((",
        "TOPIC = TOPIC\n",
        "TOPIC = a.b\n",
        "\n  ",
    ],
)
@pytest.mark.parametrize("name", ["kafka-python.py", "Sender.java", "kafkajs.ts"])
def test_reading_is_linear(tmp_path: Path, name: str, part: str) -> None:
    text = CALLS[name][0] + part * (300_000 // len(part))
    started = time.process_time()
    uses_of(tmp_path, {f"orders/{name}": text})
    assert time.process_time() - started < 10


OTHERS = {
    "a.go": ('package a\nimport "github.com/nats-io/nats.go"\n', "NATS"),
    "a.py": ("import boto3\nqueue = boto3.client('sqs')\n", "SQS"),
    "a.ts": ("import { SNSClient } from '@aws-sdk/client-sns';\n", "SNS"),
    "A.java": ("import com.google.cloud.pubsub.v1.Publisher;\n", "Pub/Sub"),
    "b.py": ("combinations = []\nsubjects = 'coordinates'\n", ""),
}


@pytest.mark.parametrize("name", OTHERS)
def test_brokers_of_which_no_calls_are_known_are_named(tmp_path: Path, name: str) -> None:
    text, broker = OTHERS[name]
    world = world_of(tmp_path, {"orders/Dockerfile": "FROM scratch\n", f"orders/{name}": text})
    expected = ((f"orders/{name}", broker),) if broker else ()
    assert source_files(world).others == expected
