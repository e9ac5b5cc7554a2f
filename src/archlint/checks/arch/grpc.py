"""gRPC between services: whether calls reach all pods, and ports say what the contract says."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.finding.words import listed, quoted
from archlint.model.exposure.grpc_names import MisnamedCall
from archlint.model.services.pinned_calls import PinnedCalls
from archlint.model.services.port_protocols import ContradictoryPort
from archlint.model.services.unoffered_ports import UnofferedPort
from archlint.model.world import World

_MOST_RELATED = 10


@join(PinnedCalls)
def grpc_calls_pinned(pinned: PinnedCalls, world: World, options: Options) -> Iterator[Observation]:
    """A gRPC Service with several pods, of which each caller reaches one."""
    callers = [call.reference for call in pinned.calls]
    names = list(dict.fromkeys(item.workload.name for item in callers))
    yield observe(
        pinned.front.get("spec", "clusterIP").place(),
        related=[
            *(
                (item.node.value_place(), f"'{item.workload.name}' calls it")
                for item in callers[:_MOST_RELATED]
            ),
            (pinned.count.value_place(), "there may be several pods"),
        ],
        service=pinned.front.name,
        callers=listed(quoted(names), 3),
        calls="calls" if len(names) == 1 else "call",
        workload=f"{pinned.workload.kind} '{pinned.workload.name}'",
        count=pinned.count.integer,
    )


@join(ContradictoryPort)
def port_contradicts_contract(
    port: ContradictoryPort, world: World, options: Options
) -> Iterator[Observation]:
    """A port that names another protocol than the contract of its service."""
    yield observe(
        port.node.value_place(),
        ("tcp" if port.said == "tcp" else "default") if port.is_grpc else "http",
        related=[
            (port.contract, "the contract"),
            (port.sign.value_place(), f"the port speaks {'gRPC' if port.is_grpc else 'HTTP/1.1'}"),
        ],
        service=port.front.name,
        said=port.node.text,
    )


@join(UnofferedPort)
def grpc_port_not_offered(port: UnofferedPort, world: World, options: Options) -> Iterator[Observation]:
    """A Service none of whose ports leads to where its workload serves its proto file."""
    misled = port.misled
    at = (
        port.ports
        if misled is None
        else misled.get("targetPort" if misled.get("targetPort").exists else "port")
    )
    yield observe(
        at.place(),
        "default" if misled is None and port.unnamed is None else "unnamed" if misled is None else "misled",
        related=[
            (port.contract, "the contract"),
            (port.sign.value_place(), "gRPC is served here"),
        ],
        service=port.front.name,
        port=port.number,
        addition=port.addition,
        name=None if misled is None else misled.get("name").text,
    )


@join(MisnamedCall)
def grpc_method_undefined(call: MisnamedCall, world: World, options: Options) -> Iterator[Observation]:
    """A service or method that a route or policy names, and that no proto file defines."""
    yield observe(
        call.node.value_place(),
        related=[(call.defined.place, "the service")],
        identity=(call.asked,),
        kind=call.object.kind,
        name=call.object.name,
        asked=call.asked,
        known=call.known,
    )
