"""Line hashes agree with a plain rolling hash and with values of GitHub's own action."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archlint.reports.line_hash import line_hashes


def rolling(text: str) -> dict[int, str]:
    """The algorithm as it is described: one unit after the other through a window of a hundred."""
    data = text.encode("utf-16-le")
    units = [int.from_bytes(data[i : i + 2], "little") for i in range(0, len(data), 2)]
    stream: list[tuple[int, bool]] = []
    at_start, after_return = True, False
    for unit in units:
        if unit in (9, 32) or (after_return and unit == 10):
            after_return = False
            continue
        after_return = unit == 13
        stream.append((10 if after_return else unit, at_start))
        at_start = unit in (10, 13)
    stream.append((65535, at_start))
    stream += [(0, False)] * 100
    hashes: dict[int, str] = {}
    seen: Counter[int] = Counter()
    value = 0
    for index, (unit, _) in enumerate(stream):
        out = index - 100
        value = (value * 37 + unit - (stream[out][0] * 37**100 if out >= 0 else 0)) % 2**64
        first = index - 99
        if first >= 0 and stream[first][1]:
            seen[value] += 1
            hashes[len(hashes) + 1] = f"{value:x}:{seen[value]}"
    return hashes


def hashes_of(text: str) -> dict[int, str]:
    return line_hashes(text.split("\n"), range(1, text.count("\n") + text.count("\r") + 2))


@given(st.text(alphabet=st.sampled_from("ab \t\n\r東😀{"), max_size=400))
def test_any_text_hashes_like_the_rolling_window(text: str) -> None:
    assert hashes_of(text) == rolling(text)


@given(st.lists(st.sampled_from(["name: x", "  kind: Service", "", "20", "1U"]), max_size=60))
def test_repeated_lines_are_numbered(lines: list[str]) -> None:
    assert hashes_of("\n".join(lines)) == rolling("\n".join(lines))


@pytest.mark.parametrize(
    ("text", "line", "value"),
    [
        ("", 1, "c129715d7a2bc9a3:1"),
        ("Lorem ipsum dolor sit amet.\n" * 10, 1, "a7f2ff13bc495cf2:1"),
        ("Lorem ipsum dolor sit amet.\n" * 10, 6, "a7f2ff13bc495cf2:6"),
        ("Lorem ipsum dolor sit amet.\n" * 10, 10, "cc97dc7b1d7d8f7b:1"),
        ("Lorem ipsum dolor sit amet.\n" * 10, 11, "c129715d7a2bc9a3:1"),
    ],
)
def test_values_that_the_action_computes(text: str, line: int, value: str) -> None:
    assert hashes_of(text)[line] == value


def test_line_ends_do_not_matter() -> None:
    assert hashes_of("a\r\nb\r\n") == hashes_of("a\nb\n") == line_hashes(["a", "b", ""], [1, 2, 3])


def test_only_wanted_lines_are_given() -> None:
    assert line_hashes(["a", "b", ""], [2, 9]).keys() == {2}
    assert line_hashes(["a"], []) == {}
