"""Channels that are at another address, and answers that go, or are told apart, in another way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from archlint.comparison.asyncapi.changes import AddressChanged, LocationChanged
from archlint.comparison.asyncapi.flows import Flow, FlowKey

_Sign = tuple[tuple[str, str], bool, bool]
"""What a flow is told by, whether it is sent, and whether it is an answer."""


def moves(before: Mapping[FlowKey, Flow], after: Mapping[FlowKey, Flow]) -> dict[FlowKey, Flow]:
    """Flows of addresses that are gone, and what goes on for them at an address that is new.

    They have the name of the channel or operation in common, or else carry the very same payloads, and no
    other flow of either side does.
    """
    gone, come = _lone(before, after), _lone(after, before)
    found: dict[FlowKey, Flow] = {}
    taken: set[FlowKey] = set()
    for sign in sorted(gone.keys() & come.keys()):
        key, other = gone[sign], come[sign]
        if key not in found and other not in taken:
            found[key] = after[other]
            taken.add(other)
    return found


def reply_changes(old: Flow, new: Flow) -> Iterator[object]:
    """An answer that goes to another channel, or to an address that is read from somewhere else."""
    addresses = [flow.channel.get("address") for flow in (old, new)]
    if all(each.text is not None for each in addresses) and addresses[0].value != addresses[1].value:
        yield AddressChanged(old, new)
    first, second = (
        flow.description.meant(flow.operation.get("address")).get("location") for flow in (old, new)
    )
    if first.text is not None and first.value != second.value:
        yield LocationChanged(old, new, "address for the answer", first, second)


def _lone(flows: Mapping[FlowKey, Flow], others: Mapping[FlowKey, Flow]) -> dict[_Sign, FlowKey]:
    """The flows without counterpart, by each sign that no other of them has."""
    addresses = {address for address, _, _ in others}
    found: dict[_Sign, list[FlowKey]] = {}
    for key, flow in flows.items():
        if key[0] not in addresses:
            for sign in _signs(flow):
                found.setdefault((sign, flow.sends, flow.is_reply), []).append(key)
    return {sign: same[0] for sign, same in found.items() if len(same) == 1}


def _signs(flow: Flow) -> Iterator[tuple[str, str]]:
    """What tells a flow from others whatever its address is; names sort before payloads."""
    operation = flow.operation
    if flow.description.is_third:
        yield "channel", str(flow.channel.route[-1])
        yield "operation", str(operation.route[1] if len(operation.route) > 1 else operation.route)
    elif operation.get("operationId").text:
        yield "operation", str(operation.get("operationId").text)
    payloads = [flow.description.stated(message, "payload") for message in flow.messages.values()]
    if payloads and all(each.is_map for each in payloads):
        yield "payload", repr(sorted(repr(each.value) for each in payloads))
