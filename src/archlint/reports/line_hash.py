"""Line hashes as GitHub code scanning makes them to recognise an alert whose line moved.

The algorithm is that of github/codeql-action (``src/fingerprints.ts``); the action warns if a report brings
other hashes than it computes itself. The hash of a line covers the 100 characters from its start on, across
line ends: blanks and tabs do not count, a line end counts as one ``\\n``, after the text comes the unit 65535
and then zeros. Characters are UTF-16 code units; the hash is a polynomial in 37 modulo 2**64. A number tells
lines of the same hash apart, counted from the start of the file.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from operator import mul

from archlint.finding.regex import regex

_WINDOW = 100
_MODULUS = 2**64
_POWERS = [pow(37, _WINDOW - 1 - index, _MODULUS) for index in range(_WINDOW)]
_BLANKS = str.maketrans("", "", " \t")
_END_OF_FILE = "\uffff"
_TWO_UNITS = regex("[\U00010000-\U0010ffff]")


def line_hashes(lines: Sequence[str], wanted: Collection[int]) -> dict[int, str]:
    """The hashes of the wanted lines, by 1-based number; lines that the text does not have are missing.

    ``lines`` are the text split at each ``\\n``, so the last one is empty if the file ends with a line end. A
    lone carriage return within a line counts as a line end, as it does for the action.
    """
    text = "\n".join(lines).replace("\r\n", "\n").replace("\r", "\n").translate(_BLANKS)
    if not text.isascii():
        text = _TWO_UNITS.sub(_code_units, text)
    end = len(text) + 1
    text += _END_OF_FILE + "\0" * _WINDOW
    last = max(wanted, default=0)
    known: dict[str, int] = {}  # documents repeat themselves: most windows are hashed once
    seen: Counter[int] = Counter()
    found: dict[int, str] = {}
    start = number = 0
    while number < last and start < end:
        number += 1
        window = text[start : start + _WINDOW]
        value = known.get(window)
        if value is None:
            value = known[window] = sum(map(mul, map(ord, window), _POWERS)) % _MODULUS
        seen[value] += 1
        if number in wanted:
            found[number] = f"{value:x}:{seen[value]}"
        start = text.find("\n", start) + 1 or end
    return found


def _code_units(match: re.Match[str]) -> str:
    """A character beyond U+FFFF as the two UTF-16 code units that stand for it."""
    offset = ord(match.group()) - 0x10000
    return chr(0xD800 + (offset >> 10)) + chr(0xDC00 + (offset & 0x3FF))
