"""Monitors of Prometheus that scrape nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from archlint.checks import Observation, Options, join, observe
from archlint.documents import Node
from archlint.model.kubernetes import string_map
from archlint.model.kubernetes.missed_monitors import Miss, missed
from archlint.model.kubernetes.monitors import Monitor
from archlint.model.world import World

NEEDS = ("monitoring.coreos.com",)


@join(Monitor)
def monitor_selects_nothing(monitor: Monitor, world: World, options: Options) -> Iterator[Observation]:
    """A monitor that selects nothing, where something here is nearly what it selects."""
    found = missed(monitor, world)
    if found is None:
        return
    chosen = monitor.base.get("spec", "namespaceSelector")
    is_space = found.cause is Miss.NAMESPACE and chosen.exists
    metadata = found.base.get("metadata")
    yield observe(
        (chosen if is_space else monitor.selector).place(),
        f"{found.cause}-of-pods" if not monitor.is_for_services else str(found.cause),
        related=[(_shown(metadata, found.cause).place(), "nearly what it selects")],
        kind=monitor.kind,
        name=monitor.name,
        other=found.base.kind,
        target=found.base.name,
        wanted=_listed(string_map(monitor.selector.get("matchLabels"))),
        labels=_listed(found.labels),
        namespace=found.base.namespace or "",
        looked=_looked(monitor, chosen),
    )


def _shown(metadata: Node, cause: Miss) -> Node:
    if cause is Miss.NAMESPACE:
        return metadata.get("namespace")
    labels = metadata.get("labels")
    return labels if labels.exists else metadata.get("name")


def _listed(labels: Mapping[str, str]) -> str:
    return ", ".join(f"{key}={value}" for key, value in labels.items()) or "none"


def _looked(monitor: Monitor, chosen: Node) -> str:
    names = [node.text for node in chosen.get("matchNames").elements() if node.text]
    return " and ".join(f"'{name}'" for name in names or [monitor.namespace or ""])
