"""Columns as the protobuf compiler counts them, as columns in code points.

Its tokenizer counts bytes of UTF-8 from 0 and lets a tab go on to the next multiple of 8.
"""

from __future__ import annotations

_TAB = 8


def code_point_column(line: str, column: int) -> int:
    """The 1-based code point column of the compiler's 0-based ``column`` in a line; behind the line's end,
    the place just after it."""
    if line.isascii() and "\t" not in line:
        return min(column, len(line)) + 1
    reached = 0
    for index, character in enumerate(line):
        if reached >= column:
            return index + 1
        reached += (
            _TAB - reached % _TAB if character == "\t" else len(character.encode("utf-8", "surrogatepass"))
        )
    return len(line) + 1
