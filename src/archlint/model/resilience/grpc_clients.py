"""What the service configs of gRPC clients say of calls between services: how long, and how often.

Source: gRPC, ``service_config.proto``: an entry with a method counts before one with a service alone, and
that before one for all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from archlint.documents import Node
from archlint.model.graph.graph import GraphNode
from archlint.model.kubernetes.workloads import Workload
from archlint.model.resilience.grpc_configs import MOST_ATTEMPTS, GrpcServiceConfig, field, is_duration
from archlint.model.system.names import stem
from archlint.model.system.parties import Party, parties
from archlint.model.world import World


class GrpcClients:
    """The configs of a world, by who is given them."""

    def __init__(self, world: World) -> None:
        self._by_party: dict[int, list[GrpcServiceConfig]] = defaultdict(list)
        for config in world.all(GrpcServiceConfig):
            for party in _holders(config, world):
                self._by_party[id(party)].append(config)

    @property
    def are_known(self) -> bool:
        """Whether anybody is given a config."""
        return bool(self._by_party)

    def timeout(self, caller: GraphNode, callee: GraphNode) -> Node | None:
        """What ends the calls of one service to another."""
        found = (field(part, "timeout") for part in self._parts(caller, callee))
        return next((node for node in found if is_duration(node, is_positive=True)), None)

    def retries(self, caller: GraphNode, callee: GraphNode) -> tuple[int, Node | None]:
        """How often a client makes such a call at most, and what says so; once where nothing does."""
        attempts = (field(field(part, "retryPolicy"), "maxAttempts") for part in self._parts(caller, callee))
        told = next((node for node in attempts if (node.integer or 0) > 1), None)
        return (1, None) if told is None else (min(told.integer or 1, MOST_ATTEMPTS), told)

    def _parts(self, caller: GraphNode, callee: GraphNode) -> Iterator[Node]:
        """The parts that are for all methods of a service, those that name it first."""
        parts = [
            part
            for config in self._by_party.get(id(caller.party), ())
            for part in field(config.root, "methodConfig").elements()
        ]
        yield from (
            part for part in parts if any(_is_for(name, callee) for name in field(part, "name").elements())
        )
        yield from (
            part for part in parts if any(_is_for_all(name) for name in field(part, "name").elements())
        )


def grpc_clients(world: World) -> GrpcClients:
    """The configs of a world; ask with ``world.fact(grpc_clients)``."""
    return GrpcClients(world)


def _is_for_all(name: Node) -> bool:
    return name.is_map and not field(name, "service").text and not field(name, "method").text


def _is_for(name: Node, callee: GraphNode) -> bool:
    """Whether an entry is for all of a service of a proto file that is called as a node: its own name, or the
    last part of its package that is no version, is that of the node."""
    *package, own = (field(name, "service").text or "").split(".")
    if not own or field(name, "method").text:
        return False
    spoken = [part for part in package[1:] if not _is_version(part)]
    return stem(callee.name) in {stem(own), *(stem(part) for part in spoken[-1:])}


def _is_version(part: str) -> bool:
    return part[:1] == "v" and part[1:2].isdigit()


def _holders(config: GrpcServiceConfig, world: World) -> Iterator[Party]:
    """Who is given a config: the container's service, those that name the ConfigMap, or the source around."""
    known = world.fact(parties)
    if config.container is not None:
        yield from known.of(config.container.workload)
    elif config.owner.kind == "ConfigMap":
        for workload in world.all(Workload):
            is_near = workload.namespace == config.owner.namespace
            if is_near and any(text == config.owner.name for text in workload.pod_spec.texts()):
                yield from known.of(workload)
    else:
        yield from known.of_path(config.source.path)
