"""What the Sidecars of a workload let it see of the mesh, and where it may call to besides.

The Sidecar that selects the pods goes before the one for their namespace, that before the one of the root
namespace; of two at one level one is followed, which is not known. What one does not say is said by the next.

Sources: Istio's reference of Sidecar (``egress.hosts``, ``outboundTrafficPolicy``) and of Global Mesh Options
(``outboundTrafficPolicy``); "Accessing External Services".
"""

from __future__ import annotations

from collections.abc import Sequence

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.istio.applied_objects import AppliedObjects
from archlint.model.istio.mesh_config import mesh_configs, root_namespaces
from archlint.model.istio.selection import MeshSelection
from archlint.model.istio.truth import Truth
from archlint.model.kubernetes import KubernetesObject, Workload
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.world import World

_REGISTRY_ONLY = "REGISTRY_ONLY"


@dataclass(frozen=True)
class Scope:
    """The Sidecars of a workload, the one that counts most first."""

    sidecars: tuple[KubernetesObject, ...]
    mesh: tuple[Node, ...]
    """What configurations of the mesh say about calls to what it does not know."""

    @property
    def imports(self) -> Node | None:
        """The hosts of the Sidecar that says which it imports: the list that stands first."""
        for item in self.sidecars:
            for listener in item.get("spec", "egress").elements():
                return listener.get("hosts")
        return None

    def sees(self, host: str, namespace: str) -> Truth:
        """Whether it imports a host that is of a namespace."""
        for item in self.sidecars:
            listeners = list(item.get("spec", "egress").elements())
            if listeners:
                entries = [node.text for each in listeners for node in each.get("hosts").elements()]
                return _any_imports(entries, host, namespace, item.namespace)
        return True

    @property
    def shut(self) -> Node | None:
        """What surely keeps it from calling what the mesh does not know."""
        for item in self.sidecars:
            mode = item.get("spec", "outboundTrafficPolicy", "mode")
            if mode.exists:
                return mode if mode.text == _REGISTRY_ONLY else None
        is_shut = bool(self.mesh) and all(node.text == _REGISTRY_ONLY for node in self.mesh)
        return self.mesh[0] if is_shut else None


def _any_imports(entries: Sequence[str | None], host: str, namespace: str, home: str | None) -> Truth:
    for entry in entries:
        if entry is None or is_placeholder(entry) or (entry.startswith("./") and home is None):
            return None
        space, slash, name = entry.partition("/")
        space = home or "" if space == "." else space
        if slash and space in ("*", namespace) and _is_named(name, host):
            return True
    return False


def _is_named(pattern: str, host: str) -> bool:
    if pattern.startswith("*"):
        return host.endswith(pattern[1:])
    return pattern == host


class SidecarScopes:
    """The scopes of the workloads of a world."""

    def __init__(self, world: World) -> None:
        self._sidecars = AppliedObjects(world, "Sidecar")
        self._roots = world.fact(root_namespaces)
        self._mesh = tuple(
            node
            for config in world.fact(mesh_configs)
            if (node := config.get("outboundTrafficPolicy", "mode")).exists
        )
        self.is_said = bool(self._mesh) or self._sidecars.has_any
        """Whether there is anything that narrows what workloads see."""
        self._known: dict[int, Scope | None] = {}

    def of(self, workload: Workload) -> Scope | None:
        """The scope of a workload; ``None`` if not all of it is known."""
        key = id(workload)
        if key not in self._known:
            self._known[key] = self._of(workload)
        return self._known[key]

    def _of(self, workload: Workload) -> Scope | None:
        applied = self._sidecars.of(workload)
        if applied is None or not all(item.is_sure for item in applied):
            return None
        levels: list[list[KubernetesObject]] = [[], [], []]
        for item in applied:
            is_root = item.base.namespace in self._roots and item.base.namespace != workload.namespace
            has_labels = bool(MeshSelection(item.base).labels)
            if not (is_root and has_labels):
                levels[2 if is_root else 0 if has_labels else 1].append(item.base)
        if any(len(level) > 1 for level in levels):
            return None
        return Scope(tuple(item for level in levels for item in level), self._mesh)


def sidecar_scopes(world: World) -> SidecarScopes:
    """The scopes of a world; ask with ``world.fact(sidecar_scopes)``."""
    return SidecarScopes(world)
