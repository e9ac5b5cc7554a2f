"""What contracts say of where they are offered, against what routes say."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.finding.words import listed, quoted
from archlint.model.graph.server_hosts import UnroutedServer
from archlint.model.world import World

_MOST_RELATED = 10


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
