"""Objects that something completes before they are judged, so that what they lack is no fault of theirs.

Files below a kustomization that take part in no build are patches that are not in use, inputs of generators,
or parts that only another program puts together; an object of which there is a whole one as well is a part of
it. And what a mutating webhook may fill in is there before the schema of a custom resource is asked.
"""

from __future__ import annotations

from posixpath import dirname

from archlint.model.kubernetes.building.kustomizations import kustomized_folders
from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.kubernetes.schemas.builtin import builtin_kinds
from archlint.model.kubernetes.schemas.conformance import Conformance
from archlint.model.world import World

_EVERY = "*"


def is_completed(item: KubernetesObject, conformance: Conformance, world: World) -> bool:
    """Whether something may complete an object that lacks something."""
    if not item.is_built and (item.kind, item.name) in conformance.whole:
        return True
    return may_change(item, world)


def may_change(item: KubernetesObject, world: World) -> bool:
    """Whether an object may be another one when it is applied."""
    if not item.is_built:
        path = item.source.path
        if "patch" in path.lower() or _is_below(path, world.fact(kustomized_folders)):
            return True
    if item.group in builtin_kinds():
        return False
    filled = world.fact(_filled_groups)
    return item.group in filled or _EVERY in filled


def _is_below(path: str, folders: frozenset[str]) -> bool:
    while path:
        path = dirname(path)
        if path in folders:
            return True
    return False


def _filled_groups(world: World) -> frozenset[str]:
    """The API groups whose objects a webhook may change; a webhook that says nothing may change all."""
    found: set[str] = set()
    for item in world.all(KubernetesObject):
        if item.kind == "MutatingWebhookConfiguration":
            for webhook in item.get("webhooks").elements():
                rules = list(webhook.get("rules").elements())
                for rule in rules:
                    found.update(group.text or _EVERY for group in rule.get("apiGroups").elements())
                if not rules:
                    found.add(_EVERY)
    return frozenset(found)
