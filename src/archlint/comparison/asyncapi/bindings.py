"""What bindings promise besides the address: names at the broker, order, delivery, and how messages are read.

Source: the bindings by protocol at https://github.com/asyncapi/bindings, each in its ``README.md``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum

from archlint.comparison.asyncapi.changes import BindingChanged
from archlint.comparison.asyncapi.flows import Flow
from archlint.documents import Node
from archlint.finding.records import dataclass


class Promise(StrEnum):
    """What a field of a binding promises, and to whom."""

    NAME = "name"
    """Where at the broker messages are."""
    ORDER = "order"
    """Which messages stay in order."""
    LESS = "less"
    """How surely listeners get a message: a lower value promises them less."""
    FORM = "form"
    """How both sides write, declare, or address something."""


class Level(StrEnum):
    """The object that a binding belongs to."""

    CHANNEL = "channel"
    OPERATION = "operation"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class _Field:
    """A field of a binding."""

    level: Level
    promise: Promise
    route: tuple[str, ...]


def _fields(level: Level, promise: Promise, *routes: str) -> Iterator[_Field]:
    yield from (_Field(level, promise, tuple(route.split("."))) for route in routes)


_FIELDS: tuple[_Field, ...] = (
    *_fields(Level.CHANNEL, Promise.NAME, "amqp.exchange.name", "amqp.exchange.vhost", "amqp.queue.name"),
    *_fields(Level.CHANNEL, Promise.NAME, "jms.destination", "anypointmq.destination", "sns.name"),
    *_fields(Level.CHANNEL, Promise.NAME, "sqs.queue.name", "googlepubsub.topic", "pulsar.namespace"),
    *_fields(Level.CHANNEL, Promise.NAME, "ibmmq.queue.objectName", "ibmmq.topic.string"),
    *_fields(Level.CHANNEL, Promise.NAME, "ibmmq.topic.objectName"),
    *_fields(Level.CHANNEL, Promise.ORDER, "kafka.partitions", "sqs.queue.fifoQueue", "sns.ordering.type"),
    *_fields(Level.CHANNEL, Promise.FORM, "amqp.is", "amqp.exchange.type", "amqp.exchange.durable"),
    *_fields(Level.CHANNEL, Promise.FORM, "amqp.exchange.autoDelete", "amqp.queue.durable"),
    *_fields(Level.CHANNEL, Promise.FORM, "amqp.queue.exclusive", "amqp.queue.autoDelete", "ws.method"),
    *_fields(Level.CHANNEL, Promise.FORM, "jms.destinationType", "anypointmq.destinationType"),
    *_fields(Level.CHANNEL, Promise.FORM, "ibmmq.destinationType", "googlepubsub.schemaSettings.encoding"),
    *_fields(Level.CHANNEL, Promise.FORM, "pulsar.persistence"),
    *_fields(Level.OPERATION, Promise.LESS, "mqtt.qos", "mqtt.retain", "amqp.deliveryMode"),
    *_fields(Level.OPERATION, Promise.FORM, "http.method"),
    *_fields(Level.MESSAGE, Promise.FORM, "kafka.schemaIdLocation", "kafka.schemaIdPayloadEncoding"),
    *_fields(Level.MESSAGE, Promise.FORM, "kafka.schemaLookupStrategy", "amqp.contentEncoding"),
    *_fields(Level.MESSAGE, Promise.FORM, "amqp.messageType", "mqtt.payloadFormatIndicator"),
    *_fields(Level.MESSAGE, Promise.FORM, "mqtt.contentType", "mqtt.responseTopic", "http.statusCode"),
)
SCHEMAS: tuple[tuple[Level, tuple[str, str], str], ...] = (
    (Level.MESSAGE, ("kafka", "key"), "key"),
    (Level.MESSAGE, ("mqtt", "correlationData"), "correlation data"),
    (Level.MESSAGE, ("http", "headers"), "headers"),
    (Level.OPERATION, ("http", "query"), "query"),
    (Level.CHANNEL, ("ws", "query"), "query"),
    (Level.CHANNEL, ("ws", "headers"), "headers"),
)
"""Schemas in bindings, and what the values that they describe are called."""


def bound(flow: Flow, owner: Node, *route: str) -> Node:
    """A value in the bindings of a channel, operation or message, traits applied."""
    return flow.description.effective(owner, "bindings", *route)


def binding_changes(
    pair: tuple[Flow, Flow], owners: tuple[Node, Node], level: Level
) -> Iterator[BindingChanged]:
    """Each promise of the bindings of one object that is another now, or less."""
    old, new = pair
    if not any(bound(flow, owner).is_map for flow, owner in zip(pair, owners, strict=True)):
        return
    for field in _of(level):
        first, second = bound(old, owners[0], *field.route), bound(new, owners[1], *field.route)
        if not (_is_plain(first) and _is_plain(second)) or first.value == second.value:
            continue
        is_less = type(first.value) is type(second.value) and second.value < first.value
        if field.promise is not Promise.LESS or (is_less and old.sends):
            yield BindingChanged(old, new, field.promise, ".".join(field.route), first, second)


def _of(level: Level) -> Iterable[_Field]:
    return (field for field in _FIELDS if field.level is level)


def _is_plain(node: Node) -> bool:
    return isinstance(node.value, (str, int, float, bool))
