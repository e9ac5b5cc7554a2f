"""Names that mean nothing in this repository, and may mean something in another one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from archlint.checks import Observation, Options, join, observe
from archlint.checks.kube.services import service_selects_nothing
from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.kubernetes import KubernetesObject, Workload, string_map
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.kubernetes.missed_monitors import missed
from archlint.model.kubernetes.monitors import Monitor
from archlint.model.kubernetes.names.name_rows import SCALED
from archlint.model.kubernetes.names.named_objects import OF_EVERY_CLUSTER, NamedObject
from archlint.model.kubernetes.references import is_missing
from archlint.model.kubernetes.selectors import label_selector_matches
from archlint.model.kubernetes.services import KubernetesService, routing
from archlint.model.kubernetes.sets import find_objects
from archlint.model.network import NetworkPolicy
from archlint.model.network.coverage import own_peers, selects_nothing_known
from archlint.model.network.selection import policy_selection
from archlint.model.world import World


@dataclass(frozen=True)
class _Dangling:
    """What is named, in words, and the names that other tools have for it."""

    node: Node
    wanted: str
    aliases: tuple[str, ...] = ()
    message: str = "default"


@join(KubernetesObject)
def named_object_not_here(item: KubernetesObject, world: World, options: Options) -> Iterator[Observation]:
    """A reference that no manifest of the repository answers; certain ones are told by rules of their own."""
    look = _LOOKS.get(item.kind)
    for found in (*(look(item, world) if look else ()), *_named(item, world)):
        yield observe(
            found.node.place(),
            found.message,
            kind=item.kind,
            name=item.name,
            wanted=found.wanted,
            aliases=found.aliases,
        )


def _service(item: KubernetesObject, world: World) -> Iterator[_Dangling]:
    service, selector = KubernetesService(item), item.get("spec", "selector")
    if item.group:
        return
    if not service.selector and service.base.get("spec", "type").text != "ExternalName":
        if not _has_endpoints_of_its_name(item, world):
            yield _Dangling(selector, "", ("kube-linter:dangling-service",), "no-endpoints")
    elif service.has_endpoints and _is_open(service, world):
        names = ("kube-score:service-targets-pod", "kube-linter:dangling-service")
        yield _Dangling(selector, "pods with the labels of its selector", names)


def _is_open(service: KubernetesService, world: World) -> bool:
    """Whether it selects nothing, and nobody can say that this is a fault."""
    chosen = world.fact(routing).workloads.get(service)
    return not chosen and not any(service_selects_nothing(service, world, Options({})))


def _has_endpoints_of_its_name(item: KubernetesObject, world: World) -> bool:
    """Whether somebody lists the addresses of a Service by hand."""
    if find_objects(world, item, "Endpoints", item.name, item.namespace):
        return True
    return item.name in world.fact(_sliced)


def _sliced(world: World) -> frozenset[str]:
    """The Services for which there are EndpointSlices."""
    slices = (item for item in world.all(KubernetesObject) if item.kind == "EndpointSlice")
    return frozenset(item.labels.get("kubernetes.io/service-name", "") for item in slices)


def _policy(item: KubernetesObject, world: World) -> Iterator[_Dangling]:
    policy = NetworkPolicy(item)
    selector, selection = policy.pod_selector, world.fact(policy_selection)
    if not selection.selected_by(policy) and not selects_nothing_known(policy, selector, world):
        names = ("kube-score:networkpolicy-targets-pod", "kube-linter:dangling-networkpolicy")
        yield _Dangling(selector, "pods that its selector selects", names)
    for peer in own_peers(policy):
        if not selection.selected(policy.namespace, peer) and not selects_nothing_known(policy, peer, world):
            wanted = "pods of its namespace that a peer's selector selects"
            yield _Dangling(peer, wanted, ("kube-linter:dangling-networkpolicypeer-podselector",))


def _named(item: KubernetesObject, world: World) -> Iterator[_Dangling]:
    """Names by the table of them."""
    for named in world.fact(_names_of).get(id(item.node), ()):
        name, kind = named.target_name, named.target
        if named.is_optional or is_placeholder(name) or (kind, name) in OF_EVERY_CLUSTER:
            continue
        is_told = kind != "Secret" and is_missing(world, item, kind, name, named.in_namespace)
        if not is_told and not find_objects(world, item, kind, name, named.in_namespace):
            yield _Dangling(named.node, f"{kind} '{name}'", _names_elsewhere(item, named))


def _names_elsewhere(item: KubernetesObject, named: NamedObject) -> tuple[str, ...]:
    """The names that other tools have for it."""
    if named.node.route[-3:-1] in _OF_VARIABLES:
        return ("kube-linter:env-value-from",)
    return _ALIASES.get((item.kind, named.target), ())


_OF_VARIABLES = (("valueFrom", "configMapKeyRef"), ("valueFrom", "secretKeyRef"))

_SCALED = ("kube-score:horizontalpodautoscaler-has-target", "kube-linter:dangling-horizontalpodautoscaler")
_ALIASES: dict[tuple[str, str], tuple[str, ...]] = {
    **{("HorizontalPodAutoscaler", kind): _SCALED for kind in SCALED},
    ("StatefulSet", "Service"): ("kube-score:statefulset-has-servicename",),
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
    if missed(Monitor(item), world) is not None:
        return
    pods = world.all(Workload)
    if selector.is_map and not any(label_selector_matches(selector, one.running_labels) for one in pods):
        yield _Dangling(selector, "pods that its selector selects")


def _monitor(item: KubernetesObject, world: World) -> Iterator[_Dangling]:
    selector, names = item.get("spec", "selector"), ("kube-linter:dangling-servicemonitor",)
    if not selector.is_set:
        yield _Dangling(selector, "", names, "no-selector")
        return
    if missed(Monitor(item), world) is not None:
        return
    by_label = world.fact(_services_by_label)
    lists: list[Sequence[KubernetesObject]] = [
        by_label.get(pair, ()) for pair in string_map(selector.get("matchLabels")).items()
    ]
    rarest = min(lists, key=len) if lists else [service.base for service in world.all(KubernetesService)]
    asked = {node.text for node in item.get("spec", "namespaceSelector", "matchNames").elements()}
    near = [one for one in rarest if not asked or one.namespace is None or one.namespace in asked]
    if selector.is_map and not any(label_selector_matches(selector, one.labels) for one in near):
        yield _Dangling(selector, "Services that its selector selects", names)


def _stateful_set(item: KubernetesObject, world: World) -> Iterator[_Dangling]:
    named = item.get("spec", "serviceName")
    if item.group == "apps" and item.get("spec").is_map and not named.value:
        yield _Dangling(named, "", ("kube-score:statefulset-has-servicename",), "no-service")


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
    "StatefulSet": _stateful_set,
}
