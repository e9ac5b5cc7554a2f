"""Probes by gRPC of servers whose source offers no health service.

Source: Kubernetes, "Define a gRPC liveness probe"; the protocol ``grpc.health.v1.Health``, which a server
has to register, and which its library does not offer by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archlint.documents import Document, Node
from archlint.finding import ObjectRef, Place
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.exposure.probes import PROBES
from archlint.model.kubernetes import Container
from archlint.model.services.grouping import Service
from archlint.model.sources.by_party import party_sources
from archlint.model.sources.reading import SourceFile, source_files
from archlint.model.system.parties import parties
from archlint.model.world import World

_SERVER = regex(
    r"\bgrpc\.NewServer\(|\bgrpc\.(?:aio\.)?server\(|\bnew grpc\.Server\("
    r"|\b(?:Netty)?ServerBuilder\s*\.\s*forPort\(|\bMapGrpcService<|\bGRPC::RpcServer\b"
)
"""Matches where a program makes a server of gRPC with the plain library."""
_HEALTH = regex(r"(?i)health")
_FRAMEWORK = regex(
    r"go-kratos|go-zero|zrpc\b|go-micro|quarkus|micronaut|springframework|armeria|nestjs|connectrpc|vertx|@GrpcService\b"
)
"""Matches frameworks that may register the service themselves."""


@dataclass(frozen=True, eq=False)
class UnansweredProbe:
    """A probe by gRPC that the server does not know."""

    container: Container
    kind: str
    node: Node
    """The field ``grpc`` of the probe."""
    server: Place
    """Where the source makes the server."""

    @classmethod
    def all(cls, world: World) -> Iterable[UnansweredProbe]:
        """Every such probe of services whose source is here."""
        for service in world.all(Service):
            asked = list(_asked(service))
            server = _server(service, world) if asked else None
            for container, kind, node in asked if server is not None else ():
                if server is not None:
                    yield cls(container, kind, node, server)

    @property
    def source(self) -> Document:
        """The document of the container."""
        return self.node.document

    @property
    def object(self) -> ObjectRef:
        """The workload."""
        return self.container.object


def _asked(service: Service) -> Iterator[tuple[Container, str, Node]]:
    for workload in service.workloads:
        lasting = [item for item in workload.containers if item.is_lasting]
        for kind in PROBES if len(lasting) == 1 else ():
            node = lasting[0].get(kind, "grpc")
            if node.is_map:
                yield lasting[0], kind, node


def _server(service: Service, world: World) -> Place | None:
    """Where the server of a service is made, if nothing in its source, or in what services share, speaks of
    health."""
    files = world.fact(party_sources).of(world.fact(parties).of_service(service))
    found: Place | None = None
    for file in files:
        text = file.text
        if _HEALTH.search(text) or _FRAMEWORK.search(text):
            return None
        match = _SERVER.search(text) if found is None else None
        found = file.place(*match.span()) if match else found
    return None if found is None or world.fact(_is_shared) else found


def _is_shared(world: World) -> bool:
    """Whether source that is no service's own speaks of health and gRPC."""
    return any(_speaks_of_it(file) for file in world.fact(source_files).files if file.folder is None)


def _speaks_of_it(file: SourceFile) -> bool:
    text = file.text
    return "grpc" in text and _HEALTH.search(text) is not None
