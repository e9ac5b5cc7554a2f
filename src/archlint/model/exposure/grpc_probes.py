"""Probes by gRPC of servers whose source offers no health service.

Source: Kubernetes, "Define a gRPC liveness probe"; the protocol ``grpc.health.v1.Health``, which a server
has to register, and which its library does not offer by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from posixpath import dirname

from archlint.documents import Document, Node
from archlint.finding import ObjectRef, Place
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.exposure.probes import PROBES
from archlint.model.kubernetes import Container
from archlint.model.services.grouping import Service
from archlint.model.sources.by_party import party_sources
from archlint.model.sources.reading import SourceFile, source_files
from archlint.model.system.parties import Parties, parties
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

_ASSIGNED = regex(r"(?<!\w)(\w{1,80}+)\s*+:?+=\s*+(?:(?:await|new)\s*+)?+$")
"""Matches what a server is kept in, before it is made."""
_WHOLE = frozenset({"", "await", "var"})
_RECEIVER = regex(r"\s*\w+\.")
_TYPED = regex(r"\b(\w{1,80})\s+\*?grpc\.Server\b")
"""Matches the parameters and fields of Go that are servers."""
_CALL = regex(r"\b(?P<name>(?:\w{1,80}\.)?\w{1,120})\((?P<arguments>[^()\n]{1,300})\)")
_WORD = regex(r"\w+")
_REGISTERS = regex(
    r"(?:\w+\.)?(?:Register\w*Server|add_\w+_to_server|enable_server_reflection)|reflection\.Register|print|str|func"
)
"""Matches functions that libraries of gRPC, or what they generate, have for a server."""
_DEFINED = regex(r"\b(?:func(?:\s*\([^()\n]{0,200}\))?|def|function)\s+(\w+)")


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
    health, and no library that is not here is handed it."""
    files = world.fact(party_sources).of(world.fact(parties).of_service(service))
    found: tuple[SourceFile, re.Match[str]] | None = None
    for file in files:
        text = file.text
        if _HEALTH.search(text) or _FRAMEWORK.search(text):
            return None
        match = _SERVER.search(text) if found is None else None
        found = (file, match) if match else found
    if found is None or world.fact(_is_shared) or _is_handed_on(files, *found):
        return None
    return found[0].place(*found[1].span())


def _is_shared(world: World) -> bool:
    """Whether source that is no service's own speaks of health and gRPC."""
    known: Parties = world.fact(parties)
    shared = (file for file in world.fact(source_files).files if not known.of_path(dirname(file.path)))
    return any(map(_speaks_of_it, shared))


def _speaks_of_it(file: SourceFile) -> bool:
    text = file.text
    return "grpc" in text and _HEALTH.search(text) is not None


def _is_handed_on(files: list[SourceFile], file: SourceFile, server: re.Match[str]) -> bool:
    """Whether something that is not here may register a service: the server is an argument of a function
    that the source does not define, or nobody knows where it goes."""
    text = file.text
    before = text[text.rfind("\n", 0, server.start()) + 1 : server.start()]
    names = set(_TYPED.findall(text))
    assigned = _ASSIGNED.search(before)
    if assigned is not None:
        names.add(assigned[1])
    elif before.strip() not in _WHOLE and not _RECEIVER.fullmatch(before):
        return True
    called = {match["name"] for each in files for match in _handed(each.text, names)}
    called = {name.rpartition(".")[2] for name in called if not _REGISTERS.fullmatch(name)}
    defined = {match[1] for each in files if called for match in _DEFINED.finditer(each.text)}
    return not called <= defined


def _handed(text: str, names: set[str]) -> Iterator[re.Match[str]]:
    """The calls that have one of some names among their arguments."""
    for match in _CALL.finditer(text):
        if not names.isdisjoint(_WORD.findall(match["arguments"])):
            yield match
