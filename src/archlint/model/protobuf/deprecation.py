"""What proto files mark as deprecated."""

from __future__ import annotations

from archlint.documents.proto import ProtoFile
from archlint.finding import Route

# Numbers of ``deprecated`` in the options of each kind of element, from google/protobuf/descriptor.proto.
_DEPRECATED = {
    "message": 3,
    "field": 3,
    "extension": 3,
    "enum": 3,
    "value": 1,
    "service": 33,
    "rpc": 33,
}


def is_deprecated(source: ProtoFile, route: Route) -> bool:
    """Whether an element says of itself that it should not be used any more."""
    number = _DEPRECATED.get(str(route[-2])) if len(route) > 1 else None
    return number is not None and source.said(route).numbers(number)[-1:] == [1]
