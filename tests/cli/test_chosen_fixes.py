"""Of the fixes of one round those are taken whose edits touch no other: whole ones, and each edit once."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from archlint.engine.fixing import _Chosen
from archlint.finding.vocabulary import Edit, Fix

LENGTH = 12


class _Texts:
    """Texts of one line, in which a column is an offset."""

    def lines(self, path: str) -> _Texts:
        return self

    def offset(self, line: int, column: int) -> int:
        return column


def _edit(path: str, ends: tuple[int, int]) -> Edit:
    start, end = sorted(ends)
    return Edit(path, 1, start, 1, end, "new")


EDITS = st.builds(_edit, st.sampled_from("ab"), st.tuples(st.integers(0, LENGTH), st.integers(0, LENGTH)))
FIXES = st.lists(
    st.lists(EDITS, min_size=1, max_size=2).map(lambda edits: Fix(True, tuple(edits))), max_size=6
)


def _touch(one: Edit, other: Edit) -> bool:
    if one.path != other.path:
        return False
    is_within = one.column < other.end_column and other.column < one.end_column
    return is_within or one.column == other.column


@given(FIXES)
def test_no_two_edits_touch_each_other(fixes: list[Fix]) -> None:
    chosen, taken = _Chosen(), list[Fix]()
    for fix in fixes:
        others = [other for each in taken for other in each.edits]
        is_alone = not any(_touch(mine, other) for mine in fix.edits for other in others)
        is_alone = is_alone and not any(_touch(one, other) for one, other in combinations(fix.edits, 2))
        assert chosen.take(fix, _Texts()) is (is_alone or fix in taken)  # type: ignore[arg-type]
        if is_alone:
            taken.append(fix)
    for path, extents in chosen.by_path.items():
        assert extents == sorted(extents)
        written = [edit for fix in taken for edit in fix.edits if edit.path == path]
        assert sorted((edit.column, edit.end_column, edit.text) for edit in written) == extents
    assert sum(chosen.findings.values()) == sum(fix in taken for fix in fixes)
