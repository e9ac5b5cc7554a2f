"""What is open at a place is what it is by going through all brackets before it, one by one."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archlint.model.sources.brackets import Brackets
from tests.safety.growth import MOST, growth, seconds

_CLOSING = {")": "(", "]": "[", "}": "{"}


def open_one_by_one(plain: str, place: int) -> list[tuple[int, int]]:
    """Each open bracket with the commas behind it, the innermost last; the plain meaning of the class."""
    found: list[tuple[int, int]] = []
    for at, sign in enumerate(plain[:place]):
        if sign in "([{":
            found.append((at, 0))
        elif found and sign == ",":
            found[-1] = (found[-1][0], found[-1][1] + 1)
        elif found and plain[found[-1][0]] == _CLOSING.get(sign):
            found.pop()
    return found


def told(brackets: Brackets, place: int) -> list[tuple[int, int]]:
    """The same, as the class tells it."""
    found = []
    top = brackets.open_at(place)
    while top is not None:
        found.append(top[:2])
        top = top[2]
    return found[::-1]


@given(st.text(alphabet='()[]{},"a', max_size=60), st.lists(st.integers(0, 60), max_size=8))
@example("{([{a, (b, [c, 'd", [17, 3, 9])
def test_brackets_are_told_as_by_going_through_them(text: str, places: list[int]) -> None:
    plain = text * 3
    brackets = Brackets(plain)
    for place in places:
        assert told(brackets, place) == open_one_by_one(plain, place)


@given(st.lists(st.sampled_from(["f(a, b) {", "}", "[{a: (b)}, ", "]", "(((((", ")))))"]), max_size=400))
def test_long_code_is_told_from_wherever_it_was_known(parts: list[str]) -> None:
    plain = (" " * 40).join(parts)
    brackets = Brackets(plain)
    for place in (len(plain), len(plain) // 2, 0, len(plain) // 3, len(plain) - 1):
        assert told(brackets, max(place, 0)) == open_one_by_one(plain, max(place, 0))


@pytest.mark.parametrize(
    "once", ["(", "{ a ", "[(", "f(a, b) { c(d); } ", "{ (a, [b, {c: d}]) ", ")", "(a, ", "{" * 9 + "}" * 9]
)
def test_time_grows_as_the_code_does(once: str) -> None:
    def measure(count: int) -> float:
        plain = once * count
        step = max(1, len(plain) // 50)

        def ask() -> None:
            brackets = Brackets(plain)
            for place in range(len(plain), 0, -step):
                brackets.open_at(place)

        return max(seconds(ask), 0.002)

    assert growth(measure, [2_000, 16_000]) < MOST
