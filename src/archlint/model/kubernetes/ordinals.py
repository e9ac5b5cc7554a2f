"""Which numbered pods a StatefulSet has: ``db-0`` to ``db-2`` for three replicas.

Source: the Kubernetes documentation of StatefulSets: numbers begin at ``spec.ordinals.start``, else at 0.
"""

from __future__ import annotations

from archlint.files import Kind
from archlint.finding.regex import regex
from archlint.model.kubernetes.autoscalers import autoscaled
from archlint.model.kubernetes.building.builds import patch_text
from archlint.model.kubernetes.workloads import Workload
from archlint.model.world import World

_WORD = regex(r"[A-Za-z0-9][-A-Za-z0-9]*")
_LONGEST = 10
"""Digits of the greatest number of replicas, which has 32 bits."""


def ordinals_of(workload: Workload, world: World) -> range | None:
    """The numbers of its pods; ``None`` if something else may set how many there are, or there are none."""
    replicas, start = workload.base.get("spec", "replicas"), workload.base.get("spec", "ordinals", "start")
    count = replicas.integer if replicas.is_set else 1
    first = start.integer if start.is_set else 0
    if count is None or first is None or count < 1 or first < 0:
        return None
    if world.fact(autoscaled).get(workload):
        return None
    if not workload.base.is_built and workload.name in world.fact(_scaled_by_kustomize):
        return None
    return range(first, first + count)


def has_ordinal(ordinals: range, number: str) -> bool:
    """Whether the end of a pod's name, as ``0`` of ``db-0``, is one of the numbers."""
    if not (number.isascii() and number.isdigit()) or len(number) > _LONGEST:
        return False
    return str(int(number)) == number and int(number) in ordinals


def _scaled_by_kustomize(world: World) -> frozenset[str]:
    """Names that a kustomization gives replicas, or may: every word in patches that speak of replicas."""
    named = {
        name
        for document in world.documents(Kind.KUSTOMIZATION)
        for entry in document.root.get("replicas").elements()
        if (name := entry.get("name").text)
    }
    text = world.fact(patch_text)
    return frozenset({*named, *(_WORD.findall(text) if "replicas" in text else ())})
