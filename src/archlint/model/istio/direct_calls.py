"""Calls to the outside that go past the proxy of the mesh, or that another proxy makes.

Sources: Istio, "Resource Annotations" (``traffic.sidecar.istio.io/``) and "Accessing External Services"
(direct access); its charts' values ``global.proxy``. Programs that know ``HTTPS_PROXY`` connect to that
alone.
"""

from __future__ import annotations

from archlint.model.istio.objects import INSTALL_GROUP, SAIL_GROUP
from archlint.model.kubernetes import KubernetesObject
from archlint.model.services.references import Reference
from archlint.model.world import World

PASSED_BY = "traffic.sidecar.istio.io/"
"""How annotations begin that lead some traffic past the sidecar."""
_EXCLUDED_PORTS = f"{PASSED_BY}excludeOutboundPorts"
_VALUES = ("excludeOutboundPorts", "excludeIPRanges", "includeOutboundPorts", "includeIPRanges")
_INSTALLERS = {"IstioOperator": INSTALL_GROUP, "Istio": SAIL_GROUP}
_PROXIES = frozenset({"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"})
_BY_PROXY = frozenset({"http", "https", "ws", "wss"})


def may_go_past(reference: Reference, world: World) -> bool:
    """Whether the connections of a call may not be seen by the proxy of its caller."""
    workload = reference.workload
    for key, text in workload.pod_annotations.items():
        if key == _EXCLUDED_PORTS and _leaves_in(text, reference.port):
            continue
        if key.startswith(PASSED_BY) and "Inbound" not in key:
            return True
    return world.fact(passes_some) or _is_by_proxy(reference)


def _leaves_in(ports: str, port: int | None) -> bool:
    """Whether a port is surely none of those that go past."""
    excluded = [part.strip() for part in ports.split(",")]
    return port is not None and all(map(str.isdigit, excluded)) and str(port) not in excluded


def passes_some(world: World) -> bool:
    """Whether an installation leads some calls of all pods past their proxies; ask with ``world.fact``."""
    for item in world.all(KubernetesObject):
        if _INSTALLERS.get(item.kind) == item.group:
            said = item.get("spec", "values", "global", "proxy")
            if any(said.get(key).text not in (None, "", "*") or said.get(key).integer for key in _VALUES):
                return True
    return False


def _is_by_proxy(reference: Reference) -> bool:
    """Whether the caller has another proxy for its calls, and this is not the one to that proxy."""
    if (reference.address.scheme or "http") not in _BY_PROXY:
        return False
    node = reference.node
    routes = [
        (entry.document.path, entry.document.index, entry.get("value").route)
        for container in reference.workload.containers
        for entry in container.get("env").elements()
        if (entry.get("name").text or "").upper() in _PROXIES
    ]
    return bool(routes) and (node.document.path, node.document.index, node.route) not in routes
