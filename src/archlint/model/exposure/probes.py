"""Probes by HTTP of services that have a contract: what the kubelet asks, and what the contract says of it.

Source: Kubernetes, "Configure Liveness, Readiness and Startup Probes": a GET with the headers of
``httpHeaders`` and no credentials, which succeeds with a status from 200 to 399.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from archlint.documents import Document, Node
from archlint.files import Kind
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.exposure.path_matches import Mode, PathMatch, Segments, segments_of
from archlint.model.exposure.providers import Provider, Written, providers
from archlint.model.kubernetes import Container
from archlint.model.kubernetes.ports import container_ports
from archlint.model.kubernetes.services import KubernetesService
from archlint.model.services.grouping import Service
from archlint.model.sources.by_party import party_sources
from archlint.model.system.parties import parties
from archlint.model.world import World

PROBES = ("readinessProbe", "livenessProbe", "startupProbe")
_PLAIN_HEADERS = regex(
    r"(?i)accept(?:-\w+)?|user-agent|host|connection|x-forwarded-\w+|x-request-id|custom-header"
)
"""Matches headers that say nothing of who asks."""
HEALTH = regex(
    r"(?i)(?<![a-z])(?:health\w*+|alive|live(?:ness|z)?|read(?:y|yz|iness)|ping|status|heart-?beat|probes?|startup"
    r"|started)(?![a-z])"
)
"""Matches words of paths that may tell whether a service is well."""
_OF_HEALTH = regex(
    r"(?i)[-_]?(?:health(?:z|y)?(?:[-_]?(?:checks?|status|probe))?|live(?:ness|z)|ready(?:z|ness)|readi(?:ness|z)|ping"
    r"|heart-?beat|probes?)(?:[-_]?(?:check|probe))?(?:\.[a-z]{1,5})?"
)
"""Matches last segments of paths that tell whether a service is well, and nothing of its work."""
_OF_STATE = regex(r"(?i)status|alive|live|ready|startup|started")
"""Matches last segments that do so below the base of an API: ``/orders/status`` may be that of orders."""
_BASE = regex(
    r"(?i)v[0-9]++|api|health\w*+|internal|private|probes?|system|actuator|management|manage|admin|[-_]"
)
"""Matches segments that an API's base may be of."""
_ASIDE = regex(r"(?i)metric|prom|manage|admin|health|probe|monitor|debug|pprof")
"""Matches names of ports beside that of the API."""
_FRAMEWORK = frozenset({"actuator", "q", "management", "manage", "metrics", "monitoring", "admin", "-"})
"""First segments under which frameworks offer what no contract describes."""


@dataclass(frozen=True, eq=False)
class ContractProbe:
    """A probe that asks a path at a port of a service with one contract."""

    container: Container
    kind: str
    """The field, such as ``readinessProbe``."""
    node: Node
    """The path."""
    service: Service
    provider: Provider

    @classmethod
    def all(cls, world: World) -> Iterable[ContractProbe]:
        """Every such probe."""
        if not world.paths(Kind.OPENAPI):
            return
        for service in world.all(Service):
            provider = world.fact(providers).of_service(service.name) if service.workloads else None
            if provider is not None:
                yield from _of_service(service, provider)

    @property
    def source(self) -> Document:
        """The document of the container."""
        return self.node.document

    @property
    def object(self) -> ObjectRef:
        """The workload."""
        return self.container.object

    @cached_property
    def path(self) -> str:
        """What is asked, without a query."""
        return (self.node.text or "").partition("?")[0]

    @cached_property
    def written(self) -> Written | None:
        """The path of the contract that is asked: of several the one with the fewest parameters."""
        asked = PathMatch(self.path, Mode.EXACT)
        found = [item for item in self.provider.paths if asked.takes(item.segments)]
        return min(found, key=lambda item: item.segments.count(None), default=None)

    @property
    def shows_nothing(self) -> bool:
        """Whether it has no header that may say who asks."""
        headers = self.container.get(self.kind, "httpGet", "httpHeaders").elements()
        return all(_PLAIN_HEADERS.fullmatch(item.get("name").text or "") for item in headers)

    def healths(self) -> list[Written]:
        """The paths of the contract that tell whether the service is well."""
        return [
            item
            for item in self.provider.paths
            if None not in item.segments and self._tells_health(item.segments)
        ]

    @property
    def asks_health(self) -> bool:
        """Whether its path is one that tells whether a service is well."""
        return self._tells_health(segments_of(self.path))

    def _tells_health(self, segments: Segments) -> bool:
        *base, last = segments or ("",)
        if _OF_HEALTH.fullmatch(last or ""):
            return True
        is_base = all(_BASE.fullmatch(part or "") for part in base)
        return is_base and _OF_STATE.fullmatch(last or "") is not None

    def is_beside(self, known: list[Written]) -> bool:
        """Whether a framework offers the path beside the API that the contract describes."""
        first = self.path.strip("/").partition("/")[0]
        return first in _FRAMEWORK and not any(item.segments[0] == first for item in known)

    def is_in_source(self, world: World) -> bool:
        """Whether the last part of the path stands in source of the service."""
        last = self.path.rstrip("/").rpartition("/")[2]
        party = world.fact(parties).of_service(self.service)
        return any(last in file.text for file in world.fact(party_sources).of(party))


def _of_service(service: Service, provider: Provider) -> Iterator[ContractProbe]:
    ports = [port for front in service.fronts if not front.group for port in KubernetesService(front).ports]
    targets = {port.target for port in ports if not _ASIDE.search(port.node.get("name").text or "")} - {None}
    for workload in service.workloads:
        for container in workload.containers if workload.is_long_running else ():
            declared = list(container_ports(container))
            for kind in PROBES if container.role == "main" else ():
                asks = container.get(kind, "httpGet")
                port, path = asks.get("port"), asks.get("path")
                is_own = _is_same(port, targets, container) if targets else len(declared) < 2
                if is_own and (path.text or "").startswith("/") and not asks.get("host").exists:
                    yield ContractProbe(container, kind, path, service, provider)


def _is_same(port: Node, targets: set[str | int | None], container: Container) -> bool:
    """Whether a port of a probe is one that Services lead to."""
    own: set[str | int | None] = {port.integer, port.text}
    if (port.text or "").isdigit():
        own.add(int(port.text or ""))
    for each in container_ports(container):
        if each.name in own - {None} or each.number in own - {None}:
            own |= {each.name, each.number}
    return not targets.isdisjoint(own - {None})
