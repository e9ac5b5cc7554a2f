"""The organisation's own policies, judged for the rules that report what they say, if there are any."""

from __future__ import annotations

from collections.abc import Sequence

from archlint.finding import Rule, Unread
from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.world import World

RULES = frozenset({"admission-policy-violated", "admission-policy-broken"})
"""The rules that need the verdicts of policies."""
_GROUPS = frozenset({"admissionregistration.k8s.io", "kyverno.io", "policies.kyverno.io"})
"""The groups of all policies; nothing is loaded for a repository without them."""


def judge_policies(world: World, rules: Sequence[Rule]) -> tuple[Unread, ...]:
    """Supply a world with what its policies say, if a rule in force asks for it; what was not evaluated."""
    if not any(rule.name in RULES for rule in rules):
        return ()
    if not any(
        item.group in _GROUPS and item.kind.endswith("Policy") for item in world.all(KubernetesObject)
    ):
        return ()
    from archlint.adapters.admission.judging import judge

    return judge(world)
