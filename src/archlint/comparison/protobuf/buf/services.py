"""Services as buf compares them."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.comparison.protobuf.buf.elements import Element, is_same_type
from archlint.comparison.protobuf.buf.verdicts import BufVerdict, changed, gone

_IDEMPOTENCY = ("IDEMPOTENCY_UNKNOWN", "NO_SIDE_EFFECTS", "IDEMPOTENT")
_INPUT, _OUTPUT, _LEVEL = (2,), (3,), (4, 34)


def compare_services(old: Element, new: Element) -> Iterator[BufVerdict]:
    """What buf says of a service that both revisions have."""
    left = {method.name: at for at, method in enumerate(new.item.method)}
    for at, method in enumerate(old.item.method):
        name = f"Method '{method.name}' of service '{new.name}'"
        before = _method(old, at)
        if method.name not in left:
            yield gone("RPC_NO_DELETE", name, new.place(), before.place())
        else:
            yield from _compare(before, _method(new, left[method.name]), name)


def _method(service: Element, at: int) -> Element:
    item = service.item.method[at]
    return Element(service.source, (*service.path, 2, at), item, item.name, service.features)


def _compare(old: Element, new: Element, name: str) -> Iterator[BufVerdict]:
    was, now = old.item, new.item
    inputs = was.input_type[1:], now.input_type[1:]
    outputs = was.output_type[1:], now.output_type[1:]
    if not is_same_type(old, new, inputs):
        yield changed("RPC_SAME_REQUEST_TYPE", name, (new.place(_INPUT), old.place(_INPUT)), inputs)
    if not is_same_type(old, new, outputs):
        yield changed("RPC_SAME_RESPONSE_TYPE", name, (new.place(_OUTPUT), old.place(_OUTPUT)), outputs)
    both = (new.place(), old.place())
    if was.client_streaming != now.client_streaming:
        words = ["a stream of requests" if each.client_streaming else "one request" for each in (was, now)]
        yield changed("RPC_SAME_CLIENT_STREAMING", name, both, words)
    if was.server_streaming != now.server_streaming:
        words = ["a stream of responses" if each.server_streaming else "one response" for each in (was, now)]
        yield changed("RPC_SAME_SERVER_STREAMING", name, both, words)
    levels = was.options.idempotency_level, now.options.idempotency_level
    if levels[0] != levels[1]:
        places = (new.part(_LEVEL), old.place(_LEVEL))
        words = [_IDEMPOTENCY[each] if each < len(_IDEMPOTENCY) else str(each) for each in levels]
        yield changed("RPC_SAME_IDEMPOTENCY_LEVEL", name, places, words)
