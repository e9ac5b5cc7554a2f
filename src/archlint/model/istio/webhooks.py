"""The admission webhooks by which Istio injects sidecars and checks its objects."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.kubernetes import KubernetesObject, ObjectFacet
from archlint.model.world import World

_KINDS = ("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration")
_GROUP = "admissionregistration.k8s.io"
_SUFFIX = ".istio.io"


@dataclass(frozen=True)
class IstioWebhook(ObjectFacet):
    """One webhook of Istio's."""

    node: Node

    @classmethod
    def all(cls, world: World) -> Iterator[IstioWebhook]:
        """Every webhook whose name is of Istio's domain."""
        for item in world.all(KubernetesObject):
            if item.kind in _KINDS and item.group == _GROUP:
                for node in item.get("webhooks").elements():
                    if (node.get("name").text or "").rstrip(".").endswith(_SUFFIX):
                        yield cls(item, node)

    @property
    def webhook(self) -> str:
        """The webhook's own name."""
        return self.node.get("name").text or ""

    @property
    def is_injector(self) -> bool:
        """Whether it injects sidecars."""
        return self.kind == "MutatingWebhookConfiguration" and "sidecar-injector" in self.webhook

    @property
    def service(self) -> tuple[str, str] | None:
        """Namespace and name of the Service that it calls."""
        node = self.node.get("clientConfig", "service")
        name, namespace = node.get("name").text, node.get("namespace").text
        return (namespace, name) if name and namespace else None

    @property
    def address(self) -> Node:
        """The URL that it calls instead."""
        return self.node.get("clientConfig", "url")

    @property
    def calls_nobody(self) -> bool:
        """Whether it says neither a Service nor a URL."""
        return not self.address.text and not self.node.get("clientConfig", "service").is_set

    @property
    def numeric_host(self) -> str | None:
        """The host of the URL, if it is an IP address."""
        host = (self.address.text or "").partition("://")[2].partition("/")[0]
        host = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
        try:
            return str(ip_address(host))
        except ValueError:
            return None

    @property
    def revision(self) -> str:
        """The revision of Istio that it belongs to."""
        return self.base.labels.get("istio.io/rev", "default")

    @property
    def selector(self) -> str:
        """Which namespaces and objects it is for, in one form of writing."""
        parts = (self.node.get("namespaceSelector").value, self.node.get("objectSelector").value)
        return repr([_ordered(part) for part in parts])


def _ordered(value: object) -> object:
    """A value whose maps are sorted by key."""
    if isinstance(value, dict):
        return sorted((str(key), _ordered(item)) for key, item in value.items())
    return [_ordered(item) for item in value] if isinstance(value, list) else value


def injectors_by_selector(world: World) -> dict[str, list[IstioWebhook]]:
    """The webhooks that inject sidecars by what they select; ask with ``world.fact`` of this."""
    found: dict[str, list[IstioWebhook]] = {}
    for webhook in world.all(IstioWebhook):
        if webhook.is_injector:
            found.setdefault(webhook.selector, []).append(webhook)
    return found
