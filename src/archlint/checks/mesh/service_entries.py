"""Service entries whose connections Istio cannot tell from others, or reads in two ways."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.checks.mesh.heads import head
from archlint.model.istio.mesh_config import gives_addresses
from archlint.model.istio.service_entries import ServiceEntry, protocol_conflicts
from archlint.model.world import World

NEEDS = ("istio.io",)


@join(ServiceEntry)
def service_entry_without_address(
    entry: ServiceEntry, world: World, options: Options
) -> Iterator[Observation]:
    """A port of plain TCP without addresses by which its connections are known."""
    if entry.has_addresses or world.fact(gives_addresses):
        return
    for port in entry.ports:
        if port.protocol in ("", "TCP"):
            yield observe(
                port.protocol_place.value_place(),
                related=[head(entry.base)],
                identity=("port", str(port.number)),
                name=entry.name,
                port=port.number if port.number is not None else "?",
                what="is plain TCP" if port.protocol else "has no protocol, which means TCP,",
            )


@join(ServiceEntry)
def service_entry_protocols_differ(
    entry: ServiceEntry, world: World, options: Options
) -> Iterator[Observation]:
    """A port that another entry for the same host gives another protocol."""
    for conflict in world.fact(protocol_conflicts).get(id(entry.base), ()):
        yield observe(
            conflict.port.protocol_place.value_place(),
            related=[
                (conflict.other_port.protocol_place.value_place(), "the other protocol"),
                head(entry.base),
            ],
            identity=(conflict.host, str(conflict.port.number)),
            name=entry.name,
            other=conflict.other.name,
            host=conflict.host,
            port=conflict.port.number,
            one=conflict.port.protocol,
            second=conflict.other_port.protocol,
        )
