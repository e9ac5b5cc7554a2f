"""Pods in which several services run: containers behind Services of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archlint.documents import Document
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.kubernetes import Container, Workload
from archlint.model.kubernetes.ports import container_ports
from archlint.model.kubernetes.services import KubernetesService, routing
from archlint.model.services import protocols
from archlint.model.world import World

_HELPER = regex(
    r"exporter|proxy|envoy|agent|sidecar|metric|backup|reloader|sync|collector|otel|telemetry|fluent|logg|vector"
    r"|istio|linkerd|dapr|vault|oauth|auth|nginx|registrar|attacher|provisioner|resizer|snapshotter|probe|webhook"
    r"|rbac|promtail|statsd|jmx|cloud-?sql|pgbouncer|dnsmasq|config|watch|init|admin|debug|health|tunnel|vpn"
)
"""Matches names and images of what helps another container of its pod."""
_ASIDE = regex(r"metric|admin|health|probe|debug|monitor|webhook|headless|management|status|internal")


@dataclass(frozen=True, eq=False)
class SharedPod:
    """A workload whose pods run two services."""

    workload: Workload
    first: Container
    other: Container
    fronts: tuple[KubernetesService, KubernetesService]
    """The Services before the one and the other."""

    @classmethod
    def all(cls, world: World) -> Iterable[SharedPod]:
        """The first two services of each such workload."""
        for workload, services in world.fact(routing).services.items():
            own = [item for item in workload.containers if item.role == "main" and not _helps(item)]
            if len(own) > 1 and len(services) > 1 and workload.is_long_running:
                yield from _in(workload, own, services)

    @property
    def source(self) -> Document:
        """The document that holds the workload."""
        return self.workload.source

    @property
    def object(self) -> ObjectRef:
        """The workload."""
        return self.workload.object


def _in(
    workload: Workload, own: list[Container], services: Iterable[KubernetesService]
) -> Iterator[SharedPod]:
    behind: dict[int, tuple[Container, KubernetesService]] = {}
    """By the number of the container."""
    for service in services:
        targets = {port.target for port in service.ports}
        found = [item for item in own if targets & _ports(item)]
        everything = set().union(*(_ports(item) for item in found))
        if len(found) == 1 and targets <= everything and not _ASIDE.search(service.name):
            behind.setdefault(own.index(found[0]), (found[0], service))
    if len(behind) > 1:
        (first, front), (other, second) = list(behind.values())[:2]
        yield SharedPod(workload, first, other, (front, second))


def _ports(container: Container) -> set[str | int | None]:
    found: set[str | int | None] = set()
    for port in container_ports(container):
        found.update((port.number, port.name))
    return found - {None}


def _helps(container: Container) -> bool:
    """Whether a container is there for another one of its pod, or keeps its data."""
    image = (container.get("image").text or "").lower()
    name = image.rpartition("/")[2].partition(":")[0]
    if _HELPER.search(name) or _HELPER.search(container.name.lower()):
        return True
    return protocols.of_image(image) is not None
