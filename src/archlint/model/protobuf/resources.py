"""Messages that are resources, as ``google.api.resource`` says: what they are called and how they refer.

Source: https://google.aip.dev/123
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from archlint.documents.proto import ProtoFile
from archlint.finding import ObjectRef, Place
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.protobuf.annotations import ResourceType, resource_of
from archlint.model.protobuf.fields import Field
from archlint.model.protobuf.schemas import Message, ProtoSchema, schemas
from archlint.model.world import World

_NEW_WORD = regex(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def snake(name: str) -> str:
    """A name in camelCase or PascalCase as variables and fields are called after it.

    No word begins behind a digit: api-linter reads ``S3Bucket`` as ``s3bucket``.
    """
    return "_".join(_NEW_WORD.split(name)).lower()


def lower_camel(name: str) -> str:
    """A name in PascalCase or snake_case as collections are written."""
    parts = name.split("_")
    joined = parts[0] + "".join(part[:1].upper() + part[1:] for part in parts[1:])
    return joined[:1].lower() + joined[1:]


@dataclass(frozen=True, slots=True)
class ApiResource:
    """A message that is a resource."""

    message: Message
    said: ResourceType

    @classmethod
    def all(cls, world: World) -> Iterable[ApiResource]:
        """Every message with the annotation, by file and place."""
        return (resource for schema in world.reading(schemas) for resource in resources_in(schema))

    @property
    def source(self) -> ProtoFile:
        """The file that defines it."""
        return self.message.source

    @property
    def object(self) -> ObjectRef:
        """The message."""
        return self.message.object

    def place(self) -> Place:
        """Where the annotation stands."""
        return Place(self.source, (*self.message.route, "resource"))

    @property
    def noun(self) -> str:
        """What it is called in the type: ``Book`` of ``library.example/Book``; empty if that is malformed."""
        service, _, noun = self.said.type.partition("/")
        return noun if service and "/" not in noun else ""

    @property
    def name(self) -> Field | None:
        """The field with the resource's own name."""
        return self.field(self.said.name_field)

    def field(self, name: str) -> Field | None:
        """A field by its name."""
        return self.message.field_called(name)

    @property
    def is_singleton(self) -> bool:
        """Whether there is one in each parent, so that a pattern ends with a word and not with an id."""
        return any(not pattern.endswith("}") for pattern in self.said.patterns)


def resources_by_message(world: World) -> Mapping[str, ApiResource]:
    """All resources by the full name of their message."""
    return {resource.message.full_name: resource for resource in world.all(ApiResource)}


def resources_in(schema: ProtoSchema) -> Iterator[ApiResource]:
    """The resources that the messages of a file are."""
    for message in schema.messages:
        said = resource_of(message)
        if said is not None:
            yield ApiResource(message, said)
