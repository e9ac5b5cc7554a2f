"""What an application sends and receives, by address and direction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from archlint.documents import Node
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass, replace
from archlint.finding.regex import regex
from archlint.model.asyncapi import AsyncDescription
from archlint.model.openapi import reference_text

_PARAMETER = regex(r"\{[^{}/]*+\}")
_NAMELESS = "#"
"""How a message without a name is called here: by its number."""


@dataclass(frozen=True)
class Flow:
    """What an application sends to an address, or receives from it."""

    description: AsyncDescription
    address: str
    sends: bool
    operation: Node
    channel: Node
    messages: Mapping[str, Node]
    is_reply: bool = False
    """Whether it answers what is carried at the address, the other way round."""

    @property
    def object(self) -> ObjectRef:
        """The channel by its address."""
        return ObjectRef("channel", self.address)


FlowKey = tuple[str, bool, bool]
"""The address without names of parameters, whether messages are sent, and whether they are answers."""


def flows(description: AsyncDescription) -> dict[FlowKey, Flow]:
    """What an application sends and receives; names of parameters are none of the address."""
    found: dict[FlowKey, Flow] = {}
    for flow in _third(description) if description.is_third else _second(description):
        key = without_names(flow.address), flow.sends, flow.is_reply
        known = found.get(key)
        found[key] = flow if known is None else replace(known, messages={**known.messages, **flow.messages})
    return found


def without_names(address: str) -> str:
    """An address that says where parameters stand, and not what they are called."""
    return _PARAMETER.sub("{}", address)


def names_in(address: str) -> list[str]:
    """The parameters of an address in their order."""
    return [name[1:-1] for name in _PARAMETER.findall(address)]


def is_nameless(name: str) -> bool:
    """Whether a message has no name, and is called by its number."""
    return name.startswith(_NAMELESS)


def _second(description: AsyncDescription) -> Iterator[Flow]:
    for address, entry in description.root.get("channels").items():
        channel = description.meant(entry)
        for word, sends in (("publish", False), ("subscribe", True)):
            operation = description.meant(channel.get(word))
            if operation.is_map:
                messages = {
                    _name(description, each) or f"{_NAMELESS}{number}": each
                    for number, each in enumerate(description.messages_of(operation))
                }
                yield Flow(
                    description,
                    _at_broker(description, channel, address),
                    sends,
                    operation,
                    channel,
                    messages,
                )


def _at_broker(description: AsyncDescription, channel: Node, address: str) -> str:
    """What messages are found under: in Kafka the topic that the binding names."""
    return description.effective(channel, "bindings", "kafka", "topic").text or address


def _name(description: AsyncDescription, message: Node) -> str:
    """What a message of version 2 is known by: its identifier, its name, or its key among the components."""
    stated = description.effective(message, "messageId").text or description.effective(message, "name").text
    return stated or (str(message.route[-1]) if message.route[:2] == ("components", "messages") else "")


def _third(description: AsyncDescription) -> Iterator[Flow]:
    for operation in description.operations:
        channel = description.meant(operation.get("channel"))
        address, action = channel.get("address").text, operation.get("action").text
        if address is None or action not in ("send", "receive"):
            continue
        sends, address = action == "send", _at_broker(description, channel, address)
        yield Flow(description, address, sends, operation, channel, _carried(description, operation, channel))
        reply = description.meant(operation.get("reply"))
        if reply.is_map:
            back = description.meant(reply.get("channel"))
            messages = _carried(description, reply, back)
            yield Flow(description, address, not sends, reply, back, messages, is_reply=True)


def _carried(description: AsyncDescription, owner: Node, channel: Node) -> dict[str, Node]:
    """The messages of a channel, or those of them that an operation or reply chooses."""
    chosen = [reference_text(each) or "" for each in owner.get("messages").elements()]
    names = {text.rpartition("/")[2] for text in chosen}
    return {
        name: description.meant(entry)
        for name, entry in channel.get("messages").items()
        if not chosen or name in names
    }
