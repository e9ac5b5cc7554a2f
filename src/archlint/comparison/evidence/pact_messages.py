"""Messages that a consumer expects, held against the event contracts of a repository.

A Pact message names its provider, a description and metadata, and no channel for sure. So the message is
looked for by these words: a message of an AsyncAPI document that has one of the names, or the only one that
the document of the provider describes; else a schema in a file of its own that has one of the names. Where
several may be meant, none is judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from archlint.comparison.asyncapi.flows import Flow, flows
from archlint.comparison.evidence.pact_avro import AvroReading, avro_words
from archlint.comparison.evidence.pact_items import JudgedItems, judged_items
from archlint.comparison.evidence.pact_parts import stated_words
from archlint.comparison.evidence.pact_reading import EFFORT, Reading, Unmet
from archlint.comparison.evidence.pact_schemas import SchemaFiles, SentRecord
from archlint.comparison.json_schema.graph import Graph
from archlint.comparison.schemas.containment import Engine
from archlint.comparison.schemas.schema import produced
from archlint.documents import Document, Node
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.model.asyncapi import AsyncDescription
from archlint.model.avro.schemas import Definitions
from archlint.model.avro.types import simple_name
from archlint.model.evidence.pact import Interaction, InteractionKind, Pact
from archlint.model.evidence.pact_values import Expected
from archlint.model.json_schema import JsonSchema, Views
from archlint.model.openapi.references import References
from archlint.model.system.names import plain, stem
from archlint.model.world import World

_SHORTEST = 6
"""Letters of a name that is looked for inside of a description."""
_MOST_METADATA = 50
_OPEN = "it cannot be decided whether the contract has what is read"


@dataclass(frozen=True, slots=True)
class UnmetMessage:
    """Something that a consumer reads of a message and that is never sent."""

    object: ObjectRef
    """The channel, or the schema by itself."""
    name: str
    unmet: Unmet
    stated: str
    """What the contract states for it."""


@dataclass(frozen=True, slots=True)
class _Subject:
    """What a message is called."""

    object: ObjectRef
    name: str


@dataclass(frozen=True, slots=True)
class _Offer:
    """A message of a document."""

    flow: Flow
    name: str
    message: Node

    @property
    def words(self) -> set[str]:
        """The names that it goes by."""
        stated = [self.message.get(key).text for key in ("name", "title", "messageId")]
        return {plain(text) for text in (self.name, *stated) if text} - {""}


def pact_messages(world: World) -> Mapping[Document, JudgedItems[UnmetMessage]]:
    """What came of the messages of all Pact files; ask with ``world.fact(pact_messages)``."""
    return judged_items(world, _is_message, _Judge)


def _is_message(item: Interaction) -> bool:
    return item.kind is InteractionKind.MESSAGE and not item.is_of_protos


class _Judge:
    def __init__(self, world: World) -> None:
        self._descriptions = world.all(AsyncDescription)
        self._graph = Graph(world.fact(Views))
        self._engine = Engine(EFFORT)
        self._offers = {each.document: list(_offers(each)) for each in self._descriptions}
        self._files = SchemaFiles(world)
        self._definitions = world.fact(Definitions)

    def __call__(self, pact: Pact, item: Interaction, found: list[UnmetMessage]) -> str | None:
        """Judge one message; or why it is not judged."""
        expected = item.request.expected
        if expected is None:
            return "contents that are not JSON"
        offer = self._meant(pact, item)
        words = _words(item)
        if isinstance(offer, _Offer):
            described = offer.flow.description.part_of(offer.message, "payload")
            if described.schema is not None:
                references = offer.flow.description.references
                subject = _Subject(offer.flow.object, offer.name)
                return self._in_schema(subject, described.schema, references, expected, found)
            words |= offer.words
        description = item.node.get("description").text or ""
        meant = self._files.meant(words, description, pact.provider)
        if isinstance(meant, JsonSchema):
            subject = _Subject(meant.object, meant.name)
            return self._in_schema(subject, meant.document.root, meant.references, expected, found)
        if isinstance(meant, SentRecord):
            return self._in_record(meant, expected, found)
        return meant or (offer if isinstance(offer, str) else "a payload whose language is not compared")

    def _in_schema(
        self,
        subject: _Subject,
        schema: Node,
        references: References,
        expected: Expected,
        found: list[UnmetMessage],
    ) -> str | None:
        reading = Reading(references, self._engine, produced(self._graph.node(schema)))
        for unmet in reading.of(schema, expected):
            stated = "" if unmet.schema is None else stated_words(unmet.schema, references)
            found.append(UnmetMessage(subject.object, subject.name, unmet, stated))
        return _OPEN if reading.doubts else None

    def _in_record(self, meant: SentRecord, expected: Expected, found: list[UnmetMessage]) -> str | None:
        reading = AvroReading(self._definitions)
        name = simple_name(meant.record.name)
        for unmet in reading.of(meant.record, expected):
            stated = "" if unmet.schema is None else avro_words(unmet.schema)
            found.append(UnmetMessage(meant.schema.object, name, unmet, stated))
        return _OPEN if reading.is_open else None

    def _meant(self, pact: Pact, item: Interaction) -> _Offer | str:
        """The message that is meant."""
        named = [each for each in self._descriptions if _is_of(each, pact.provider)]
        offers = [offer for each in named or self._descriptions for offer in self._offers[each.document]]
        words = _words(item)
        for choice in (
            [offer for offer in offers if not offer.words.isdisjoint(words)],
            [offer for offer in offers if plain(offer.flow.address) in words],
            [offer for offer in offers if _is_told(offer, item)],
            offers if named else [],
        ):
            distinct = {(each.message.document.path, each.message.route): each for each in choice}
            if len(distinct) == 1:
                return next(iter(distinct.values()))
            if distinct and choice is not offers:
                return "several messages may be meant"
        return "no message of an AsyncAPI document has its name, and no schema in a file of its own"


def _offers(description: AsyncDescription) -> Iterator[_Offer]:
    for flow in flows(description).values():
        for name, message in flow.messages.items():
            yield _Offer(flow, name, message)


def _is_of(description: AsyncDescription, provider: str) -> bool:
    """Whether a document has the name of the provider: its title, file or folder."""
    wanted = stem(provider)
    title = description.root.get("info", "title").text or ""
    parts = description.document.path.rpartition(".")[0].split("/")
    return bool(wanted) and wanted in {stem(title), *map(stem, parts)}


def _words(item: Interaction) -> set[str]:
    """The names that a message may go by: its description, and what its metadata say."""
    found = [item.node.get("description").text or ""]
    for key in ("metadata", "metaData"):
        values: Iterable[tuple[str, Node]] = list(item.node.get(key).items())[:_MOST_METADATA]
        found += [node.text for _, node in values if node.text]
    return {plain(text) for text in found} - {""}


def _is_told(offer: _Offer, item: Interaction) -> bool:
    """Whether the description has the name of a message in it."""
    text = plain(item.node.get("description").text or "")
    return any(len(word) >= _SHORTEST and word in text for word in offer.words)
