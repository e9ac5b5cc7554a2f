"""Conditions of workflows, as they come out for a stranger."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archlint.model.workflows.conditions import lets_strangers_in

_PARTS = [
    "(",
    ")",
    "!",
    "&&",
    "||",
    "==",
    "'a'",
    "github.actor",
    "contains(",
    ",",
    "[",
    "]",
    "fromJSON('[1]')",
    "'",
]


@given(st.lists(st.sampled_from(_PARTS), max_size=60))
@settings(max_examples=200)
def test_every_text_has_an_answer(parts: list[str]) -> None:
    assert lets_strangers_in(" ".join(parts), "issues") in (True, False)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("github.repository == 'acme/shop'", True),
        ("github.actor != 'dependabot[bot]'", True),
        ("github.actor == 'dependabot[bot]'", False),
        ("!github.event.pull_request.head.repo.fork", False),
        ("github.event.pull_request.head.repo.fork == true", True),
        ("github.event.comment.author_association == 'MEMBER' && success()", False),
        ("github.event.comment.author_association != 'OWNER'", True),
        ("contains(github.event.pull_request.labels.*.name, 'ok')", False),
        ("!contains(github.event.pull_request.labels.*.name, 'wip')", True),
        ("github.event_name == 'push' || github.event.action == 'labeled'", False),
        ("(" * 200, False),
    ],
)
def test_guards_that_hold_and_those_that_do_not(condition: str, expected: bool) -> None:
    assert lets_strangers_in(condition, "pull_request_target") is expected
