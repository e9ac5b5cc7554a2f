"""Two applications that describe one event otherwise, so that what one sends is refused by the other."""

from __future__ import annotations

from collections.abc import Iterator

from tests.defects.defects import Defect, seeds
from tests.defects.marked import marked
from tests.metamorphic.repositories import Files

_EVENTS = ("OrderPlaced", "ParcelSent", "CartFilled", "CustomerMoved", "PriceChanged")
_FIELDS = (
    ("count", "{type: integer}", "{type: string}"),
    ("price", "{type: number}", "{type: integer}"),
    ("state", "{enum: [open, paid, lost]}", "{enum: [open, paid]}"),
    ("note", "{type: string}", "{type: string, maxLength: 200}"),
    ("tags", "{type: array, items: {type: string}}", "{type: array, items: {type: integer}}"),
)
_SERVERS = {
    2: "servers: {main: {url: 'nats://nats.shop-data:4222', protocol: nats}}",
    3: "servers: {main: {host: 'nats.shop-data:4222', protocol: nats}}",
}


def _schema(fields: dict[str, str], required: tuple[str, ...], spoilt: str, mark: str) -> str:
    marks = {name: mark if name == spoilt else "" for name in (*fields, *required)}
    lines = [f"          {name}: {schema}{marks[name]}" for name, schema in fields.items()]
    asked = [f"          - {name}{marks[name]}" for name in required]
    parts = ["        type: object", "        required:", *asked, "        properties:", *lines]
    return "\n".join(parts) + "\n"


def _document(version: int, title: str, event: str, *, sends: bool, schema: str) -> str:
    """An application that sends or receives one event, in the words of its version."""
    address = f"shop.{event.lower()}"
    if version == 2:
        word = "subscribe" if sends else "publish"
        ways = f"channels:\n  {address}: {{{word}: {{message: {{$ref: '#/components/messages/{event}'}}}}}}\n"
        head = "asyncapi: 2.6.0"
    else:
        action = "send" if sends else "receive"
        carried = f"messages: {{{event}: {{$ref: '#/components/messages/{event}'}}}}"
        ways = (
            f"channels:\n  events: {{address: {address}, {carried}}}\n"
            f"operations:\n  do: {{action: {action}, channel: {{$ref: '#/channels/events'}}}}\n"
        )
        head = "asyncapi: 3.0.0"
    message = f"components:\n  messages:\n    {event}:\n      payload:\n{schema}"
    return f'{head}\ninfo: {{title: {title}, version: "1"}}\n{_SERVERS[version]}\n{ways}{message}'


def _both(files: Files, what: str, event: str, versions: tuple[int, int], schemas: tuple[str, str]) -> Defect:
    sent, taken = schemas
    return marked(
        files,
        what,
        {
            "services/orders/asyncapi.yaml": _document(versions[0], "Orders", event, sends=True, schema=sent),
            "services/notifications/asyncapi.yaml": _document(
                versions[1], "Notifications", event, sends=False, schema=taken
            ),
        },
    )


@seeds("asyncapi-payload-refused")
def member_refused(files: Files) -> Iterator[Defect]:
    """A member whose values the receiver does not take."""
    ways = ((2, 2), (3, 3), (2, 3), (3, 2))
    for number, event in enumerate(_EVENTS):
        for at, (name, _, taken) in enumerate(_FIELDS):
            fields = {"id": "{type: string}"} | {each: schema for each, schema, _ in _FIELDS}
            sides = (
                _schema(fields, ("id",), name, " #OTHER"),
                _schema(fields | {name: taken}, ("id",), name, " #HERE"),
            )
            yield _both(files, f"{name} of {event}", event, ways[(number + at) % 4], sides)


@seeds("asyncapi-payload-refused")
def member_asked_for(files: Files) -> Iterator[Defect]:
    """A member that the receiver asks for, and that may be left out where it is sent."""
    for event in _EVENTS:
        for name, schema, _ in _FIELDS[:2]:
            fields = {"id": "{type: string}", name: schema}
            sent = _schema(fields, ("id",), name, "").replace("required:", "required: #OTHER")
            sides = sent, _schema(fields, ("id", name), name, " #HERE")
            yield _both(files, f"{name} of {event} is asked for", event, (3, 2), sides)
