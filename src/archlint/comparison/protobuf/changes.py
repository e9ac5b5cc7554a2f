"""The ways in which proto files change; ``base`` is the older side, ``above`` what still stands above it."""

from __future__ import annotations

from enum import IntEnum

from archlint.comparison.protobuf.definitions import Definition
from archlint.comparison.protobuf.narrowing import LostValue
from archlint.finding import ObjectRef, Place
from archlint.finding.records import dataclass
from archlint.model.protobuf import Enum, EnumValue, Field, Message, ProtoSchema, ProtoService, Reserved, Rpc


class Breaks(IntEnum):
    """How deep a change cuts; a higher number includes the lower ones.

    After https://protobuf.dev/programming-guides/proto3/#updating and the JSON mapping of the same site.
    """

    SOURCE = 1
    """Programs must be changed when their generated code is renewed; what is sent stays readable."""
    JSON = 2
    """Data in the JSON format is read wrong or refused; the binary format stays readable."""
    WIRE = 3
    """Binary data is read wrong, refused or lost."""


@dataclass(frozen=True)
class PackageChanged:
    """Files whose package has another name; pairs of the older and the newer file."""

    pairs: tuple[tuple[ProtoSchema, ProtoSchema], ...]
    is_left: bool
    """Whether other files are in the old package still."""

    @property
    def object(self) -> ObjectRef:
        """The package by its old name."""
        return ObjectRef("package", self.pairs[0][0].package)


@dataclass(frozen=True)
class FileMoved:
    """Files of one folder that are in another one, or have another name; older and newer of each."""

    pairs: tuple[tuple[ProtoSchema, ProtoSchema], ...]
    names: tuple[tuple[str, str], ...]
    """What each is imported as, before and now."""

    @property
    def object(self) -> ObjectRef:
        """The first of the files by its old name, which stands for all."""
        return ObjectRef("file", self.names[0][0])


@dataclass(frozen=True)
class DefinitionsMoved:
    """Definitions that left a file which stays, for another one; older and newer self of each."""

    stays: ProtoSchema
    pairs: tuple[tuple[Definition, Definition], ...]
    name: str
    """What the file is imported as that they left."""
    other: str
    """What the file is imported as that they are in."""
    imported_as: str
    """What the file that they left imports the other one as, for itself alone; empty if it does not."""
    needs_it: bool
    """Whether the other file imports the one that they left, at whatever distance, and cannot be imported
    back."""

    @property
    def object(self) -> ObjectRef:
        """The first of them, which stands for all."""
        return self.pairs[0][0].object


@dataclass(frozen=True)
class ProtoFileRemoved:
    """A file that is gone, with definitions that are nowhere else; of a package that is gone all its
    files."""

    base: tuple[ProtoSchema, ...]
    names: tuple[str, ...]
    """Full names of the top-level definitions that are lost."""
    above: Place
    is_package: bool
    """Whether nothing of the package is left."""

    @property
    def object(self) -> ObjectRef:
        """The package, else the first of the lost definitions, which stands for all."""
        package = self.base[0].package
        return ObjectRef("package", package) if self.is_package else ObjectRef("definition", self.names[0])


class _Gone:
    """What is gone with all that it held."""

    base: Message | Enum | ProtoService

    @property
    def object(self) -> ObjectRef:
        """What is gone."""
        return self.base.object


@dataclass(frozen=True)
class MessageRemoved(_Gone):
    """A message that is gone; ``renamed`` is a new one with its fields."""

    base: Message
    above: Place
    renamed: Message | None = None


@dataclass(frozen=True)
class EnumRemoved(_Gone):
    """An enum that is gone; ``renamed`` is a new one with its values."""

    base: Enum
    above: Place
    renamed: Enum | None = None


@dataclass(frozen=True)
class ServiceRemoved(_Gone):
    """A service that is gone; ``renamed`` is a new one with its methods."""

    base: ProtoService
    above: Place
    renamed: ProtoService | None = None


@dataclass(frozen=True)
class InMessage:
    """A change inside a message that exists on both sides; ``message`` is the newer one."""

    message: Message

    @property
    def object(self) -> ObjectRef:
        """The message."""
        return self.message.object


@dataclass(frozen=True)
class FieldRemoved(InMessage):
    """A field whose name and number are both gone."""

    base: Field
    beside: tuple[Field, ...] = ()
    """It and fields that are gone with it, which may be reserved together."""

    @property
    def is_number_reserved(self) -> bool:
        """Whether the number cannot be used again."""
        return self.message.reserved.has_number(self.base.number)

    @property
    def is_name_reserved(self) -> bool:
        """Whether the name cannot be used again."""
        return self.base.name in self.message.reserved.names


@dataclass(frozen=True)
class FieldNumberReused(InMessage):
    """A number, or a reserved name, that means something else now; ``base`` is ``None`` if it was
    reserved."""

    base: Field | None
    revision: Field
    version: str | None = None
    """The version that the older side is, if it is not the one that the newer is compared with anyway."""


