"""Asking the tree of what proxies send is the same as asking each of their paths."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from archlint.model.exposure.path_matches import Mode, PathMatch, Segments
from archlint.model.exposure.proxy_paths import PathsByBeginning

SEGMENTS = ["a", "ab", "abc", "b"]
TEMPLATES = st.lists(st.sampled_from([*SEGMENTS, None]), max_size=4).map(tuple)
SENT = st.builds(
    lambda parts, end: PathMatch("/" + "/".join(parts) + end, Mode.LETTERS),
    st.lists(st.sampled_from(SEGMENTS), max_size=3),
    st.sampled_from(["", "/"]),
)


@given(st.lists(SENT | st.none(), max_size=8), TEMPLATES)
def test_a_path_is_found_exactly_if_it_takes_the_template(
    sent: list[PathMatch | None], template: Segments
) -> None:
    paths: list[Any] = [SimpleNamespace(sent=item) for item in sent]
    expected = [path for path in paths if path.sent is not None and path.sent.takes(template)]
    found = list(PathsByBeginning.of(paths).taking(template))
    assert sorted(map(id, found)) == sorted(map(id, expected))
