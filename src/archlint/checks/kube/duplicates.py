"""Objects that are defined twice among manifests that are applied together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from archlint.checks import Observation, Options, join, observe
from archlint.finding import Severity
from archlint.finding.regex import regex
from archlint.model.kubernetes import KubernetesObject
from archlint.model.kubernetes.building.builds import patch_text
from archlint.model.kubernetes.names.built_names import BuiltNames
from archlint.model.kubernetes.sets import deployment_sets
from archlint.model.world import World


@join(KubernetesObject)
def object_duplicate(item: KubernetesObject, world: World, options: Options) -> Iterator[Observation]:
    """An object that a second definition overwrites."""
    first = world.fact(_repeated).get(item)
    if first is None:
        return
    is_same = first.node.value == item.node.value
    yield observe(
        item.get("metadata", "name").place(),
        "same" if is_same else "default",
        related=[(first.get("metadata", "name").place(), "first defined here")],
        severity=Severity.WARNING if is_same else None,
        kind=item.kind,
        name=item.name,
    )


def _repeated(world: World) -> Mapping[KubernetesObject, KubernetesObject]:
    """Each repeated object with its first definition in the same set."""
    found: dict[KubernetesObject, KubernetesObject] = {}
    deleted = world.fact(_deleted_kinds)
    for group in world.fact(deployment_sets).sets:
        seen: dict[object, KubernetesObject] = {}
        names = BuiltNames(group)
        for item in group.objects:
            is_deleted = bool(group.kustomizations) and item.kind in deleted
            if is_deleted or item.group in _READ_BY_TOOLS or not item.get("metadata", "name").text:
                continue
            for key in names.of(item):
                first = seen.setdefault(key, item)
                if first is not item:
                    found.setdefault(item, first)
    return found


_READ_BY_TOOLS = frozenset(
    {"chainsaw.kyverno.io", "cli.kyverno.io", "kuttl.dev", "kind.x-k8s.io", "kustomize.config.k8s.io"}
)
"""Groups of files that look like manifests and are never applied: the cases of tests, settings of tools."""


_KIND = regex(r"^[ \t]*kind:[ \t]*([A-Za-z]+)", re.MULTILINE)


def _deleted_kinds(world: World) -> frozenset[str]:
    """Kinds of which a kustomize patch takes objects away: any of two may be gone once it is built."""
    parts = world.fact(patch_text).split("$patch: delete")
    if len(parts) < 2:
        return frozenset()
    return frozenset(kind for part in parts for kind in (_near(part[-_FAR:]) | _near(part[:_FAR])))


_FAR = 400
"""Characters around the word in which the patch names what it takes away."""


def _near(text: str) -> frozenset[str]:
    return frozenset(_KIND.findall(text))
