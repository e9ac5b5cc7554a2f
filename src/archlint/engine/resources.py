"""The rules in CEL of custom resources, judged for the rules of archlint that report what they say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from typing import Any

from archlint.engine.policies import PACKAGE, minor_for
from archlint.finding import Rule
from archlint.model.kubernetes.schemas.conformance import conformance
from archlint.model.kubernetes.schemas.rules import (
    RuleProblem,
    RuleUnknown,
    RuleVerdict,
    rules_of,
)
from archlint.model.world import World

VIOLATED, BROKEN = "custom-rule-violated", "custom-rule-broken"
"""The rules that need what the rules of definitions say."""
ABSENT = "the package cel-expr-python is not there"


def judge_resources(world: World, rules: Sequence[Rule], options: Mapping[str, Mapping[str, Any]]) -> None:
    """Supply a world with what the rules of its definitions say, if a rule in force asks for it."""
    asking = next((rule for rule in rules if rule.name in (VIOLATED, BROKEN)), None)
    if asking is None:
        return
    schemas = world.fact(conformance(minor_for(asking, options)))
    if not schemas.has_definitions:
        return
    from archlint.adapters.admission.resources import creations, definitions_in, judgement

    asked = list(creations(world, schemas))
    if find_spec(PACKAGE) is None:
        definitions = {id(each.definition): each.definition for each in asked}.values()
        every = [RuleUnknown(rule, ABSENT) for each in definitions for rule in rules_of(each)]
        world.supply(RuleUnknown, every)
        return
    found = judgement(asked, definitions_in(world, schemas))
    world.supply(RuleVerdict, found.verdicts)
    world.supply(RuleProblem, found.problems)
    world.supply(RuleUnknown, found.unknown)
