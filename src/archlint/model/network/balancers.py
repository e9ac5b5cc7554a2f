"""Load balancers of clouds that serve Ingresses and routes. They are no pods: policies see addresses, those
of the load balancer or of a node, and no rule for pods or namespaces lets them in.

Sources: the AWS Load Balancer Controller ("Ingress annotations", ``target-type``) and EKS Auto Mode, GKE
("Configure Ingress for external Application Load Balancers", "GatewayClass capabilities"), Azure ("What is
Application Gateway Ingress Controller?", "Application Gateway for Containers"), Amazon VPC Lattice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from archlint.documents import Node
from archlint.model.kubernetes import KubernetesObject
from archlint.model.kubernetes.ingresses import GATEWAYS, GROUPS
from archlint.model.world import World

_CONTROLLERS = frozenset(
    {
        *("ingress.k8s.aws/alb", "eks.amazonaws.com/alb", "gateway.k8s.aws/alb", "gateway.k8s.aws/nlb"),
        *("application-networking.k8s.aws/gateway-api-controller", "networking.gke.io/gateway"),
        *("azure/application-gateway", "alb.networking.azure.io/alb-controller"),
    }
)
"""What the objects of classes call the programs that set such load balancers up."""
_CLASSES = frozenset(
    {
        *("alb", "gce", "gce-internal", "azure/application-gateway", "azure-application-gateway"),
        *("azure-alb-external", "amazon-vpc-lattice"),
    }
)
_CLASS_BEGIN = "gke-l7-"
_ANNOTATION = "kubernetes.io/ingress.class"


def balancer_of(entrance: KubernetesObject, world: World) -> str | None:
    """The class of an Ingress or route that a load balancer of a cloud serves; ``None`` where pods may."""
    classes = world.fact(_classes)
    if entrance.kind == "Ingress" and entrance.group in GROUPS:
        named = entrance.get("spec", "ingressClassName")
        found = named if named.is_set else entrance.get("metadata", "annotations", _ANNOTATION)
        return classes.outside(found, "IngressClass")
    if entrance.group != GATEWAYS:
        return None
    told = [classes.of_parent(entrance, parent) for parent in entrance.get("spec", "parentRefs").elements()]
    return told[0] if told and all(told) else None


class _Classes:
    """The classes and Gateways of a world."""

    def __init__(self, world: World) -> None:
        self._controllers: dict[tuple[str, str], set[str | None]] = defaultdict(set)
        self._gateways: dict[tuple[str | None, str], list[KubernetesObject]] = defaultdict(list)
        for item in world.all(KubernetesObject):
            if item.kind in _CONTROLLER_KEYS:
                key = _CONTROLLER_KEYS[item.kind]
                self._controllers[item.kind, item.name].add(item.get("spec", key).text)
            elif item.kind == "Gateway" and item.group == GATEWAYS:
                self._gateways[item.namespace, item.name].append(item)

    def outside(self, name: Node, kind: str) -> str | None:
        """The name of a class whose controller sets up load balancers of a cloud."""
        text = name.text
        if not text:
            return None
        if (kind, text) in self._controllers:
            return text if self._controllers[kind, text] <= _CONTROLLERS else None
        return text if text in _CLASSES or text.startswith(_CLASS_BEGIN) else None

    def of_parent(self, route: KubernetesObject, parent: Node) -> str | None:
        """The same of the Gateway to which a route is attached, if that is known in one way alone."""
        if parent.get("kind").text not in (None, "Gateway") or not parent.get("name").text:
            return None
        namespace = parent.get("namespace").text or route.namespace
        found = self._gateways.get((namespace, parent.get("name").text or ""), ())
        told = {self.outside(item.get("spec", "gatewayClassName"), "GatewayClass") for item in found}
        return told.pop() if len(told) == 1 else None


_CONTROLLER_KEYS: Mapping[str, str] = {"IngressClass": "controller", "GatewayClass": "controllerName"}


def _classes(world: World) -> _Classes:
    return _Classes(world)
