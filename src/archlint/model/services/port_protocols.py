"""Ports that say another protocol than the contract of what is behind them.

Sources: Kubernetes, Service ``appProtocol``; Istio, "Protocol Selection": ``appProtocol`` goes before the
name of a port, which is a protocol, or one with a suffix.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archlint.documents import Document, Node, TextFile
from archlint.files import API_DESCRIPTIONS
from archlint.finding import ObjectRef, Place, Span
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.kubernetes import Container, KubernetesObject
from archlint.model.openapi import Contract
from archlint.model.services.contracts import Contracts, contracts
from archlint.model.services.grouping import Service
from archlint.model.services.meshes import meshes
from archlint.model.sources.by_party import party_sources
from archlint.model.system.names import stem
from archlint.model.system.parties import parties
from archlint.model.world import World

_PROBES = ("readinessProbe", "livenessProbe", "startupProbe")
_OVER_HTTP = regex(r"(?i)connectrpc|connect-?go|bufbuild/connect|twirp|grpc-?(?:gateway|web)|RegisterHandler")
"""Matches what offers the services of a proto file over plain HTTP."""
_ANNOTATED = "google/api/annotations.proto"
_SERVICE = regex(r"(?m)^[ \t]*+service[ \t]++(?P<name>\w++)")


@dataclass(frozen=True, eq=False)
class ContradictoryPort:
    """A port of a Service whose name or ``appProtocol`` contradicts a contract."""

    front: KubernetesObject
    node: Node
    """What says the protocol."""
    said: str
    is_grpc: bool
    """Whether the contract is one of gRPC; else it is OpenAPI."""
    contract: Place
    sign: Node
    """What shows besides the contract what is spoken there."""

    @classmethod
    def all(cls, world: World) -> Iterable[ContradictoryPort]:
        """Every such port of the services whose contracts are of one kind."""
        known: Contracts = world.fact(contracts)
        for service in world.all(Service):
            paths = known.of(service.name) if service.fronts else []
            protos = [path for path in paths if path.endswith(".proto")]
            is_grpc = any(stem(service.name) in known.services(path) for path in protos)
            if (
                paths
                and len(protos) == (len(paths) if is_grpc else 0)
                and not may_speak_http(service, protos, world)
            ):
                for front in service.fronts:
                    yield from _wrong_ports(front, service, is_grpc, paths, world)

    @property
    def source(self) -> Document:
        """The document of the Service."""
        return self.front.source

    @property
    def object(self) -> ObjectRef:
        """The Service."""
        return self.front.object


def may_speak_http(service: Service, protos: list[str], world: World) -> bool:
    """Whether the services of proto files may be offered over plain HTTP as well."""
    if any(_ANNOTATED in (world.text(path) or "") for path in protos):
        return True
    party = world.fact(parties).of_service(service)
    return bool(protos) and any(
        _OVER_HTTP.search(file.code.text) for file in world.fact(party_sources).of(party)
    )


def _wrong_ports(
    front: KubernetesObject, service: Service, is_grpc: bool, paths: list[str], world: World
) -> Iterator[ContradictoryPort]:
    containers = [item for workload in service.workloads for item in workload.containers if item.is_lasting]
    for entry in front.get("spec", "ports").elements():
        stated = entry.get("appProtocol")
        node = stated if stated.exists else entry.get("name")
        said = (node.text or "").lower() if stated.exists else (node.text or "").partition("-")[0].lower()
        is_wrong = said in (("http", "tcp") if is_grpc else ("grpc",))
        if not is_wrong or not ((stated.exists and said != "tcp") or world.fact(meshes).is_used):
            continue
        target = entry.get("targetPort") if entry.get("targetPort").exists else entry.get("port")
        sign = next((found for item in containers for found in _signs(item, target, is_grpc)), None)
        contract = next((defining_place(path, service.name, world) for path in paths), None)
        if sign is not None and contract is not None:
            yield ContradictoryPort(front, node, said, is_grpc, contract, sign)


def _signs(container: Container, target: Node, is_grpc: bool) -> Iterator[Node]:
    """What of a container shows that a port speaks gRPC, or plain HTTP."""
    ports = [item for item in container.get("ports").elements() if _is_port(item, target)]
    numbers = {item.get("containerPort").integer for item in ports} | {target.integer}
    names = {item.get("name").text for item in ports} | {target.text}
    for probe in _PROBES:
        asked = container.get(probe, "grpc" if is_grpc else "httpGet", "port")
        if asked.exists and (asked.integer in numbers - {None} or asked.text in names - {None}):
            yield asked
    for item in ports if is_grpc else ():
        if (item.get("name").text or "").startswith("grpc"):
            yield item.get("name")


def _is_port(port: Node, target: Node) -> bool:
    if target.integer is not None:
        return port.get("containerPort").integer == target.integer
    return target.text is not None and port.get("name").text == target.text


def defining_place(path: str, name: str, world: World) -> Place | None:
    """The line of the contract that says what it is."""
    if world.kinds.get(path) in API_DESCRIPTIONS:
        return next(
            (
                item.root.get("swagger" if item.is_v2 else "openapi").value_place()
                for item in world.all(Contract)
                if item.document.path == path
            ),
            None,
        )
    text = world.text(path) or ""
    for match in _SERVICE.finditer(text):
        if stem(match["name"]) == stem(name):
            before = text[: match.start("name")]
            line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
            return TextFile(path).place(Span(line, column, line, column + len(match["name"])))
    return None
