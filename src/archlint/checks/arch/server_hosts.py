"""What contracts say of where they are offered, against what routes say."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.finding.words import listed, quoted
from archlint.model.graph.server_hosts import UnroutedServer
from archlint.model.services.contract_servers import ClusterServer
from archlint.model.world import World

NEEDS = ("openapi",)

_MOST_RELATED = 10


@join(ClusterServer)
def server_address_undefined(server: ClusterServer, world: World, options: Options) -> Iterator[Observation]:
    """A server of a contract inside of the cluster that is not there."""
    fronts = server.fronts
    yield observe(
        server.node.value_place(),
        "port" if fronts else "default",
        related=[(front.get("spec", "ports").place(), "its ports") for front in fronts[:_MOST_RELATED]],
        address=server.address.authority,
        service=server.name,
        ports=listed([str(port) for port in server.ports], 5),
        hint=f" Did you mean '{server.similar}'?" if server.similar else "",
    )


@join(UnroutedServer)
def server_host_unrouted(server: UnroutedServer, world: World, options: Options) -> Iterator[Observation]:
    """A server of a contract at a host that nothing routes."""
    yield observe(
        server.node.value_place(),
        related=[
            (node.value_place(), f"'{server.service}' is routed at '{host}'")
            for host, node in server.routes[:_MOST_RELATED]
        ],
        host=server.host,
        service=server.service,
        hosts=listed(quoted(host for host, _ in server.routes), 3),
    )
