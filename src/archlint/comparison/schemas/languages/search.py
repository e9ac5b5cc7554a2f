"""Looks for a string that matches some automata and none of others: breadth first, so the shortest is found.

Of a pattern that has to match, one run is followed; of one that must not match, all runs at once as a set of
states, which is made only as far as the search gets. A set that contains another one, met at the same runs,
has fewer strings left and is not looked at (antichains). Every edge that is walked is counted against a
budget.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from archlint.comparison.schemas.languages import characters
from archlint.comparison.schemas.languages.automaton import ALWAYS, Automaton
from archlint.comparison.schemas.languages.characters import Ranges
from archlint.comparison.schemas.values import Undecided
from archlint.finding.records import dataclass, replace

_Runs = tuple[int, ...]
_Sets = tuple[frozenset[int], ...]
_GUESSES = 4
_GUESS_EDGES = 20_000
MAX_TEXT = 20_000
"""Characters of a string that is still built."""


@dataclass(frozen=True)
class Language:
    """The strings that match ``wanted`` and none of ``unwanted``, with the given least and greatest
    length."""

    wanted: tuple[Automaton, ...] = ()
    unwanted: tuple[Automaton, ...] = ()
    shortest: int = 0
    longest: int | None = None


@dataclass
class Search:
    """How many edges may still be walked."""

    edges: int

    def walk(self, count: int) -> None:
        self.edges -= count
        if self.edges < 0:
            raise Undecided("the work for patterns is used up")


@lru_cache(maxsize=256)
def accepts(automaton: Automaton, text: str) -> bool:
    """Whether a string matches; one string is asked about again for each place in which it stands."""
    states = {automaton.initial}
    for char in text:
        code = ord(char)
        states = {
            target
            for state in states
            for chars, target in automaton.moves[state]
            if any(low <= code <= high for low, high in chars)
        }
        if ALWAYS in states:
            return True
        if not states:
            return False
    return not states.isdisjoint(automaton.accepting)


def find_string(language: Language, search: Search) -> str | None:
    """The shortest string of a language, or ``None`` if there is none; raises ``Undecided``."""
    longest = language.longest
    if longest is not None and longest < language.shortest:
        return None
    if not language.wanted and not language.unwanted:
        if language.shortest > MAX_TEXT:
            raise Undecided("a string of more than 20,000 characters")
        return "a" * language.shortest
    try:
        return _Walk(language, search).find()
    except Undecided:
        found = _guess(language)
        if found is None:
            raise
        return found


def _guess(language: Language) -> str | None:
    """A string by luck, where the search was too long: some that match, whatever must not match."""
    for turn in range(_GUESSES):
        try:
            found = _Walk(replace(language, unwanted=()), Search(_GUESS_EDGES), turn).find()
        except Undecided:
            return None
        if found is not None and not any(accepts(one, found) for one in language.unwanted):
            return found
    return None


class _Walk:
    def __init__(self, language: Language, search: Search, turn: int = 0) -> None:
        """``turn``: how far the order of letters is turned round, to find other strings of the same
        length."""
        self.language = language
        self.search = search
        automata = (*language.wanted, *language.unwanted)
        sets: set[Ranges] = {chars for one in automata for moves in one.moves.values() for chars, _ in moves}
        self.letters, masks = _letters(sets)
        self.order = [(at + turn) % len(self.letters) for at in range(len(self.letters))]
        search.walk(len(self.letters))
        self.wanted = [_masked(one, masks) for one in language.wanted]
        self.unwanted = [_masked(one, masks) for one in language.unwanted]
        self.seen: dict[tuple[_Runs, int], list[_Sets]] = {}
        self.trail: list[tuple[int, int]] = []
        """For each case its letter and the case it came from."""

    def find(self) -> str | None:
        """Walk level by level: a level is a length."""
        level: list[tuple[_Runs, _Sets, int]] = []
        start: _Runs = tuple(one.initial for one in self.language.wanted)
        self._enter(
            level, start, tuple(frozenset((one.initial,)) for one in self.language.unwanted), (0, -1), 0
        )
        length = 0
        while level:
            for runs, sets, at in level:
                if length >= self.language.shortest and self._ends(runs, sets):
                    return self._text(at)
            length += 1
            if self.language.longest is not None and length > self.language.longest:
                return None
            following: list[tuple[_Runs, _Sets, int]] = []
            for runs, sets, at in level:
                self._step(following, runs, sets, at, length)
            level = following
        return None

    def _ends(self, runs: _Runs, sets: _Sets) -> bool:
        return all(run in one.accepting for run, one in zip(runs, self.language.wanted, strict=True)) and all(
            found.isdisjoint(one.accepting) for found, one in zip(sets, self.language.unwanted, strict=True)
        )

    def _step(
        self, following: list[tuple[_Runs, _Sets, int]], runs: _Runs, sets: _Sets, at: int, length: int
    ) -> None:
        for letter in self.order:
            bit = 1 << letter
            choices = [
                [target for mask, target in one[run] if mask & bit]
                for run, one in zip(runs, self.wanted, strict=True)
            ]
            self.search.walk(1 + len(sets))
            if not all(choices):
                continue
            reached: list[frozenset[int]] = []
            for found, one in zip(sets, self.unwanted, strict=True):
                self.search.walk(len(found))
                reached.append(
                    frozenset(target for state in found for mask, target in one[state] if mask & bit)
                )
            if any(ALWAYS in found for found in reached):
                continue
            for chosen in _product(choices):
                self._enter(following, chosen, tuple(reached), (letter, at), length)

    def _enter(
        self,
        level: list[tuple[_Runs, _Sets, int]],
        runs: _Runs,
        sets: _Sets,
        came: tuple[int, int],
        length: int,
    ) -> None:
        """Add a case, unless an earlier one has at least as many strings left."""
        if any(ALWAYS in found for found in sets):
            return
        earlier = self.seen.setdefault((runs, min(length, self.language.shortest)), [])
        self.search.walk(1 + len(earlier))
        for known in earlier:
            if all(one <= other for one, other in zip(known, sets, strict=True)):
                return
        earlier.append(sets)
        self.trail.append(came)
        level.append((runs, sets, len(self.trail) - 1))

    def _text(self, at: int) -> str:
        found = []
        while at > 0:
            letter, at = self.trail[at]
            found.append(chr(self.letters[letter]))
        return "".join(reversed(found))


def _masked(one: Automaton, masks: dict[Ranges, int]) -> dict[int, list[tuple[int, int]]]:
    return {state: [(masks[chars], target) for chars, target in moves] for state, moves in one.moves.items()}


def _letters(sets: set[Ranges]) -> tuple[list[int], dict[Ranges, int]]:
    """One readable character for all that no set tells apart, and for each set the letters it has as bits."""
    ordered = sorted(sets)
    letters: dict[tuple[bool, ...], tuple[int, int]] = {}
    for part in characters.parts(ordered):
        belongs = tuple(any(low <= part[0] <= high for low, high in one) for one in ordered)
        best = characters.readable(part)
        letters[belongs] = min(letters.get(belongs, best), best)
    chosen = sorted(letters.items(), key=lambda item: item[1])
    masks = {
        one: sum(1 << index for index, (belongs, _) in enumerate(chosen) if belongs[at])
        for at, one in enumerate(ordered)
    }
    return [code for _, (_, code) in chosen], masks


def _product(choices: list[list[int]]) -> Iterable[_Runs]:
    found: list[_Runs] = [()]
    for choice in choices:
        found = [(*runs, target) for runs in found for target in choice]
    return found
