"""Topics between those who declare them, those who send and those who receive."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.finding import Place
from archlint.model.kubernetes.autoscalers import Autoscaler
from archlint.model.messaging.asyncapi import AsyncChannel
from archlint.model.messaging.kafka import KafkaTopic
from archlint.model.messaging.matching import (
    TopicDeclaration,
    Topics,
    UsedTopic,
    is_internal,
    is_slip,
    topics,
)
from archlint.model.messaging.topics import KAFKA, TopicUse
from archlint.model.messaging.triggers import topic_trigger
from archlint.model.system.folders import SourceFolder, folder_of
from archlint.model.world import World

_MOST_RELATED = 5


@join(UsedTopic)
def topic_undeclared(topic: UsedTopic, world: World, options: Options) -> Iterator[Observation]:
    """A topic that is used and not declared, where the repository declares the others."""
    known: Topics = world.fact(topics)
    if not known.judges(topic.protocol) or is_internal(topic.name):
        return
    if known.is_declared(topic.protocol, topic.name):
        return
    use = topic.uses[0]
    near = known.nearest(topic.protocol, topic.name)
    related = [(near.place, f"'{near.name}' is declared")] if near else _some_declared(known, topic)
    yield observe(
        use.named_at or use.place,
        "similar" if near else "default",
        related=[*related, *_users(topic.uses, use.named_at or use.place)],
        topic=topic.name,
        user=_named(use),
        does="sends to" if use.sends else "receives from",
        declared=near.name if near else "",
    )


@join(TopicDeclaration)
def topic_unused(declared: TopicDeclaration, world: World, options: Options) -> Iterator[Observation]:
    """A declared topic that nothing is seen to use, where most others are."""
    known: Topics = world.fact(topics)
    topic = declared.topic
    if topic.protocol != KAFKA or not known.judges(KAFKA) or is_internal(topic.name):
        return
    is_used = known.used_as(KAFKA, topic.name) is not None
    if is_used or any(known.may_be_used(KAFKA, topic.name, sends=sends) for sends in (True, False)):
        return
    yield observe(topic.place, topic=topic.name, by=topic.declared_by)


@join(UsedTopic)
def topic_names_differ(topic: UsedTopic, world: World, options: Options) -> Iterator[Observation]:
    """A topic that is received and that nobody sends to, beside one that differs by a slip."""
    known: Topics = world.fact(topics)
    if topic.sent or known.may_be_used(topic.protocol, topic.name, sends=True):
        return
    for other in known.used:
        if other.protocol != topic.protocol or not other.sent or other.received:
            continue
        if known.may_be_used(topic.protocol, other.name, sends=False) or not is_slip(topic.name, other.name):
            continue
        if known.is_declared(topic.protocol, topic.name) and known.is_declared(topic.protocol, other.name):
            continue
        listener, sender = topic.uses[0], other.sent[0]
        yield observe(
            listener.named_at or listener.place,
            related=[(sender.named_at or sender.place, f"'{_named(sender)}' sends to '{other.name}'")],
            identity=(other.name,),
            topic=topic.name,
            listener=_named(listener),
            other=other.name,
            sender=_named(sender),
        )


@join(UsedTopic)
def topic_without_sender(topic: UsedTopic, world: World, options: Options) -> Iterator[Observation]:
    """A topic that is received and that nobody in the repository sends to."""
    known: Topics = world.fact(topics)
    is_sent = topic.sent or known.may_be_used(topic.protocol, topic.name, sends=True)
    if is_sent or not _has_whole(known, topic.protocol):
        return
    use = topic.received[0] if topic.received else None
    if use is not None:
        yield observe(use.named_at or use.place, topic=topic.name, user=_named(use))


@join(UsedTopic)
def topic_without_receiver(topic: UsedTopic, world: World, options: Options) -> Iterator[Observation]:
    """A topic that is sent to and that nobody in the repository receives."""
    known: Topics = world.fact(topics)
    is_received = topic.received or known.may_be_used(topic.protocol, topic.name, sends=False)
    if is_received or not _has_whole(known, topic.protocol):
        return
    use = topic.sent[0] if topic.sent else None
    if use is not None and not is_internal(topic.name):
        yield observe(use.named_at or use.place, topic=topic.name, user=_named(use))


@join(AsyncChannel)
def channel_undeclared(channel: AsyncChannel, world: World, options: Options) -> Iterator[Observation]:
    """A channel of a contract that nothing declares, where others of the contract are declared."""
    known: Topics = world.fact(topics)
    if channel.protocol != KAFKA or channel.is_open or known.is_declared(KAFKA, channel.address):
        return
    siblings = [
        other
        for other in world.all(AsyncChannel)
        if other.protocol == KAFKA and (KAFKA, other.address) in known.declared
    ]
    near = known.nearest(KAFKA, channel.address)
    of_contract = [item for item in siblings if item.description.source is channel.source]
    if near is None or not (known.judges(KAFKA) or of_contract):
        return
    yield observe(
        channel.address_place,
        related=[(near.place, f"'{near.name}' is declared")],
        topic=channel.address,
        application=channel.description.name,
        declared=near.name,
    )


@join(AsyncChannel)
def channel_direction_reversed(
    channel: AsyncChannel, world: World, options: Options
) -> Iterator[Observation]:
    """A contract that says the opposite of what the source of its own folder does."""
    known: Topics = world.fact(topics)
    topic = None if channel.is_open else known.used_as(channel.protocol or KAFKA, channel.address)
    home = folder_of(world, channel.source.path)
    if topic is None or home is None or len(channel.operations) != 1:
        return
    own = [use for use in topic.uses if isinstance(use.unit, SourceFolder) and use.unit.path == home.path]
    told = channel.operations[0]
    if not own or any(use.sends in (told.sends, None) for use in own):
        return
    use = own[0]
    version = "third" if channel.description.is_third else "second"
    yield observe(
        told.place,
        f"{version}-{'sends' if told.sends else 'receives'}",
        related=[(use.place, use.text)],
        topic=channel.address,
        application=home.name,
    )


@join(Autoscaler)
def kafka_partitions_few(scaler: Autoscaler, world: World, options: Options) -> Iterator[Observation]:
    """An autoscaler that may ask for more consumers of a topic than it has partitions."""
    trigger, most = topic_trigger(scaler), scaler.most_node.integer
    if trigger is None or most is None:
        return
    metadata = trigger.get("metadata")
    name = metadata.get("topic").text
    declared = [item for item in world.all(KafkaTopic) if item.name == name]
    counts = [item.partitions.number for item in declared if item.partitions is not None]
    if not counts or len(counts) != len(declared) or any(count is None or count >= most for count in counts):
        return
    idle = metadata.get("allowIdleConsumers")
    chosen = declared[0].partitions
    if chosen is not None:
        yield observe(
            scaler.most_node.value_place(),
            "idle" if idle.text == "true" or idle.value is True else "default",
            related=[(chosen.place, f"partitions of '{name}'")],
            name=scaler.name,
            most=most,
            topic=name,
            partitions=chosen.number,
        )


def _some_declared(known: Topics, topic: UsedTopic) -> list[tuple[Place, str]]:
    declared = (found[0] for (protocol, _), found in known.declared.items() if protocol == topic.protocol)
    first = next(declared, None)
    return [(first.place, f"'{first.name}' is declared")] if first else []


def _named(use: TopicUse) -> str:
    """What the unit is called; source at the root of a repository has no name."""
    return use.unit.name or "this repository"


def _users(uses: tuple[TopicUse, ...], shown: Place) -> list[tuple[Place, str]]:
    """Where else a topic is used."""
    places = {use.place: f"'{_named(use)}' {'sends' if use.sends else 'receives'}" for use in uses}
    return [(place, text) for place, text in places.items() if place != shown][:_MOST_RELATED]


def _has_whole(known: Topics, protocol: str) -> bool:
    """Whether some topic of a protocol has both sides here, so that both are written in this repository."""
    return any(item.protocol == protocol and item.sent and item.received for item in known.used)
