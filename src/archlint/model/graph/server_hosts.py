"""Servers of contracts against the hosts that gateways route to the services that offer them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from archlint.documents import Document, Node
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.graph.gateways import RoutedBackend
from archlint.model.graph.public_hosts import is_one_host, stated_hosts
from archlint.model.kubernetes import KubernetesObject
from archlint.model.kubernetes.names.similar import SimilarNames
from archlint.model.openapi import Contract
from archlint.model.services.contracts import contracts
from archlint.model.services.grouping import service_groups
from archlint.model.services.resolution import service_names
from archlint.model.world import World

_STAGES = regex(
    r"(?i)(?<![a-z])(?:dev\w*|stag\w*|stg|test\w*|qa|uat|int\w*|prod\w*|prd|live|sandbox|preview|demo|local\w*|beta"
    r"|alpha|canary|e2e|ci|pre\w*|us|eu|[a-z]{2}-[a-z]+-?[0-9])(?![a-z])"
)
"""Matches the words by which hosts of several environments and regions differ."""


@dataclass(frozen=True, eq=False)
class UnroutedServer:
    """A server of a contract whose host nothing routes, while its service is routed at others."""

    contract: Contract
    node: Node
    """The URL, or the ``host`` of OpenAPI 2.0."""
    host: str
    service: str
    routes: tuple[tuple[str, Node], ...]
    """The hosts that the service is routed at, with what says so."""

    @classmethod
    def all(cls, world: World) -> Iterable[UnroutedServer]:
        """The servers of contracts of which no server is routed, though it is like a host that is."""
        known = world.fact(_routed_hosts)
        for contract in world.all(Contract) if known.by_contract else ():
            service, routes = known.by_contract.get(contract.document.path, ("", []))
            servers = list(_servers(contract))
            if not routes or not all(is_one_host(host) for _, host in servers):
                continue
            if any(known.has(host) for _, host in servers):
                continue
            for node, host in servers:
                if any(_is_misspelt(host, routed) for routed, _ in routes):
                    yield cls(contract, node, host, service, tuple(routes))

    @property
    def source(self) -> Document:
        """The contract's document."""
        return self.contract.document

    @property
    def object(self) -> ObjectRef | None:
        """The contract."""
        return self.contract.object


class _RoutedHosts:
    """The hosts of all routes and gateways, and of the services behind the contracts."""

    def __init__(self, world: World) -> None:
        names, groups = world.fact(service_names), world.fact(service_groups)
        by_service: dict[str, dict[str, Node]] = defaultdict(dict)
        for route in world.all(RoutedBackend):
            stated = {host.lower(): node for node in stated_hosts(route) if (host := node.text)}
            for front in names.resolve(route.host, route.base):
                by_service[groups.of_front(front).name].update(
                    (host, node) for host, node in stated.items() if is_one_host(host)
                )
        self.by_contract: dict[str, tuple[str, list[tuple[str, Node]]]] = {}
        several: set[str] = set()
        for service, hosts in sorted(by_service.items()):
            for path in world.fact(contracts).of(service) if hosts else ():
                several.update([path] if path in self.by_contract else ())
                self.by_contract[path] = (service, sorted(hosts.items(), key=lambda item: item[0]))
        for path in several:
            del self.by_contract[path]
        self._texts = world.fact(_texts)

    def has(self, host: str) -> bool:
        """Whether any object of the repository speaks of a host, or of all hosts of its domain."""
        return host in self._texts or f"*.{host.partition('.')[2]}" in self._texts


def _texts(world: World) -> frozenset[str]:
    """All hosts that objects of the repository name, patterns included."""
    found: set[str] = set()
    for item in world.all(KubernetesObject):
        for text in item.get("spec").texts() if item.group or item.kind == "Service" else ():
            if "." in text and len(text) < _LONGEST:
                found.update(_HOST.findall(text.lower()))
    return frozenset(found)


_HOST = regex(r"(?<![a-z0-9-])[*a-z0-9][a-z0-9-]*+(?:\.[a-z0-9-]++)++")
_LONGEST = 2_000


def _routed_hosts(world: World) -> _RoutedHosts:
    return _RoutedHosts(world)


def _servers(contract: Contract) -> Iterator[tuple[Node, str]]:
    """The servers with a host; a relative one, or one with variables, is any host."""
    if contract.is_v2:
        node = contract.root.get("host")
        yield from [(node, (node.text or "").partition(":")[0].lower())] if node.exists else []
        return
    for server in contract.root.get("servers").elements():
        url = server.get("url")
        try:
            host = urlsplit(url.text or "").hostname
        except ValueError:
            host = None
        yield url, host.lower() if host and "{" not in (url.text or "") else ""


def _is_misspelt(host: str, routed: str) -> bool:
    """Whether a host is meant to be one that is routed: one label of it is spelt alike or of another version,
    and it is no sibling by its number, its environment or its region, which may be routed elsewhere."""
    pairs = list(zip(host.split("."), routed.split("."), strict=False))
    if host.count(".") != routed.count(".") or len(pairs) <= _SHORTEST:
        return False
    differing = [pair for pair in pairs[:-1] if pair[0] != pair[1]]
    if (
        len(differing) != 1
        or pairs[-1][0] != pairs[-1][1]
        or _STAGES.findall(host) != _STAGES.findall(routed)
    ):
        return False
    own, other = differing[0]
    if _VERSION.sub("", own) == _VERSION.sub("", other):
        return True
    is_numbered = _DIGITS.sub("", own) == _DIGITS.sub("", other)
    return not is_numbered and _begin_alike(own, other) and SimilarNames([other]).nearest(own) is not None


def _begin_alike(label: str, other: str) -> bool:
    """Whether what differs between two labels begins with the same letter: that one is hardly ever mistyped,
    and ``oauth`` beside ``auth``, ``email`` beside ``mail`` are services of their own."""
    words, others = label.split("-"), other.split("-")
    if len(words) != len(others):
        return label[:1] == other[:1]
    return all(word[:1] == its[:1] for word, its in zip(words, others, strict=True))


_SHORTEST = 2
"""Labels of a domain alone."""
_VERSION = regex(r"-v[0-9]++\Z")
_DIGITS = regex(r"[0-9]++")
