"""No text costs a regular expression of archlint more than time that grows with its length.

Every expression in the source is attacked with texts that are made from what it says: first short ones, and
the slowest of these once more at growing lengths.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from heapq import nlargest

import pytest

from tests.safety.attacks import Attack, attacks
from tests.safety.growth import STEPS, growth, seconds
from tests.safety.patterns import Use, uses
from tests.support.limits import TRIES, TooLong, limited
from tests.support.sampling import usually

_SHORT = 800
_TRIED = 60
"""Short texts for one expression, of up to thousands that differ little."""
_SLOWEST = 12
"""Attacks on one expression that are measured at growing lengths."""
_CONSPICUOUS = 3e-4
"""Seconds that few expressions need for a short text, and all that need its square."""
_LENGTH = 2_000
"""The length of which eight times as much is measured."""
_PATIENCE = 1.5
"""Seconds for all short texts of one expression, of which some need a tenth of that."""
_MOST = 8**1.5
"""Between eight times the time, as for a line, and sixty-four times, as for a square."""
_LARGE, _LONGEST = 64_000, 1.0
"""A length, and the seconds that it takes at most where it counts once: parts that take some hundred
characters need a tenth of that, squares several times as much, however busy the machine is."""


def test_no_text_costs_an_expression_more_than_its_length() -> None:
    found = [fault for use in uses() if isinstance(use, Use) for fault in _confirmed(use)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("text", [r"\s*$", "(a+)+b", "<[^>]*>"])
def test_a_square_is_found(text: str) -> None:
    use = Use("here", re.compile(text), "search")
    assert any(list(_faults(use)) for _ in range(TRIES))  # a busy machine may hide one


def test_every_module_with_expressions_is_looked_at() -> None:
    assert len({use.place.partition(":")[0] for use in uses()}) > 80
    assert sum(isinstance(use, Use) for use in uses()) > 200


def _confirmed(use: Use) -> list[str]:
    """What is found in every one of some tries: what takes long in one may be the machine's."""
    for _ in range(TRIES):
        found = list(_faults(use))
        if not found:
            break
    return found


def _faults(use: Use) -> Iterator[str]:
    tried = attacks(use.pattern)
    tried = tried[:: -(-len(tried) // usually(_TRIED, len(tried)))]
    trying = tried[0]
    costs: dict[Attack, float] = {}
    try:
        with limited(_PATIENCE):
            for trying in tried:
                costs[trying] = _seconds(use, trying, _SHORT, 1)
        for trying in nlargest(_SLOWEST, costs, key=costs.__getitem__):
            if costs[trying] > _CONSPICUOUS and _grows(use, trying):
                with limited(_LONGEST):
                    _seconds(use, trying, _LARGE, 1)
    except TooLong:
        yield f"{use.place} {use.way} {use.pattern.pattern!r}: {trying}"


def _grows(use: Use, attack: Attack) -> bool:
    sizes = [_LENGTH, _LENGTH * 2**STEPS]
    try:
        with limited(_LONGEST):
            return growth(lambda size: _seconds(use, attack, size, 1), sizes, _MOST) > _MOST
    except TooLong:
        return True


def _seconds(use: Use, attack: Attack, length: int, repeats: int) -> float:
    text = attack.text(length)
    return seconds(lambda: use.run(text), repeats)
