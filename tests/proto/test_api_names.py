"""Names of APIs: what is internal in comments, and how words become variables and collections."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archlint.checks.proto.elements import public_part
from archlint.model.protobuf.resources import lower_camel, snake

PUBLIC = st.text(st.characters(exclude_characters="(-)"), max_size=20)
WORDS = st.lists(st.text("abcxyz", min_size=2, max_size=6), min_size=1, max_size=4)


@settings(max_examples=60)
@given(st.lists(st.tuples(PUBLIC, PUBLIC), max_size=5), PUBLIC)
def test_what_is_internal_is_no_documentation(parts: list[tuple[str, str]], last: str) -> None:
    comment = "".join(f"{public}(--{internal}--)" for public, internal in parts) + last
    assert public_part(comment) == ("".join(public for public, _ in parts) + last).strip()
    assert public_part(f"{comment}(-- no end") == public_part(comment)


@settings(max_examples=60)
@given(WORDS)
def test_words_are_the_same_in_both_styles(words: list[str]) -> None:
    joined = "_".join(words)
    camel = lower_camel(joined)
    assert snake(camel) == joined
    assert lower_camel(camel[:1].upper() + camel[1:]) == camel


@pytest.mark.parametrize(("name", "expected"), [("BookShelf", "book_shelf"), ("book", "book"), ("", "")])
def test_names_of_types_become_variables(name: str, expected: str) -> None:
    assert snake(name) == expected
