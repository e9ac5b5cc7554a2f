"""Services that receive messages: what they do with those that fail, and how many of them get any."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.model.messaging.dead_letters import PlainConsumer
from archlint.model.messaging.idle_consumers import IdleConsumers
from archlint.model.world import World


@join(PlainConsumer)
def consumer_without_dead_letters(
    consumer: PlainConsumer, world: World, options: Options
) -> Iterator[Observation]:
    """A service that leads messages that it cannot process nowhere."""
    first, *rest = consumer.uses
    shown = [f"'{use.topic}'" for use in consumer.uses[:4]]
    more = f" and {len(consumer.uses) - 4} more" if len(consumer.uses) > 4 else ""
    yield observe(
        first.place,
        related=[(use.place, f"receives '{use.topic}'") for use in rest[:6]],
        identity=(),
        service=consumer.unit.name or "this repository",
        topics=", ".join(shown) + more,
    )


@join(IdleConsumers)
def kafka_consumers_idle(found: IdleConsumers, world: World, options: Options) -> Iterator[Observation]:
    """An autoscaler that may start more consumers than their topics have partitions."""
    yield observe(
        found.most_place,
        related=[(found.partitions.place, "the partitions"), (found.use.place, "receives here")],
        name=found.name,
        most=found.most,
        topic=found.use.topic,
        partitions=found.partitions.number,
    )
