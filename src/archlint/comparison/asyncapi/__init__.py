"""Compares AsyncAPI documents: what an application sends and receives, by address, message and payload.

What it receives is compared as a request is, what it sends as a response is: whoever sent what was right has
still to be understood, and whoever listens must get nothing that was not announced.
"""

from archlint.comparison.asyncapi.bindings import Promise
from archlint.comparison.asyncapi.changes import (
    AddressChanged,
    BindingChanged,
    DescriptionRemoved,
    EncodingChanged,
    EventChanged,
    EventRemoved,
    EventUnjudged,
    FlowRemoved,
    LocationChanged,
    SecurityNarrowed,
    ServerChanged,
    ServerUnnamed,
)
from archlint.comparison.asyncapi.compare import compare, is_promised
from archlint.comparison.asyncapi.flows import Flow

__all__ = [
    "AddressChanged",
    "BindingChanged",
    "DescriptionRemoved",
    "EncodingChanged",
    "EventChanged",
    "EventRemoved",
    "EventUnjudged",
    "Flow",
    "FlowRemoved",
    "LocationChanged",
    "Promise",
    "SecurityNarrowed",
    "ServerChanged",
    "ServerUnnamed",
    "compare",
    "is_promised",
]
