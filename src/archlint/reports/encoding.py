"""JSON for reports: fast, deterministic, one list entry a line, and valid whatever the input holds."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from json.encoder import encode_basestring as quoted
from typing import Any

from archlint.reports.characters import safe_json

__all__ = ["encode", "encode_list", "listed", "plain", "quoted"]

_LARGEST_INTEGER = 10**4000
"""Python refuses to write integers of more than 4,300 digits."""


_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
"""``json.dumps`` would make an encoder for each of the findings."""


def encode(value: Any) -> str:
    """One value on one line."""
    return safe_json(_encode(value))


def encode_list(values: Iterable[Any], indent: str = "") -> str:
    """A list with one entry a line, so that reports can be compared line by line."""
    return listed(map(encode, values), indent)


def listed(entries: Iterable[str], indent: str = "") -> str:
    """A list of entries that are encoded already, with one a line."""
    lines = list(entries)
    if not lines:
        return "[]"
    # not around what is joined: that may be 100 MB, and would be copied
    lines[0] = f"[\n{indent} {lines[0]}"
    lines[-1] += f"\n{indent}]"
    return f",\n{indent} ".join(lines)


def plain(value: Any) -> Any:
    """A value seen in a document as JSON can hold it: no infinities, no exotic types, no endless numbers."""
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int):
        return value if abs(value) < _LARGEST_INTEGER else f"an integer of {value.bit_length()} bits"
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    return str(value)
