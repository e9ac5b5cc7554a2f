"""Topics and queues that Terraform makes; one whose name is not known is none that is known here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from archlint.finding import ObjectRef, Place
from archlint.finding.records import dataclass
from archlint.model.messaging.topics import AMQP, KAFKA, Form, TopicSetting
from archlint.model.terraform import HclValue, Resource, resources
from archlint.model.world import World

_KINDS = {
    "kafka_topic": (KAFKA, Form.TOPIC, "name"),
    "confluent_kafka_topic": (KAFKA, Form.TOPIC, "topic_name"),
    "aiven_kafka_topic": (KAFKA, Form.TOPIC, "topic_name"),
    "redpanda_topic": (KAFKA, Form.TOPIC, "name"),
    "rabbitmq_queue": (AMQP, Form.QUEUE, "name"),
    "rabbitmq_exchange": (AMQP, Form.EXCHANGE, "name"),
}
"""By type of resource: the protocol, the form, and the argument that names the topic."""
_ALIASES = {"partitions_count": "partitions", "replication": "replication_factor"}


@dataclass(frozen=True)
class TerraformTopic:
    """A topic, queue or exchange of a resource."""

    name: str
    label: str
    """Type and name of the resource, as Terraform writes it: ``kafka_topic.orders``."""
    protocol: str
    form: Form
    place: Place
    settings: Mapping[str, TopicSetting]
    """The literal arguments of the resource."""
    config: Mapping[str, TopicSetting]
    """The literal entries of its ``config``."""

    @property
    def object(self) -> ObjectRef:
        """The resource, by its type and name."""
        kind, _, name = self.label.partition(".")
        return ObjectRef(kind, name)


def terraform_topics(world: World) -> tuple[TerraformTopic, ...]:
    """Every topic of the world's ``.tf`` files whose name is known; ask with ``world.reading``."""
    found = (_topic(resource) for resource in resources(world, _KINDS))
    return tuple(topic for topic in found if topic is not None)


def unknown_topics(world: World) -> frozenset[str]:
    """The protocols of which files make topics whose names are not known; ask with ``world.reading``."""
    found: set[str] = set()
    known = {(topic.place.source.path, topic.label) for topic in world.reading(terraform_topics)}
    for path in sorted(world.kinds):
        text = world.text(path) if path.endswith((".tf", ".tf.json")) else None
        for kind, (protocol, _, _) in _KINDS.items():
            if text is not None and kind in text:
                made = text.count(f'"{kind}"')
                if path.endswith(".json") or made > sum(
                    file == path and label.startswith(f"{kind}.") for file, label in known
                ):
                    found.add(protocol)
    return frozenset(found)


def _topic(resource: Resource) -> TerraformTopic | None:
    block = resource.block
    protocol, form, key = _KINDS[resource.kind]
    name = resource.literals.of(block.values.get(key))
    if name is None or not name.value or "count" in block.values or "for_each" in block.values:
        return None
    inner = {each.kind: each for each in block.blocks}
    values = dict(block.values)
    if "settings" in inner:  # RabbitMQ keeps the arguments in a block of their own
        values.update(inner["settings"].values)
        inner.update((each.kind, each) for each in inner["settings"].blocks)
    config = inner["config"].values if "config" in inner else {}
    return TerraformTopic(
        name.value,
        resource.label,
        protocol,
        form,
        name.place,
        {_ALIASES.get(key, key): setting for key, setting in _settings(values, resource)},
        dict(_settings(config, resource)),
    )


def _settings(values: Mapping[str, HclValue], resource: Resource) -> Iterator[tuple[str, TopicSetting]]:
    for key, value in values.items():
        known = resource.literals.of(value)
        if known is not None:
            yield key, TopicSetting(known.value, known.place)
