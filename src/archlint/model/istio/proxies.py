"""Sidecars that pods carry already, and the ones that the injector would give them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import chain

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.appconfig.inner import documents_in
from archlint.model.istio.injection import DATAPLANE_KEY, INJECT_KEY, NAMESPACE_KEY, REVISION_KEY
from archlint.model.kubernetes import Container, KubernetesObject, ObjectFacet, Workload
from archlint.model.kubernetes.commands import written_texts
from archlint.model.kubernetes.namespaces import ALWAYS_THERE, is_of_platform
from archlint.model.world import World

PROXY = "istio-proxy"
AUTO = "auto"
"""The image that the injector puts the right one in the place of."""
_IMAGE_KEY = "sidecar.istio.io/proxyImage"
_INJECTOR = "istio-sidecar-injector"
_BY_DEFAULT = "enableNamespacesByDefault"
_IS_BY_DEFAULT = regex(rf"""{_BY_DEFAULT}["']?+\s*+[:=]\s*+["']?+true""")
_INSTALLERS = frozenset(
    {"IstioOperator", "Istio", "IstioRevision", "ConfigMap", "HelmRelease", "HelmChart", "Application"}
)
_VARIANTS = ("-distroless", "-debug")
_SYSTEM = ALWAYS_THERE - {"default"} | {"istio-system", "local-path-storage"}


@dataclass(frozen=True)
class MeshNamespace(ObjectFacet):
    """One Namespace, with what its labels say of the mesh."""

    @classmethod
    def all(cls, world: World) -> Iterator[MeshNamespace]:
        """Every Namespace that does not come with the cluster."""
        for item in world.all(KubernetesObject):
            if item.kind == "Namespace" and not item.group:
                yield cls(item)

    @property
    def revision(self) -> str | None:
        """The revision of the injector that gives its pods sidecars; empty for the default one, ``None`` for
        none."""
        labels = self.base.labels
        if labels.get(NAMESPACE_KEY) == "enabled":
            return ""
        return None if NAMESPACE_KEY in labels else labels.get(REVISION_KEY)

    @property
    def says_nothing(self) -> bool:
        """Whether no label decides, and it is not one of the cluster's or Istio's own."""
        keys = (NAMESPACE_KEY, REVISION_KEY, DATAPLANE_KEY)
        is_own = not is_of_platform(self.name) and self.name not in _SYSTEM
        return is_own and not any(key in self.base.labels for key in keys)


def pods_by_namespace(world: World) -> dict[str, list[Workload]]:
    """The bare Pods of each namespace; ask for them with ``world.fact(pods_by_namespace)``."""
    found: dict[str, list[Workload]] = defaultdict(list)
    for workload in world.all(Workload):
        if workload.kind == "Pod" and workload.namespace:
            found[workload.namespace].append(workload)
    return dict(found)


def proxy_of(workload: Workload) -> Container | None:
    """The sidecar that a pod carries already."""
    return next((item for item in workload.containers if item.name == PROXY), None)


def wants_no_proxy(workload: Workload) -> bool:
    """Whether a pod asks for no sidecar, or cannot have one."""
    said = workload.pod_labels.get(INJECT_KEY) or workload.pod_annotations.get(INJECT_KEY)
    return said == "false" or workload.pod_spec.get("hostNetwork").value is True


@dataclass(frozen=True)
class InjectorValues:
    """The values of one injector."""

    root: Node

    @property
    def image(self) -> str | None:
        """The image of the sidecars that it injects."""
        general = self.root.get("global")
        image = general.get("proxy", "image").text
        hub, tag = general.get("hub").text, general.get("tag").value
        if image and "/" in image:
            return image
        return f"{hub}/{image}:{tag}" if image and hub and isinstance(tag, str | int | float) else None

    @property
    def injects_by_default(self) -> bool:
        """Whether namespaces without a label get sidecars."""
        return self.root.get("sidecarInjectorWebhook", "enableNamespacesByDefault").value is True


def injectors(world: World) -> dict[str, InjectorValues]:
    """The values of the injectors by revision; ask for them with ``world.fact(injectors)``.

    Source: Istio's charts, which keep them in the key ``values`` of ConfigMap ``istio-sidecar-injector`` or
    ``istio-sidecar-injector-REVISION``.
    """
    found: dict[str, InjectorValues] = {}
    for item in world.all(KubernetesObject):
        if item.kind == "ConfigMap" and item.name.startswith(_INJECTOR):
            node = item.get("data", "values")
            revision = item.name.removeprefix(_INJECTOR).removeprefix("-")
            for document in documents_in(node) if node.text else ():
                found.setdefault(revision, InjectorValues(document.root))
    return found


def injects_by_default(world: World) -> bool:
    """Whether some installation may give sidecars to namespaces without labels, wherever it says so: in an
    object, in values of a chart, or on a command line; ask with ``world.fact(injects_by_default)``."""
    paths = {item.source.path for item in world.all(KubernetesObject) if item.kind in _INSTALLERS}
    texts = chain(written_texts(world), (world.text(path) or "" for path in sorted(paths)))
    return any(_BY_DEFAULT in text and _IS_BY_DEFAULT.search(text) for text in texts)


def outdated_proxies(namespace: MeshNamespace, world: World) -> Iterator[tuple[Container, str]]:
    """The sidecars of a namespace's pods whose image is not that of their injector, and the latter."""
    if namespace.revision is None or not world.fact(injectors):
        return
    values = world.fact(injectors).get(namespace.revision)
    wanted = values.image if values else None
    for workload in world.fact(pods_by_namespace).get(namespace.name, ()) if wanted else ():
        proxy = proxy_of(workload)
        image = proxy.get("image").text if proxy else None
        is_chosen = _IMAGE_KEY in workload.pod_annotations or image in (None, AUTO)
        if proxy and wanted and not is_chosen and _plain(image or "") != _plain(wanted):
            yield proxy, wanted


def _plain(image: str) -> str:
    """An image without the variant that another setting chooses."""
    for variant in _VARIANTS:
        image = image.removesuffix(variant)
    return image


def keeps_labels(world: World) -> bool:
    """Whether the labels that ask for injection are kept in files: some namespace has one."""
    return any(item.revision is not None for item in world.all(MeshNamespace))
