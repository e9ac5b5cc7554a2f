"""A suppression of a group of rules is unused if those of them ran that a profile turns on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations_with_replacement, product

import pytest

from archlint.finding import Profile, Rule, Status
from archlint.judging.marks import marks_of
from archlint.judging.suppressions import Suppressions
from tests.judging.cases import TODAY, registry

RULE = registry().by_code["KUBE101"]
KINDS = (
    (Profile.RECOMMENDED, Status.STABLE),
    (Profile.OPTIONAL, Status.STABLE),
    (Profile.RECOMMENDED, Status.PREVIEW),
)


class Book:
    """Some rules that are all of one group."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self.by_code: Mapping[str, Rule] = {rule.code: rule for rule in rules}

    def codes(self, selector: str) -> frozenset[str]:
        """Its codes."""
        return frozenset(self.by_code) if selector == "SHOP" else frozenset()

    def complaint(self, selector: str) -> str:
        """What is said of a name that means nothing."""
        return f"nothing is called {selector}"


@pytest.mark.parametrize(
    "kinds", [kinds for n in (1, 2, 3) for kinds in combinations_with_replacement(KINDS, n)]
)
def test_a_group_is_judged_by_what_a_profile_turns_on(kinds: tuple[tuple[Profile, Status], ...]) -> None:
    rules = tuple(
        replace(RULE, code=f"SHOP10{number}", profile=profile, status=status)
        for number, (profile, status) in enumerate(kinds)
    )
    asked = rules if len(rules) == 1 else [rule for rule in rules if (rule.profile, rule.status) == KINDS[0]]
    for ran in product((True, False), repeat=len(rules)):
        has_run = dict(zip((rule.code for rule in rules), ran, strict=True))
        marks = marks_of("a.yaml", "# archlint: ignore[SHOP] why not\na: 1\n", ())
        unused = Suppressions(marks, (), Book(rules), TODAY).unused(has_run.__getitem__)
        is_told = bool(asked) and all(has_run[rule.code] for rule in asked)
        assert [item.rules for item in unused] == ([("SHOP",)] if is_told else []), (kinds, ran)
