"""Reach: by which routes from outside a client gets to an operation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from urllib.parse import urlsplit

from archlint.model.exposure.path_matches import segments_of
from archlint.model.exposure.providers import Providers, providers
from archlint.model.exposure.routes import PathRoute
from archlint.model.kubernetes import KubernetesObject
from archlint.model.openapi import Contract, Operation, server_paths
from archlint.model.world import World

OTHER_ROUTES = frozenset(
    {
        *("GRPCRoute", "TLSRoute", "TCPRoute", "IngressRouteTCP"),
        *("Mapping", "ApisixRoute", "TCPIngress", "KongIngress", "RouteTable"),
    }
)
"""Kinds of objects that lead in from outside and whose paths are not read here."""


class OutsideRoutes:
    """The routes from outside of a world."""

    def __init__(self, world: World) -> None:
        routes = [route for route in world.all(PathRoute) if route.is_public]
        self._for_all = [route for route in routes if not route.hosts or any("*" in h for h in route.hosts)]
        self._by_host: dict[str, list[PathRoute]] = defaultdict(list)
        for route in routes:
            for host in route.hosts:
                self._by_host[host].append(route)
        self._to: dict[str, list[PathRoute]] = defaultdict(list)
        known: Providers = world.fact(providers)
        for route in routes:
            provider = known.of(route)
            if provider is not None:
                self._to[provider.contract.document.path].append(route)
        others = (item for item in world.all(KubernetesObject) if item.kind in OTHER_ROUTES)
        self._unread = "\n".join(text for item in others for text in item.get("spec").texts()).lower()

    def of_host(self, host: str) -> list[PathRoute]:
        """The routes of a host that others name; none if something that is not read leads there as well."""
        return [] if host in self._unread else self._by_host.get(host, [])

    def leads(self, host: str, path: str) -> bool:
        """Whether a route of a host, or one of all hosts, may take a path."""
        wanted = segments_of(path)
        return any(
            route.asked is None or route.asked.takes(wanted)
            for route in (*self._by_host.get(host, ()), *self._for_all)
            if route.is_for(host)
        )

    def to(self, operation: Operation) -> list[PathRoute]:
        """The routes that surely lead to an operation of the service that offers it."""
        wanted = [
            segments_of(base.rstrip("/") + operation.item.template)
            for base in dict.fromkeys(["", *(text for _, text in operation.contract.base_paths)])
        ]
        return [
            route
            for route in self._to.get(operation.contract.document.path, ())
            if route.sent is not None and any(map(route.sent.takes, wanted))
        ]


def outside_routes(world: World) -> OutsideRoutes:
    """The routes from outside of a world; ask with ``world.fact(outside_routes)``."""
    return OutsideRoutes(world)


def servers_of(contract: Contract) -> Iterator[tuple[str, str]]:
    """The host, in lower case, and the base path of each server; variables are none."""
    if contract.is_v2:
        host = contract.root.get("host").text
        if host:
            yield host.partition(":")[0].lower(), contract.root.get("basePath").text or ""
        return
    for node, path in server_paths(contract.root.get("servers")):
        host = _host(node.text or "")
        if host and "{" not in host + path:
            yield host, path


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""
