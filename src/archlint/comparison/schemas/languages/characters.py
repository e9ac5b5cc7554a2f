"""Sets of characters as sorted, disjoint ranges of code points; surrogates are no characters."""

from __future__ import annotations

from collections.abc import Iterable

Ranges = tuple[tuple[int, int], ...]
"""Ranges with both ends included."""

HIGHEST = 0x10FFFF
ANY: Ranges = ((0, 0xD7FF), (0xE000, HIGHEST))


def ranges(pairs: Iterable[tuple[int, int]]) -> Ranges:
    """Sorted, joined ranges of the pairs, without surrogates."""
    found: list[tuple[int, int]] = []
    for low, high in sorted(pairs):
        if found and low <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], high))
        else:
            found.append((low, high))
    return intersection(tuple(found), ANY)


def intersection(one: Ranges, other: Ranges) -> Ranges:
    """What is in both."""
    return tuple(
        (max(low, start), min(high, end))
        for low, high in one
        for start, end in other
        if max(low, start) <= min(high, end)
    )


def complement(one: Ranges) -> Ranges:
    """Every character that is not in the set."""
    found: list[tuple[int, int]] = []
    start = 0
    for low, high in one:
        if start < low:
            found.append((start, low - 1))
        start = high + 1
    if start <= HIGHEST:
        found.append((start, HIGHEST))
    return ranges(found)


def of(text: str) -> Ranges:
    """The characters of a text."""
    return ranges((ord(char), ord(char)) for char in text)


LINE_ENDS = of("\n\r\u2028\u2029")
DIGITS = of("0123456789")
WORD = ranges(((0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)))
SPACE = ranges(
    (
        *((0x09, 0x0D), (0x20, 0x20), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029)),
        *((0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF)),
    )
)
NAMED: dict[str, Ranges] = {
    "d": DIGITS,
    "D": complement(DIGITS),
    "w": WORD,
    "W": complement(WORD),
    "s": SPACE,
    "S": complement(SPACE),
}
"""The classes that an escape names (ECMA-262, CharacterClassEscape)."""
DOT = complement(LINE_ENDS)


def parts(sets: Iterable[Ranges]) -> list[tuple[int, int]]:
    """Ranges that cut all characters so that each lies within or outside of every set."""
    cuts = {0, 0xD800, 0xE000}
    for one in sets:
        for low, high in one:
            cuts.add(low)
            cuts.add(high + 1)
    starts = sorted(cut for cut in cuts if cut <= HIGHEST)
    ends = [start - 1 for start in starts[1:]] + [HIGHEST]
    return [(low, high) for low, high in zip(starts, ends, strict=True) if not 0xD800 <= low <= 0xDFFF]


_READABLE = (
    tuple(range(0x61, 0x7B)) + tuple(range(0x30, 0x3A)) + tuple(range(0x41, 0x5B)) + (0x2D, 0x5F, 0x20)
)


def readable(part: tuple[int, int]) -> tuple[int, int]:
    """Sort key and code point of the character of a range that people read most easily."""
    for rank, code in enumerate(_READABLE):
        if part[0] <= code <= part[1]:
            return rank, code
    if part[0] < 0x7F and part[1] > 0x20:
        return 100, max(part[0], 0x21)
    visible = next(
        (code for code in range(part[0], min(part[1], part[0] + 64) + 1) if chr(code).isprintable()), None
    )
    return (200, visible) if visible is not None else (300, part[0])
