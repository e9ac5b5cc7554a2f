"""RabbitMQ as files declare it: queues, exchanges, bindings and policies.

Definitions are what ``rabbitmqctl export_definitions`` writes and brokers load at their start; the other form
are the custom resources of the messaging topology operator (``rabbitmq.com``).

Sources: https://www.rabbitmq.com/docs/definitions,
https://www.rabbitmq.com/kubernetes/operator/using-topology-operator
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archlint.documents import Document, Node
from archlint.files import Kind
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.compose_format import services_in
from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.kubernetes.workloads import Container
from archlint.model.messaging.topics import literal_beginning
from archlint.model.world import World

_GROUP = "rabbitmq.com"
_LISTS = ("queues", "exchanges", "bindings", "policies", "vhosts", "users", "permissions", "parameters")
_VERSION = regex(r"[0-9]{1,3}(?:\.[0-9]{1,3}){0,2}")
STREAM, QUORUM = "stream", "quorum"


@dataclass(frozen=True)
class _Declared:
    """One entry of definitions, or one custom resource."""

    node: Node
    """The entry, or the ``spec`` of the resource."""
    resource: KubernetesObject | None
    """The custom resource, if it is one."""

    @property
    def source(self) -> Document:
        """The document that holds it."""
        return self.node.document

    @property
    def name_node(self) -> Node:
        """Where its name stands; resources may leave it to their own."""
        named = self.node.get("name")
        is_resource = self.resource is not None and not named.text
        return self.resource.get("metadata", "name") if self.resource and is_resource else named

    @property
    def name(self) -> str:
        """Its name on the broker; empty for none."""
        return self.name_node.text or ""

    @property
    def vhost(self) -> str:
        """The virtual host, ``/`` if none is named."""
        return self.node.get("vhost").text or "/"

    @property
    def cluster(self) -> str:
        """The cluster that a resource names."""
        return self.node.get("rabbitmqClusterReference", "name").text or ""

    @property
    def object(self) -> ObjectRef:
        """The resource that declares it, else what it is, by its virtual host and name."""
        kind = type(self).__name__.removeprefix("Rabbit").lower()
        return self.resource.object if self.resource else ObjectRef(kind, self.name, self.vhost)


@dataclass(frozen=True)
class RabbitQueue(_Declared):
    """A queue."""

    @classmethod
    def all(cls, world: World) -> Iterable[RabbitQueue]:
        """Those of definitions, then those of custom resources."""
        return [
            cls(node, item) for node, item in _declared(world, "queues", "Queue") if _is_named(node, item)
        ]

    @property
    def type(self) -> str:
        """``classic``, ``quorum``, ``stream``, or empty where nothing says which."""
        return self.node.get("type").text or self.node.get("arguments", "x-queue-type").text or ""

    @property
    def is_transient(self) -> bool:
        """Whether it is gone with a restart; resources that say nothing ask for that."""
        durable = self.node.get("durable")
        return durable.value is False or (self.resource is not None and not durable.is_set)

    @property
    def durable_node(self) -> Node:
        """Where it says so."""
        return self.node.get("durable")


@dataclass(frozen=True)
class RabbitExchange(_Declared):
    """An exchange; those that each broker has are never listed."""

    @classmethod
    def all(cls, world: World) -> Iterable[RabbitExchange]:
        """Those of definitions, then those of custom resources."""
        found = _declared(world, "exchanges", "Exchange")
        return [cls(node, item) for node, item in found if _is_named(node, item)]


@dataclass(frozen=True)
class RabbitBinding(_Declared):
    """What leads messages from an exchange to a queue, or to another exchange."""

    @classmethod
    def all(cls, world: World) -> Iterable[RabbitBinding]:
        """Those of definitions, then those of custom resources."""
        return [cls(node, item) for node, item in _declared(world, "bindings", "Binding")]

    @property
    def object(self) -> ObjectRef:
        """The binding by its ends, or the resource that declares it."""
        ends = f"{self.node.get('source').text}>{self.node.get('destination').text}"
        return self.resource.object if self.resource else ObjectRef("binding", ends, self.vhost)

    @property
    def leads_to_queue(self) -> bool:
        """Whether its end is a queue."""
        kind = self.node.get("destination_type" if self.resource is None else "destinationType")
        return kind.text == "queue"


@dataclass(frozen=True)
class RabbitPolicy(_Declared):
    """Settings for all queues or exchanges whose names match a pattern."""

    @classmethod
    def all(cls, world: World) -> Iterable[RabbitPolicy]:
        """Those of definitions, then those of custom resources."""
        return [cls(node, item) for node, item in _declared(world, "policies", "Policy")]

    @property
    def definition(self) -> Node:
        """What it sets."""
        return self.node.get("definition")

    def may_cover(self, queue: RabbitQueue) -> bool:
        """Whether its pattern may match a queue's name, by the beginning that stands for itself."""
        pattern = self.node.get("pattern").text or ""
        applies = self.node.get("apply-to" if self.resource is None else "applyTo").text or "all"
        if applies == "exchanges" or self.vhost != queue.vhost:
            return False
        if pattern.startswith("^"):
            return queue.name.startswith(literal_beginning(pattern))
        return True


def _is_named(node: Node, item: KubernetesObject | None) -> bool:
    return bool(node.get("name").text or (item is not None and item.name))


def _declared(world: World, key: str, kind: str) -> Iterator[tuple[Node, KubernetesObject | None]]:
    for document in world.fact(definitions):
        yield from ((node, None) for node in document.root.get(key).elements())
    for item in world.all(KubernetesObject):
        if item.group == _GROUP and item.kind == kind:
            yield item.get("spec"), item


def definitions(world: World) -> tuple[Document, ...]:
    """The files of definitions; ask with ``world.fact(definitions)``."""
    return tuple(document for document in world.documents(Kind.DATA) if _is_definitions(document.root))


def _is_definitions(root: Node) -> bool:
    """Whether a document is one: it names the broker's version, or has several of its lists."""
    if not root.is_map or not any(root.get(key).is_list for key in _LISTS):
        return False
    if root.get("rabbit_version").exists or root.get("rabbitmq_version").exists:
        return True
    lists = [key for key in _LISTS if root.get(key).is_list]
    has_queues = root.get("queues", 0, "vhost").exists and len(lists) > 1
    return has_queues or len(lists) > 3


def broker_versions(world: World) -> frozenset[tuple[int, int]]:
    """Major and minor version of each RabbitMQ that the repository deploys; ask with ``world.fact``."""
    images = [container.get("image").text or "" for container in world.all(Container)]
    images += [
        item.get("spec", "image").text or ""
        for item in world.all(KubernetesObject)
        if item.group == _GROUP and item.kind == "RabbitmqCluster"
    ]
    for document in world.documents(Kind.COMPOSE):
        images += [each.get("image").text or "" for _, each in services_in(document.root).items()]
    return frozenset(version for image in images if (version := _version_of(image)) is not None)


def _version_of(image: str) -> tuple[int, int] | None:
    name, _, tag = image.rpartition("/")[2].partition("@")[0].partition(":")
    if not name.startswith("rabbitmq"):
        return None
    found = _VERSION.match(tag)
    if found is None:
        return None
    major, _, rest = found[0].partition(".")
    return (int(major), int(rest.partition(".")[0] or 0))
