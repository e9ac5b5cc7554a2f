"""A route takes a template of OpenAPI if, and only if, it takes some path that the template describes."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from archlint.model.exposure.path_matches import Mode, PathMatch, segments_of

_WORDS = ("a", "ab", "b")
_PATHS = st.lists(st.sampled_from(_WORDS), max_size=3).map(lambda parts: "/" + "/".join(parts))
_TEMPLATES = st.lists(st.sampled_from((*_WORDS, "{id}")), max_size=3).map(lambda parts: "/" + "/".join(parts))


@given(_PATHS, st.booleans(), st.sampled_from(list(Mode)), _TEMPLATES)
def test_what_is_taken_is_what_some_path_of_the_template_is(
    path: str, with_slash: bool, mode: Mode, template: str
) -> None:
    text = path + "/" if with_slash and path != "/" else path
    described = product(*(_WORDS if part is None else (part,) for part in segments_of(template)))
    expected = any(_is_taken(text, mode, "/" + "/".join(parts)) for parts in described)
    assert PathMatch(text, mode).takes(segments_of(template)) is expected


def _is_taken(text: str, mode: Mode, path: str) -> bool:
    """As the gateways compare them; a slash at the end means nothing."""
    if mode is Mode.LETTERS and not text.endswith("/"):
        return path.startswith(text)
    whole = text.rstrip("/")
    if mode is Mode.EXACT:
        return path.rstrip("/") == whole
    return path == whole or path.startswith(whole + "/")
