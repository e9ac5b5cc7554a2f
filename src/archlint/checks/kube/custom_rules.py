"""Rules in CEL of custom resources: which objects do not hold them, and which of them are none."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, change, join, observe
from archlint.checks.kube.policies import inside, short
from archlint.finding import Severity
from archlint.finding.place import dotted
from archlint.model.kubernetes.schemas.rules import RuleProblem, RuleVerdict
from archlint.model.world import World


@join(RuleVerdict)
def custom_rule_violated(verdict: RuleVerdict, world: World, options: Options) -> Iterator[Observation]:
    """A value that does not hold what the definition of its kind says in CEL."""
    yield _observed(verdict)


@change(RuleVerdict)
def custom_change_refused(verdict: RuleVerdict, options: Options) -> Iterator[Observation]:
    """A change that does not hold what the definition of its kind says of changes in CEL."""
    yield _observed(verdict)


@join(RuleProblem)
def custom_rule_broken(problem: RuleProblem, world: World, options: Options) -> Iterator[Observation]:
    """A rule that the API server does not take, or does not finish."""
    rule = problem.rule
    node = rule.node.get(problem.key)
    kind = rule.definition.key[1]
    yield observe(
        node.value_place() if problem.is_endless else inside(node, problem.offset),
        "endless" if problem.is_endless else "default",
        severity=Severity.WARNING if problem.is_endless else None,
        identity=(rule.definition.version, problem.key, rule.text),
        key=problem.key,
        kind=kind,
        version=rule.definition.version,
        problem=short(problem.message),
    )


def _observed(verdict: RuleVerdict) -> Observation:
    at, rule = verdict.at, verdict.rule
    way = dotted(at.route[len(verdict.base.node.route) :])
    return observe(
        at.place(),
        "failed" if verdict.failure else "default",
        related=[(rule.node.get("rule").value_place(), "the rule of its definition")],
        identity=(rule.text, *at.document.names(at.route)),
        field=way or "the object",
        kind=f"{verdict.base.api_version} {verdict.kind}",
        name=verdict.name,
        text=short(verdict.message.rstrip(".")),
        expression=short(" ".join(rule.text.split())),
        failure=short(verdict.failure),
    )
