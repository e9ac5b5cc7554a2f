"""Every rule of archlint gives a descriptor that code scanning and the SARIF Multitool accept."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from archlint.finding import Rule
from archlint.registry import split_page
from archlint.reports import render
from archlint.reports.sarif_rules import descriptor, numbered
from tests.reports.sample import report, result
from tests.reports.test_sarif import complaints
from tests.support.rules import own_rules


@cache
def rules() -> dict[str, Rule]:
    return {rule.code: rule for rule in own_rules()}


def body(rule: Rule) -> str:
    return split_page(Path(rule.page).read_text("utf-8"), rule.page).body


@pytest.mark.parametrize("code", sorted(rules()))
def test_messages_are_sentences_with_something_dynamic(code: str) -> None:
    """SARIF2014 wants a dynamic part in each message, SARIF2001 a full stop at its end."""
    for name, message in rules()[code].messages.items():
        assert numbered(message)[1], f"message '{name}' of {code} has nothing dynamic: {message}"
        assert message.endswith((".", "}")), f"message '{name}' of {code} is no sentence: {message}"


@pytest.mark.parametrize("code", sorted(rules()))
def test_help_is_there_to_read(code: str) -> None:
    described = descriptor(rules()[code], body(rules()[code]), None)
    assert len(described["help"]["markdown"]) > 100
    assert described["help"]["markdown"].count("```") % 2 == 0
    assert len(described["properties"]["tags"]) <= 10  # code scanning shows no more


def test_multitool_accepts_all_rules(tmp_path: Path) -> None:
    text = render("sarif", report(result((), suppressed=()), rules=rules(), page=body))
    assert complaints(text, tmp_path) == []
