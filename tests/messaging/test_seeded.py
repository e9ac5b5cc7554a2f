"""The clean shop with topics and queues, from which defects are seeded, gives nothing by itself."""

from __future__ import annotations

import json

import pytest

from tests.defects.operators.messaging import definitions_of, names_of, with_kafka
from tests.metamorphic.repositories import all_rules, findings_in, shop

PRACTICE = frozenset({"consumer-without-dead-letters"})
"""What the shop with topics leaves open: where seeded consumers put what they cannot read."""
RULES = [rule for rule in all_rules() if "messaging" in rule.tags and rule.name not in PRACTICE]


@pytest.mark.parametrize("suffixes", [(), (".yaml",)])
def test_topics_with_users_and_contracts_are_right(suffixes: tuple[str, ...]) -> None:
    files = with_kafka(shop("clean", *suffixes))
    assert [(item.rule, item.message) for item in findings_in(files, RULES)] == []


def test_queues_are_right() -> None:
    clean = shop("clean")
    files = {**clean, "definitions.json": json.dumps(definitions_of(names_of(clean)))}
    assert [(item.rule, item.message) for item in findings_in(files, RULES)] == []
