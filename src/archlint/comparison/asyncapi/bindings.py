"""What bindings promise besides the address: names at the broker, order, delivery, and how messages are read.

Source: the bindings by protocol at https://github.com/asyncapi/bindings, each in its ``README.md``.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from archlint.comparison.asyncapi.changes import BindingChanged
from archlint.comparison.asyncapi.flows import Flow
from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.asyncapi import Piece


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


@dataclass(frozen=True, slots=True)
class _Field:
    """A field of a binding, and the part of the object that it belongs to."""

    part: Piece
    promise: Promise
    route: tuple[str, ...]


def _fields(part: Piece, promise: Promise, *routes: str) -> Iterator[_Field]:
    yield from (_Field(part, promise, tuple(route.split("."))) for route in routes)


_FIELDS: tuple[_Field, ...] = (
    *_fields(Piece.CHANNEL, Promise.NAME, "amqp.exchange.name", "amqp.exchange.vhost", "amqp.queue.name"),
    *_fields(Piece.CHANNEL, Promise.NAME, "jms.destination", "anypointmq.destination", "sns.name"),
    *_fields(Piece.CHANNEL, Promise.NAME, "sqs.queue.name", "googlepubsub.topic", "pulsar.namespace"),
    *_fields(Piece.CHANNEL, Promise.NAME, "ibmmq.queue.objectName", "ibmmq.topic.string"),
    *_fields(Piece.CHANNEL, Promise.NAME, "ibmmq.topic.objectName"),
    *_fields(Piece.CHANNEL, Promise.ORDER, "kafka.partitions", "sqs.queue.fifoQueue", "sns.ordering.type"),
    *_fields(Piece.CHANNEL, Promise.FORM, "amqp.is", "amqp.exchange.type", "amqp.exchange.durable"),
    *_fields(Piece.CHANNEL, Promise.FORM, "amqp.exchange.autoDelete", "amqp.queue.durable"),
    *_fields(Piece.CHANNEL, Promise.FORM, "amqp.queue.exclusive", "amqp.queue.autoDelete", "ws.method"),
    *_fields(Piece.CHANNEL, Promise.FORM, "jms.destinationType", "anypointmq.destinationType"),
    *_fields(Piece.CHANNEL, Promise.FORM, "ibmmq.destinationType", "googlepubsub.schemaSettings.encoding"),
    *_fields(Piece.CHANNEL, Promise.FORM, "pulsar.persistence"),
    *_fields(Piece.OPERATION, Promise.LESS, "mqtt.qos", "mqtt.retain", "amqp.deliveryMode"),
    *_fields(Piece.OPERATION, Promise.FORM, "http.method"),
    *_fields(Piece.MESSAGE, Promise.FORM, "kafka.schemaIdLocation", "kafka.schemaIdPayloadEncoding"),
    *_fields(Piece.MESSAGE, Promise.FORM, "kafka.schemaLookupStrategy", "amqp.contentEncoding"),
    *_fields(Piece.MESSAGE, Promise.FORM, "amqp.messageType", "mqtt.payloadFormatIndicator"),
    *_fields(Piece.MESSAGE, Promise.FORM, "mqtt.contentType", "mqtt.responseTopic", "http.statusCode"),
)
SCHEMAS: tuple[tuple[Piece, tuple[str, str], str], ...] = (
    (Piece.MESSAGE, ("kafka", "key"), "key"),
    (Piece.MESSAGE, ("mqtt", "correlationData"), "correlation data"),
    (Piece.MESSAGE, ("http", "headers"), "headers"),
    (Piece.OPERATION, ("http", "query"), "query"),
    (Piece.CHANNEL, ("ws", "query"), "query"),
    (Piece.CHANNEL, ("ws", "headers"), "headers"),
)
"""Schemas in bindings, and what the values that they describe are called."""


def bound(flow: Flow, owner: Node, *route: str) -> Node:
    """A value in the bindings of a channel, operation or message, traits applied."""
    return flow.description.effective(owner, "bindings", *route)


def binding_changes(
    pair: tuple[Flow, Flow], owners: tuple[Node, Node], part: Piece
) -> Iterator[BindingChanged]:
    """Each promise of the bindings of one object that is another now, or less."""
    old, new = pair
    if not any(bound(flow, owner).is_map for flow, owner in zip(pair, owners, strict=True)):
        return
    for field in (each for each in _FIELDS if each.part is part):
        first, second = bound(old, owners[0], *field.route), bound(new, owners[1], *field.route)
        if not (_is_plain(first) and _is_plain(second)) or first.value == second.value:
            continue
        is_less = type(first.value) is type(second.value) and second.value < first.value
        if field.promise is not Promise.LESS or (is_less and old.sends):
            yield BindingChanged(old, new, field.promise, ".".join(field.route), first, second)


def _is_plain(node: Node) -> bool:
    return isinstance(node.value, (str, int, float, bool))
