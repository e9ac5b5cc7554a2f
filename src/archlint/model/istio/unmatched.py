"""Selections that fit no workload, though the workloads that they mean should be known."""

from __future__ import annotations

from collections import defaultdict

from archlint.model.istio.selection import MeshSelection
from archlint.model.kubernetes import Workload
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.network.coverage import may_be_made_elsewhere, neighbour_keys
from archlint.model.world import World


def matches_nothing_known(item: MeshSelection, world: World) -> bool:
    """Whether an object asks for labels that no workload of the repository has, though it should.

    That is certain enough only where the repository defines workloads beside it that use the same keys, and
    nothing may make pods with these labels. The proxies of gateways come with Istio, mostly. From the root
    namespace an object may be for pods of any other, and for those that Istio brings, so the workloads of
    that namespace have to be here too.
    """
    if item.kind == "Gateway" or not item.labels or item.is_targeted or item.workloads(world):
        return False
    keys = set(item.labels)
    if any(_is_unknown(key, value) for key, value in item.labels.items()):
        return False
    known = world.fact(_open_keys)
    if item.is_for_mesh(world) and item.namespace not in known:
        return False
    around = known if item.is_for_mesh(world) else (item.namespace, None)
    if any(not keys.isdisjoint(known.get(each, ())) for each in around):
        return False
    if not world.fact(neighbour_keys).are_used_beside(item.base, item.namespace, keys):
        return False
    return not may_be_made_elsewhere(item.base, set(item.labels.values()), world)


def _is_unknown(key: str, value: str) -> bool:
    """Whether a label is a placeholder, or one of pods that come with Istio: its gateways have ``istio:
    ingressgateway`` or the like and ``app: istio-ingressgateway``, its control plane has ``app: istiod``."""
    is_of_istio = key == "istio" or (key == "app" and value.startswith("istio"))
    return is_of_istio or is_placeholder(key) or is_placeholder(value)


def _open_keys(world: World) -> dict[str | None, set[str]]:
    """By the namespaces of workloads, the labels of these that have placeholders for values."""
    found: dict[str | None, set[str]] = defaultdict(set)
    for workload in world.all(Workload):
        labels = workload.running_labels.items()
        found[workload.namespace].update(key for key, value in labels if is_placeholder(value))
    return found
