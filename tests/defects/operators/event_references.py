"""References of AsyncAPI documents that lead nowhere, or round over the documents of two services."""

from __future__ import annotations

from collections.abc import Iterator

from tests.defects.defects import Defect, seeds
from tests.defects.marked import marked
from tests.metamorphic.repositories import Files

_EVENTS = ("CartFilled", "OrderPlaced", "ParcelSent", "CustomerMoved")


def _document(event: str, target: str, mark: str) -> str:
    return f"""\
asyncapi: 3.0.0
info: {{title: {event} events, version: "1"}}
channels:
  {event}:
    $ref: "{target}"{mark}
components:
  channels:
    {event}: {{address: {event}}}
"""


@seeds("asyncapi-reference-broken")
def to_nothing(files: Files) -> Iterator[Defect]:
    """A channel that another name means, or another file."""
    for event in _EVENTS:
        for target in (f"#/components/channels/{event}s", f"#/components/channel/{event}", "events.yaml"):
            made = {"services/orders/asyncapi.yaml": _document(event, target, " #HERE")}
            yield marked(files, f"{event} as {target}", made)


@seeds("asyncapi-reference-broken")
def to_each_other(files: Files) -> Iterator[Defect]:
    """Channels of two documents of which each says that the other one has it."""
    for event in _EVENTS:
        for here, there in (("orders", "mail"), ("carts", "orders"), ("stock", "bills")):
            made = {
                f"services/{own}/asyncapi.yaml": _document(
                    event, f"../{other}/asyncapi.yaml#/channels/{event}", " #HERE"
                )
                for own, other in ((here, there), (there, here))
            }
            yield marked(files, f"{event} of {here} and {there}", made)
