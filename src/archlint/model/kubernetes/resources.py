"""What a container may use and what is reserved for it, with the defaults that Kubernetes fills in.

Source: the Kubernetes documentation on resource management: a request that is not set equals the limit; a pod
may carry ``resources`` of its own, which its containers share; a LimitRange gives defaults to its namespace.
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.kubernetes.amounts import parse_quantity
from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.kubernetes.sets import deployment_sets
from archlint.model.kubernetes.workloads import Container, Workload
from archlint.model.world import World


def is_amount(node: Node) -> bool:
    """Whether a limit or request is there and does something: zero means none."""
    return node.is_set and parse_quantity(node.value) != 0


def has_limit(container: Container, resource: str, world: World) -> bool:
    """Whether the container has a limit, from itself, its pod or a LimitRange."""
    return _is_given(container, "limits", resource) or resource in _defaults(container.workload, world).limits


def has_request(container: Container, resource: str, world: World) -> bool:
    """Whether something is reserved for the container; Kubernetes takes a limit as the request too."""
    if any(_is_given(container, section, resource) for section in ("requests", "limits")):
        return True
    defaults = _defaults(container.workload, world)
    return resource in defaults.requests or resource in defaults.limits


def _is_given(container: Container, section: str, resource: str) -> bool:
    return is_amount(container.get("resources", section, resource)) or is_amount(
        container.workload.pod_spec.get("resources", section, resource)
    )


@dataclass(frozen=True, slots=True)
class _Defaults:
    limits: frozenset[str] = frozenset()
    requests: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Range:
    base: KubernetesObject
    defaults: _Defaults


def _ranges(world: World) -> list[_Range]:
    """All LimitRanges with what they give to containers."""
    return [
        _Range(base, _Defaults(frozenset(_named(base, "default")), frozenset(_named(base, "defaultRequest"))))
        for base in world.all(KubernetesObject)
        if base.kind == "LimitRange" and base.group == ""
    ]


def _named(base: KubernetesObject, key: str) -> Iterator[str]:
    for item in base.get("spec", "limits").elements():
        if item.get("type").text == "Container":
            yield from (resource for resource, amount in item.get(key).items() if is_amount(amount))


def _defaults(workload: Workload, world: World) -> _Defaults:
    ranges = [item for item in world.fact(_ranges) if _applies(item.base, workload, world)]
    return _Defaults(
        frozenset().union(*(item.defaults.limits for item in ranges)),
        frozenset().union(*(item.defaults.requests for item in ranges)),
    )


def _applies(limit_range: KubernetesObject, workload: Workload, world: World) -> bool:
    """The namespaces are the same, or one of them is unknown and the two are applied together."""
    if limit_range.namespace is not None and workload.namespace is not None:
        return limit_range.namespace == workload.namespace
    sets = world.fact(deployment_sets)
    return any(group in sets.of(limit_range) for group in sets.of(workload.base))
