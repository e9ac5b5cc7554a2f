"""Rule pages lead to a source, and their messages are in plain words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from archlint.finding import Rule
from archlint.registry import body_of
from tests.support.rules import own_rules

RULES = own_rules()
_LINK = re.compile(r"\[([^\]\n]+)\]\(([^)\s]+)\)")
_HARD = re.compile(
    r"\bmend(s|ed|ing)?\b|\(s\)|\bstands twice\b|\bmust be sent now\b|\bis other now\b", re.IGNORECASE
)
"""Words that were hard to read, or that say otherwise than the flags."""


def prose_of(rule: Rule) -> str:
    """A page without its examples."""
    body = body_of(Path(rule.page).read_text("utf-8"))
    return re.sub(r"(?ms)^(`{3,}).*?^\1", "", body)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_page_has_a_source_that_can_be_followed(rule: Rule) -> None:
    links = [target for _, target in _LINK.findall(prose_of(rule))]
    assert any(re.match(r"https://[\w.-]+\.\w+/", target) for target in links)
    assert not [target for target in links if target.startswith("http:")]
    # a link is written on one line, as `archlint explain` reads line by line
    assert prose_of(rule).count("](") == len(links)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_messages_are_whole_sentences_in_plain_words(rule: Rule) -> None:
    for message in rule.messages.values():
        assert not _HARD.search(message), message
        assert message.endswith((".", "}")), message
    assert not _HARD.search(prose_of(rule))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_one_of_something_has_no_plural(rule: Rule) -> None:
    body = body_of(Path(rule.page).read_text("utf-8"))
    told = re.findall(r"(?m)^\s*\^+ (.*)$", body)
    assert not [line for line in told if re.search(r"(?<![\d.])1 [a-z]+s\b(?! of)", line)]


VERBS = (
    "add align agree allow announce ask bound call check choose compare consider correct declare define "
    "describe document drop end export fix give install keep label leave let list lower make mention "
    "move name offer open publish put quote raise register remove rename require reserve return run say "
    "see select send set show sort state take tell turn use wrap write"
)
_CALLS = re.compile(rf"[:;.,] (?:or |go on )?(?:{'|'.join(VERBS.split())}|go on)\b", re.IGNORECASE)
"""A remedy begins with what to do, after a stop of some kind."""
TOLD_OTHERWISE = {
    *("ddl-locks-table", "ddl-breaks-running-version", "ddl-remark"),  # {why} ends with it
    "kube-score",  # the program's own words
    "parse-error",  # the parser's, with what to do
    "asyncapi-structure-invalid",
    "openapi-structure-invalid",  # the problem says what is wrong with what is written
    "object-inline",
    "runbook-names-missing-workload",  # {hint}
    "call-target-undefined",  # {hint}
    "namespace-undefined",  # did you mean
    "invalid-suppression",  # {problem}
}


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES if "changelog" not in rule.tags], ids=lambda rule: rule.name
)
def test_a_message_says_what_to_do(rule: Rule) -> None:
    silent = [message for message in rule.messages.values() if not _CALLS.search(message)]
    assert rule.name in TOLD_OTHERWISE or not silent


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_summary_in_lists_is_whole(rule: Rule) -> None:
    assert rule.summary.endswith((".", ")"))
