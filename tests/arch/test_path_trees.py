"""Asking the tree of a contract's paths is the same as asking each path."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from archlint.model.exposure.path_matches import Mode, PathMatch, Segments
from archlint.model.exposure.path_trees import PathTree

SEGMENTS = st.lists(st.sampled_from(["a", "ab", "b", None]), max_size=4).map(tuple)
PATHS = st.lists(SEGMENTS, min_size=1, max_size=6)
MATCHES = st.builds(
    lambda parts, end, mode: PathMatch("/" + "/".join(part or "{x}" for part in parts) + end, mode),
    SEGMENTS,
    st.sampled_from(["", "/"]),
    st.sampled_from(list(Mode)),
)


def is_rest(path: Segments, parts: Segments) -> bool:
    return (
        0 < len(path) < len(parts)
        and path[-1] is None
        and all(one in (None, part) for one, part in zip(path, parts, strict=False))
    )


@given(PATHS, MATCHES)
def test_a_path_is_found_exactly_if_one_of_all_takes_it(paths: list[Segments], match: PathMatch) -> None:
    expected = any(match.takes(path) or is_rest(path, match.parts) for path in paths)
    assert PathTree.of(paths).takes(match) == expected


def shared(path: Segments, wanted: Segments) -> int:
    count = 0
    for one, other in zip(path, wanted, strict=False):
        if one not in (None, other):
            break
        count += 1
    return count


@given(PATHS, SEGMENTS)
def test_the_deepest_level_begins_with_most_segments(paths: list[Segments], wanted: Segments) -> None:
    counts = [shared(path, wanted) for path in paths]
    depth, level = PathTree.of(paths).deepest(wanted)
    assert depth == max(counts)
    assert min(here.first for here in level) == counts.index(depth)
