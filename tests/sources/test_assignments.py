"""Statements that set a name are found by its occurrences, as the expression would find them."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from archlint.model.sources import assignments
from archlint.model.sources.assignments import Assignments, definitions
from archlint.model.sources.literals import SourceCode
from tests.safety.growth import MOST, growth, seconds

_PARTS = (
    *(
        "topic",
        "this.topic",
        "self.topic",
        "atopic",
        "topics",
        "topic()",
        "topic( )",
        "other",
        "static final",
    ),
    *(
        " = ",
        "=",
        " == ",
        ":",
        ": string = ",
        ";",
        "{",
        "}",
        "\n",
        " ",
        "\t",
        '"x"',
        "return ",
        "$",
        "->",
        "(",
    ),
)
CODE = st.lists(st.sampled_from(_PARTS), max_size=40).map("".join)


@given(CODE)
@example("{topic = topic;topic = \n  topic = 1\n")
@example("x topic(); topic()\nString topic()\n  { topic = 1; topic = 2 }")
def test_statements_and_functions_are_those_that_the_expressions_match(text: str) -> None:
    code = SourceCode(text, "java")
    found = [match.end() for match in assignments._statement("topic").finditer(code.plain)]
    assert list(Assignments(code).statements("topic")) == found
    found = [match.end() for match in assignments._definition("topic").finditer(code.plain)]
    assert list(definitions(code.plain, "topic")) == found


def test_a_long_statement_is_looked_at_once() -> None:
    def measure(count: int) -> float:
        reading = Assignments(SourceCode("x topic " * count, "java"))
        return max(seconds(lambda: list(reading.statements("topic"))), 0.001)

    assert growth(measure, [20_000, 160_000]) < MOST
