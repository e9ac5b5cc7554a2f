"""What is well formed and more than is read is not called invalid; what is not well formed is."""

from __future__ import annotations

import pytest

from archlint.documents import load_text
from archlint.files import Kind

DEEP = "[" * 230 + "]" * 230
BOMB = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 20)}]\n" for n in range(1, 9))


def message(path: str, text: str) -> str:
    (problem,) = load_text(path, text, Kind.ASYNCAPI).problems
    return problem.message


@pytest.mark.parametrize(
    ("path", "text", "words"),
    [
        ("a.json", f'{{"a": {DEEP}}}', "nests deeper than 200 levels"),
        ("a.yaml", f"a: {DEEP}\n", "nests deeper than 200 levels"),
        ("a.yaml", f"a: [\n\t{DEEP}\n]\n", "nests deeper than 200 levels"),
        ("a.json", f'{{"a": {"9" * 5_000}}}', "has a number with too many digits"),
        ("a.yaml", BOMB, "expands to too many values"),
    ],
)
def test_a_limit_is_told_as_one(path: str, text: str, words: str) -> None:
    told = message(path, text)
    assert told.startswith(f"The file is not checked further: it {words}")
    assert "need not be an error" in told


@pytest.mark.parametrize(
    ("path", "text"), [("a.json", '{"a": [}'), ("a.yaml", "a: [}\n"), ("a.yaml", "a: *b\n")]
)
def test_a_fault_of_syntax_is_told_as_one(path: str, text: str) -> None:
    assert message(path, text).startswith("The file is not valid ")
