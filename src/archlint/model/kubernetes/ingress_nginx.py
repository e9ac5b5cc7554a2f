"""Where ingress-nginx is run: its controller's image, and releases of its chart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.kubernetes.images import full_name
from archlint.model.kubernetes.objects import KubernetesObject, ObjectFacet
from archlint.model.kubernetes.workloads import Container
from archlint.model.world import World

_CONTROLLERS = frozenset(
    {
        *(f"{registry}/ingress-nginx/controller" for registry in ("registry.k8s.io", "k8s.gcr.io")),
        *(f"{registry}/ingress-nginx/controller-chroot" for registry in ("registry.k8s.io", "k8s.gcr.io")),
        "quay.io/kubernetes-ingress-controller/nginx-ingress-controller",
    }
)
_CHART, _CHART_HOME = "ingress-nginx", "kubernetes.github.io/ingress-nginx"


@dataclass(frozen=True)
class IngressNginx(ObjectFacet):
    """An object that runs ingress-nginx."""

    node: Node
    """The image, or the name of the chart."""

    @classmethod
    def all(cls, world: World) -> Iterable[IngressNginx]:
        """Each workload with the controller, then each release of the chart."""
        for container in world.all(Container):
            image = container.get("image")
            if image.text and full_name(image.text) in _CONTROLLERS:
                yield cls(container.workload.base, image)
        for base in world.all(KubernetesObject):
            for node in _charts(base):
                if node.text == _CHART:
                    yield cls(base, node)


def _charts(base: KubernetesObject) -> Iterator[Node]:
    spec = base.get("spec")
    if (base.group, base.kind) == ("helm.toolkit.fluxcd.io", "HelmRelease"):
        yield spec.get("chart", "spec", "chart")
    elif (base.group, base.kind) == ("argoproj.io", "Application"):
        for source in (spec.get("source"), *spec.get("sources").elements()):
            if _CHART_HOME in (source.get("repoURL").text or ""):
                yield source.get("chart")
