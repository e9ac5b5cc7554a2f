"""Which Servers of Linkerd are for which ports of which pods, and the default of pods without one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain

from archlint.documents import Node
from archlint.model.kubernetes import KubernetesObject, Workload
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.kubernetes.namespaces import namespace_objects
from archlint.model.kubernetes.selectors import label_selector_matches
from archlint.model.kubernetes.services import same_namespace
from archlint.model.kubernetes.sets import DeploymentSets, deployment_sets
from archlint.model.linkerd.objects import of_kind
from archlint.model.network.connectivity.editions import Company, company
from archlint.model.network.connectivity.pods import named_ports
from archlint.model.world import World

_DEFAULT = "config.linkerd.io/default-inbound-policy"
SKIP_INBOUND = "config.linkerd.io/skip-inbound-ports"
SKIP_OUTBOUND = "config.linkerd.io/skip-outbound-ports"
"""Ports whose connections go past the proxy of a pod that gets them, or that makes them."""
_MOST = 200
"""Servers of one namespace that are looked through for a pod."""


class PodServers:
    """The Servers of a world by namespace."""

    def __init__(self, world: World) -> None:
        self._sets: DeploymentSets = world.fact(deployment_sets)
        self._company: Company = world.fact(company)
        self._by_namespace: dict[str | None, list[KubernetesObject]] = defaultdict(list)
        for item in of_kind(world, "Server"):
            self._by_namespace[item.namespace].append(item)
        self._spaces = world.fact(namespace_objects)
        self._of_pod: dict[int, Sequence[KubernetesObject] | None] = {}
        of_spaces = (space.annotations for spaces in self._spaces.values() for space in spaces)
        of_pods = (workload.pod_annotations for workload in world.all(Workload))
        self.has_defaults = any(_DEFAULT in annotations for annotations in chain(of_spaces, of_pods))
        """Whether a namespace or pod says who is let in where no Server is."""

    def may_skip(self, workload: Workload, key: str, ports: Iterable[int]) -> bool:
        """Whether connections at some ports may go past the proxy of a workload's pods, as an annotation of
        theirs or of their namespace says."""
        own = workload.pod_annotations.get(key)
        spaces = self._spaces.get(workload.namespace or "", ())
        said = [own] if own is not None else [space.annotations.get(key, "") for space in spaces]
        return any(_may_have(text, port) for text in said for port in ports)

    def at(self, workload: Workload, port: int) -> Sequence[KubernetesObject] | None:
        """The Servers for a port of a workload's pods; ``None`` if not all of that is known."""
        key = id(workload)
        if key not in self._of_pod:
            self._of_pod[key] = self._selecting(workload)
        selecting = self._of_pod[key]
        if selecting is None:
            return None
        names = named_ports(workload)
        found = []
        for server in selecting:
            said = server.get("spec", "port")
            numbers = names.get(("TCP", said.text or ""), ())
            is_named = any(first <= port <= last for first, last in numbers)
            if is_named or port in (said.integer, _number(said.text)):
                found.append(server)
        return found

    def _selecting(self, workload: Workload) -> Sequence[KubernetesObject] | None:
        """Those that select a workload's pods; ``None`` if one only may, or there are too many."""
        groups = self._sets.of(workload.base)
        if any(not each.is_complete for each in groups) or workload.namespace is None:
            return None
        near = [*self._by_namespace.get(workload.namespace, ()), *self._by_namespace.get(None, ())]
        if len(near) > _MOST:
            return None
        found = []
        for server in near:
            selector = server.get("spec", "podSelector")
            if not label_selector_matches(selector, workload.running_labels):
                continue
            if not self._company.may_meet(server, workload.base):
                continue
            is_near = self._sets.are_applied_alike(server, workload.base) and server.namespace is not None
            if not is_near or not same_namespace(server, workload.base) or not selector.is_map:
                return None
            found.append(server)
        return found

    def default_of(self, workload: Workload) -> Node | None:
        """What says who is let in where no Server is; ``None`` where only the cluster says so."""
        own = workload.template.get("metadata", "annotations", _DEFAULT)
        if own.exists:
            return own if own.text and not is_placeholder(own.text) else None
        spaces = self._spaces.get(workload.namespace or "", ())
        said = [space.get("metadata", "annotations", _DEFAULT) for space in spaces]
        same = {node.text for node in said}
        return said[0] if len(same) == 1 and said[0].text else None


def _may_have(said: str, port: int) -> bool:
    """Whether a list of ports and ranges has a port; what cannot be read may have it."""
    for part in said.split(","):
        first, dash, last = part.strip().partition("-")
        low, high = _number(first), _number(last if dash else first)
        if first and (low is None or high is None or low <= port <= high):
            return True
    return False


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 5 else None


def pod_servers(world: World) -> PodServers:
    """The Servers of a world; ask with ``world.fact(pod_servers)``."""
    return PodServers(world)
