"""Listeners of Gateways and ListenerSets, and which routes each takes.

Source: the reference of the Gateway API, Listener, AllowedRoutes and RouteNamespaces.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.istio.gateways import hosts_overlap
from archlint.model.kubernetes import KubernetesObject, ObjectFacet
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.kubernetes.ingresses import GATEWAYS
from archlint.model.kubernetes.labelled import may_be_labelled
from archlint.model.kubernetes.namespaces import namespace_objects, overridden_paths
from archlint.model.kubernetes.selectors import label_selector_matches
from archlint.model.network.labels import NAMESPACE_NAME_LABEL
from archlint.model.world import World

HOLDERS = ("Gateway", "ListenerSet")
_TAKEN = {
    "HTTP": frozenset({"HTTPRoute", "GRPCRoute"}),
    "HTTPS": frozenset({"HTTPRoute", "GRPCRoute"}),
    "TLS": frozenset({"TLSRoute", "TCPRoute"}),
    "TCP": frozenset({"TCPRoute"}),
    "UDP": frozenset({"UDPRoute"}),
}
"""The kinds of route by protocol; protocols of a controller's own may take any."""


def is_of_api(reference: Node) -> bool:
    """Whether a reference names a kind of the Gateway API, as it does if it says no group."""
    return reference.get("group").text in (None, GATEWAYS)


def gateway_api_objects(world: World) -> Mapping[str, Sequence[KubernetesObject]]:
    """The objects of the Gateway API by kind; ask for them with ``world.fact(gateway_api_objects)``."""
    found: dict[str, list[KubernetesObject]] = defaultdict(list)
    for item in world.all(KubernetesObject):
        if item.group == GATEWAYS:
            found[item.kind].append(item)
    return dict(found)


@dataclass(frozen=True)
class Listener:
    """One listener of a Gateway or ListenerSet."""

    holder: KubernetesObject
    node: Node

    @property
    def name(self) -> str:
        """What routes name in ``sectionName``."""
        return self.node.get("name").text or ""

    @property
    def port(self) -> int | None:
        """Its port."""
        return self.node.get("port").integer

    @property
    def protocol(self) -> str:
        """Its protocol."""
        return self.node.get("protocol").text or ""

    @property
    def hostname(self) -> str:
        """Its host in small letters; empty for all."""
        return (self.node.get("hostname").text or "").lower()

    @cached_property
    def kinds(self) -> frozenset[str] | None:
        """The kinds of route that it takes; ``None`` for those that nobody here knows."""
        listed = list(self.node.get("allowedRoutes", "kinds").elements())
        if listed:
            return frozenset(filter(None, (item.get("kind").text for item in listed if is_of_api(item))))
        return self.carried

    @property
    def carried(self) -> frozenset[str] | None:
        """The kinds of route that its protocol can carry; ``None`` for a protocol of a controller's own."""
        return _TAKEN.get(self.protocol)

    def serves(self, hosts: Sequence[str]) -> bool:
        """Whether it serves one of some hosts; none means all."""
        own = self.hostname
        if not own or not hosts or is_placeholder(own):
            return True
        return any(is_placeholder(host) or hosts_overlap(own, host) for host in hosts)

    def lets_in(self, route: KubernetesObject, world: World) -> bool:
        """Whether it takes routes of the namespace of one, as far as one can tell."""
        namespaces = self.node.get("allowedRoutes", "namespaces")
        source = namespaces.get("from").text or "Same"
        overridden = world.fact(overridden_paths)
        if source == "None":
            return False
        if not route.namespace or is_placeholder(route.namespace) or route.source.path in overridden:
            return True
        if source == "Same":
            own = self.holder.namespace
            is_known = own and not is_placeholder(own) and self.holder.source.path not in overridden
            return own == route.namespace or not is_known
        return source != "Selector" or _is_selected(namespaces.get("selector"), route.namespace, world)


def _is_selected(selector: Node, namespace: str, world: World) -> bool:
    """Whether a selector may select a namespace. The labels of one that the files do not define are unknown,
    but for its name."""
    named = {NAMESPACE_NAME_LABEL: namespace}
    defined = [{**item.labels, **named} for item in world.fact(namespace_objects).get(namespace, ())]
    keys = [key for key, _ in selector.get("matchLabels").items()]
    keys += [item.get("key").text or "" for item in selector.get("matchExpressions").elements()]
    texts = [value.text or "" for _, value in selector.get("matchLabels").items()]
    if any(map(is_placeholder, (*keys, *texts))) or not selector.is_map:
        return True
    if not defined and any(key != NAMESPACE_NAME_LABEL for key in keys):
        return True
    if may_be_labelled(namespace, keys, world):
        return True
    return any(label_selector_matches(selector, labels) for labels in defined or [named])


@dataclass(frozen=True)
class ListenerHolder(ObjectFacet):
    """A Gateway or ListenerSet of the Gateway API."""

    @classmethod
    def all(cls, world: World) -> Iterator[ListenerHolder]:
        """Every one."""
        known = world.fact(gateway_api_objects)
        for kind in HOLDERS:
            yield from map(cls, known.get(kind, ()))

    @cached_property
    def listeners(self) -> tuple[Listener, ...]:
        """Its listeners."""
        nodes = self.base.get("spec", "listeners").elements()
        return tuple(Listener(self.base, node) for node in nodes if node.is_map)
