"""Ports at which workloads serve their proto files, and to which no port of their Services leads.

Sources: Kubernetes, Service (``ports``: a Service passes on what comes to the ports that it lists, but a
headless one answers with the pods themselves); Dapr, "Service invocation" (from sidecar to sidecar).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archlint.documents import Document, Node
from archlint.files import Kind
from archlint.finding import ObjectRef, Place
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.kubernetes import Container, KubernetesObject
from archlint.model.services.contracts import Contracts, contracts
from archlint.model.services.grouping import Service
from archlint.model.services.port_protocols import defining_place, may_speak_http
from archlint.model.services.resolution import has_open_ports
from archlint.model.system.names import stem
from archlint.model.world import World

_OF_GRPC = regex(r"(?i)grpcs?(?:-(?!web).*)?")
"""Matches names of ports for gRPC; what browsers speak goes through a proxy."""
_VARIABLE = regex(r"(?:GRPC_(?:SERVER_|LISTEN_)?|(?:SERVER|LISTEN)_GRPC_)PORT")
"""Matches variables that say where a program itself listens; with another word, it is where others do."""
_OTHER = regex(
    r"(?i)(?:https?|metrics?|prom(?:etheus)?|manage\w*|admin|health\w*|monitor\w*|debug|pprof)(?:-.*)?"
)
"""Matches names of ports at which nobody expects gRPC."""
_DAPR = "dapr.io/enabled"


@dataclass(frozen=True, eq=False)
class UnofferedPort:
    """Where a workload serves the proto file of its name, and no port of its Services leads to."""

    front: KubernetesObject
    contract: Place
    sign: Node
    """What says where it listens."""
    number: int

    @classmethod
    def all(cls, world: World) -> Iterable[UnofferedPort]:
        """Every such port, where it is certain what all ports of the Services lead to."""
        if not world.paths(Kind.PROTO):
            return
        known: Contracts = world.fact(contracts)
        for service in world.all(Service):
            paths = [path for path in known.of(service.name) if stem(service.name) in known.services(path)]
            sign = _unreached(service) if paths and service.fronts else None
            place = next((defining_place(path, service.name, world) for path in paths), None)
            if sign is not None and place is not None and not may_speak_http(service, paths, world):
                front = next(
                    (item for item in service.fronts if item.name == service.name), service.fronts[0]
                )
                yield cls(front, place, *sign)

    @property
    def ports(self) -> Node:
        """The ports of the Service, to which one has to be added."""
        return self.front.get("spec", "ports")

    @property
    def misled(self) -> Node | None:
        """The port of the Service that is called after gRPC and has to lead there."""
        return next(
            (port for port in self.ports.elements() if _OF_GRPC.fullmatch(port.get("name").text or "")), None
        )

    @property
    def unnamed(self) -> Node | None:
        """The one port of the Service, which needs a name as soon as there are two."""
        return next((port for port in self.ports.elements() if not port.get("name").text), None)

    @property
    def addition(self) -> str:
        """What to add to the ports, under a number that is free."""
        taken = {port.get("port").integer for port in self.ports.elements()}
        free = next(
            number for number in range(self.number, self.number + len(taken) + 1) if number not in taken
        )
        target = "" if free == self.number else f", targetPort: {self.number}"
        return f"{{name: grpc, port: {free}{target}}}"

    @property
    def source(self) -> Document:
        """The document of the Service."""
        return self.front.source

    @property
    def object(self) -> ObjectRef:
        """The Service."""
        return self.front.object


def _unreached(service: Service) -> tuple[Node, int] | None:
    """Where all workloads listen for gRPC, if no port of the Services leads there or elsewhere unseen."""
    targets = _targets(service.fronts)
    found: tuple[Node, int] | None = None
    for workload in service.workloads if targets else ():
        containers = [item for item in workload.containers if item.is_lasting]
        listening = [(item, sign) for item in containers for sign in _listening(item)]
        is_open = workload.pod_spec.get("hostNetwork").exists or _DAPR in workload.pod_annotations
        if is_open or workload.is_part or len({item.name for item, _ in listening}) != 1:
            return None
        container, found = listening[0]
        numbers = {number for _, (_, number) in listening}
        if not all(_leads_elsewhere(target, container, numbers) for target in targets):
            return None
    return found


def _targets(fronts: list[KubernetesObject]) -> list[Node]:
    """What the ports of Services lead to; nothing if more ports than they list may be reached."""
    if any(map(has_open_ports, fronts)):
        return []
    entries = [entry for front in fronts for entry in front.get("spec", "ports").elements()]
    return [
        entry.get("targetPort") if entry.get("targetPort").exists else entry.get("port") for entry in entries
    ]


def _listening(container: Container) -> Iterator[tuple[Node, int]]:
    """Where a container says that it listens for gRPC, by the names of its ports or by its variables."""
    for port in container.get("ports").elements():
        number = port.get("containerPort").integer
        if number is not None and _OF_GRPC.fullmatch(port.get("name").text or ""):
            yield port.get("name"), number
    for variable in container.get("env").elements():
        value = variable.get("value").text or ""
        if _VARIABLE.fullmatch(variable.get("name").text or "") and value.isdecimal() and len(value) <= 5:
            yield variable.get("value"), int(value)


def _leads_elsewhere(target: Node, container: Container, numbers: set[int]) -> bool:
    """Whether a port of a Service leads to another port of the container, at which nobody expects gRPC: a
    port of another container may be that of a proxy, which passes everything on."""
    for port in container.get("ports").elements():
        name, number = port.get("name").text or "", port.get("containerPort").integer
        is_meant = number == target.integer if target.integer is not None else name == target.text
        if is_meant:
            return number is not None and number not in numbers and bool(_OTHER.fullmatch(name))
    return False
