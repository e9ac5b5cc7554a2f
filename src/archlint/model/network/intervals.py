"""Sets of numbers as sorted intervals: ports, and addresses. Everything is linear in what it is given."""

from __future__ import annotations

from collections.abc import Iterable

Interval = tuple[int, int]
"""The first and the last number."""
Intervals = tuple[Interval, ...]
"""Sorted, and neither overlapping nor touching, so that equal sets are equal tuples."""


def intervals(parts: Iterable[Interval]) -> Intervals:
    """The set that some intervals make together; an empty one (last before first) adds nothing."""
    found: list[Interval] = []
    for first, last in sorted(parts):
        if first > last:
            continue
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return tuple(found)


def union(one: Intervals, other: Intervals) -> Intervals:
    """What is in one or the other."""
    return intervals((*one, *other))


def intersection(one: Intervals, other: Intervals) -> Intervals:
    """What is in both."""
    found: list[Interval] = []
    at = to = 0
    while at < len(one) and to < len(other):
        first, last = max(one[at][0], other[to][0]), min(one[at][1], other[to][1])
        if first <= last:
            found.append((first, last))
        if one[at][1] < other[to][1]:
            at += 1
        else:
            to += 1
    return tuple(found)


def difference(one: Intervals, other: Intervals) -> Intervals:
    """What is in one and not in the other."""
    found: list[Interval] = []
    to = 0
    for start, last in one:
        first = start
        while to < len(other) and other[to][1] < first:
            to += 1
        at = to
        while at < len(other) and other[at][0] <= last:
            begin, end = other[at]
            if begin > first:
                found.append((first, begin - 1))
            first = end + 1
            at += 1
        if first <= last:
            found.append((first, last))
    return tuple(found)
