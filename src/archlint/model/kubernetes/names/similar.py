"""Names to suggest in place of misspelt ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

_CUTOFF = 0.75
_MOST_TRIED = 3
_MOST_WORK = 4_000_000
"""Pairs of letters that are compared before guessing ends: about 0.4 seconds. A repository in which that many
names are wrong does not need suggestions."""


class SimilarNames:
    """Finds the known name that is nearest to another one; each question is answered once."""

    def __init__(self, known: Iterable[str]) -> None:
        self._known = frozenset(known)
        self._sorted = sorted(self._known)
        self._letters = sum(map(len, self._known))
        self._work = 0
        self._nearest: dict[str, str | None] = {}

    def __contains__(self, name: object) -> bool:
        return name in self._known

    def some(self, count: int) -> list[str]:
        """The first of the known names."""
        return self._sorted[:count]

    def nearest(self, name: str) -> str | None:
        """The known name that is spelt most alike; ``None`` if none is, or too much was asked already."""
        if name not in self._nearest:
            self._nearest[name] = self._compare(name)
        return self._nearest[name]

    def nearest_or_beginning(self, name: str) -> str | None:
        """As ``nearest``, but the longest known name that begins this one, before a dash, goes first."""
        return longest_beginning(name, self._known) or self.nearest(name)

    def _compare(self, name: str) -> str | None:
        self._work += self._letters * len(name)
        if self._work > _MOST_WORK:
            return None
        from difflib import get_close_matches

        found = get_close_matches(name, self._sorted, n=_MOST_TRIED, cutoff=_CUTOFF)
        for other in found:
            own, its = _without_common_words(name, other)
            if not own or not its or get_close_matches(own, [its], n=1, cutoff=_CUTOFF):
                return other
        return None


def _without_common_words(one: str, other: str) -> tuple[str, str]:
    """Two names without the words, between dashes, that both have: ``shop-cart`` and ``shop-bill`` are
    siblings, whatever share of their letters is the same, and so are ``cart-dashboard`` and
    ``dashboard-bill``."""
    left, right = one.split("-"), other.split("-")
    both = Counter(left) & Counter(right)
    return "-".join(_rest(left, both)), "-".join(_rest(right, both))


def _rest(words: list[str], both: Counter[str]) -> Iterator[str]:
    """The words without those that both names have, each as often as both have it."""
    left = Counter(both)
    for word in words:
        if left[word] > 0:
            left[word] -= 1
        else:
            yield word


def longest_beginning(name: str, known: frozenset[str] | set[str]) -> str | None:
    """The longest known name that is followed by a dash at the start of ``name``."""
    beginning, dash, _ = name.rpartition("-")
    while dash:
        if beginning in known:
            return beginning
        beginning, dash, _ = beginning.rpartition("-")
    return None


def is_one_letter_apart(one: str, other: str) -> bool:
    """Whether names differ by a letter that is missing, added or changed, or by two that are exchanged."""
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1:
        return False
    at = next((index for index, letter in enumerate(short) if letter != long[index]), len(short))
    if len(long) > len(short):
        return short[at:] == long[at + 1 :]
    is_swapped = short[at : at + 2] == long[at : at + 2][::-1] and short[at + 2 :] == long[at + 2 :]
    return is_swapped or short[at + 1 :] == long[at + 1 :]
