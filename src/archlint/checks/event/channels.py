"""Topics that applications use against the channels that their AsyncAPI documents describe."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.finding.regex import regex
from archlint.model.messaging.asyncapi import AsyncChannel
from archlint.model.messaging.contracted import contracted
from archlint.model.messaging.matching import UsedTopic, is_internal, topics
from archlint.model.messaging.topics import AMQP, KAFKA, Form, TopicUse
from archlint.model.world import World

_ASIDE = regex(r"(?i)[-._](?:dlt|dlq|dead-?letters?|errors?|retry(?:[-._]\w++)?)\Z")
_KAFKA_NAME = regex(r"[A-Za-z0-9._-]+\Z")


@join(AsyncChannel)
def channel_name_differs(channel: AsyncChannel, world: World, options: Options) -> Iterator[Observation]:
    """A channel that nothing uses, where its application uses a topic that differs by a slip."""
    known, all_topics = world.fact(contracted), world.fact(topics)
    contract = None if known is None else known.of(channel)
    if known is None or contract is None or known.is_used(channel.address):
        return
    if all_topics.is_declared(channel.protocol, channel.address):
        return
    names = contract.slips[0].of(channel.address)
    alike = [
        (topic, use)
        for topic, use in (contract.used if names else ())
        if topic.name in names and _are_of_one_kind(channel, topic, use)
    ]
    if len(alike) != 1:
        return
    topic, use = alike[0]
    is_told = all_topics.is_declared(topic.protocol, topic.name)  # by the rule about declared topics
    if is_told or known.describes(topic.protocol, topic.name):
        return
    yield observe(
        channel.address_place,
        related=[(use.named_at or use.place, use.text)],
        topic=channel.address,
        application=channel.description.name,
        does="sends to" if use.sends else "receives from",
        other=topic.name,
    )


def _are_of_one_kind(channel: AsyncChannel, topic: UsedTopic, use: TopicUse) -> bool:
    """Whether a channel and what is used are topics of Kafka, or queues of AMQP: a queue is mostly called
    much like the routing key that leads to it. Paths, and channels at who knows what broker, are neither."""
    if channel.is_open or channel.protocol != topic.protocol:
        return False
    if channel.protocol == AMQP:
        return channel.form is Form.QUEUE and use.form is Form.QUEUE
    return channel.protocol == KAFKA and _KAFKA_NAME.match(channel.address) is not None


@join(UsedTopic)
def topic_undescribed(topic: UsedTopic, world: World, options: Options) -> Iterator[Observation]:
    """A topic that an application uses, and that its contract, which describes others, leaves out."""
    known = world.fact(contracted)
    if known is None or is_internal(topic.name) or known.describes(topic.protocol, topic.name):
        return
    main = _ASIDE.sub("", topic.name)
    if main != topic.name and known.describes(topic.protocol, main):
        return
    if topic.sent and topic.received and len(known.users(topic)) == 1:
        return  # its own business
    for contract, use in known.around(topic):
        if contract.is_whole and contract.confirmed and not contract.slips[1].of(topic.name):
            yield observe(
                use.named_at or use.place,
                related=[(contract.channels[0].address_place, "described here are others")],
                topic=topic.name,
                user=use.unit.name or "this repository",
                does="sends to" if use.sends else "receives from",
                file=contract.channels[0].description.source.path,
            )
            return


@join(AsyncChannel)
def channel_unused(channel: AsyncChannel, world: World, options: Options) -> Iterator[Observation]:
    """A channel of Kafka that nothing uses, in a contract most of whose channels its application uses."""
    known, all_topics = world.fact(contracted), world.fact(topics)
    contract = None if known is None else known.of(channel)
    if known is None or contract is None or channel.is_open or channel.protocol != KAFKA:
        return
    if known.is_used(channel.address) or all_topics.is_declared(KAFKA, channel.address):
        return
    confirmed = contract.confirmed
    if not confirmed or confirmed * 2 < len(contract.channels):
        return
    if contract.slips[0].of(channel.address):
        return
    topic, use = contract.used[0]
    yield observe(
        channel.address_place,
        related=[(use.named_at or use.place, f"'{topic.name}' is used here")],
        topic=channel.address,
        application=channel.description.name,
    )
