"""The organisation's own policies, judged for the rules that report what they say, if there are any."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from typing import Any

from archlint.config.loading import CLUSTERS
from archlint.finding import Notice, Rule, SchemaUse, Unread
from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.world import World

PACKAGE = "cel_expr_python"
"""What evaluates expressions."""
RULES = frozenset({"admission-policy-violated", "admission-policy-broken"})
"""The rules that need the verdicts of policies."""
_GROUPS = frozenset({"admissionregistration.k8s.io", "kyverno.io", "policies.kyverno.io"})
"""The groups of all policies; nothing is loaded for a repository without them."""


def minor_for(rule: Rule, options: Mapping[str, Mapping[str, Any]]) -> int:
    """The minor version of Kubernetes that a rule judges by."""
    version = str(options.get(rule.code, {}).get(CLUSTERS, rule.defaults()[CLUSTERS]))
    return int(version.partition(".")[2])


def not_evaluated(use: SchemaUse | None) -> Iterator[Notice]:
    """That rules are not evaluated for want of a package, and how many."""
    count = 0 if use is None else sum(use.rules.values())
    if count and find_spec(PACKAGE) is None:
        which = "1 rule" if count == 1 else f"{count} rules"
        text = (
            f"{which} in CEL of custom resources of this repository (x-kubernetes-validations) "
            f"{'was' if count == 1 else 'were'} not evaluated, for want of the package cel-expr-python: "
            "run `pip install cel-expr-python` in the environment of archlint, or "
            "`pipx inject archlint cel-expr-python`"
        )
        yield Notice("warning", text)


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
