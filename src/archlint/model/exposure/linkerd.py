"""Retries that Linkerd is told to do: by annotations of Services and routes, and by service profiles.

Source: Linkerd, "Retries" (``retry.linkerd.io/http``, with ``5xx``, ``gateway-error`` and codes) and
"Service Profiles" (``isRetryable``), which go before annotations.
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.exposure.providers import providers
from archlint.model.kubernetes import KubernetesObject
from archlint.model.openapi import Operation, operations_of
from archlint.model.services.resolution import cluster_names
from archlint.model.world import World

LINKERD = "retry.linkerd.io/http"
_AFTER_WORK = regex(r"5xx|gateway-error|5[0-9][0-9](?:-[0-9]+)?")
_SEGMENT = regex(r"\[\^/\][*+]|\(?\.\*\)?|\{[^{}]*+\}")
"""Matches what stands for one segment, in expressions of profiles and in templates of paths."""


@dataclass(frozen=True, eq=False)
class Retried:
    """What says that requests are retried, and the operations that it is about."""

    node: Node
    operations: tuple[Operation, ...]


def is_after_work(node: Node) -> bool:
    """Whether an annotation retries requests that may have been carried out."""
    return any(
        _AFTER_WORK.fullmatch(word.strip()) for word in (node.text or str(node.value or "")).split(",")
    )


def retried_by_linkerd(base: KubernetesObject, world: World) -> Iterator[Retried]:
    """What a Service with the annotation, or each route of a service profile, retries."""
    if (base.group, base.kind) == ("", "Service"):
        yield from _of_service(base, world)
    elif base.kind == "ServiceProfile":
        yield from _of_profile(base, world)


def _of_service(base: KubernetesObject, world: World) -> Iterator[Retried]:
    node = base.get("metadata", "annotations", LINKERD)
    provider = world.fact(providers).of_service(base.name)
    if provider is not None and is_after_work(node) and base.name not in world.fact(_divided):
        yield Retried(node, tuple(operations_of(provider.contract.path_items)))


def _divided(world: World) -> frozenset[str]:
    """The Services whose calls profiles, or routes of their own, divide."""
    found = set[str]()
    for base in world.all(KubernetesObject):
        if base.kind == "ServiceProfile":
            found.add(base.name.partition(".")[0])
        elif base.kind.endswith("Route"):
            parents = base.get("spec", "parentRefs").elements()
            found.update(
                item.get("name").text or "" for item in parents if item.get("kind").text == "Service"
            )
    return frozenset(found)


def _of_profile(base: KubernetesObject, world: World) -> Iterator[Retried]:
    names = cluster_names(base.name)
    provider = world.fact(providers).of_service(names[0].name) if names else None
    if provider is None:
        return
    known = {
        (operation.method, _plain(written.text)): operation
        for written in provider.paths
        for operation in operations_of([written.item])
    }
    for route in base.get("spec", "routes").elements():
        retried, condition = route.get("isRetryable"), route.get("condition")
        key = (condition.get("method").text or "", _plain(condition.get("pathRegex").text or ""))
        if retried.value is True and key in known:
            yield Retried(retried, (known[key],))


def _plain(path: str) -> str:
    """A template, or an expression for one, in one spelling."""
    text = path.removeprefix("^").removesuffix("$").replace("\\.", ".").replace("\\-", "-")
    return _SEGMENT.sub("{}", text).rstrip("/")
