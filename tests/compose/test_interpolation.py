"""Variables in texts: the grammar, what is unknown, and where each character is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archlint.model.compose.interpolation import interpolated
from archlint.model.compose.woven import LONGEST, Woven
from tests.compose.projects import known, written

VALUES = {"A": "1", "EMPTY": "", "HOST": "cart", "DOLLAR": "$A"}


def lookup(name: str) -> Woven | None:
    return written(VALUES[name]) if name in VALUES else None


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("plain", "plain"),
        ("$HOST:80", "cart:80"),
        ("${HOST}s", "carts"),
        ("$$HOST", "$HOST"),
        ("$${HOST}", "${HOST}"),
        ("${HOST:-other}", "cart"),
        ("${EMPTY:-other}", "other"),
        ("${EMPTY-other}", ""),
        ("${NONE-other}", "other"),
        ("${NONE:-}", ""),
        ("${NONE:-${HOST}:${NONE:-80}}", "cart:80"),
        ("${A:+set}", "set"),
        ("${EMPTY:+set}", ""),
        ("${EMPTY+set}", "set"),
        ("${A:?must be set}", "1"),
        ("${NONE:-a}b}", "ab}"),
        ("$DOLLAR", "$A"),
        ("100$", "100$"),
        ("a $ b", "a $ b"),
    ],
)
def test_what_is_known_is_put_in_place(text: str, meant: str) -> None:
    found = interpolated(written(text), lookup)
    assert (found.text, found.is_known) == (meant, True)


@pytest.mark.parametrize(
    "text", ["$NONE", "${NONE}", "${NONE:?say it}", "${NONE?}", "${NONE:+x}", "${EMPTY:?x}", "${1}", "${A b}"]
)
def test_what_is_unknown_stays_as_it_is_written(text: str) -> None:
    found = interpolated(written(f"http://{text}:80"), lookup)
    assert (found.text, found.is_known) == (f"http://{text}:80", False)


def test_a_variable_whose_value_is_unknown_may_be_empty() -> None:
    unknown = interpolated(written("$NONE"), lookup)
    found = interpolated(written("${X:-default}"), {"X": unknown}.get)
    assert not found.is_known


def test_each_part_knows_where_it_is_written() -> None:
    found = interpolated(written("http://${HOST}:${NONE:-8080}/x"), lookup)
    host = found.text.index("cart")
    place = found.place(host, host + 4)
    assert place is not None and place.span().column == 1
    port = found.text.index("8080")
    place = found.place(port, port + 4)
    assert place is not None and place.span().column == len("http://${HOST}:${NONE:-") + 1


TEXTS = st.recursive(
    st.sampled_from(["a", ":", "$$", "$A", "$NONE", "${A}", "-", "?", "}", "{", " "]),
    lambda inner: st.lists(inner, max_size=3).flatmap(
        lambda parts: st.sampled_from(["{}", "${{A:-{}}}", "${{NONE-{}}}", "${{EMPTY:+{}}}"]).map(
            lambda form: form.format("".join(parts))
        )
    ),
)


@given(TEXTS)
def test_no_text_is_lost_and_none_is_made_up(text: str) -> None:
    found = interpolated(written(text), lookup)
    assert found.text == "".join(piece.text for piece in found.pieces)
    if "$" not in text:
        assert found.text == text
    twice = interpolated(written(text.replace("$", "$$")), lookup)
    assert twice.text == text and twice.is_known
    for piece in found.pieces:
        assert piece.origin.place(piece.start, piece.start + len(piece.text)).span()


@given(st.text("${}AB:-+?x", max_size=40))
def test_any_text_is_read(text: str) -> None:
    assert known(interpolated(written(text), lookup)) is not None


def test_texts_that_double_are_cut_off() -> None:
    value = written("x" * 100)
    for _ in range(40):
        value = interpolated(written("$A$A"), {"A": value}.get)
        assert value.length <= 2 * LONGEST
    assert not value.is_known


def test_deep_nesting_is_bounded() -> None:
    assert interpolated(written("${N:-" * 5000 + "}" * 5000), lookup).length > 0
