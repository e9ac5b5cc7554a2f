"""Events and calls that consumers expect in Pact files, and that contracts describe otherwise."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from tests.defects.defects import Defect, line_of, seeds
from tests.metamorphic.repositories import Files

_EVENTS = "contracts/asyncapi/orders.yaml"
_PACT = "services/notifications/pacts/notifications-orders.json"
_HEAD = """\
asyncapi: 3.0.0
info: {title: Orders, version: 1.0.0}
channels:
  placed:
    address: orders.placed
    messages: {OrderPlaced: {$ref: "#/components/messages/OrderPlaced"}}
operations:
  tellPlaced: {action: send, channel: {$ref: "#/channels/placed"}}
components:
  messages:
    OrderPlaced:
      name: OrderPlaced
      payload:
        type: object
        required: [eventId]
        properties:
"""
_FIELDS = (
    *(("eventId", "string"), ("orderId", "string"), ("customer", "string"), ("total", "integer")),
    *(("currency", "string"), ("placedAt", "string"), ("isGift", "boolean"), ("items", "integer")),
)
_VALUES = {"string": "x", "integer": 7, "boolean": True}
_CALL = re.compile(r"rpc (\w+)\((\w+)\) returns \((?:stream )?([\w.]+)\)")


def _described(fields: list[tuple[str, str]]) -> str:
    return _HEAD + "".join(f"          {name}: {{type: {kind}}}\n" for name, kind in fields)


@seeds("pact-message-impossible")
def event_read_otherwise(files: Files) -> Iterator[Defect]:
    """An event without a field that a consumer reads, or with values of another type."""
    body = {name: _VALUES[kind] for name, kind in _FIELDS}
    for number, (name, kind) in enumerate(_FIELDS):
        other = "boolean" if kind != "boolean" else "string"
        for what, instead in (
            (f"{name} is gone", []),
            (f"{name} is {other}", [(name, other)]),
            (f"{name} is called otherwise", [(f"{name}Text", kind)]),
        ):
            fields = [*_FIELDS[:number], *instead, *_FIELDS[number + 1 :]]
            message = {
                "description": "an order was placed",
                "contents": body,
                "matchingRules": {"body": {"$": {"matchers": [{"match": "type"}]}}},
                "metaData": {"contentType": "application/json", "messageType": "OrderPlaced"},
            }
            pact = {
                "consumer": {"name": "notifications"},
                "provider": {"name": "orders"},
                "messages": [message],
                "metadata": {"pactSpecification": {"version": "3.0.0"}},
            }
            made, text = _described(fields), json.dumps(pact, indent=2) + "\n"
            lines = range(line_of(made, made.index("      payload:")), made.count("\n") + 1)
            yield Defect(
                what,
                {**files, _EVENTS: made, _PACT: text},
                frozenset((_EVENTS, line) for line in lines),
                frozenset({(_PACT, line_of(text, text.index(f'"{name}"')))}),
            )


@seeds("pact-call-impossible")
def method_called_otherwise(files: Files) -> Iterator[Defect]:
    """A call of a method that the service does not have, and a field that no message has."""
    for path, text in sorted(files.items()):
        if not path.endswith(".proto"):
            continue
        package = re.search(r"(?m)^package ([\w.]+);", text)
        services = list(re.finditer(r"(?m)^service (\w+)", text))
        for call in _CALL.finditer(text) if package else ():
            service = [each for each in services if each.start() < call.start()][-1]
            for what, wanted, field in _slips(call):
                home = service if field is None else re.search(rf"(?m)^message {call[3]} ", text)
                if home is not None and package is not None:
                    pact = f"services/storefront/pacts/storefront-{service[1].lower()}.json"
                    rules = {} if field is None else {f"$.{field}": {"matchers": [{"match": "type"}]}}
                    made = _called(f"{package[1]}.{service[1]}/{wanted}", rules)
                    seen = '"service"' if field is None else '"body"'
                    yield Defect(
                        what,
                        {**files, pact: made},
                        frozenset({(path, line_of(text, home.start()))}),
                        frozenset({(pact, line_of(made, made.index(seen)))}),
                    )


def _slips(call: re.Match[str]) -> Iterator[tuple[str, str, str | None]]:
    """What is done, the method that is called, and a field that the answer does not have."""
    method = call[1]
    yield f"{method} is called Do{method}", f"Do{method}", None
    yield f"{method} is called {method}V2", f"{method}V2", None
    yield f"the answer of {method} has a colour", method, "colour_of_it"


def _called(service: str, rules: object) -> str:
    """A Pact file with one call."""
    interaction = {
        "type": "Synchronous/Messages",
        "description": "a call",
        "transport": "grpc",
        "pluginConfiguration": {"protobuf": {"service": service}},
        "request": {"contents": {"content": ""}},
        "response": [{"contents": {"content": ""}, "matchingRules": {"body": rules}}],
    }
    pact = {
        "consumer": {"name": "storefront"},
        "provider": {"name": "shop"},
        "interactions": [interaction],
        "metadata": {"pactSpecification": {"version": "4.0"}},
    }
    return json.dumps(pact, indent=2) + "\n"
