"""JSON for what is kept: by the standard library, or where there is very much of it by orjson.

orjson takes a sixth of the time, and as long to be imported as the standard library takes for a megabyte. It
writes numbers of any size, and what is no number, otherwise or not at all, so it is for data in which texts
and small numbers alone are found.
"""

from __future__ import annotations

import json
from typing import Any

MUCH = 4_000_000
"""Bytes from which on it pays."""
_BY_LIBRARY = b" "
"""What begins a text that is for the standard library alone."""


def encoded(value: Any) -> bytes:
    """Data of which there is much. Halves of surrogate pairs, as names of files may hold, are escaped."""
    try:
        import orjson

        return orjson.dumps(value)
    except (ImportError, TypeError):
        return _BY_LIBRARY + json.dumps(value, default=str).encode()


def decoded(text: bytes) -> Any:
    """What was encoded, here or by the standard library; raises ``ValueError`` for what is no JSON."""
    if len(text) < MUCH or text.startswith(_BY_LIBRARY):
        return json.loads(text)
    try:
        import orjson
    except ImportError:
        return json.loads(text)
    return orjson.loads(text)
