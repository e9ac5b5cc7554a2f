"""The rules in CEL of custom resources that are about changes, asked about what changed since the base."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from importlib.util import find_spec

from archlint.comparison.worlds import Change
from archlint.engine.policies import PACKAGE, minor_for
from archlint.engine.request import Request
from archlint.finding.records import replace
from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.kubernetes.schemas.conformance import conformance
from archlint.model.kubernetes.schemas.rules import RuleVerdict
from archlint.model.world import World

RULE = "custom-change-refused"
_Key = tuple[str, str, str, str | None, str]


def add_transitions(
    changes: dict[type, list[Change]], base: World, revision: World, request: Request
) -> None:
    """Add what of the changes the API server refuses, if a rule in force asks for it."""
    rule = next((rule for rule in request.rules if rule.name == RULE), None)
    if rule is None or find_spec(PACKAGE) is None:
        return
    minor = minor_for(rule, request.settings.options)
    changes[RuleVerdict] = [*refused_changes(base, revision, minor, request.renames)]


def refused_changes(
    base: World, revision: World, minor: int, renames: Mapping[str, str]
) -> list[RuleVerdict]:
    """What rules about changes say of the objects that both sides have, in the same file, and not alike."""
    schemas = revision.fact(conformance(minor))
    if not schemas.has_definitions:
        return []
    before = _by_place(base)
    pairs = {
        id(items[0]): olds[0]
        for key, items in _by_place(revision).items()
        if len(items) == 1
        and len(olds := before.get((renames.get(key[0], key[0]), *key[1:]), [])) == 1
        and olds[0].node.value != items[0].node.value
    }
    if not pairs:
        return []
    from archlint.adapters.admission.resources import creations, judgement

    asked = [
        replace(each, old=pairs[id(each.item)])
        for each in creations(revision, schemas)
        if id(each.item) in pairs
    ]
    return judgement(asked, (), of_changes=True).verdicts


def _by_place(world: World) -> dict[_Key, list[KubernetesObject]]:
    found: dict[_Key, list[KubernetesObject]] = defaultdict(list)
    for item in world.all(KubernetesObject):
        found[item.source.path, item.group, item.kind, item.namespace, item.name].append(item)
    return found
