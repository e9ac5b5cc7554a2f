"""Calls of client libraries that send messages to topics or take them from there: one row for each.

Sources: the references of the libraries: Apache Kafka's clients and Kafka Streams, Spring for Kafka and for
RabbitMQ, sarama, kafka-go, franz-go, confluent-kafka (Go, .NET, Python), kafka-python, aiokafka, kafkajs,
node-rdkafka, ruby-kafka, php-rdkafka; RabbitMQ's Java and .NET clients, pika, aio-pika, amqp091-go, amqplib,
bunny, php-amqplib; Eventuate Tram.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from archlint.finding.records import dataclass
from archlint.model.messaging.topics import AMQP, KAFKA, Form

Which = int | str

_KAFKA = ("kafka", "sarama", "franz-go", "kgo")
_AMQP = ("rabbit", "amqp", "pika", "bunny")
_TRAM = ("eventuate",)


@dataclass(frozen=True)
class CallForm:
    """One way to call."""

    name: str
    """What is called, without what stands before its last dot."""
    sends: bool
    topic: tuple[Which, ...]
    """The arguments that may hold the topic, by place or name; the first that is given counts."""
    markers: tuple[str, ...]
    """Words of which the file must have one, so that no other library is meant."""
    receiver: str = ""
    """A word that must be in what it is called on, in lower case; several with ``|`` between them."""
    protocol: str = KAFKA
    form: Form = Form.TOPIC
    opener: str = "("
    languages: str = ""
    """Those that have it, with blanks between them; all if empty."""
    exchange: tuple[Which, ...] = ()
    """The arguments that may hold an exchange; what ``topic`` names is a queue only where that is empty."""
    is_pattern: bool = False
    least: int = 0
    """The fewest arguments that it has."""
    takes_rest: bool = False
    """Whether all further arguments are topics too."""
    first: str = ""
    """What the first argument must end with."""

    @cached_property
    def receivers(self) -> tuple[str, ...]:
        """The words of ``receiver``."""
        return tuple(filter(None, self.receiver.split("|")))


def _kafka(name: str, sends: bool, *topic: Which, **more: Any) -> CallForm:
    return CallForm(name, sends, topic, _KAFKA, **more)


def _amqp(name: str, sends: bool, *topic: Which, **more: Any) -> CallForm:
    return CallForm(name, sends, topic, _AMQP, protocol=AMQP, form=Form.QUEUE, **more)


def _tram(name: str, sends: bool, *topic: Which, **more: Any) -> CallForm:
    return CallForm(name, sends, topic, _TRAM, **more)


_STREAMS = ("kafka.streams", "kstream", "streamsbuilder")
_JS = "javascript typescript tsx"
_JVM = "java kotlin"

FORMS = (
    # Kafka: who sends
    _kafka("send", True, "topic", 0, receiver="producer|kafka|template", languages="python java kotlin"),
    _kafka("setHeader", True, 1, languages=_JVM, least=2, first="TOPIC"),
    _kafka("send_and_wait", True, "topic", 0, languages="python"),
    _kafka("produce", True, "topic", 0, receiver="producer|kafka", languages="python"),
    _kafka("produce", True, "topic", receiver="producer|kafka", languages="ruby"),
    _kafka("deliver_message", True, "topic", languages="ruby"),
    _kafka("send", True, "topic", receiver="producer|kafka", languages=_JS),
    _kafka("produce", True, 0, receiver="producer|stream", languages=_JS),
    _kafka("Produce", True, 0, receiver="producer", languages="csharp"),
    _kafka("ProduceAsync", True, 0, receiver="producer", languages="csharp"),
    _kafka("ProducerRecord", True, 0, languages=_JVM, least=2),
    _kafka("ProducerMessage", True, "Topic", opener="{", languages="go"),
    _kafka("Writer", True, "Topic", opener="{", receiver="kafka", languages="go"),
    _kafka("WriterConfig", True, "Topic", opener="{", languages="go"),
    _kafka("TopicPartition", True, "Topic", opener="{", languages="go"),
    _kafka("Record", True, "Topic", opener="{", receiver="kgo", languages="go"),
    _kafka("DefaultProduceTopic", True, 0, receiver="kgo", languages="go"),
    # Kafka: who receives
    _kafka("@KafkaListener", False, "topics", languages=_JVM),
    _kafka("@KafkaListener", False, "topicPattern", languages=_JVM, is_pattern=True),
    _kafka("subscribe", False, "topics", "topic", 0, receiver="consumer", languages="python java kotlin"),
    _kafka("subscribe", False, 0, languages="kotlin"),
    _kafka("subscribe", False, "topics", "topic", receiver="consumer", languages=_JS),
    _kafka("subscribe", False, 0, receiver="consumer|kafka", languages="ruby php"),
    _kafka("each_message", False, "topic", languages="ruby"),
    _kafka("KafkaConsumer", False, 0, languages="python", takes_rest=True),
    _kafka("AIOKafkaConsumer", False, 0, languages="python", takes_rest=True),
    _kafka("Subscribe", False, 0, receiver="consumer|kafka", languages="csharp go"),
    _kafka("SubscribeTopics", False, 0, languages="go"),
    _kafka("ConsumePartition", False, 0, languages="go"),
    _kafka("Consume", False, 1, languages="go", least=3),
    _kafka("ReaderConfig", False, "GroupTopics", "Topic", opener="{", languages="go"),
    _kafka("ConsumeTopics", False, 0, receiver="kgo", languages="go", takes_rest=True),
    # Kafka Streams
    CallForm("stream", False, (0,), _STREAMS, "builder", languages=_JVM),
    CallForm("table", False, (0,), _STREAMS, "builder", languages=_JVM),
    CallForm("globalTable", False, (0,), _STREAMS, "builder", languages=_JVM),
    CallForm("to", True, (0,), _STREAMS, languages=_JVM),
    CallForm("addSource", False, (1,), _STREAMS, languages=_JVM, least=2),
    CallForm("addSink", True, (1,), _STREAMS, languages=_JVM, least=2),
    # RabbitMQ: who sends
    _amqp("basic_publish", True, "routing_key", 1, exchange=("exchange", 0), languages="python"),
    _amqp("basic_publish", True, 2, exchange=(1,), languages="php"),
    _amqp("basicPublish", True, 1, exchange=(0,), languages=_JVM, least=3),
    _amqp("BasicPublish", True, "routingKey", 1, exchange=("exchange", 0), languages="csharp"),
    _amqp("BasicPublishAsync", True, "routingKey", 1, exchange=("exchange", 0), languages="csharp"),
    _amqp("Publish", True, 1, exchange=(0,), languages="go", least=5),
    _amqp("PublishWithContext", True, 2, exchange=(1,), languages="go", least=6),
    _amqp("sendToQueue", True, 0, languages=_JS),
    _amqp("publish", True, 1, exchange=(0,), receiver="ch", languages=_JS, least=3),
    _amqp("convertAndSend", True, 1, exchange=(0,), receiver="rabbit|amqp", languages=_JVM, least=3),
    _amqp("publish", True, "routing_key", receiver="default_exchange", languages="ruby"),
    # RabbitMQ: who receives
    _amqp("@RabbitListener", False, "queues", languages=_JVM),
    _amqp("basic_consume", False, "queue", 0, languages="python php"),
    _amqp("basicConsume", False, 0, languages=_JVM),
    _amqp("BasicConsume", False, "queue", 0, languages="csharp"),
    _amqp("BasicConsumeAsync", False, "queue", 0, languages="csharp"),
    _amqp("Consume", False, 0, languages="go", least=7),
    _amqp("ConsumeWithContext", False, 1, languages="go", least=8),
    _amqp("consume", False, 0, receiver="ch", languages=_JS),
    # Eventuate Tram: events by aggregate, commands by channel
    _tram("forAggregateType", False, 0, languages=_JVM),
    _tram("andForAggregateType", False, 0, languages=_JVM),
    _tram("fromChannel", False, 0, languages=_JVM),
    _tram("andFromChannel", False, 0, languages=_JVM),
    _tram("withChannel", True, 0, languages=_JVM),
    _tram("to", True, 0, languages=_JVM),
)
