"""Waits of the cluster: init containers that go on only when another service answers, and readiness probes
that ask one. A pod that is not ready gets no calls, so who waits for it waits on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import pairwise

from archlint.documents import Document, Node
from archlint.finding import ObjectRef, Place
from archlint.finding.records import dataclass
from archlint.model.kubernetes import Container, KubernetesObject, Workload
from archlint.model.services import protocols
from archlint.model.services.configuration import configuration
from archlint.model.services.grouping import Service, service_groups
from archlint.model.services.references import variables_of
from archlint.model.services.resolution import service_names
from archlint.model.startup.commands import AskedHost, asked_hosts, texts_of
from archlint.model.system.images import image_name
from archlint.model.world import World

_WAITING_IMAGE = "k8s-wait-for"
"""An image whose arguments say what to wait for: ``service NAME``."""


class WaitKind(StrEnum):
    """What waits."""

    INIT = "init container"
    READINESS = "readiness probe"


@dataclass(frozen=True, eq=False)
class StartWait:
    """One place at which a service waits for another."""

    kind: WaitKind
    workload: Workload
    container: Container
    caller: Service
    callee: Service
    front: KubernetesObject
    """The Kubernetes Service that is asked."""
    node: Node
    """What says so."""
    asked: AskedHost

    @classmethod
    def all(cls, world: World) -> Iterable[StartWait]:
        """Every wait, in the order of the text."""
        yield from world.fact(_waits)

    @property
    def place(self) -> Place:
        """Where the other one is named."""
        return self.node.value_place()

    @property
    def source(self) -> Document:
        """The document that holds the wait."""
        return self.node.document

    @property
    def object(self) -> ObjectRef:
        """The workload."""
        return self.workload.object

    @property
    def text(self) -> str:
        """The host, with the port if one is named."""
        return self.asked.host if self.asked.port is None else f"{self.asked.host}:{self.asked.port}"

    @property
    def is_for_store(self) -> bool:
        """Whether a database, cache or broker is waited for, perhaps through a proxy of its port."""
        by_port = self.asked.port is not None and protocols.of_port(self.asked.port) is not None
        return by_port or self.callee.store_protocol is not None

    @property
    def is_for_ready_pods(self) -> bool:
        """Whether nothing answers before a pod is ready."""
        return self.front.get("spec", "publishNotReadyAddresses").value is not True


def _waits(world: World) -> list[StartWait]:
    return list(_Reader(world).waits())


class _Reader:
    def __init__(self, world: World) -> None:
        self._world = world
        self._names = world.fact(service_names)
        self._groups = world.fact(service_groups)
        self._known = world.fact(configuration)

    def waits(self) -> Iterator[StartWait]:
        for workload in self._world.all(Workload):
            home = self._groups.home_of(workload)
            for container in workload.containers if home is not None else ():
                yield from self._of(workload, container)

    def _of(self, workload: Workload, container: Container) -> Iterator[StartWait]:
        if container.role == "init":
            nodes = [*_parts(container.get("command")), *_parts(container.get("args"))]
            for asked in (*self._asked(container, nodes), *_of_waiting_image(container)):
                if asked.is_awaited:
                    yield from self._wait(WaitKind.INIT, workload, container, nodes, asked)
        elif container.is_lasting and workload.is_long_running:
            nodes = _parts(container.get("readinessProbe", "exec", "command"))
            if not any("||" in (node.text or "") for node in nodes):
                for asked in self._asked(container, nodes):
                    yield from self._wait(WaitKind.READINESS, workload, container, nodes, asked)

    def _asked(self, container: Container, nodes: list[Node]) -> list[AskedHost]:
        if not nodes:
            return []
        variables = {item.name: item.value for item in variables_of(container, self._known)}
        return asked_hosts(texts_of(node.text for node in nodes), variables)

    def _wait(
        self, kind: WaitKind, workload: Workload, container: Container, nodes: list[Node], asked: AskedHost
    ) -> Iterator[StartWait]:
        caller = self._groups.of_workload(workload)
        for front in self._names.resolve(asked.host, workload.base)[:1]:
            callee = self._groups.of_front(front)
            if callee is not caller and callee.workloads:
                node = nodes[asked.item]
                yield StartWait(kind, workload, container, caller, callee, front, node, asked)


def _parts(node: Node) -> list[Node]:
    return list(node.elements())


def _of_waiting_image(container: Container) -> Iterator[AskedHost]:
    if image_name(container.get("image").text or "") != _WAITING_IMAGE:
        return
    before = len(_parts(container.get("command")))
    words = [node.text or "" for node in container.get("args").elements()]
    for at, (kind, name) in enumerate(pairwise(words)):
        if kind in ("service", "svc") and not name.startswith("-"):
            yield AskedHost(name.lower(), None, before + at + 1, True)
