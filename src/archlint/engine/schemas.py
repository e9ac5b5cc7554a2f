"""How much of a world was held against schemas: what a report says about itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from archlint.engine.policies import minor_for
from archlint.files import Kind
from archlint.finding import Rule, SchemaUse, Unread
from archlint.model.kubernetes.building.builds import builds
from archlint.model.kubernetes.objects import KubernetesObject, objects_of
from archlint.model.kubernetes.schemas.conformance import Conformance, Standing, conformance
from archlint.model.kubernetes.schemas.rules import RuleUnknown
from archlint.model.unread import UNKNOWN_RESOURCE, kinds_of, unknown_objects
from archlint.model.world import World

_RULE = "field-unknown"
"""The rule that holds objects against schemas; others judge by the same version, or by one of their own."""


def schema_use(
    world: World, rules: Sequence[Rule], options: Mapping[str, Mapping[str, Any]]
) -> tuple[SchemaUse | None, tuple[tuple[str, int], ...]]:
    """Which objects have a schema (``None`` if no rule in force asks for that, or there are no objects); and
    the documents of which no rule knows the kinds, and all objects were held against theirs."""
    rule = next((rule for rule in rules if rule.name == _RULE), None)
    if rule is None or not world.all(KubernetesObject):
        return None, ()
    minor = minor_for(rule, options)
    judged = world.fact(conformance(minor))
    checked = 0
    unchecked: Counter[str] = Counter()
    for item in world.all(KubernetesObject):
        found = judged.of(item)
        if found.standing is Standing.CHECKED:
            checked += 1
        else:
            unchecked[f"{item.api_version} {item.kind}"] += 1
    in_cel = Counter(" ".join(each.rule.definition.key) for each in world.all(RuleUnknown))
    use = SchemaUse(f"1.{minor}", checked, dict(sorted(unchecked.items())), dict(sorted(in_cel.items())))
    return use, tuple(_held(world, judged))


def _held(world: World, judged: Conformance) -> Iterator[tuple[str, int]]:
    told = {(item.path, item.document) for item in world.unread if item.reason == UNKNOWN_RESOURCE}
    for document in world.documents(Kind.KUBERNETES) if told else ():
        if (document.path, document.index) in told:
            objects = objects_of(document)
            if all(judged.of(item).standing is Standing.CHECKED for item in objects):
                yield document.path, document.index


def unknown_templates(
    world: World, rules: Sequence[Rule], options: Mapping[str, Mapping[str, Any]]
) -> Iterator[Unread]:
    """The templates of charts that make objects alone of which no rule and no schema knows the kind."""
    charts = world.fact(builds).charts
    documents = (*charts.documents, *(each for offer in charts.offers for each in offer.documents))
    unknown = {id(each): found for each in documents if (found := unknown_objects(each))}
    if not unknown:
        return
    rule = next((rule for rule in rules if rule.name == _RULE), None)
    judged = None if rule is None else world.fact(conformance(minor_for(rule, options)))
    known: set[str] = set()
    kinds: dict[str, dict[str, None]] = {}
    for document in documents:
        path = document.nearest(()).source.path
        objects = unknown.get(id(document), ())
        is_held = judged is not None and all(judged.of(item).standing is Standing.CHECKED for item in objects)
        if not objects or is_held:
            known.add(path)
        else:
            kinds.setdefault(path, {})[kinds_of(objects)] = None
    for path in sorted(kinds.keys() & charts.read - known):
        yield Unread(path, UNKNOWN_RESOURCE, detail=", ".join(kinds[path]))
