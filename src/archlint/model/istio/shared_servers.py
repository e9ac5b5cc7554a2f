"""Servers of several gateways on the same proxies: which ones get in each other's way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.istio.gateways import (
    BY_NAME,
    PLAIN_HTTP,
    Gateway,
    GatewayServer,
    ServedHost,
    hosts_overlap,
)
from archlint.model.istio.objects import applied_together
from archlint.model.world import World


class Clash(StrEnum):
    """What two servers on one port of the same proxies do to each other."""

    REFUSED = "refused"
    """Istio takes one of them and leaves out the other."""
    MERGED = "merged"
    """Both are taken, and each serves the routes of both."""


@dataclass(frozen=True)
class ServerClash:
    """A server, and another one of another gateway that has its port and one of its hosts."""

    server: GatewayServer
    other: GatewayServer
    host: ServedHost
    kind: Clash


@dataclass(frozen=True)
class CertificateUse:
    """A server, and another one of another gateway that shows the same certificate on the same proxies."""

    server: GatewayServer
    other: GatewayServer

    @property
    def certificate(self) -> Node:
        """The name of the secret."""
        return self.server.certificate


_MOST = 64
"""Gateways of one port that are held against each other; more on one proxy is no installation by hand."""


def server_clashes(world: World) -> Mapping[int, Sequence[ServerClash]]:
    """Clashes by the identity of the gateway's object, the first one of each server alone; ask for them with
    ``world.fact(server_clashes)``."""
    found: dict[int, dict[int, ServerClash]] = defaultdict(dict)
    for _, items in applied_together(world, "Gateway"):
        by_port: dict[tuple[int, str], list[GatewayServer]] = defaultdict(list)
        for server in (server for item in items for server in Gateway(item).servers):
            if server.port is not None:
                by_port[server.port, server.bind].append(server)
        for servers in by_port.values():
            for clash in _clashes(servers[:_MOST]):
                found[id(clash.server.gateway.base)].setdefault(id(clash.server.node.value), clash)
    return {key: tuple(by_server.values()) for key, by_server in found.items()}


def _clashes(servers: Sequence[GatewayServer]) -> Iterator[ServerClash]:
    for server in servers:
        for other in servers:
            if other.gateway.base is server.gateway.base or not server.gateway.is_for_all_of(other.gateway):
                continue
            are_named = server.protocol in BY_NAME and other.protocol in BY_NAME
            host = _shared_host(server, other, are_equal=are_named)
            if host is not None:
                is_plain = server.protocol in PLAIN_HTTP and other.protocol in PLAIN_HTTP
                yield ServerClash(server, other, host, Clash.MERGED if is_plain else Clash.REFUSED)


def _shared_host(server: GatewayServer, other: GatewayServer, *, are_equal: bool) -> ServedHost | None:
    """The first host that both have. Connections with TLS are told apart by the name that the client
    asks for, and the most exact one wins, so only equal names clash there."""
    for host in server.hosts:
        for second in other.hosts:
            is_same = host.name == second.name if are_equal else hosts_overlap(host.name, second.name)
            if is_same and _same_routes(host, second):
                return host
    return None


def _same_routes(one: ServedHost, other: ServedHost) -> bool:
    """Whether routes of one namespace may serve both."""
    return one.may_be_served_from(other.namespace if other.namespace != "*" else None)


def shared_certificates(world: World) -> Mapping[int, Sequence[CertificateUse]]:
    """Certificates that several gateways show on the same proxies, by the identity of the gateway's object;
    ask for them with ``world.fact(shared_certificates)``."""
    found: dict[int, dict[int, CertificateUse]] = defaultdict(dict)
    for _, items in applied_together(world, "Gateway"):
        by_name: dict[str, list[GatewayServer]] = defaultdict(list)
        for server in (server for item in items for server in Gateway(item).servers):
            if server.certificate.text and not server.is_passed_through:
                by_name[server.certificate.text].append(server)
        for servers in by_name.values():
            for use in _uses(servers[:_MOST]):
                found[id(use.server.gateway.base)].setdefault(id(use.server.node.value), use)
    return {key: tuple(by_server.values()) for key, by_server in found.items()}


def _uses(servers: Sequence[GatewayServer]) -> Iterator[CertificateUse]:
    for server in servers:
        for other in servers:
            is_other = other.gateway.base is not server.gateway.base
            if is_other and server.gateway.is_for_all_of(other.gateway):
                yield CertificateUse(server, other)
