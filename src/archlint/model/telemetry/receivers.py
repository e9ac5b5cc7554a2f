"""Where collectors of the repository take OTLP, and in which protocol.

Source: OpenTelemetry Collector, "OTLP Receiver": 4317 for gRPC and 4318 for HTTP where no endpoint is named.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.appconfig.mounted import mounted_files
from archlint.model.appconfig.units import holders_of
from archlint.model.compose import ComposeService
from archlint.model.kubernetes import Workload
from archlint.model.kubernetes.ports import container_ports
from archlint.model.kubernetes.services import KubernetesService
from archlint.model.services.resolution import cluster_names
from archlint.model.system.evidence import Unit
from archlint.model.system.parties import Party, parties
from archlint.model.telemetry.collectors import Collector, Together, configured_collectors
from archlint.model.world import World

_DEFAULTS = {"grpc": 4317, "http": 4318}
_PORT = regex(r":([0-9]{1,5})\Z")


@dataclass(frozen=True)
class OtlpListener:
    """What a collector listens on."""

    ports: Mapping[int, str]
    """The protocol (``grpc`` or ``http``) of each port."""
    node: Node
    """Where the first receiver says it."""


def listeners(world: World) -> dict[int, OtlpListener]:
    """What each party that is a collector of the repository takes, by the identity of the party; ask with
    ``world.fact(listeners)``. Those of which not all is known are left out."""
    known = world.fact(parties)
    configured: dict[int, list[Together]] = defaultdict(list)
    told_more: set[int] = set()
    for collector in world.fact(configured_collectors):
        for unit in _units_of(collector, world):
            for party in known.of(unit):
                if _is_told_more(unit):
                    told_more.add(id(party))
                if all(item is not collector.together for item in configured[id(party)]):
                    configured[id(party)].append(collector.together)
    found: dict[int, OtlpListener] = {}
    for key, texts in configured.items():
        is_known = len(texts) == 1 and key not in told_more
        listener = _listener(texts[0]) if is_known else None
        if listener is not None:
            found[key] = listener
    return found


def _is_told_more(unit: Unit) -> bool:
    """Whether arguments of a collector set what the text says otherwise, or name further texts."""
    options = [word.lstrip("-").partition("=")[0] for word in _words(unit) if word.startswith("-")]
    return "set" in options or options.count("config") > 1


def _words(unit: Unit) -> Iterator[str]:
    if isinstance(unit, ComposeService):
        for text, _ in unit.commands:
            yield from text.text.split()
    elif isinstance(unit, Workload):
        for container in unit.containers:
            for key in ("command", "args"):
                for node in container.get(key).elements():
                    yield from (node.text or "").split()


def _units_of(collector: Collector, world: World) -> Sequence[Unit]:
    if collector.entry is not None:
        key = (collector.entry.document.path, collector.entry.document.index, collector.entry.route)
        return world.fact(_mounting).get(key, ())
    if collector.base is not None:
        return ()
    units = [holder.unit for holder in holders_of(world, collector.source.path)]
    return [unit for unit in units if isinstance(unit, ComposeService)]


_EntryKey = tuple[str, int, tuple[str | int, ...]]


def _mounting(world: World) -> dict[_EntryKey, list[Unit]]:
    """The workloads that mount an entry of a ConfigMap."""
    found: dict[_EntryKey, list[Unit]] = defaultdict(list)
    for file in world.fact(mounted_files):
        document = file.node.document
        found[document.path, document.index, file.node.route].append(file.workload)
    return found


def _listener(together: Together) -> OtlpListener | None:
    if not together.is_known:
        return None
    used = {use.name for use in together.uses if use.part == "receivers"}
    ports: dict[int, str] = {}
    first: Node | None = None
    for name, node in together.defined["receivers"].items():
        if name not in used:
            continue
        if name.partition("/")[0] != "otlp":
            if any("4317" in text or "4318" in text or "$" in text for text in node.texts()):
                return None  # others may take OTLP as well
            continue
        protocols = node.get("protocols")
        first = first or protocols
        for protocol, settings in protocols.items():
            port = _port(protocol, settings)
            if port is None:
                return None
            ports[port] = protocol
    return OtlpListener(ports, first) if first is not None and ports else None


def _port(protocol: str, settings: Node) -> int | None:
    endpoint = settings.get("endpoint")
    if not endpoint.exists:
        return _DEFAULTS.get(protocol)
    match = _PORT.search(endpoint.text or "")
    return int(match[1]) if match else None


def pod_port(party: Party, host: str, port: int) -> int | None:
    """The port of the containers that a port under a host leads to; ``None`` if that is not known."""
    if party.service is None or party.composed:
        return port if party.composed and party.service is None else None
    names = {reading.name for reading in cluster_names(host)}
    for front in party.service.fronts:
        for entry in KubernetesService(front).ports if front.name in names else ():
            if entry.node.get("port").integer == port:
                target = entry.target
                return target if isinstance(target, int) else _named(party, target)
    return None


def _named(party: Party, name: str | None) -> int | None:
    workloads = party.service.workloads if party.service else ()
    for workload in workloads:
        for container in workload.containers:
            for port in container_ports(container):
                if port.name == name:
                    return port.node.get("containerPort").integer
    return None
