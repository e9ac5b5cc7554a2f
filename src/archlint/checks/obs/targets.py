"""Addresses that Prometheus and collectors are given, against what there is."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.checks.arch.targets import is_patched
from archlint.model.compose import ComposeService
from archlint.model.kubernetes import Workload
from archlint.model.kubernetes.names.similar import SimilarNames
from archlint.model.services.absence import absence
from archlint.model.services.resolution import (
    cluster_names,
    has_open_ports,
    ports_of,
    service_names,
)
from archlint.model.system.parties import Parties, parties
from archlint.model.telemetry.targets import WatchedTarget
from archlint.model.world import World

_PLACEHOLDERS = ("localhost", "kubernetes", "host", "example", "changeme", "gateway", "my-", "your-", "some-")
_MOST_RELATED = 5


@join(WatchedTarget)
def telemetry_target_undefined(
    target: WatchedTarget, world: World, options: Options
) -> Iterator[Observation]:
    """A scrape job or an exporter whose address names nothing."""
    name = _certain_name(target, world)
    known: Parties = world.fact(parties)
    if name is None or any(
        known.resolve(target.forward.address.host, item) for item in known.of(target.unit)
    ):
        return
    similar = world.fact(_hosts).nearest_or_beginning(name)
    if similar is None and not _are_others_here(target, world):
        return
    yield observe(
        target.forward.place,
        identity=(target.forward.said_by, target.forward.address.authority),
        unit=target.unit.name,
        does=target.does,
        target=target.forward.address.authority,
        name=name,
        what="service" if isinstance(target.unit, ComposeService) else "Service",
        hint=f" Did you mean '{similar}'?" if similar else "",
    )


def _hosts(world: World) -> SimilarNames:
    return SimilarNames(world.fact(parties).hosts)


def _certain_name(target: WatchedTarget, world: World) -> str | None:
    """The service that the host of a target can only mean, if nothing that is not read may define it."""
    address = target.forward.address
    readings = [item for item in cluster_names(address.host) if item.is_certain]
    if not readings or address.is_ip or readings[0].name.startswith(_PLACEHOLDERS):
        return None
    wanted = readings[0]
    if isinstance(target.unit, ComposeService):
        is_plain = wanted.namespace is None and "_" not in wanted.name
        return wanted.name if is_plain and _is_closed(target.unit) else None
    names = world.fact(service_names)
    if wanted.namespace is not None and wanted.namespace not in names.own_namespaces:
        return None
    is_sure = world.fact(absence).is_certain("Service", wanted.name, target.unit.base)
    return wanted.name if is_sure else None


def _is_closed(unit: ComposeService) -> bool:
    """Whether all that the names of a compose service may mean is in the compose files."""
    is_alone = not any(
        variant.items("extra_hosts") or variant.items("external_links") for variant in unit.variants
    )
    return unit.is_whole and is_alone and not _has_foreign_networks(unit)


def _has_foreign_networks(unit: ComposeService) -> bool:
    """Whether a network of its project is one that other projects are on."""
    return any(
        network.get("external").is_set and network.get("external").value is not False
        for file in unit.project.files
        for _, network in file.document.root.get("networks").items()
    )


def _are_others_here(target: WatchedTarget, world: World) -> bool:
    """Whether something else that the same unit connects to is here: its configuration is for this system."""
    known = world.fact(parties)
    own = known.of(target.unit)
    return any(
        known.resolve(peer.address.host, item)
        for peer in target.peers
        if peer is not target.forward and peer.address.host != target.unit.name
        for item in own
    )


@join(WatchedTarget)
def telemetry_port_undefined(target: WatchedTarget, world: World, options: Options) -> Iterator[Observation]:
    """A scrape job or an exporter with a port that the Service does not have."""
    port = target.forward.address.effective_port
    if port is None or not isinstance(target.unit, Workload):
        return
    found = world.fact(service_names).resolve(target.forward.address.host, target.unit.base)
    if not found or any(has_open_ports(service) for service in found):
        return
    ports = sorted({number for service in found for number in ports_of(service)})
    if port in ports or is_patched(world, found, port):
        return
    yield observe(
        target.forward.place,
        related=[
            (service.get("spec", "ports").place(), "the ports of the Service")
            for service in found[:_MOST_RELATED]
        ],
        identity=(target.forward.said_by, target.forward.address.authority),
        unit=target.unit.name,
        does=target.does,
        service=found[0].name,
        port=port,
        ports=" and ".join(map(str, ports)) if len(ports) < 3 else ", ".join(map(str, ports)),
    )
