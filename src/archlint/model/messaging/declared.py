"""All topics and queues that files of the repository make a broker have."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.model.messaging.kafka import KafkaTopic
from archlint.model.messaging.rabbitmq import RabbitExchange, RabbitQueue
from archlint.model.messaging.terraform import terraform_topics
from archlint.model.messaging.topics import AMQP, KAFKA, DeclaredTopic, Form
from archlint.model.world import World


def declared_topics(world: World) -> tuple[DeclaredTopic, ...]:
    """Every topic, queue and exchange that is declared; ask with ``world.fact(declared_topics)``."""
    return tuple(_all(world))


def _all(world: World) -> Iterator[DeclaredTopic]:
    for topic in world.all(KafkaTopic):
        yield DeclaredTopic(
            topic.name,
            KAFKA,
            Form.TOPIC,
            topic.place,
            topic.source,
            topic.object,
            topic.declared_by,
            topic.cluster,
        )
    queues = ((item, Form.QUEUE) for item in world.all(RabbitQueue))
    exchanges = ((item, Form.EXCHANGE) for item in world.all(RabbitExchange))
    for found, form in (*queues, *exchanges):
        by = f"{found.resource.kind} '{found.resource.name}'" if found.resource else "the definitions"
        place = found.name_node.value_place()
        yield DeclaredTopic(found.name, AMQP, form, place, found.source, found.object, by, found.cluster)
    for made in world.reading(terraform_topics):
        if made.protocol == AMQP:
            yield DeclaredTopic(
                made.name,
                AMQP,
                made.form,
                made.place,
                made.place.source,
                made.object,
                f"Terraform's {made.label}",
            )
