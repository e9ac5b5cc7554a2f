"""ServiceMonitors and PodMonitors of the Prometheus operator: what they select, and which ports they scrape.

Source: the API reference of the Prometheus operator (monitoring.coreos.com/v1): ``endpoints[].port`` is the
name of a port of the Service, ``podMetricsEndpoints[].port`` that of a port of a container; without
``namespaceSelector`` the monitor's own namespace is looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.kubernetes.objects import KubernetesObject, ObjectFacet, string_map
from archlint.model.kubernetes.ports import container_ports
from archlint.model.kubernetes.selectors import label_selector_matches
from archlint.model.kubernetes.services import KubernetesService, with_label, workloads_by_label
from archlint.model.kubernetes.sets import deployment_sets
from archlint.model.kubernetes.workloads import Workload
from archlint.model.world import World

SCRAPE, PORT, PATH = "prometheus.io/scrape", "prometheus.io/port", "prometheus.io/path"
"""Annotations by which a Prometheus without monitors finds what to scrape."""
_ENDPOINTS = {"ServiceMonitor": "endpoints", "PodMonitor": "podMetricsEndpoints"}
_MOST = 1_000
"""What one label may be on, for a monitor to be judged: more are not looked through for each."""


def annotated_port(notes: Mapping[str, str]) -> int | None:
    """The port that annotations name for metrics; ``None`` if they name no number."""
    text = notes.get(PORT, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None


@dataclass(frozen=True)
class Monitor(ObjectFacet):
    """Something that tells Prometheus what to scrape."""

    @classmethod
    def all(cls, world: World) -> Iterable[Monitor]:
        """Every monitor in the world."""
        for base in world.all(KubernetesObject):
            if base.group == "monitoring.coreos.com" and base.kind in _ENDPOINTS:
                yield cls(base)

    @property
    def is_for_services(self) -> bool:
        """Whether it selects Services, and not pods."""
        return self.kind == "ServiceMonitor"

    @property
    def selector(self) -> Node:
        """The labels of what it scrapes."""
        return self.base.get("spec", "selector")

    def endpoints(self) -> Iterator[Node]:
        """What it scrapes of each thing that it selects."""
        return self.base.get("spec", _ENDPOINTS[self.kind]).elements()

    def ports(self) -> Iterator[Node]:
        """The names of the ports that it scrapes."""
        for endpoint in self.endpoints():
            if endpoint.get("port").text:
                yield endpoint.get("port")

    def sees(self, namespace: str | None) -> bool:
        """Whether it may look into a namespace; an unknown one may be any."""
        return namespace is None or self.namespaces is None or namespace in self.namespaces

    @cached_property
    def namespaces(self) -> frozenset[str | None] | None:
        """The namespaces that it looks into; ``None`` if they may be all."""
        chosen = self.base.get("spec", "namespaceSelector")
        names = frozenset(node.text for node in chosen.get("matchNames").elements())
        if chosen.get("any").value is True:
            return None
        return names or (None if self.namespace is None else frozenset({self.namespace}))


@dataclass(frozen=True, slots=True)
class Scraped:
    """One thing that a monitor selects, with the names of its ports."""

    base: KubernetesObject
    ports: frozenset[str]


def scraped(monitor: Monitor, world: World) -> Sequence[Scraped]:
    """What a monitor selects: of its own deployment sets if there is any, else of the world. Nothing where it
    selects by expressions alone, or by labels that very many have."""
    wanted = string_map(monitor.selector.get("matchLabels"))
    lists = [_labelled(monitor, key, value, world) for key, value in wanted.items()]
    rarest = min(lists, key=len, default=())
    if len(rarest) > _MOST:
        return ()
    found = [
        item
        for labels, item in rarest
        if monitor.sees(item.base.namespace) and label_selector_matches(monitor.selector, labels)
    ]
    beside = world.fact(deployment_sets).paths_beside(monitor.base)
    return [item for item in found if item.base.source.path in beside] or found


_Labelled = tuple[Mapping[str, str], Scraped]


def _labelled(monitor: Monitor, key: str, value: str, world: World) -> Sequence[_Labelled]:
    if monitor.is_for_services:
        return world.fact(_services_by_label).get((key, value), ())
    found = with_label(world.fact(workloads_by_label), key, value)
    return [(item.running_labels, _pods(item)) for item in found[: _MOST + 1]]


def _pods(workload: Workload) -> Scraped:
    ports = (port.name for item in workload.containers for port in container_ports(item))
    return Scraped(workload.base, frozenset(filter(None, ports)))


def _services_by_label(world: World) -> Mapping[tuple[str, str], Sequence[_Labelled]]:
    found: dict[tuple[str, str], list[_Labelled]] = defaultdict(list)
    for service in world.all(KubernetesService):
        names = frozenset(filter(None, (port.node.get("name").text for port in service.ports)))
        item = Scraped(service.base, names)
        for pair in service.base.labels.items():
            found[pair].append((service.base.labels, item))
    return found
