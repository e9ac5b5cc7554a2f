"""Gateways: the servers that each asks of the proxies that it selects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.istio.objects import of_kind
from archlint.model.kubernetes import ObjectFacet, string_map
from archlint.model.world import World

PLAIN_HTTP = frozenset({"HTTP", "HTTP2", "GRPC", "GRPC-WEB"})
"""Protocols whose servers on one port are served together, each by its hosts."""
BY_NAME = frozenset({"HTTPS", "TLS"})
"""Protocols whose servers on one port are told apart by the name that the client asks for (SNI)."""
ANY_HOST = "*"


@dataclass(frozen=True)
class ServedHost:
    """One entry of ``hosts``: a name, and the namespaces whose routes may serve it."""

    node: Node
    namespace: str | None
    """The namespace of such routes; ``*`` is any, ``None`` the gateway's own that nobody states."""
    name: str

    def may_be_served_from(self, namespace: str | None) -> bool:
        """Whether a route in a namespace may serve it; an unknown one fits every other."""
        return self.namespace in (None, ANY_HOST, namespace) or namespace is None


@dataclass(frozen=True)
class GatewayServer:
    """One entry of ``servers``."""

    gateway: Gateway
    node: Node

    @property
    def port(self) -> int | None:
        """The number of its port."""
        return self.node.get("port", "number").integer

    @property
    def protocol(self) -> str:
        """Its protocol in capital letters; empty if none is said."""
        return (self.node.get("port", "protocol").text or "").upper()

    @property
    def bind(self) -> str:
        """The address that it listens on; empty for the usual one."""
        return self.node.get("bind").text or ""

    @property
    def certificate(self) -> Node:
        """The name of the secret with its certificate."""
        return self.node.get("tls", "credentialName")

    @property
    def is_passed_through(self) -> bool:
        """Whether TLS ends behind the gateway, so that no certificate of its own counts."""
        mode = self.node.get("tls", "mode").text
        return mode in ("PASSTHROUGH", "AUTO_PASSTHROUGH")

    @cached_property
    def hosts(self) -> tuple[ServedHost, ...]:
        """Its hosts. Source: Istio's reference of Gateway, Server: ``namespace/name``, where the namespace
        may be ``*`` (as if nothing were said) or ``.`` (the gateway's own)."""
        return tuple(self._hosts())

    def _hosts(self) -> Iterator[ServedHost]:
        for node in self.node.get("hosts").elements():
            if node.text:
                namespace, slash, name = node.text.rpartition("/")
                own = self.gateway.namespace
                where = (own if namespace == "." else namespace) if slash else ANY_HOST
                yield ServedHost(node, where, name)


@dataclass(frozen=True)
class Gateway(ObjectFacet):
    """One Gateway of Istio's own API."""

    @classmethod
    def all(cls, world: World) -> Iterable[Gateway]:
        """Every gateway in the world."""
        return [cls(item) for item in of_kind(world, "Gateway")]

    @cached_property
    def selector(self) -> dict[str, str]:
        """The labels of the proxies that it is for; without any it is for all."""
        return string_map(self.base.get("spec", "selector"))

    @cached_property
    def servers(self) -> tuple[GatewayServer, ...]:
        """Its servers."""
        return tuple(
            GatewayServer(self, node) for node in self.base.get("spec", "servers").elements() if node.is_map
        )

    def is_for_all_of(self, other: Gateway) -> bool:
        """Whether all proxies of another gateway get this one too."""
        return self.selector.items() <= other.selector.items()


def gateway_name(text: str, namespace: str | None) -> tuple[str | None, str]:
    """Namespace and name of the gateway that a route in a namespace means by a text.

    Source: Istio's reference of VirtualService, ``gateways``: ``namespace/name``, else one of its own. Before
    1.1 it was ``name.namespace.svc.cluster.local``, which is still read so: a name with a dot has a
    namespace.
    """
    where, slash, name = text.rpartition("/")
    if not slash and "." in name:
        name, where = name.split(".")[:2]
        return where or namespace, name
    if not slash or where == ".":
        return namespace, name
    return where, name


def hosts_overlap(one: str, other: str) -> bool:
    """Whether two hosts, each perhaps with a wildcard in front, have a name in common."""
    if one.startswith("*") and other.startswith("*"):
        return one[1:].endswith(other[1:]) or other[1:].endswith(one[1:])
    if one.startswith("*"):
        return other.endswith(one[1:])
    return one.endswith(other[1:]) if other.startswith("*") else one == other


def gateways_by_name(world: World) -> dict[str, list[Gateway]]:
    """The gateways of a world by name; ask for them with ``world.fact(gateways_by_name)``."""
    found: dict[str, list[Gateway]] = {}
    for gateway in world.all(Gateway):
        found.setdefault(gateway.name, []).append(gateway)
    return found
