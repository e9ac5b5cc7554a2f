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


TEXTS = ("7", "-3", "1.5", "true", "x", "", "2020-01-02", "1.2.3", "null", "a.b")
MATCHERS: dict[str, tuple[dict[str, Any], str, set[str]]] = {
    "integer": ({"match": "integer"}, "7", {"7", "-3"}),
    "decimal": ({"match": "decimal"}, "1.5", {"1.5"}),
    "number": ({"match": "number"}, "7", {"7", "-3", "1.5"}),
    "boolean": ({"match": "boolean"}, "true", {"true"}),
    "type": ({"match": "type"}, "x", set(TEXTS)),
    "equality": ({"match": "equality"}, "x", {"x"}),
    "regex": ({"match": "regex", "regex": r"^\d+$"}, "7", {"7"}),
    "letters": ({"match": "regex", "regex": "^[a-z]+$"}, "x", {"x", "true", "null"}),
    "include": ({"match": "include", "value": "."}, "a.b", {"a.b", "1.5", "1.2.3"}),
    "date": ({"match": "date", "format": "yyyy-MM-dd"}, "2020-01-02", {"2020-01-02"}),
    "semver": ({"match": "semver"}, "1.2.3", {"1.2.3"}),
}
"""Each matcher with its example, and the texts above that it lets through."""
SCHEMAS: dict[str, tuple[dict[str, Any], set[str]]] = {
    "integer": ({"type": "integer"}, {"7", "-3"}),
    "number": ({"type": "number"}, {"7", "-3", "1.5"}),
    "boolean": ({"type": "boolean"}, {"true"}),
    "string": ({"type": "string"}, set(TEXTS)),
    "several": ({"type": ["integer", "null"]}, {"7", "-3", "", "null"}),
    "dates": ({"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}, {"2020-01-02"}),
    "values": ({"type": "string", "enum": ["x", "1.5"]}, {"x", "1.5"}),
}


@pytest.mark.parametrize("matcher", MATCHERS)
@pytest.mark.parametrize("schema", SCHEMAS)
def test_a_matcher_and_a_schema_are_sets_of_texts(matcher: str, schema: str) -> None:
    """A header is told if and only if no text is in both."""
    rule, example, lets_through = MATCHERS[matcher]
    stated, sent = SCHEMAS[schema]
    found = told({"X-Kind": {"schema": stated}}, {"X-Kind": example}, {"$.headers.X-Kind": rule})
    assert bool(found) is lets_through.isdisjoint(sent)
