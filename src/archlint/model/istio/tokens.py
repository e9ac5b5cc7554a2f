"""Tokens of requests: routes that go by their claims, who checks them, and where keys are fetched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.istio.gateway_routes import gateways_of
from archlint.model.istio.gateways import Gateway
from archlint.model.istio.objects import of_kind
from archlint.model.istio.routing import VirtualService
from archlint.model.istio.selection import MeshSelection
from archlint.model.kubernetes import ObjectFacet, Workload
from archlint.model.world import World

_CLAIMS = "@request.auth.claims"
_BLOCKED = "BLOCKED_CIDRS_IN_JWKS_URIS"
"""The setting of istiod that keeps it from fetching keys from some addresses."""
_MOST_LABELS = 8
"""Labels of a gateway's selector of which all choices are looked up."""


@dataclass(frozen=True)
class ClaimRoute(ObjectFacet):
    """A virtual service that routes by claims of tokens; ``node`` is the first such condition."""

    service: VirtualService
    node: Node

    @classmethod
    def all(cls, world: World) -> Iterator[ClaimRoute]:
        """Every such virtual service."""
        for service in world.all(VirtualService):
            node = next(_claims_in(service), None)
            if node is not None:
                yield cls(service.base, service, node)

    def unchecked(self, world: World) -> Gateway | None:
        """A gateway of it, all known, whose proxies nobody has check tokens."""
        checks = world.fact(_checks)
        for gateway in gateways_of(self.service, world):
            if not checks.are_for(gateway):
                return gateway
        return None


class _Checks:
    """The request authentications of a world, by what they select."""

    def __init__(self, selections: Iterable[MeshSelection]) -> None:
        self._all = False
        self._labels: set[frozenset[tuple[str, str]]] = set()
        for item in selections:
            self._all = self._all or item.is_targeted
            self._labels.add(frozenset(item.labels.items()))

    def are_for(self, gateway: Gateway) -> bool:
        """Whether one may be for the proxies of a gateway, which may be in any namespace."""
        pairs = sorted(gateway.selector.items())
        if self._all or len(pairs) > _MOST_LABELS:
            return True
        return any(
            frozenset(chosen) in self._labels
            for count in range(len(pairs) + 1)
            for chosen in combinations(pairs, count)
        )


def _checks(world: World) -> _Checks:
    return _Checks(MeshSelection(item) for item in of_kind(world, "RequestAuthentication"))


def _claims_in(service: VirtualService) -> Iterator[Node]:
    for route in service.routes:
        for match in route.node.get("match").elements():
            for key in ("headers", "withoutHeaders"):
                for name, node in match.get(key).items():
                    if name.startswith(_CLAIMS):
                        yield node


@dataclass(frozen=True)
class KeyFetcher(ObjectFacet):
    """A control plane that fetches keys from wherever a request authentication says."""

    workload: Workload
    request: Node
    """The first address of keys."""

    @classmethod
    def all(cls, world: World) -> Iterator[KeyFetcher]:
        """Every istiod that blocks no addresses, in a world with request authentications that name some."""
        request = next(_key_addresses(world), None)
        for workload in world.all(Workload) if request is not None else ():
            is_control_plane = workload.pod_labels.get("app") == "istiod"
            if request is not None and is_control_plane and not _blocks(workload):
                yield cls(workload.base, workload, request)


def _key_addresses(world: World) -> Iterator[Node]:
    for item in of_kind(world, "RequestAuthentication"):
        for rule in item.get("spec", "jwtRules").elements():
            if rule.get("jwksUri").text:
                yield rule.get("jwksUri")


def _blocks(workload: Workload) -> bool:
    return any(
        entry.get("name").text == _BLOCKED and bool(entry.get("value").text)
        for container in workload.containers
        for entry in container.get("env").elements()
    )
