"""A pattern as an automaton over characters, found anywhere in a string unless anchors say otherwise.

A state stands for what has been read; its moves lead over one character to the next states. ``ALWAYS`` is the
state in which the pattern has matched whatever follows. States from which no match can come are left out.
"""

from __future__ import annotations

from archlint.comparison.schemas.languages import characters
from archlint.comparison.schemas.languages.characters import Ranges
from archlint.comparison.schemas.languages.syntax import PatternTree, Unsupported

MAX_STATES = 6_000
"""States before ``{}`` counts make a pattern too large."""

ALWAYS = -1
_FREE, _START, _END = range(3)


class Automaton:
    """The automaton of one tree; raises ``Unsupported`` where the tree has no automaton."""

    def __init__(self, tree: PatternTree) -> None:
        net = _Net()
        scan = net.state()
        net.chars[scan].append((characters.ANY, scan))
        first, last = net.build(tree)
        net.empty[scan].append((_FREE, first))
        self.accepting: set[int] = set()
        """States at which the string may end."""
        self.moves: dict[int, list[tuple[Ranges, int]]] = {ALWAYS: [(characters.ANY, ALWAYS)]}
        self._read(net, scan, last)

    @property
    def initial(self) -> int:
        """The state before the first character."""
        return 0

    def _read(self, net: _Net, scan: int, last: int) -> None:
        """Free the net of its empty moves."""
        self.accepting.add(ALWAYS)
        names: dict[int, int] = {}
        waiting: list[tuple[int, int, bool]] = [(0, scan, True)]
        while waiting:
            name, state, at_start = waiting.pop()
            closure = net.closure(state, (_FREE, _START) if at_start else (_FREE,))
            if last in closure:
                self.moves[name] = [(characters.ANY, ALWAYS)]
                self.accepting.add(name)
                continue
            if last in net.closure(state, (_FREE, _START, _END) if at_start else (_FREE, _END)):
                self.accepting.add(name)
            found = self.moves[name] = []
            for near in closure:
                for chars, target in net.chars[near]:
                    if target not in names:
                        names[target] = len(names) + 1
                        waiting.append((names[target], target, False))
                    found.append((chars, names[target]))
        self._shorten()

    def _shorten(self) -> None:
        """Leave out moves to states that lead nowhere, and name every state that needs nothing more
        ``ALWAYS``."""
        always = {name for name, moves in self.moves.items() if moves == [(characters.ANY, ALWAYS)]}
        always &= self.accepting - {0, ALWAYS}
        before: dict[int, list[int]] = {}
        for name, moves in self.moves.items():
            for _, target in moves:
                before.setdefault(target, []).append(name)
        alive = set(self.accepting)
        waiting = list(alive)
        while waiting:
            for name in before.get(waiting.pop(), ()):
                if name not in alive:
                    alive.add(name)
                    waiting.append(name)
        self.moves = {
            name: [
                (chars, ALWAYS if target in always else target) for chars, target in moves if target in alive
            ]
            for name, moves in self.moves.items()
            if name == 0 or (name in alive and name not in always)
        }


class _Net:
    """States with moves over characters and over nothing, as a tree is taken apart (Thompson's
    construction)."""

    def __init__(self) -> None:
        self.chars: list[list[tuple[Ranges, int]]] = []
        self.empty: list[list[tuple[int, int]]] = []

    def state(self) -> int:
        if len(self.chars) >= MAX_STATES:
            raise Unsupported("a pattern with too many states")
        self.chars.append([])
        self.empty.append([])
        return len(self.chars) - 1

    def closure(self, state: int, kinds: tuple[int, ...]) -> set[int]:
        found = {state}
        waiting = [state]
        while waiting:
            for kind, target in self.empty[waiting.pop()]:
                if kind in kinds and target not in found:
                    found.add(target)
                    waiting.append(target)
        return found

    def build(self, tree: PatternTree) -> tuple[int, int]:
        """First and last state of a tree."""
        kind = tree[0]
        if kind == "seq":
            return self._sequence(tree[1])
        if kind == "repeat":
            return self._repeat(tree[1], tree[2], tree[3])
        first, last = self.state(), self.state()
        if kind == "chars":
            self.chars[first].append((tree[1], last))
        elif kind == "start":
            self.empty[first].append((_START, last))
        elif kind == "end":
            self.empty[first].append((_END, last))
        elif kind == "alt":
            for part in tree[1]:
                start, end = self.build(part)
                self.empty[first].append((_FREE, start))
                self.empty[end].append((_FREE, last))
        else:
            raise Unsupported("a look-ahead in the middle of a pattern")
        return first, last

    def _sequence(self, parts: tuple[PatternTree, ...]) -> tuple[int, int]:
        first = last = self.state()
        for part in parts:
            start, end = self.build(part)
            self.empty[last].append((_FREE, start))
            last = end
        return first, last

    def _repeat(self, part: PatternTree, least: int, most: int | None) -> tuple[int, int]:
        first = last = self.state()
        for _ in range(least):
            start, end = self.build(part)
            self.empty[last].append((_FREE, start))
            last = end
        out = self.state()
        if most is None:
            start, end = self.build(part)
            self.empty[last].extend(((_FREE, start), (_FREE, out)))
            self.empty[end].extend(((_FREE, start), (_FREE, out)))
            return first, out
        for _ in range(most - least):
            start, end = self.build(part)
            self.empty[last].extend(((_FREE, start), (_FREE, out)))
            last = end
        self.empty[last].append((_FREE, out))
        return first, out
