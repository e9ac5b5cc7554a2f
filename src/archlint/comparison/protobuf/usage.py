"""Which messages callers send, and which they get: what is reachable from the methods of all services.

A field that is said to be output only is in no request, and one that is input only in no response.
"""

from __future__ import annotations

from collections.abc import Sequence

from archlint.documents.proto.graph import reachable
from archlint.finding.records import dataclass
from archlint.model.protobuf import Message, ProtoSchema
from archlint.model.protobuf.annotations import FieldBehavior, behaviors_of


@dataclass(frozen=True, slots=True)
class Usage:
    """The full names of messages by what they are used for."""

    sent: frozenset[str]
    """In requests."""
    received: frozenset[str]
    """In responses."""

    def is_sent(self, name: str) -> bool:
        """Whether a message may be sent to the provider; so may one that no method uses."""
        return name in self.sent or name not in self.received


def usage_of(schemas: Sequence[ProtoSchema]) -> Usage:
    """How the messages of some files are used by the methods in them."""
    messages = [message for schema in schemas for message in schema.messages]
    rpcs = [rpc for schema in schemas for service in schema.services for rpc in service.rpcs]
    sent, received = (
        {message.full_name: _parts(message, behavior) for message in messages}
        for behavior in (FieldBehavior.OUTPUT_ONLY, FieldBehavior.INPUT_ONLY)
    )
    return Usage(
        frozenset(reachable(sent, {rpc.input for rpc in rpcs})),
        frozenset(reachable(received, {rpc.output for rpc in rpcs})),
    )


def _parts(message: Message, without: FieldBehavior) -> frozenset[str]:
    """The messages that stand in one, without those of fields of a behaviour."""
    fields = [field for field in message.fields if field.type in ("message", "group")]
    if message.source.may_say("field_behavior"):
        fields = [field for field in fields if without not in behaviors_of(field)]
    return frozenset(field.type_name for field in fields)
