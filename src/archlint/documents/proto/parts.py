"""Where the parts of an element stand in its descriptor, by the numbers of google/protobuf/descriptor.proto.

Those of annotations are the numbers by which google/api/*.proto and google/longrunning extend
the options.
"""

from __future__ import annotations

Path = tuple[int, ...]
"""Field numbers and indexes from the file's descriptor down, as in ``SourceCodeInfo.Location.path``."""

FIELD_PARTS: dict[str, Path] = {
    "extendee": (2,),
    "number": (3,),
    "label": (4,),
    "type": (5,),
    "type_name": (6,),
    "default": (7,),
    "json_name": (10,),
    "behavior": (8, 1052, 0),
    "reference": (8, 1055),
}
_MOST_SIGNATURES = 16
PARTS: dict[str, dict[str, Path]] = {
    "field": FIELD_PARTS,
    "extension": FIELD_PARTS,
    "rpc": {
        "input": (2,),
        "output": (3,),
        "client_streaming": (5,),
        "server_streaming": (6,),
        "http": (4, 72295728),
        "operation_info": (4, 1049),
        **{f"signature-{at}": (4, 1051, at) for at in range(_MOST_SIGNATURES)},
    },
    "value": {"number": (2,)},
    "message": {"resource": (7, 1053)},
    "enum": {"allow_alias": (3, 2)},
}
"""Where the parts of an element stand below it."""
