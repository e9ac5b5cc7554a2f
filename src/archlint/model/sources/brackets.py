"""Which brackets are open at a place of plain code."""

from __future__ import annotations

from bisect import bisect_right

from archlint.finding.regex import regex

Open = tuple[int, int, "Open | None"]
"""Where a bracket opens, how many commas followed, and the bracket around it."""

_CLOSING = {")": "(", "]": "[", "}": "{"}
_APART = 2_000
"""Characters after which it is noted again what is open."""


def _closed(depth: int) -> str:
    """Matches what holds no brackets but such as are closed again, in each other no deeper than that."""
    if not depth:
        return r"[^()\[\]{}]*+"
    inside = _closed(depth - 1)
    return rf"(?:[^()\[\]{{}}]++|\({inside}\)|\[{inside}\]|\{{{inside}\}})*+"


_INSIDE = _closed(2)
_SIGN = regex(rf"\({_INSIDE}\)|\[{_INSIDE}\]|\{{{_INSIDE}\}}|[()\[\]{{}},]")
"""Matches brackets, commas, and as a whole what opens and is closed again."""


class Brackets:
    """Tells what is open at a place. A bracket that closes none of its kind is passed over.

    Only what stands before the place is gone through, and from the nearest place on at which it is known.
    """

    def __init__(self, plain: str) -> None:
        self._plain = plain
        self._places = [0]
        self._open: list[Open | None] = [None]
        """What is open at each of these places."""

    def open_at(self, place: int) -> Open | None:
        """The innermost bracket that is open at a place."""
        index = bisect_right(self._places, place) - 1
        known, top = self._places[index], self._open[index]
        plain = self._plain
        for match in _SIGN.finditer(plain, known, place):
            sign, at = match[0], match.start()
            if sign in "([{":
                top = (at, 0, top)
            elif top is not None:
                if sign == ",":
                    top = (top[0], top[1] + 1, top[2])
                elif plain[top[0]] == _CLOSING.get(sign):
                    top = top[2]
            if match.end() > known + _APART:
                known, index = match.end(), index + 1
                self._note(index, known, top)
        if place > known:
            self._note(index + 1, place, top)
        return top

    def _note(self, index: int, place: int, top: Open | None) -> None:
        self._places.insert(index, place)
        self._open.insert(index, top)