@dataclass(frozen=True)
class FieldNumberChanged(InMessage):
    """A field that keeps its name and has another number."""

    base: Field
    revision: Field
    taken_by: str = ""
    """The name of the field that has the old number now."""


@dataclass(frozen=True)
class FieldRenamed(InMessage):
    """A field that keeps number and type and has another name."""

    base: Field
    revision: Field


@dataclass(frozen=True)
class FieldTypeChanged(InMessage):
    """A field with another type."""

    base: Field
    revision: Field
    breaks: Breaks
    narrowing: LostValue | None = None
    """A value that is lost although the two types are sent alike."""
    version: str | None = None
    """The version that the older side is, if it is not the one that the newer is compared with anyway."""

    @property
    def texts(self) -> tuple[str, str]:
        """The older and the newer type, told apart also where both have one name."""
        old, new = self.base, self.revision
        if old.type_text != new.type_text:
            return old.type_text, new.type_text
        return old.kind_text, new.kind_text

    @property
    def is_encoding(self) -> bool:
        """Whether it is the same message, which is only sent in another way."""
        kinds = {self.base.type, self.revision.type}
        return kinds == {"group", "message"} and self.base.type_name == self.revision.type_name


@dataclass(frozen=True)
class FieldLabelChanged(InMessage):
    """A field that occurs more or less often than before, or whose presence is or is no longer known."""

    base: Field
    revision: Field
    breaks: Breaks
    version: str | None = None
    """The version that the older side is, if it is not the one that the newer is compared with anyway."""


@dataclass(frozen=True)
class JsonNameChanged(InMessage):
    """A field that keeps its name and has another one in JSON."""

    base: Field
    revision: Field


@dataclass(frozen=True)
class OneofChanged(InMessage):
    """Fields that moved into a oneof, out of one, or from one to another."""

    base: tuple[Field, ...]
    revision: tuple[Field, ...]
    breaks: Breaks


@dataclass(frozen=True)
class RequiredFieldAdded(InMessage):
    """A new field that is required."""

    revision: Field
    version: str | None = None
    """The version that the older side is, if it is not the one that the newer is compared with anyway."""


@dataclass(frozen=True)
class ReservationRemoved:
    """Numbers or names of a message or enum that were reserved and are neither reserved nor used now."""

    base: Message | Enum
    revision: Message | Enum
    freed: Reserved

    @property
    def object(self) -> ObjectRef:
        """The message or enum."""
        return self.revision.object


@dataclass(frozen=True)
class InEnum:
    """A change inside an enum that exists on both sides; ``enum`` is the newer one."""

    enum: Enum

    @property
    def object(self) -> ObjectRef:
        """The enum."""
        return self.enum.object


@dataclass(frozen=True)
class EnumValueRemoved(InEnum):
    """A value whose name and number are both gone; ``enum`` is the newer one."""

    base: EnumValue
    beside: tuple[EnumValue, ...] = ()
    """It and values that are gone with it, which may be reserved together."""

    @property
    def is_number_reserved(self) -> bool:
        """Whether the number cannot be used again."""
        return self.enum.reserved.has_number(self.base.number)

    @property
    def is_name_reserved(self) -> bool:
        """Whether the name cannot be used again."""
        return self.base.name in self.enum.reserved.names


@dataclass(frozen=True)
class EnumValueChanged(InEnum):
    """A value that keeps its number and has another name, or the other way round; ``enum`` is the newer
    one."""

    base: EnumValue
    revision: EnumValue
    is_number_gone: bool = False
    """Whether no value has the old number any more."""
    is_taken: bool = False
    """Whether its new number was that of a value which has another one now."""
    is_alias: bool = False
    """Whether the newer name stood beside the older one before, so that one of several names is gone."""
    version: str | None = None
    """The version that the older side is, if it is not the one that the newer is compared with anyway."""


@dataclass(frozen=True)
class JsonNameForgotten:
    """A field or value that is gone for good, its number and name reserved, and whose name older programs
    still write in JSON; ``holder`` is the newer message or enum."""

    holder: Message | Enum
    base: Field | EnumValue

    @property
    def object(self) -> ObjectRef:
        """The message or enum."""
        return self.holder.object


@dataclass(frozen=True)
class _InService:
    """A change inside a service that exists on both sides; ``service`` is the newer one."""

    service: ProtoService

    @property
    def object(self) -> ObjectRef:
        """The service."""
        return self.service.object


@dataclass(frozen=True)
class RpcRemoved(_InService):
    """A method that is gone; ``service`` is the newer one."""

    base: Rpc


@dataclass(frozen=True)
class RpcChanged(_InService):
    """A method with another request or response; ``service`` is the newer one."""

    base: Rpc
    revision: Rpc
    part: str
    """``input``, ``output``, ``client_streaming`` or ``server_streaming``."""
    breaks: Breaks
