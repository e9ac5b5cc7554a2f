"""The organisation's own policies, judged for the rules that report what they say, if there are any."""

from __future__ import annotations

from collections.abc import Sequence

from archlint.finding import Rule, Unread
from archlint.model.kubernetes.policy_sources import has_policies
from archlint.model.world import World

RULES = frozenset({"admission-policy-violated", "admission-policy-broken"})
"""The rules that need the verdicts of policies."""


def judge_policies(world: World, rules: Sequence[Rule]) -> tuple[Unread, ...]:
    """Supply a world with what its policies say, if a rule in force asks for it; what was not evaluated."""
    if not any(rule.name in RULES for rule in rules) or not has_policies(world):
        return ()
    from archlint.adapters.admission.judging import judge

    return judge(world)
