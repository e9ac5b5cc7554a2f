"""Pods that Prometheus is told to scrape, and that let none of the Prometheuses of the repository in.

The operator makes the pods of a ``Prometheus``; their labels are known from its documentation
(``app.kubernetes.io/name``, ``prometheus`` and others), and ``podMetadata`` may add some.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.kubernetes import KubernetesObject, Workload, string_map
from archlint.model.kubernetes.images import parse_image
from archlint.model.kubernetes.monitors import PORT, SCRAPE, Monitor, Scraped, annotated_port, scraped
from archlint.model.kubernetes.services import KubernetesService, routing
from archlint.model.kubernetes.sets import deployment_sets
from archlint.model.network.addresses import block_of
from archlint.model.network.connectivity.bounded import BoundedIndex
from archlint.model.network.connectivity.connections import ConnectionSet, all_of
from archlint.model.network.connectivity.entrances import target_of
from archlint.model.network.connectivity.pods import named_ports
from archlint.model.network.culprits import Culprit, nearest
from archlint.model.network.cut_ports import shut_ports
from archlint.model.network.policies import NetworkPolicy, TrafficDirection
from archlint.model.network.sides import MESH_TUNNELS, PolicySides, SideRule, policy_sides
from archlint.model.world import World

_KINDS = frozenset({"Prometheus", "PrometheusAgent"})
_IMAGES = frozenset({"prometheus", "vmagent"})
_WORDS = ("prom", "monitor", "metric", "observ")


@dataclass(frozen=True)
class Scraper:
    """A Prometheus, and the labels of its pods."""

    base: KubernetesObject
    labels: dict[str, str]
    workload: Workload | None
    """``None`` where an operator makes its pods, which may have more labels."""


@dataclass(frozen=True)
class CutScrape:
    """Pods that are to be scraped and cannot be."""

    workload: Workload
    wanted: ConnectionSet
    culprit: Culprit
    scraper: KubernetesObject
    labels: dict[str, str]
    """Those of its pods."""
    by: Node
    """What says that they are to be scraped."""


def scrapers(world: World) -> tuple[Scraper, ...]:
    """Every Prometheus of a world; ask for them with ``world.fact(scrapers)``."""
    found = [
        Scraper(base, _labels_of_operator(base), None)
        for base in world.all(KubernetesObject)
        if base.group == "monitoring.coreos.com" and base.kind in _KINDS
    ]
    found += [
        Scraper(item.base, item.running_labels, item)
        for item in world.all(Workload)
        if _runs_prometheus(item)
    ]
    return tuple(found)


def _labels_of_operator(base: KubernetesObject) -> dict[str, str]:
    return {
        "app.kubernetes.io/name": "prometheus" if base.kind == "Prometheus" else "prometheus-agent",
        "app.kubernetes.io/instance": base.name,
        "app.kubernetes.io/managed-by": "prometheus-operator",
        "operator.prometheus.io/name": base.name,
        "prometheus": base.name,
        **string_map(base.get("spec", "podMetadata", "labels")),
    }


def _runs_prometheus(workload: Workload) -> bool:
    images = (container.get("image").text or "" for container in workload.containers)
    return any(parse_image(image).name.rpartition("/")[2] in _IMAGES for image in images)


def cut_scrapes(world: World) -> dict[NetworkPolicy, list[CutScrape]]:
    """What is scraped in vain, by policy; ask for them with ``world.fact(cut_scrapes)``."""
    if not world.all(NetworkPolicy) or not world.fact(scrapers):
        return {}
    found: dict[NetworkPolicy, list[CutScrape]] = defaultdict(list)
    told = set()
    for cut in _Judge(world).cuts():
        key = (id(cut.workload), cut.wanted)
        if key not in told:
            told.add(key)
            found[cut.culprit.policy].append(cut)
    return dict(found)


class _Judge:
    def __init__(self, world: World) -> None:
        self._world = world
        self._sides: PolicySides = world.fact(policy_sides)
        self._scrapers: tuple[Scraper, ...] = world.fact(scrapers)
        self._sets = world.fact(deployment_sets)
        self._behind = world.fact(routing).workloads
        self._workloads = {id(item.base): item for item in world.all(Workload)}
        self._shut = world.fact(shut_ports)
        self._reads_annotations = any(item.workload is not None for item in self._scrapers)

    def cuts(self) -> Iterator[CutScrape]:
        """Everything that is scraped in vain."""
        made = [item for item in self._scrapers if item.workload is None]  # nothing else reads monitors
        for targets, scrapers in ((self._monitored(), made), (self._annotated(), self._scrapers)):
            for workload, wanted, by in targets if scrapers else ():
                cut = self._cut(workload, wanted, by, scrapers) if wanted else None
                if cut is not None:
                    yield cut

    def _monitored(self) -> Iterator[_Target]:
        for monitor in self._world.all(Monitor):
            found = scraped(monitor, self._world)
            for port in monitor.ports() if found else ():
                for item in found:
                    yield from self._of_monitor(monitor, item, port)

    def _of_monitor(self, monitor: Monitor, item: Scraped, port: Node) -> Iterator[_Target]:
        if monitor.is_for_services:
            service = KubernetesService(item.base)
            named = (each for each in service.ports if each.node.get("name").text == port.text)
            ports = [each for each in named if (service, each) not in self._shut]
            for workload in self._behind.get(service, ()):
                table = named_ports(workload)
                yield workload, all_of(target_of(each, table) for each in ports), port
        elif id(item.base) in self._workloads:
            workload = self._workloads[id(item.base)]
            own = {key: numbers for key, numbers in named_ports(workload).items() if key[1] == port.text}
            yield workload, ConnectionSet.of({protocol: own[protocol, name] for protocol, name in own}), port

    def _annotated(self) -> Iterator[_Target]:
        if not self._reads_annotations:
            return
        for workload in self._world.all(Workload):
            yield from _of_annotations(workload.template.get("metadata", "annotations"), workload)
        for service, workloads in self._behind.items():
            for workload in workloads:
                yield from _of_annotations(service.base.get("metadata", "annotations"), workload)

    def _cut(
        self, workload: Workload, wanted: ConnectionSet, by: Node, scrapers: Sequence[Scraper]
    ) -> CutScrape | None:
        """What is told of pods, if no Prometheus that may be in their cluster gets in."""
        side = self._sides.of(workload, TrafficDirection.INGRESS)
        near = [item for item in scrapers if self._is_near(item.base, workload.base)]
        if side is None or not near or any(item.workload is workload for item in near):
            return None
        open_to = side.about(wanted | MESH_TUNNELS, named_ports(workload))
        if any(self._may_admit(rule, scraper) for rule in open_to for scraper in near):
            return None
        return CutScrape(
            workload, wanted, nearest(side, 0, wanted, workload), near[0].base, near[0].labels, by
        )

    def _is_near(self, scraper: KubernetesObject, pods: KubernetesObject) -> bool:
        """Whether both are of one cluster: applied together, or both with a namespace, as what belongs to no
        cluster in particular, such as charts beside each other, has none."""
        if self._sets.are_together(scraper, pods):
            return True
        is_placed = scraper.namespace is not None and pods.namespace is not None
        return is_placed and self._sides.are_of_one_cluster(scraper, pods)

    def _may_admit(self, rule: SideRule, scraper: Scraper) -> bool:
        if rule.rule.admits_everyone:
            return True
        if scraper.workload is not None:
            bit = self._sides.bit(scraper.workload)
            return not bit or bool(rule.peers & bit)
        return any(self._may_mean(rule.policy, peer, scraper) for peer in rule.rule.peers)

    def _may_mean(self, policy: NetworkPolicy, peer: Node, scraper: Scraper) -> bool:
        block = block_of(peer.get("ipBlock"))
        if block is not None:
            return block.may_hold_pods()
        spaces, pods = peer.get("namespaceSelector"), peer.get("podSelector")
        if spaces.is_set:
            in_place = self._sides.may_pick(spaces, scraper.base.namespace)
        else:
            in_place = pods.is_set and None in (policy.namespace, scraper.base.namespace)
            in_place = in_place or (pods.is_set and policy.namespace == scraper.base.namespace)
        return in_place and _may_have_labels(scraper, pods)


_Target = tuple[Workload, ConnectionSet, Node]
"""Pods, the ports that are scraped, and what says so."""


def _of_annotations(annotations: Node, workload: Workload) -> Iterator[_Target]:
    notes = string_map(annotations)
    number = annotated_port(notes)
    if notes.get(SCRAPE) == "true" and number is not None:
        yield workload, ConnectionSet.to_port("TCP", number), annotations.get(PORT)


def _may_have_labels(scraper: Scraper, selector: Node) -> bool:
    """Whether a selector may pick pods that an operator makes. A label of which its documentation does not
    tell is taken for another's unless it speaks of monitoring."""
    asked = string_map(selector.get("matchLabels"))
    strange = {key for key, value in asked.items() if not any(word in value.lower() for word in _WORDS)}
    index = BoundedIndex()
    index.add(0, scraper.labels, vague=True, known={*scraper.labels, *strange})
    return bool(index.selected(selector).possible)
