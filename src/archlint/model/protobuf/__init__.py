"""Protobuf: what the compiled files define, by full name."""

from archlint.model.protobuf.elements import (
    Enum,
    EnumValue,
    Field,
    Label,
    Message,
    ProtoSchema,
    Reserved,
    Rpc,
    Service,
)
from archlint.model.protobuf.package import Package
from archlint.model.protobuf.schemas import protos, schemas

__all__ = [
    "Enum",
    "EnumValue",
    "Field",
    "Label",
    "Message",
    "Package",
    "ProtoSchema",
    "Reserved",
    "Rpc",
    "Service",
    "protos",
    "schemas",
]
