"""Annotations for Istio on namespaces, services, workloads and pods."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from ipaddress import ip_network

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.istio.injection import INJECT_KEY
from archlint.model.istio.known_annotations import ANNOTATIONS, KnownAnnotation
from archlint.model.kubernetes import KubernetesObject, ObjectFacet, Workload
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.services.meshes import meshes
from archlint.model.world import World

_DOMAIN = "istio.io"
_INGRESS_CLASS = "kubernetes.io/ingress.class"
_SET_BY_ISTIO = frozenset(
    {
        *("istio.io/rev", "ambient.istio.io/redirection", "gateway.istio.io/controller-version"),
        *("sidecar.istio.io/status", "proxy.istio.io/overrides"),
    }
)
"""What Istio writes itself, so that nobody can be told to write it otherwise."""
_SET_BY_CNI = frozenset(
    {
        *("sidecar.istio.io/interceptionMode", "traffic.sidecar.istio.io/includeInboundPorts"),
        *(
            "traffic.sidecar.istio.io/excludeInboundPorts",
            "traffic.sidecar.istio.io/includeOutboundIPRanges",
        ),
    }
)
"""What the injector writes where Istio's network plugin is in use."""
_OTHERS = ("operator.istio.io", "install.istio.io", "experimental.istio.io", "topology.istio.io")
"""Domains of keys that are no annotations of the reference: the installer's, and labels."""


@dataclass(frozen=True)
class IstioAnnotation(ObjectFacet):
    """One annotation whose key is of Istio's domain."""

    node: Node
    holder: str
    """The kind of object that carries it: ``Pod`` for pods and their templates."""
    template: Node | None = None
    """The metadata of the pods of a workload whose own metadata carries it."""

    @classmethod
    def all(cls, world: World) -> Iterator[IstioAnnotation]:
        """Every such annotation. The one of ingresses is Istio's only where something else speaks of Istio,
        or its value does."""
        found = list(cls._found(world))
        has_mesh = world.fact(meshes).is_used or any(each.key != _INGRESS_CLASS for each in found)
        return (each for each in found if has_mesh or each.key != _INGRESS_CLASS or each.text == "istio")

    @classmethod
    def _found(cls, world: World) -> Iterator[IstioAnnotation]:
        for item in world.all(KubernetesObject):
            if item.kind in ("Namespace", "Service") and not item.group:
                yield from _of(item, item.get("metadata"), item.kind)
        for workload in world.all(Workload):
            pod = workload.template.get("metadata")
            has_plugin = any(container.name == "istio-validation" for container in workload.containers)
            for found in _of(workload.base, pod, "Pod"):
                if not (has_plugin and found.key in _SET_BY_CNI):
                    yield found
            if workload.kind != "Pod":
                yield from _of(workload.base, workload.base.get("metadata"), workload.kind, pod)

    @property
    def key(self) -> str:
        """The key."""
        return str(self.node.route[-1])

    @property
    def text(self) -> str | None:
        """The value; ``None`` if it is no text."""
        return self.node.text

    @property
    def known(self) -> KnownAnnotation | None:
        """What Istio knows of it."""
        return ANNOTATIONS.get(self.key)

    @property
    def is_unknown(self) -> bool:
        """Whether Istio knows no such annotation."""
        return self.known is None and not self.key.startswith(_OTHERS)

    @cached_property
    def is_misplaced(self) -> bool:
        """Whether it does not count on what carries it. Those for injection are judged by themselves."""
        known = self.known
        if known is None or self.key == INJECT_KEY or {"Any", self.holder} & known.kinds:
            return False
        return self.template is None or not self.template.get("annotations", self.key).exists

    @property
    def is_for_pods(self) -> bool:
        """Whether it counts on pods."""
        return self.known is not None and "Pod" in self.known.kinds

    @property
    def problem(self) -> str | None:
        """What is wrong with the value, as far as one can tell."""
        form = _FORMS.get(self.key)
        if form is None or self.text is None or is_placeholder(self.text):
            return None
        return None if form.fits(self.text.strip()) else form.words


def _of(
    item: KubernetesObject, metadata: Node, holder: str, template: Node | None = None
) -> Iterator[IstioAnnotation]:
    for key, node in metadata.get("annotations").items():
        domain, slash, _ = key.partition("/")
        is_own = domain == _DOMAIN or domain.endswith("." + _DOMAIN) or key == _INGRESS_CLASS
        if slash and is_own and key not in _SET_BY_ISTIO and not is_placeholder(key):
            yield IstioAnnotation(item, node, holder, template)


@dataclass(frozen=True)
class _Form:
    fits: Callable[[str], bool]
    words: str


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9


def _is_port(text: str) -> bool:
    return _is_number(text) and int(text) <= 65_535


def _are_ports(text: str) -> bool:
    return text in ("", "*") or all(_is_port(part.strip()) for part in text.split(","))


def _are_ranges(text: str) -> bool:
    return text in ("", "*") or all(_is_range(part.strip()) for part in text.split(","))


def _is_range(text: str) -> bool:
    try:
        ip_network(text, strict=False)
    except ValueError:
        return False
    return "/" in text


_NUMBER = _Form(_is_number, "a whole number")
_PORTS = _Form(_are_ports, "ports between commas, or '*'")
_RANGES = _Form(_are_ranges, "ranges of addresses such as 10.0.0.0/8 between commas, or '*'")
_SWITCH = _Form(lambda text: text.lower() in ("true", "false", "1", "0", "t", "f"), "'true' or 'false'")
_LEVELS = frozenset({"trace", "debug", "info", "warning", "warn", "error", "critical", "off"})
_FORMS = {
    "readiness.status.sidecar.istio.io/initialDelaySeconds": _NUMBER,
    "readiness.status.sidecar.istio.io/periodSeconds": _NUMBER,
    "readiness.status.sidecar.istio.io/failureThreshold": _NUMBER,
    "readiness.status.sidecar.istio.io/applicationPorts": _PORTS,
    "status.sidecar.istio.io/port": _Form(_is_port, "a port"),
    "sidecar.istio.io/interceptionMode": _Form(
        lambda text: text in ("REDIRECT", "TPROXY", "NONE"), "REDIRECT, TPROXY or NONE"
    ),
    "sidecar.istio.io/logLevel": _Form(lambda text: text in _LEVELS, "a level such as 'warning'"),
    "sidecar.istio.io/rewriteAppHTTPProbers": _SWITCH,
    "prometheus.istio.io/merge-metrics": _SWITCH,
    "traffic.sidecar.istio.io/includeInboundPorts": _PORTS,
    "traffic.sidecar.istio.io/excludeInboundPorts": _PORTS,
    "traffic.sidecar.istio.io/includeOutboundPorts": _PORTS,
    "traffic.sidecar.istio.io/excludeOutboundPorts": _PORTS,
    "traffic.sidecar.istio.io/includeOutboundIPRanges": _RANGES,
    "traffic.sidecar.istio.io/excludeOutboundIPRanges": _RANGES,
}
"""The form of values that have one, by key. Source: Istio's reference, Resource Annotations."""
