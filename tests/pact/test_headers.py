"""Headers of answers that a consumer waits for, however the Pact file writes them and their rules."""

from __future__ import annotations

from typing import Any

import pytest

from tests.pact.test_answers import contract, pact, verdict

REGEX = {"match": "regex", "regex": "^w"}
RULES = {
    "version 2": {"$.headers.X-Kind": REGEX},
    "version 3": {"header": {"X-Kind": {"matchers": [REGEX]}}},
    "version 4": {"header": {"$['x-kind'][0]": {"combine": "AND", "matchers": [REGEX]}}},
}


def told(stated: dict[str, Any], read: dict[str, Any], rules: Any = None) -> set[tuple[str, str]]:
    offered, wanted = contract({"type": "object"}), pact({})
    offered["paths"]["/carts/{id}"]["get"]["responses"]["200"]["headers"] = stated
    answer = wanted["interactions"][0]["response"]
    answer["headers"] |= read
    answer |= {} if rules is None else {"matchingRules": rules}
    found = verdict(offered, wanted)
    return {(str(unmet.lack), unmet.header) for answer in found.answers for unmet in answer.unmet}


def test_what_http_defines_may_come_with_any_answer() -> None:
    assert told({}, {"ETag": "x", "location": ["/carts/7"], "Access-Control-Allow-Origin": "*"}) == set()
    assert told({}, {"X-Kind": "x"}) == {("undeclared", "X-Kind")}


@pytest.mark.parametrize("rules", RULES.values(), ids=RULES)
def test_rules_count_in_the_form_of_each_version(rules: Any) -> None:
    for stated, is_told in (("full", True), ("whole", False)):
        kinds = {"X-Kind": {"schema": {"enum": [stated], "type": "string"}}}
        assert told(kinds, {"x-kind": "whole"}, rules) == ({("impossible", "X-Kind")} if is_told else set())


def test_a_text_stands_for_all_that_it_may_be_read_as() -> None:
    for schema, text, is_told in (
        ({"type": "integer"}, "7", False),
        ({"type": "integer", "maximum": 6}, "7", True),
        ({"type": ["string", "integer"], "maximum": 6}, "7", False),
        ({"type": "array", "items": {"type": "integer"}}, "1,2", False),
        ({"type": "array", "items": {"type": "integer"}, "maxItems": 1}, "1,2", True),
        ({}, "anything", False),
    ):
        assert bool(told({"X-Kind": {"schema": schema}}, {"X-Kind": text})) is is_told, (schema, text)
