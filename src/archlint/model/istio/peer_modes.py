"""The mode of mutual TLS of each port of a pod, by the precedence of PeerAuthentications.

One that selects the pod goes before the one for its namespace, that before the one for the mesh, and without
any Istio takes plain text as well (``PERMISSIVE``). ``UNSET`` inherits. Of several at one level the oldest
counts, which no file tells: so each of them may be it. Modes of single ports count only where pods are
selected, and a selector in the root namespace selects nothing.

Sources: Istio's reference of PeerAuthentication; "Authentication Policy" (policy precedence).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from archlint.finding.records import dataclass
from archlint.model.istio.applied_objects import AppliedObjects
from archlint.model.istio.mesh_config import root_namespaces
from archlint.model.istio.mutual_tls import PeerAuthentication
from archlint.model.kubernetes import Workload
from archlint.model.world import World


class PeerMode(StrEnum):
    """What a port takes."""

    STRICT = "STRICT"
    """Mutual TLS alone."""
    PERMISSIVE = "PERMISSIVE"
    """Both."""
    DISABLE = "DISABLE"
    """Plain text alone."""


class Level(StrEnum):
    """What a PeerAuthentication is for."""

    MESH = "mesh"
    NAMESPACE = "namespace"
    PODS = "pods"


@dataclass(frozen=True, eq=False)
class Demand:
    """One PeerAuthentication that is about a pod, surely or perhaps."""

    level: Level
    mode: PeerMode | None
    """``None`` inherits."""
    ports: Mapping[int, PeerMode | None]
    is_sure: bool = True
    peer: PeerAuthentication | None = None

    def at(self, port: int | None) -> PeerMode | None:
        """What it says of a port; ``None`` inherits."""
        own = self.ports.get(port) if port is not None and self.level is Level.PODS else None
        return self.mode if own is None else own


@dataclass(frozen=True)
class Outcome:
    """A mode that a port may have, and what demands it; without that it is Istio's default."""

    mode: PeerMode
    demand: Demand | None = None


_MOST = 50
"""PeerAuthentications about one pod that are looked at."""
_LONGEST_PORT = 5
DEFAULT = Outcome(PeerMode.PERMISSIVE)


def outcomes(demands: Sequence[Demand], port: int | None) -> tuple[Outcome, ...]:
    """All that the mode of a port may be; one outcome if it is sure."""
    found = {DEFAULT: None}
    for level in Level:
        own = [demand for demand in demands if demand.level is level]
        inherited = found
        found = {} if any(demand.is_sure for demand in own) else inherited.copy()
        said = [(demand.at(port), demand) for demand in own]
        if any(mode is None for mode, _ in said):
            found.update(inherited)
        found.update((Outcome(mode, demand), None) for mode, demand in said if mode is not None)
    return tuple(found)


class PeerModes:
    """The modes of the pods of a world."""

    def __init__(self, world: World) -> None:
        self._roots = world.fact(root_namespaces)
        self._peers = AppliedObjects(world, "PeerAuthentication")
        self._known: dict[int, Sequence[Demand] | None] = {}

    def demands(self, workload: Workload, ports: Iterable[int]) -> Demand | None:
        """What surely demands mutual TLS at all of some ports of a workload's pods; ``None`` if any may take
        plain text, or no port is known."""
        found = self._at(workload, ports)
        is_strict = bool(found) and all(item.mode is PeerMode.STRICT for item in found)
        return next((item.demand for item in found), None) if is_strict else None

    def refuses(self, workload: Workload, ports: Iterable[int]) -> Demand | None:
        """What surely switches mutual TLS off at all of some ports of a workload's pods."""
        found = self._at(workload, ports)
        is_off = bool(found) and all(item.mode is PeerMode.DISABLE for item in found)
        return next((item.demand for item in found), None) if is_off else None

    def _at(self, workload: Workload, ports: Iterable[int]) -> list[Outcome]:
        key = id(workload)
        if key not in self._known:
            self._known[key] = self._demands(workload)
        known = self._known[key]
        return [] if known is None else [found for port in ports for found in outcomes(known, port)]

    def _demands(self, workload: Workload) -> Sequence[Demand] | None:
        applied = self._peers.of(workload)
        if applied is None or len(applied) > _MOST:
            return None
        found = (
            _demand(PeerAuthentication(item.base), item.is_sure, item.base.namespace in self._roots)
            for item in applied
        )
        return tuple(demand for demand in found if demand is not None)


def _demand(peer: PeerAuthentication, is_sure: bool, is_for_mesh: bool) -> Demand | None:
    if peer.has_selector and is_for_mesh:
        return None
    level = Level.PODS if peer.has_selector else Level.MESH if is_for_mesh else Level.NAMESPACE
    ports = {int(port): _mode(mode.text) for port, mode in peer.port_modes if _is_port(port)}
    return Demand(level, _mode(peer.mode.text), ports, is_sure, peer)


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _LONGEST_PORT


def _mode(text: str | None) -> PeerMode | None:
    return PeerMode(text) if text in list(PeerMode) else None


def peer_modes(world: World) -> PeerModes:
    """The modes of a world; ask with ``world.fact(peer_modes)``."""
    return PeerModes(world)
