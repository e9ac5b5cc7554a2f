"""Rule pages lead to a source, and their messages are in plain words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

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


def names_of(rules: Iterable[Rule]) -> list[str]:
    """What a test shows of the rules that break a law; 900 tests of one rule each cost more than the law."""
    return [rule.name for rule in rules]


def has_sources(rule: Rule) -> bool:
    """Whether all links can be followed; each is on one line, as `archlint explain` reads line by line."""
    prose = prose_of(rule)
    links = [target for _, target in _LINK.findall(prose)]
    is_linked = any(re.match(r"https://[\w.-]+\.\w+/", target) for target in links)
    is_plain = any(target.startswith("http:") for target in links)
    return is_linked and not is_plain and prose.count("](") == len(links)


def test_a_page_has_a_source_that_can_be_followed() -> None:
    assert names_of(rule for rule in RULES if not has_sources(rule)) == []


def test_messages_are_whole_sentences_in_plain_words() -> None:
    messages = [(rule.name, message) for rule in RULES for message in rule.messages.values()]
    assert [each for each in messages if _HARD.search(each[1]) or not each[1].endswith((".", "}"))] == []
    assert names_of(rule for rule in RULES if _HARD.search(prose_of(rule))) == []


def test_one_of_something_has_no_plural() -> None:
    bodies = [(rule.name, body_of(Path(rule.page).read_text("utf-8"))) for rule in RULES]
    told = [(name, line) for name, body in bodies for line in re.findall(r"(?m)^\s*\^+ (.*)$", body)]
    assert [each for each in told if re.search(r"(?<![\d.])1 [a-z]+s\b(?! of)", each[1])] == []


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


def test_a_message_says_what_to_do() -> None:
    told = (rule for rule in RULES if "changelog" not in rule.tags and rule.name not in TOLD_OTHERWISE)
    silent = (rule for rule in told if not all(map(_CALLS.search, rule.messages.values())))
    assert names_of(silent) == []


def test_the_summary_in_lists_is_whole() -> None:
    assert names_of(rule for rule in RULES if not rule.summary.endswith((".", ")"))) == []
