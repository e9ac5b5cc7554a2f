"""Services and methods of gRPC that routes, policies and service configs name, against those of proto files.

Sources: gRPC over HTTP/2 (a call is a POST to ``/package.Service/Method``); Gateway API, GRPCMethodMatch;
Istio, "Authorization Policy" (``to.operation.paths``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from archlint.documents import Document, Node, TextFile
from archlint.documents.proto.statements import without_comments
from archlint.files import Kind
from archlint.finding import ObjectRef, Place, Span
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.exposure.routes import routes_of
from archlint.model.kubernetes import KubernetesObject
from archlint.model.kubernetes.names.similar import SimilarNames
from archlint.model.resilience.grpc_configs import GrpcServiceConfig, field
from archlint.model.world import World

_STATEMENT = regex(r"(?:\A|[;{}])\s*+(?P<word>package|service|rpc)\s++(?P<name>[\w.]++)")
"""Matches statements wherever they begin: a file may have them all on one line."""
_PATH = regex(r"/((?:[a-z_]\w*+\.)++[A-Z]\w*+)(?:/(\w*+))?/?\*?")
_LONGEST = 2_000_000
_OF_GRPC = "grpc."
"""What the packages begin with whose services libraries define: health and reflection."""


@dataclass(frozen=True, eq=False)
class DefinedService:
    """A service of a proto file."""

    full_name: str
    place: Place
    methods: frozenset[str]

    @property
    def name(self) -> str:
        """Its name without the package."""
        return self.full_name.rpartition(".")[2]


@dataclass(frozen=True, eq=False)
class MisnamedCall:
    """A service or method that something names, and that no proto file defines."""

    object: ObjectRef
    """The route or policy, or what holds the service config."""
    node: Node
    """The name, or the path with it."""
    asked: str
    """As it is named."""
    known: str
    """What is nearest to it."""
    defined: DefinedService

    @classmethod
    def all(cls, world: World) -> Iterable[MisnamedCall]:
        """Every such name in routes and policies, where proto files define one that is alike."""
        known = world.fact(_defined) if world.paths(Kind.PROTO) else {}
        similar = SimilarNames(known)
        for base in world.all(KubernetesObject) if known else ():
            for named in _named(base, world):
                if not named[1].startswith(_OF_GRPC):
                    yield from _misnamed(base.object, named, known, similar)
        for config in world.all(GrpcServiceConfig) if known else ():
            for entry in config.names:
                node, method = field(entry, "service"), field(entry, "method").text or ""
                if node.text and not node.text.startswith(_OF_GRPC):
                    yield from _misnamed(config.owner, (node, node.text, method), known, similar)

    @property
    def source(self) -> Document:
        """The document that names it."""
        return self.node.document


def _defined(world: World) -> dict[str, list[DefinedService]]:
    """The services of all proto files, by their names without package."""
    found: dict[str, list[DefinedService]] = defaultdict(list)
    for path in world.paths(Kind.PROTO):
        text = (world.text(path) or "")[:_LONGEST] if path.endswith(".proto") else ""
        for service in _services(path, text):
            found[service.name].append(service)
    return found


def _services(path: str, text: str) -> Iterator[DefinedService]:
    package = ""
    begun: list[tuple[str, Place, set[str]]] = []
    for match in _STATEMENT.finditer(without_comments(text)):
        name = match["name"]
        if match["word"] == "package":
            package = f"{name}."
        elif match["word"] == "service":
            begun.append((name, _place(path, text, match.span("name")), set()))
        elif begun:
            begun[-1][2].add(name)
    for name, place, methods in begun:
        yield DefinedService(f"{package}{name}", place, frozenset(methods))


def _place(path: str, text: str, at: tuple[int, int]) -> Place:
    line, column = text.count("\n", 0, at[0]) + 1, at[0] - text.rfind("\n", 0, at[0])
    return TextFile(path).place(Span(line, column, line, column + at[1] - at[0]))


def _named(base: KubernetesObject, world: World) -> Iterator[tuple[Node, str, str]]:
    """The services and methods that an object names; an empty method means all."""
    if base.kind == "GRPCRoute":
        for rule in base.get("spec", "rules").elements():
            for match in rule.get("matches").elements():
                method = match.get("method")
                if method.get("type").text in (None, "Exact") and method.get("service").text:
                    node = method.get("service")
                    yield node, node.text or "", method.get("method").text or ""
        return
    if base.kind == "AuthorizationPolicy":
        nodes = [
            path
            for rule in base.get("spec", "rules").elements()
            for to in rule.get("to").elements()
            for key in ("paths", "notPaths")
            for path in to.get("operation", key).elements()
        ]
    else:
        nodes = [route.node for route in routes_of(base, world) if route.asked is not None]
    for node in nodes:
        found = _PATH.fullmatch(node.text or "")
        if found:
            is_begun = (node.text or "").endswith("*") and found[2] is not None
            yield node, found[1], "" if is_begun else found[2] or ""


def _misnamed(
    owner: ObjectRef,
    named: tuple[Node, str, str],
    known: dict[str, list[DefinedService]],
    similar: SimilarNames,
) -> Iterator[MisnamedCall]:
    node, service, method = named
    named_so = known.get(service.rpartition(".")[2], [])
    alike = [item for item in named_so if _are_alike(_package(item.full_name), _package(service))]
    exact = [item for item in named_so if item.full_name == service]
    if not exact and alike:
        yield MisnamedCall(owner, node, service, alike[0].full_name, alike[0])
    elif not exact and not named_so:
        nearest = similar.nearest(service.rpartition(".")[2])
        beside = [
            item for item in known.get(nearest or "", ()) if _package(item.full_name) == _package(service)
        ]
        if beside:
            yield MisnamedCall(owner, node, service, beside[0].full_name, beside[0])
    elif method and not any(method in item.methods for item in exact):
        names = SimilarNames(name for item in exact for name in item.methods)
        nearest = names.nearest(method) or next(iter(names.some(1)), None)
        if nearest is not None:
            yield MisnamedCall(owner, node, f"{service}/{method}", f"{service}/{nearest}", exact[0])


def _package(full_name: str) -> str:
    return full_name.rpartition(".")[0]


def _are_alike(known: str, asked: str) -> bool:
    """Whether two packages have one root, or one is what the other ends with: of another root, a service of
    the same name is somebody else's."""
    parts, others = known.split("."), asked.split(".")
    length = min(len(parts), len(others))
    return parts[0] == others[0] or parts[-length:] == others[-length:]
