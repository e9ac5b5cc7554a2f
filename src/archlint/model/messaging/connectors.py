"""Connectors of Kafka Connect: custom resources of Strimzi, and the JSON that its API takes.

A sink takes from topics; a source writes to them. Debezium names the topic of a table
``prefix.schema.table``, and the list of tables is a list of patterns.

Sources: https://kafka.apache.org/documentation/#connect_configuring,
https://debezium.io/documentation/reference/stable/connectors/postgresql.html#postgresql-topic-names
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archlint.documents import Document, Node
from archlint.files import Kind
from archlint.finding import Confidence, ObjectRef
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.messaging.kafka import STRIMZI
from archlint.model.messaging.topics import KAFKA, TopicUse, literal_beginning
from archlint.model.world import World

_CLASS = "connector.class"
_SEPARATOR = regex(r"[,\s]+")
_SENT = ("topic", "kafka.topic", "output.topic", "topics.out")
_PATTERN = regex(r"[*?+()\[\]|^$\\]")
_KEYS_OF_SOURCES = ("topic.prefix", "database.server.name", "table.include.list", "table.whitelist")


@dataclass(frozen=True)
class Connector:
    """One connector with its settings."""

    name: str
    class_node: Node
    config: Node
    base: KubernetesObject | None = None

    @classmethod
    def all(cls, world: World) -> Iterable[Connector]:
        """Those of custom resources, then those of JSON files."""
        for item in world.all(KubernetesObject):
            if item.group in STRIMZI and item.kind == "KafkaConnector" and item.name:
                yield cls(item.name, item.get("spec", "class"), item.get("spec", "config"), item)
        for document in world.documents(Kind.DATA):
            root = document.root
            for config in (root.get("config"), root):
                if config.get(_CLASS).text:
                    name = root.get("name").text or config.get("name").text
                    yield cls(name or document.path, config.get(_CLASS), config)
                    break

    @property
    def source(self) -> Document:
        """The document that holds it."""
        return self.config.document

    @property
    def object(self) -> ObjectRef:
        """The resource, or the connector by its name."""
        return self.base.object if self.base else ObjectRef("connector", self.name)

    @property
    def is_sink(self) -> bool | None:
        """Whether it takes from topics; ``None`` where its class does not tell."""
        name = (self.class_node.text or "").rpartition(".")[2].lower()
        if "sink" in name:
            return True
        is_source = "source" in name or (self.class_node.text or "").startswith("io.debezium.")
        return False if is_source else None


def connector_uses(world: World) -> Iterator[TopicUse]:
    """What connectors take from topics, or write to them."""
    for connector in world.all(Connector):
        if connector.is_sink:
            yield from _received(connector)
        elif connector.is_sink is False:
            yield from _sent(connector)


def _received(connector: Connector) -> Iterator[TopicUse]:
    topics, pattern = connector.config.get("topics"), connector.config.get("topics.regex")
    for name in _SEPARATOR.split((topics.text or "").strip()):
        if name and "${" not in name:
            yield _use(connector, topics, name, False)
    if pattern.text:
        yield _use(connector, pattern, literal_beginning(pattern.text), False, is_pattern=True)
    dead = connector.config.get("errors.deadletterqueue.topic.name")
    if dead.text:
        yield _use(connector, dead, dead.text, True)


def _sent(connector: Connector) -> Iterator[TopicUse]:
    for key in _SENT:
        node = connector.config.get(key)
        if node.text and "${" not in node.text:
            yield _use(connector, node, node.text, True)
    if any(key.startswith("transforms") for key, _ in connector.config.items()):
        return  # they may send to other topics than those that are named here
    prefix, _, tables, _ = (connector.config.get(key) for key in _KEYS_OF_SOURCES)
    old_prefix, old_tables = (
        connector.config.get(_KEYS_OF_SOURCES[1]),
        connector.config.get(_KEYS_OF_SOURCES[3]),
    )
    begun = prefix.text or old_prefix.text
    node = tables if tables.text else old_tables
    is_debezium = (connector.class_node.text or "").startswith("io.debezium.")
    for table in _SEPARATOR.split((node.text or "").strip()) if begun and is_debezium else ():
        if table:
            name = table.replace("\\.", ".")
            is_pattern = _PATTERN.search(name) is not None
            plain = literal_beginning(name) if is_pattern else name
            yield _use(connector, node, f"{begun}.{plain}", True, is_pattern=is_pattern)


def _use(connector: Connector, node: Node, name: str, sends: bool, *, is_pattern: bool = False) -> TopicUse:
    return TopicUse(
        connector,
        KAFKA,
        name,
        sends,
        node.value_place(),
        f"connector {connector.name}: {node.route[-1]}",
        Confidence.HIGH,
        is_pattern=is_pattern,
    )
