"""What routes of the Gateway API are attached to, and why a listener takes one or does not.

Source: the reference of the Gateway API, ParentReference: a route is attached to the listeners that its
reference fits (``sectionName``, ``port``), that take its namespace and its kind, and that share a host with
it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import cached_property

from archlint.documents import Node
from archlint.finding import Route
from archlint.finding.records import dataclass
from archlint.model.gateway_api.listeners import (
    HOLDERS,
    Listener,
    ListenerHolder,
    gateway_api_objects,
    is_of_api,
)
from archlint.model.kubernetes import ObjectFacet
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.kubernetes.ingresses import GATEWAYS, ROUTES
from archlint.model.kubernetes.sets import find_objects
from archlint.model.world import World


class Hindrance(StrEnum):
    """Why no listener of a parent takes a route."""

    SECTION = "section"
    PORT = "port"
    NAMESPACE = "namespace"
    KIND = "kind"
    HOST = "host"


@dataclass(frozen=True)
class RefusedRoute:
    """A parent that takes a route in none of its listeners."""

    reason: Hindrance
    parent: ListenerHolder
    listeners: tuple[Listener, ...]
    """Those that were left when the reason shut them out."""


@dataclass(frozen=True)
class ParentReference(ObjectFacet):
    """One entry of ``parentRefs`` that names a Gateway or ListenerSet."""

    node: Node

    @classmethod
    def all(cls, world: World) -> Iterator[ParentReference]:
        """Every such entry of every route."""
        known = world.fact(gateway_api_objects)
        if any(kind in known for kind in HOLDERS):
            for kind in sorted(ROUTES):
                for item in known.get(kind, ()):
                    for node in item.get("spec", "parentRefs").elements():
                        if node.get("name").text and is_of_api(node) and _parent_kind(node) in HOLDERS:
                            yield cls(item, node)

    @property
    def parent_kind(self) -> str:
        """The kind of what it names."""
        return _parent_kind(self.node)

    @property
    def parent_name(self) -> str:
        """The name of what it names."""
        return self.node.get("name").text or ""

    @property
    def section(self) -> str:
        """The listener that it names; empty if it names none."""
        return self.node.get("sectionName").text or ""

    @property
    def port(self) -> int | None:
        """The port of the listeners that it means."""
        return self.node.get("port").integer

    @cached_property
    def hosts(self) -> tuple[str, ...]:
        """The hosts of the route in small letters; none means all."""
        nodes = self.base.get("spec", "hostnames").elements()
        return tuple(node.text.lower() for node in nodes if node.text)

    def parents(self, world: World) -> list[ListenerHolder]:
        """What may be meant; several where several builds have one of that name."""
        namespace = self.node.get("namespace").text or self.namespace
        found = find_objects(world, self.base, self.parent_kind, self.parent_name, namespace)
        return [ListenerHolder(item) for item in found if item.group == GATEWAYS]

    def refused(self, world: World) -> RefusedRoute | None:
        """Why nothing takes the route; ``None`` if something does, or is not known well enough."""
        told = world.fact(_refusals)
        key = id(self.base), self.node.route
        if key not in told:
            told[key] = self._refused(world)
        return told[key]

    def _refused(self, world: World) -> RefusedRoute | None:
        """A Gateway without listeners is a part of one, or gets them from elsewhere."""
        first: RefusedRoute | None = None
        for parent in self.parents(world):
            refused = self._refused_by(parent, world) if parent.listeners else None
            if refused is None:
                return None
            first = first or refused
        return first

    def _refused_by(self, parent: ListenerHolder, world: World) -> RefusedRoute | None:
        left: Sequence[Listener] = parent.listeners
        for reason in Hindrance:
            kept = [listener for listener in left if self._is_taken(reason, listener, world)]
            if not kept:
                return RefusedRoute(reason, parent, tuple(left))
            left = kept
        return None

    def _is_taken(self, reason: Hindrance, listener: Listener, world: World) -> bool:
        match reason:
            case Hindrance.SECTION:
                texts = (self.section, listener.name)
                return not self.section or any(map(is_placeholder, texts)) or len(set(texts)) == 1
            case Hindrance.PORT:
                return self.port is None or listener.port in (None, self.port)
            case Hindrance.NAMESPACE:
                return listener.lets_in(self.base, world)
            case Hindrance.KIND:
                return listener.kinds is None or self.kind in listener.kinds
            case Hindrance.HOST:
                return listener.serves(self.hosts)


def _parent_kind(node: Node) -> str:
    return node.get("kind").text or "Gateway"


def _refusals(world: World) -> dict[tuple[int, Route], RefusedRoute | None]:
    """What was found so far, by route and the way to the reference: two routes may share one by an anchor."""
    return {}
