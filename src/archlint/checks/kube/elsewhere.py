"""Names that mean nothing in this repository, and may mean something in another one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from archlint.checks import Observation, Options, join, observe
from archlint.checks.kube.services import service_selects_nothing
from archlint.documents import Node
from archlint.model.kubernetes import KubernetesObject, Workload, string_map
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.kubernetes.name_rows import SCALED
from archlint.model.kubernetes.named_objects import OF_EVERY_CLUSTER, NamedObject
from archlint.model.kubernetes.references import is_missing
from archlint.model.kubernetes.selectors import label_selector_matches
from archlint.model.kubernetes.services import KubernetesService, routing
from archlint.model.kubernetes.sets import find_objects
from archlint.model.network import NetworkPolicy
from archlint.model.network.coverage import selects_nothing_known
from archlint.model.network.selection import policy_selection
from archlint.model.world import World

_Dangling = tuple[Node, str, tuple[str, ...]]
"""What is named, in words, and the names that other tools have for it."""


@join(KubernetesObject)
def named_object_not_here(item: KubernetesObject, world: World, options: Options) -> Iterator[Observation]:
    """A reference that no manifest of the repository answers; certain ones are told by rules of their own."""
    look = _LOOKS.get(item.kind)
    for node, wanted, aliases in (*(look(item, world) if look else ()), *_named(item, world)):
        yield observe(node.place(), kind=item.kind, name=item.name, wanted=wanted, aliases=aliases)


def _service(item: KubernetesObject, world: World) -> Iterator[_Dangling]:
    service = KubernetesService(item)
    if item.group or not service.has_endpoints or world.fact(routing).workloads.get(service):
        return
    if not any(service_selects_nothing(service, world, Options({}))):
        names = ("kube-score:service-targets-pod", "kube-linter:dangling-service")
        yield item.get("spec", "selector"), "pods with the labels of its selector", names


def _policy(item: KubernetesObject, world: World) -> Iterator[_Dangling]:
    policy = NetworkPolicy(item)
    selector = policy.pod_selector
    is_open = not world.fact(policy_selection).selected_by(policy)
    if is_open and not selects_nothing_known(policy, world):
        names = ("kube-score:networkpolicy-targets-pod", "kube-linter:dangling-networkpolicy")
        yield selector, "pods that its selector selects", names


def _named(item: KubernetesObject, world: World) -> Iterator[_Dangling]:
    """Names by the table of them."""
    for named in world.fact(_names_of).get(id(item.node), ()):
        name, kind = named.target_name, named.target
        if named.is_optional or is_placeholder(name) or (kind, name) in OF_EVERY_CLUSTER:
            continue
        is_open = not is_missing(world, item, kind, name, named.in_namespace)
        if is_open and not find_objects(world, item, kind, name, named.in_namespace):
            yield named.node, f"{kind} '{name}'", _ALIASES.get((item.kind, kind), ())


_SCALED = ("kube-score:horizontalpodautoscaler-has-target", "kube-linter:dangling-horizontalpodautoscaler")
_ALIASES: dict[tuple[str, str], tuple[str, ...]] = {
    **{("HorizontalPodAutoscaler", kind): _SCALED for kind in SCALED},
    ("Ingress", "Service"): ("kube-score:ingress-targets-service", "kube-linter:dangling-ingress"),
}
"""The names that other tools have for it, by the kind that names and the one that is named."""


def _names_of(world: World) -> dict[int, list[NamedObject]]:
    found: dict[int, list[NamedObject]] = defaultdict(list)
    for named in world.all(NamedObject):
        found[id(named.base.node)].append(named)
    return dict(found)


def _pod_monitor(item: KubernetesObject, world: World) -> Iterator[_Dangling]:
    selector = item.get("spec", "selector")
    pods = world.all(Workload)
    if selector.is_map and not any(label_selector_matches(selector, one.running_labels) for one in pods):
        yield selector, "pods that its selector selects", ()


def _monitor(item: KubernetesObject, world: World) -> Iterator[_Dangling]:
    selector = item.get("spec", "selector")
    by_label = world.fact(_services_by_label)
    lists: list[Sequence[KubernetesObject]] = [
        by_label.get(pair, ()) for pair in string_map(selector.get("matchLabels")).items()
    ]
    rarest = min(lists, key=len) if lists else [service.base for service in world.all(KubernetesService)]
    if selector.is_map and not any(label_selector_matches(selector, one.labels) for one in rarest):
        yield selector, "Services that its selector selects", ("kube-linter:dangling-servicemonitor",)


def _services_by_label(world: World) -> dict[tuple[str, str], list[KubernetesObject]]:
    found: dict[tuple[str, str], list[KubernetesObject]] = defaultdict(list)
    for service in world.all(KubernetesService):
        for pair in service.base.labels.items():
            found[pair].append(service.base)
    return dict(found)


_LOOKS: dict[str, Callable[[KubernetesObject, World], Iterator[_Dangling]]] = {
    "Service": _service,
    "NetworkPolicy": _policy,
    "ServiceMonitor": _monitor,
    "PodMonitor": _pod_monitor,
}
