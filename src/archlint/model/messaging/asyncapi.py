"""AsyncAPI documents, 2.x and 3.0: channels, and what the application that one describes does with them.

The two versions speak from opposite sides. In 2.x ``publish`` holds what others publish, so the application
that is described receives it, and ``subscribe`` what it sends to subscribers. In 3.0 ``action: send`` and
``receive`` say what the application itself does.

Sources: https://www.asyncapi.com/docs/reference/specification/v2.6.0#channelItemObject,
https://www.asyncapi.com/docs/reference/specification/v3.0.0#operationObject
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from posixpath import dirname

from archlint.documents import Document, Node
from archlint.finding import Confidence, ObjectRef, Place
from archlint.finding.records import dataclass
from archlint.model.asyncapi import AsyncDescription
from archlint.model.messaging.topics import Form, TopicUse
from archlint.model.services.protocols import of_scheme
from archlint.model.world import World

_PROTOCOLS = {"kafka-secure": "kafka", "amqp1": "amqp", "secure-mqtt": "mqtt", "mqtt5": "mqtt"}
_FORMS = {"queue": Form.QUEUE, "routingKey": Form.EXCHANGE}


@dataclass(frozen=True)
class AsyncOperation:
    """What the application does with a channel."""

    node: Node
    """The operation: what ``publish`` or ``subscribe`` holds, or an entry of ``operations``."""
    sends: bool

    @property
    def word(self) -> Node:
        """The value or key that says which of both it is."""
        action = self.node.get("action")
        return action if action.exists else self.node

    @property
    def place(self) -> Place:
        """That of the word."""
        return self.word.value_place() if self.word is not self.node else self.word.place()


@dataclass(frozen=True)
class AsyncChannel:
    """A channel: a name that messages go by, on brokers of one protocol."""

    description: AsyncApi
    node: Node
    address: str
    """The topic, queue or routing key; up to its first parameter where ``is_open``."""
    address_place: Place
    is_open: bool
    """Whether parameters stand in the address, so that it means many topics."""
    protocol: str
    """Empty where no server and no binding tells, or where they differ."""
    form: Form
    operations: tuple[AsyncOperation, ...]

    @classmethod
    def all(cls, world: World) -> Iterable[AsyncChannel]:
        """Every channel of every document whose address is known."""
        for description in world.all(AsyncApi):
            yield from description.channels

    @property
    def source(self) -> Document:
        """The document that holds it."""
        return self.node.document

    @property
    def object(self) -> ObjectRef:
        """The channel by its address."""
        return ObjectRef("channel", self.address)


@dataclass(frozen=True)
class AsyncApi:
    """One AsyncAPI document: the contract of one application."""

    description: AsyncDescription

    @classmethod
    def all(cls, world: World) -> Iterable[AsyncApi]:
        """Every document that says that it is one."""
        return map(cls, world.all(AsyncDescription))

    @property
    def source(self) -> Document:
        """The document itself."""
        return self.description.document

    @property
    def object(self) -> ObjectRef | None:
        """It is about no object of a cluster."""
        return None

    @property
    def is_third(self) -> bool:
        """Whether it is of version 3, in which operations stand apart from channels."""
        return self.description.is_third

    @cached_property
    def name(self) -> str:
        """What the application is called: its title, else the folder or file of the document."""
        path = self.source.path
        title = self.description.root.get("info", "title").text
        return title or dirname(path).rpartition("/")[2] or path

    @cached_property
    def channels(self) -> tuple[AsyncChannel, ...]:
        """Its channels in the order of the text."""
        operations = self._operations_by_channel if self.is_third else {}
        found = []
        for key, entry in self.description.root.get("channels").items():
            node = self.description.meant(entry)
            if not node.is_map:
                continue
            own = operations.get(_identity(node), []) if self.is_third else list(_second(node))
            channel = self._channel(key, entry, node, tuple(own))
            if channel is not None:
                found.append(channel)
        return tuple(found)

    def _channel(
        self, key: str, entry: Node, node: Node, operations: tuple[AsyncOperation, ...]
    ) -> AsyncChannel | None:
        protocol, form, named = self._binding(node)
        place = entry.place()
        address: str | None = key
        if named is not None:
            address, place = named.text, named.value_place()
        elif self.is_third:
            address, place = node.get("address").text, node.get("address").value_place()
        if not address:
            return None
        begun, brace, _ = address.partition("{")
        return AsyncChannel(
            self,
            node,
            begun,
            place,
            bool(brace),
            protocol or self._protocol_of_servers(node),
            form,
            operations,
        )

    def _binding(self, node: Node) -> tuple[str, Form, Node | None]:
        """The protocol that the channel's bindings name, if it is just one, and the topic if they name it."""
        bindings = [
            (name, self.description.meant(binding))
            for name, binding in self.description.meant(node.get("bindings")).items()
        ]
        if len(bindings) != 1:
            return "", Form.TOPIC, None
        name, binding = bindings[0]
        form = _FORMS.get(binding.get("is").text or "", Form.TOPIC)
        way = ("topic",) if name == "kafka" else ("queue", "name") if form is Form.QUEUE else None
        named = binding.get(*way) if way else None
        return protocol_of(name), form, named if named is not None and named.text else None

    def _protocol_of_servers(self, channel: Node) -> str:
        servers = self.description.root.get("servers")
        chosen = [
            servers.get(item.text) if item.text is not None else self.description.meant(item)
            for item in channel.get("servers").elements()
        ] or [server for _, server in servers.items()]
        spoken = {protocol_of(self.description.meant(server).get("protocol").text or "") for server in chosen}
        return spoken.pop() if len(spoken) == 1 else ""

    @cached_property
    def _operations_by_channel(self) -> dict[tuple[str, tuple[str | int, ...]], list[AsyncOperation]]:
        found: dict[tuple[str, tuple[str | int, ...]], list[AsyncOperation]] = {}
        for _, entry in self.description.root.get("operations").items():
            operation = self.description.meant(entry)
            action = operation.get("action").text
            channel = self.description.meant(operation.get("channel"))
            if action in ("send", "receive") and channel.is_map:
                found.setdefault(_identity(channel), []).append(AsyncOperation(operation, action == "send"))
        return found


def _identity(node: Node) -> tuple[str, tuple[str | int, ...]]:
    return (node.document.path, node.route)


def _second(channel: Node) -> Iterator[AsyncOperation]:
    for word, sends in (("publish", False), ("subscribe", True)):
        if channel.get(word).is_set:
            yield AsyncOperation(channel.get(word), sends)


def protocol_of(name: str) -> str:
    """A protocol as it is called here, whatever a server or a binding calls it."""
    name = _PROTOCOLS.get(name, name)
    return of_scheme(name) or name


def contract_uses(world: World) -> Iterator[TopicUse]:
    """What AsyncAPI documents say of their applications: declared uses."""
    for channel in world.all(AsyncChannel):
        for operation in channel.operations:
            yield TopicUse(
                channel.description,
                channel.protocol,
                channel.address,
                operation.sends,
                channel.address_place,
                f"AsyncAPI channel {channel.address}{'*' if channel.is_open else ''}",
                Confidence.MEDIUM,
                channel.form,
                is_pattern=channel.is_open,
                is_declared=True,
            )
