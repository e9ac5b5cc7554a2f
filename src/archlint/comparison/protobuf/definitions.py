"""What a proto file defines and others name: messages, enums and services."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from archlint.model.protobuf import Enum, Message, ProtoSchema, ProtoService

Definition = Message | Enum | ProtoService


def definitions(schema: ProtoSchema) -> Iterable[Definition]:
    """All that a file defines, nested messages and enums too."""
    return chain(schema.messages, schema.enums, schema.services)
