"""Protobuf: what the compiled files define, by full name."""

from archlint.model.protobuf.fields import Field, Label, Reserved
from archlint.model.protobuf.modules import ProtoModule, buf_modules, wanted_lint
from archlint.model.protobuf.schemas import (
    Enum,
    EnumValue,
    Message,
    Package,
    ProtoSchema,
    ProtoService,
    Rpc,
    protos,
    schemas,
)

__all__ = [
    "Enum",
    "EnumValue",
    "Field",
    "Label",
    "Message",
    "Package",
    "ProtoModule",
    "ProtoSchema",
    "ProtoService",
    "Reserved",
    "Rpc",
    "buf_modules",
    "protos",
    "schemas",
    "wanted_lint",
]
