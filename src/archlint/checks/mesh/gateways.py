"""Gateways whose servers get in each other's way, and certificates that several of them show."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.checks.mesh.heads import head
from archlint.model.istio.gateways import Gateway
from archlint.model.istio.shared_servers import Clash, ServerClash, server_clashes, shared_certificates
from archlint.model.world import World

NEEDS = ("istio.io",)


@join(Gateway)
def gateway_server_conflict(gateway: Gateway, world: World, options: Options) -> Iterator[Observation]:
    """Servers of two gateways of which the proxies take one alone."""
    yield from _told(gateway, world, Clash.REFUSED)


@join(Gateway)
def gateway_host_shared(gateway: Gateway, world: World, options: Options) -> Iterator[Observation]:
    """Servers of two gateways that serve each other's routes."""
    yield from _told(gateway, world, Clash.MERGED)


def _told(gateway: Gateway, world: World, kind: Clash) -> Iterator[Observation]:
    for clash in world.fact(server_clashes).get(id(gateway.base), ()):
        if clash.kind is kind:
            yield _observation(clash)


def _observation(clash: ServerClash) -> Observation:
    server, other = clash.server, clash.other
    return observe(
        clash.host.node.value_place(),
        related=[
            (other.node.get("port", "number").place(), f"the server of Gateway '{other.gateway.name}'"),
            head(server.gateway.base),
        ],
        identity=(str(server.port), clash.host.name),
        name=server.gateway.name,
        other=other.gateway.name,
        host=clash.host.name,
        port=server.port,
        one=server.protocol or "no protocol",
        second=other.protocol or "no protocol",
    )


@join(Gateway)
def gateway_certificate_shared(gateway: Gateway, world: World, options: Options) -> Iterator[Observation]:
    """A certificate that another gateway of the same proxies shows too."""
    for use in world.fact(shared_certificates).get(id(gateway.base), ()):
        other = use.other
        yield observe(
            use.certificate.value_place(),
            related=[
                (other.certificate.value_place(), f"shown by Gateway '{other.gateway.name}' too"),
                head(gateway.base),
            ],
            identity=(use.certificate.text or "", *(host.name for host in use.server.hosts)),
            name=gateway.name,
            certificate=use.certificate.text,
            other=other.gateway.name,
        )
