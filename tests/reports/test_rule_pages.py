"""Every rule of archlint gives a descriptor that code scanning and the SARIF Multitool accept."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from archlint.finding import Rule
from archlint.registry import body_of
from archlint.reports import render
from archlint.reports.sarif_rules import descriptor, numbered
from tests.reports.sample import report, result
from tests.reports.test_sarif import complaints
from tests.support.rules import own_rules


@cache
def rules() -> dict[str, Rule]:
    return {rule.code: rule for rule in own_rules()}


def body(rule: Rule) -> str:
    return body_of(Path(rule.page).read_text("utf-8"))


def test_messages_are_sentences_with_something_dynamic() -> None:
    """SARIF2014 wants a dynamic part in each message, SARIF2001 a full stop at its end."""
    messages = [(rule.code, *said) for rule in own_rules() for said in rule.messages.items()]
    assert not [said for said in messages if not numbered(said[2])[1]], "nothing dynamic"
    assert not [said for said in messages if not said[2].endswith((".", "}"))], "no sentence"


def test_help_is_there_to_read() -> None:
    described = [descriptor(rule, body(rule), None) for rule in own_rules()]
    helps = {each["id"]: each["help"]["markdown"] for each in described}
    assert not [code for code, text in helps.items() if len(text) <= 100 or text.count("```") % 2]
    # code scanning shows no more
    assert not [each["id"] for each in described if len(each["properties"]["tags"]) > 10]


def test_multitool_accepts_all_rules(tmp_path: Path) -> None:
    text = render("sarif", report(result((), suppressed=()), rules=rules(), page=body))
    assert complaints(text, tmp_path) == []
