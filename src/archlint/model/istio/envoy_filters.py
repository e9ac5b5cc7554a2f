"""Patches of EnvoyFilters: what each does to the configuration of proxies."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.istio.objects import of_kind
from archlint.model.kubernetes import ObjectFacet
from archlint.model.world import World

_IN_ROUTES = frozenset({"ROUTE_CONFIGURATION", "HTTP_ROUTE"})
_FILTERS = frozenset({"NETWORK_FILTER", "HTTP_FILTER"})
_RELATIVE = frozenset({"INSERT_BEFORE", "INSERT_AFTER", "REPLACE", "REMOVE"})


@dataclass(frozen=True)
class EnvoyPatch(ObjectFacet):
    """One entry of ``configPatches``."""

    node: Node

    @classmethod
    def all(cls, world: World) -> Iterator[EnvoyPatch]:
        """Every patch of every EnvoyFilter."""
        for item in of_kind(world, "EnvoyFilter"):
            for node in item.get("spec", "configPatches").elements():
                yield cls(item, node)

    @property
    def operation(self) -> Node:
        """What is done."""
        return self.node.get("patch", "operation")

    @property
    def target(self) -> str:
        """What it is done to: ``applyTo``."""
        return self.node.get("applyTo").text or ""

    @property
    def is_ignored(self) -> bool:
        """Whether Istio leaves it out. Source: its reference of EnvoyFilter, Patch.Operation."""
        match self.operation.text:
            case "ADD" | "REMOVE":
                return self.target in _IN_ROUTES
            case "REPLACE":
                return bool(self.target) and self.target not in _FILTERS
        return False

    @property
    def needs_order(self) -> bool:
        """Whether it needs what another EnvoyFilter may bring, and nothing says which comes first."""
        operation = self.operation.text
        is_relative = operation in _RELATIVE or (operation == "MERGE" and self.target in _FILTERS)
        return is_relative and not self.base.get("spec", "priority").is_set

    @property
    def is_for_a_version(self) -> bool:
        """Whether it is for proxies of some version alone."""
        return self.node.get("match", "proxy", "proxyVersion").is_set
