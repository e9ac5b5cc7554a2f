"""Lines of one column a character are cut as any other line is, only sooner."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from archlint.finding import Span
from archlint.reports import excerpt as module
from archlint.reports.excerpt import excerpt

_LINES = st.one_of(
    st.text(alphabet=" ab:", max_size=30),
    st.builds(
        lambda blanks, text, more: " " * blanks + text * more,
        st.integers(0, 90),
        st.text(" ab", max_size=9),
        st.integers(0, 60),
    ),
)


@given(_LINES, st.integers(1, 400), st.integers(0, 300), st.integers(1, 60), st.booleans())
@example("", 1, 0, 1, False)
@example("a" * 30, 31, 0, 16, False)
def test_plain_lines_are_cut_as_all_lines_are(
    line: str, column: int, length: int, width: int, goes_on: bool
) -> None:
    span = Span(1, column, 2 if goes_on else 1, column + length)
    start = min(column - 1, len(line))
    end = len(line) if goes_on else min(column + length - 1, len(line))
    room = max(width - 2, 16)
    cells = module._cells(line, start, max(end, start + 1), 2 * room)
    slow = module._fit(cells, room, len(line) > start + 2 * room, start > 2 * room)
    assert excerpt([line], span, width) == slow
