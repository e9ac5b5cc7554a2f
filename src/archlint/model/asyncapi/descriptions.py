"""AsyncAPI documents as rules look at them: their version, their objects, and what operations carry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from archlint.documents import Document, Node
from archlint.files import Kind
from archlint.finding import ObjectRef, Place
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.asyncapi.pieces import Piece, Pieces, is_reference, merged
from archlint.model.asyncapi.published import VERSIONS
from archlint.model.event_formats import is_judged
from archlint.model.openapi.references import References
from archlint.model.world import World

_WORDS = ("subscribe", "publish")
_AT_TOP = {"info": Piece.INFO, "components": Piece.COMPONENTS}
_VERSION = regex(r"(\d++)\.(\d++)")


@dataclass(frozen=True, slots=True)
class Described:
    """What a document says of a payload, of headers, or of a key."""

    node: Node
    """The schema without the object that says its format."""
    language: str | None = None
    """The format of another kind than that of AsyncAPI."""

    @property
    def schema(self) -> Node | None:
        """The schema, if it is one of JSON, which values can be judged by."""
        is_schema = self.node.is_map or isinstance(self.node.value, bool)
        return self.node if is_schema and is_judged(self.language) else None


@dataclass(frozen=True, eq=False)
class AsyncDescription:
    """One AsyncAPI document."""

    document: Document
    references: References

    @classmethod
    def all(cls, world: World) -> Iterable[AsyncDescription]:
        """Every document that says that it is one."""
        for document in world.documents(Kind.ASYNCAPI):
            if document.root.get("asyncapi").exists:
                yield cls(document, world.fact(References))

    @property
    def source(self) -> Document:
        """The document itself."""
        return self.document

    @property
    def object(self) -> ObjectRef:
        """The document under its title."""
        return ObjectRef("AsyncAPI", self.root.get("info", "title").text or "")

    @property
    def root(self) -> Node:
        """The top of the document."""
        return self.document.root

    @cached_property
    def is_third(self) -> bool:
        """Whether it is of version 3, in which operations stand apart from channels."""
        return str(self.root.get("asyncapi").value).startswith("3")

    @property
    def address_fields(self) -> tuple[str, ...]:
        """The fields of a server that say where it is."""
        return ("host", "pathname") if self.is_third else ("url",)

    @cached_property
    def version(self) -> str | None:
        """The version by major and minor number, if it has a published schema."""
        found = _VERSION.match(str(self.root.get("asyncapi").value))
        text = f"{found[1]}.{found[2]}" if found else ""
        return text if text in VERSIONS else None

    @cached_property
    def pieces(self) -> Pieces:
        """Every object of the document with the part it plays."""
        return Pieces(self.root, self.references, is_third=self.is_third)

    @cached_property
    def operations(self) -> tuple[Node, ...]:
        """The operations of the application: in version 2 those of its channels, what is sent first."""
        if self.is_third:
            entries = [entry for _, entry in self.at("operations").items()]
        else:
            channels = [self.meant(channel) for _, channel in self.at("channels").items()]
            entries = [
                channel.get(word) for channel in channels for word in _WORDS if channel.get(word).exists
            ]
        found = map(self.meant, entries)
        return tuple(node for node in found if self.pieces.part_of(node) is Piece.OPERATION)

    def at(self, *route: str) -> Node:
        """The element some steps below the top, where each may be a reference to it."""
        return self._below(self.root, route)

    def is_stated(self, *route: str) -> bool:
        """Whether what lacks on a way below the top is not there: no reference on it leads to nothing, or to
        an object of another part."""
        node = self.root
        for step in route:
            node = node.get(step)
            if is_reference(node):
                node = self.meant(node)
                is_other = self.pieces.part_of(node) not in (None, _AT_TOP.get(step))
                if is_other or is_reference(node) or not node.exists:
                    return False
        return True

    def meant(self, node: Node) -> Node:
        """What a node is, or refers to."""
        return self.references.follow(node).node

    def messages_of(self, operation: Node) -> Iterator[Node]:
        """The messages of an operation of version 2, references looked through."""
        message = self.meant(operation.get("message"))
        for each in message.get("oneOf").elements() if message.get("oneOf").is_list else (message,):
            found = self.meant(each)
            if found.is_map:
                yield found

    def named(self, owner: Node, field: str) -> tuple[Place, str] | None:
        """The identifier of an operation or message of version 2, traits applied: the last one wins."""
        for trait in reversed(list(owner.get("traits").elements())):
            stated = self.meant(trait).get(field)
            if stated.text is not None:
                held = trait.get("$ref") if is_reference(trait) else stated
                return held.value_place(), stated.text
        own = owner.get(field)
        return None if own.text is None else (own.value_place(), own.text)

    def stated(self, message: Node, field: str) -> Node:
        """The payload or headers of a message with its traits: over its own in version 2, below in 3."""
        own = message.get(field)
        others = [self.meant(trait).get(field) for trait in message.get("traits").elements()]
        others = [each for each in others if each.exists]
        if not others:
            return own
        if not own.exists and len(others) == 1 and merged(None, others[0].value) == others[0].value:
            return others[0]  # its references are read, and it is told, where it is written
        layers = [self._looked_through(each) for each in (own, *others) if each.exists]
        if self.is_third and own.exists and not all(each.is_map for each in layers):
            return own
        value = None
        for layer in (*layers[1:], layers[0]) if self.is_third and own.exists else layers:
            value = merged(value, layer.value)
        return Node(message.document, (*message.route, field, "traits"), value)

    def _looked_through(self, node: Node) -> Node:
        """What a node refers to, as traits are applied to that; itself where nobody knows what that is."""
        found = self.meant(node)
        return found if found.exists else node

    def effective(self, owner: Node, *route: str) -> Node:
        """A value of an operation or message that has one: its own, or that of a trait.

        The last of several traits wins; in version 2 over what they are applied to, in version 3 below it.
        """
        traits = [self.meant(trait) for trait in reversed(list(owner.get("traits").elements()))]
        homes = (owner, *traits) if self.is_third else (*traits, owner)
        found = [self._below(home, route) for home in homes]
        return next((each for each in found if each.exists), self._below(owner, route))

    def _below(self, node: Node, route: tuple[str, ...]) -> Node:
        """The element some steps below a node, references looked through."""
        for step in route:
            node = self.meant(node.get(step))
        return node

    def part_of(self, message: Node, field: str) -> Described:
        """The payload or the headers of a message, traits applied."""
        stated = self.stated(message, field)
        if self.is_third:
            return self.unwrapped(stated)
        return Described(stated, self.schema_format(message).text if field == "payload" else None)

    def schema_format(self, message: Node) -> Node:
        """In which language the payload of a message is described; missing if in that of AsyncAPI itself."""
        if not self.is_third:
            return self.effective(message, "schemaFormat")
        return self.effective(message, "payload").get("schemaFormat")

    def unwrapped(self, stated: Node) -> Described:
        """A schema of version 3, which may have its format beside it."""
        whole = self.meant(stated)
        if whole.get("schemaFormat").exists:
            return Described(whole.get("schema"), whole.get("schemaFormat").text)
        return Described(stated)

    def tagged(self) -> Iterator[Node]:
        """Every list of tags."""
        for each in self.pieces.all:
            if each.part not in (Piece.SCHEMA, Piece.COMPONENTS) and each.node.get("tags").is_list:
                yield each.node.get("tags")
