"""Rules of protovalidate that fields and messages carry: what they say, and where.

Source: https://protovalidate.com/reference/rules/
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

from archlint.documents.proto import ProtoFile
from archlint.documents.proto.option_places import OptionPlaces
from archlint.documents.proto.options import OptionValues, decoded
from archlint.documents.proto.public_modules import VALIDATION, option_types
from archlint.finding import ObjectRef, Place, Route
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.protobuf.fields import Field
from archlint.model.protobuf.schemas import Message, ProtoSchema, schemas
from archlint.model.world import World

RULES, PREDEFINED = 1159, 1160
"""Numbers of the options: rules of a field, message or oneof, and rules that an extension stands for."""
_MARK = "buf/validate/"
_SET = regex(
    r"^(?:[^\n/*(]|\((?!buf\.validate\.))*+\(buf\.validate\.(?:field|message|predefined)\)", re.MULTILINE
)
"""An option outside of comments."""
_FIELD_OPTIONS, _MESSAGE_OPTIONS = 8, 7
_FIELD_RULES, _MESSAGE_RULES, _PREDEFINED_RULES = "FieldRules", "MessageRules", "PredefinedRules"

Numbers = tuple[int, ...]
"""A way below an option, by the numbers of fields and the indexes of what is in lists."""


class Validated:
    """What has an option of protovalidate."""

    def __init__(
        self, file: ValidatedFile, route: Route, option: Numbers, said: OptionValues, root: str
    ) -> None:
        self.source = file.source
        self.route = route
        self.said = said
        self._file = file
        self._option = option
        self.root = root

    def place(self, numbers: Numbers) -> Place:
        """Where a part of the option is said."""
        places = self._file.places(self._option[-1], self.root)
        return Place(self.source, self.route, at=places.span(self.route, self._option, numbers))


class ValidatedField(Validated):
    """A field or extension with rules."""

    def __init__(self, file: ValidatedFile, field: Field, said: OptionValues) -> None:
        super().__init__(file, field.route, (_FIELD_OPTIONS, RULES), said, _FIELD_RULES)
        self.field = field


class ValidatedMessage(Validated):
    """A message with rules."""

    def __init__(self, file: ValidatedFile, message: Message, said: OptionValues) -> None:
        super().__init__(file, message.route, (_MESSAGE_OPTIONS, RULES), said, _MESSAGE_RULES)
        self.message = message


class PredefinedRule(Validated):
    """An extension of a message of rules, with expressions for those who set it."""

    def __init__(self, file: ValidatedFile, extension: Field, said: OptionValues) -> None:
        super().__init__(file, extension.route, (_FIELD_OPTIONS, PREDEFINED), said, _PREDEFINED_RULES)
        self.extension = extension


@dataclass(frozen=True)
class ValidatedFile:
    """A file that uses protovalidate."""

    schema: ProtoSchema
    object: ObjectRef | None = None

    @classmethod
    def all(cls, world: World) -> Iterable[ValidatedFile]:
        """Every file that imports the options of protovalidate."""
        return [
            cls(schema)
            for schema in world.reading(schemas)
            if any(item.name.startswith(_MARK) for item in schema.source.imports)
        ]

    @property
    def source(self) -> ProtoFile:
        """The file."""
        return self.schema.source

    @property
    def is_read(self) -> bool:
        """Whether its options are known: not where it sets newer ones, or those of a missing import."""
        return bool(self.fields or self.messages or self.predefined) or not _SET.search(self.source.text)

    @cached_property
    def fields(self) -> tuple[ValidatedField, ...]:
        """Its fields and extensions with rules."""
        own = [field for message in self.schema.messages for field in message.fields]
        return tuple(
            ValidatedField(self, field, said)
            for field in (*own, *self.schema.extensions)
            if (said := self._said(field.route, RULES, _FIELD_RULES)) is not None
        )

    @cached_property
    def messages(self) -> tuple[ValidatedMessage, ...]:
        """Its messages with rules of their own."""
        return tuple(
            ValidatedMessage(self, message, said)
            for message in self.schema.messages
            if (said := self._said(message.route, RULES, _MESSAGE_RULES)) is not None
        )

    @cached_property
    def predefined(self) -> tuple[PredefinedRule, ...]:
        """Its extensions that stand for expressions."""
        return tuple(
            PredefinedRule(self, extension, said)
            for extension in self.schema.extensions
            if (said := self._said(extension.route, PREDEFINED, _PREDEFINED_RULES)) is not None
        )

    def _said(self, route: Route, number: int, root: str) -> OptionValues | None:
        parts = self.source.said(route).parts(number)
        return decoded(b"".join(parts), option_types(VALIDATION), root) if parts else None

    def places(self, number: int, root: str) -> OptionPlaces:
        """The places of one option in the file."""
        if (number, root) not in self._places:
            self._places[number, root] = OptionPlaces(self.source, option_types(VALIDATION), number, root)
        return self._places[number, root]

    @cached_property
    def _places(self) -> dict[tuple[int, str], OptionPlaces]:
        return {}
