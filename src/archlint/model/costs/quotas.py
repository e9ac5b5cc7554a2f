"""What the workloads of a namespace ask for at most, beside its ResourceQuota.

Source: Kubernetes, "Resource Quotas": requests and limits of all pods are summed, init containers count by
the largest, sidecars with the main containers. What is not written counts nothing here, so sums are the least
that is needed: jobs and DaemonSets are left out, as nobody knows how many of their pods there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import cached_property
from posixpath import dirname

from archlint.documents import Document, Node
from archlint.files.folders import folders_above
from archlint.finding import ObjectRef, Place
from archlint.finding.records import dataclass
from archlint.model.costs.environments import are_of_several_clusters
from archlint.model.kubernetes import KubernetesObject, Workload
from archlint.model.kubernetes.amounts import parse_quantity
from archlint.model.kubernetes.autoscalers import autoscaled
from archlint.model.kubernetes.disruption import least_replicas
from archlint.model.kubernetes.sets import deployment_sets
from archlint.model.kubernetes.workloads import MOST_REPLICAS, REPLICATED
from archlint.model.world import World

_SUMS = {
    "cpu": ("requests", "cpu"),
    "memory": ("requests", "memory"),
    "requests.cpu": ("requests", "cpu"),
    "requests.memory": ("requests", "memory"),
    "limits.cpu": ("limits", "cpu"),
    "limits.memory": ("limits", "memory"),
    "requests.ephemeral-storage": ("requests", "ephemeral-storage"),
    "limits.ephemeral-storage": ("limits", "ephemeral-storage"),
}
"""What is summed for each key of a quota."""
PODS = frozenset({"pods", "count/pods"})


@dataclass(frozen=True, slots=True)
class Share:
    """What one workload takes."""

    workload: Workload
    each: Fraction
    """Of one pod."""
    least: int
    most: int
    count: Place
    """What says how many pods there are at most."""


@dataclass(frozen=True, eq=False)
class Needed:
    """What the workloads of a namespace ask for of one resource."""

    shares: tuple[Share, ...]
    """What takes of it, the most first."""

    @cached_property
    def at_least(self) -> Fraction:
        """What is needed at all times."""
        return sum((share.each * share.least for share in self.shares), Fraction(0))

    @cached_property
    def at_most(self) -> Fraction:
        """What is needed when every autoscaler is at its maximum."""
        return sum((share.each * share.most for share in self.shares), Fraction(0))


@dataclass(frozen=True, eq=False)
class TightQuota:
    """An amount of a quota below what its namespace asks for."""

    quota: KubernetesObject
    node: Node
    resource: str
    allowed: Fraction
    needed: Needed

    @classmethod
    def all(cls, world: World) -> Iterable[TightQuota]:
        """Every such amount, in the order of the text."""
        for base in world.all(KubernetesObject):
            if (base.group, base.kind) == ("", "ResourceQuota") and base.namespace is not None:
                yield from _of_quota(base, world)

    @property
    def source(self) -> Document:
        """The document that holds the quota."""
        return self.node.document

    @property
    def object(self) -> ObjectRef:
        """The quota."""
        return self.quota.object


def _of_quota(base: KubernetesObject, world: World) -> Iterator[TightQuota]:
    spec = base.get("spec")
    if spec.get("scopes").value or spec.get("scopeSelector").value:
        return
    for key, node in spec.get("hard").items():
        allowed = parse_quantity(node.value)
        if allowed is None or (key not in _SUMS and key not in PODS):
            continue
        needed = _needed(base, key, world)
        if needed.at_most > allowed:
            yield TightQuota(base, node, key, allowed, needed)


def _needed(base: KubernetesObject, key: str, world: World) -> Needed:
    """What the namespace of a quota asks for; many quotas of one namespace ask the same."""
    kept = world.fact(_kept)
    folder = _folder_of(base, world)
    question = base.namespace, world.fact(deployment_sets).group_of(base), folder, key
    if question not in kept:
        found = (_share(item, key, world) for item in _workloads(base, folder, world))
        shares = sorted(
            (share for share in found if share is not None),
            key=lambda share: (-share.each * share.most, share.workload.name),
        )
        kept[question] = Needed(tuple(shares))
    return kept[question]


def _kept(world: World) -> dict[tuple[str | None, int, str, str], Needed]:
    """What namespaces ask for, as far as it was asked."""
    return {}


def _folder_of(base: KubernetesObject, world: World) -> str:
    """The nearest folder around a quota below which its namespace has workloads. Two clusters may have a
    namespace of one name, and plain files do not say what is applied where: what lies farther away may be of
    another one."""
    holding, namespace = world.fact(_folders), base.namespace or ""
    return next((each for each in folders_above(base.source.path) if (namespace, each) in holding), "")


def _workloads(base: KubernetesObject, folder: str, world: World) -> list[Workload]:
    """What surely runs in the namespace of a quota: of its own deployment sets if somebody says what is
    applied, else what lies below the folder; nothing where the repository defines a workload several times,
    of which nobody knows which runs there, or where the folders are those of several clusters."""
    everywhere = world.fact(_by_namespace).get(base.namespace or "", ())
    sets = world.fact(deployment_sets)
    beside = sets.paths_beside(base)
    found = [item for item in everywhere if item.source.path in beside]
    if sets.is_plain(base) or not found:
        found = [item for item in found or everywhere if folder in folders_above(item.source.path)]
        if are_of_several_clusters(item.source.path for item in found):
            return []
    if any(item.source.path not in beside for item in found) and folder != dirname(base.source.path):
        return []
    names = {(item.kind, item.name) for item in found}
    return found if len(names) == len(found) else []


def _by_namespace(world: World) -> dict[str, list[Workload]]:
    """What runs for good in each namespace."""
    found: dict[str, list[Workload]] = defaultdict(list)
    for item in world.all(Workload):
        if item.namespace is not None and item.kind in REPLICATED and item.is_long_running:
            found[item.namespace].append(item)
    return found


def _folders(world: World) -> frozenset[tuple[str, str]]:
    """The namespaces that have workloads, each with all folders above these."""
    return frozenset(
        (namespace, folder)
        for namespace, workloads in world.fact(_by_namespace).items()
        for item in workloads
        for folder in folders_above(item.source.path)
    )


def _share(workload: Workload, key: str, world: World) -> Share | None:
    each = Fraction(1) if key in PODS else _of_pod(workload, *_SUMS[key])
    if not each:
        return None
    scalers = world.fact(autoscaled).get(workload, ())
    least = most = least_replicas(workload, world)
    place = workload.base.get("spec", "replicas").place()
    top = max(scalers, key=lambda item: item.most_node.integer or 0, default=None)
    if top is not None and top.most_node.integer is not None:
        most, place = max(least, top.most_node.integer), top.most_node.place()
    return Share(workload, each, least, most, place) if most <= MOST_REPLICAS else None


def _of_pod(workload: Workload, section: str, resource: str) -> Fraction:
    """What a pod asks for, as far as it is written; a limit stands for a request that is not."""
    own = _amount(workload.pod_spec, section, resource)
    if own:
        return own
    lasting, largest = Fraction(0), Fraction(0)
    for container in workload.containers:
        amount = _amount(container.node, section, resource)
        if container.is_lasting:
            lasting += amount
        elif container.role == "init":
            largest = max(largest, amount)
    return max(lasting, largest)


def _amount(holder: Node, section: str, resource: str) -> Fraction:
    found = parse_quantity(holder.get("resources", section, resource).value)
    if found is None and section == "requests":
        found = parse_quantity(holder.get("resources", "limits", resource).value)
    return found if found is not None and found > 0 else Fraction(0)
