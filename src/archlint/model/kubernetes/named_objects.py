"""One table of the fields by which objects name others, and what each means.

What kustomize follows when it renames objects is taken from its table (``documents.kustomize.defaults``);
here stands what it does not follow. Around a name its neighbours are read alike everywhere: ``kind`` chooses
among kinds, ``namespace`` is another namespace, ``optional: true`` says that the program can do without.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from archlint.documents import Node
from archlint.documents.kustomize.defaults import name_references
from archlint.documents.kustomize.paths import FieldSpec, split_path
from archlint.finding.records import dataclass
from archlint.model.kubernetes.objects import KubernetesObject, ObjectFacet
from archlint.model.kubernetes.workloads import Workload
from archlint.model.world import World

_GATEWAY = "gateway.networking.k8s.io"
_WEBHOOK = "webhooks/clientConfig/service"
_VOLUMES_WITH_SECRET = ("cephfs", "csi", "flexVolume", "iscsi", "rbd", "scaleIO", "storageos")

CLUSTER_WIDE = frozenset(
    {
        *("PersistentVolume", "StorageClass", "PriorityClass", "RuntimeClass", "IngressClass", "CSIDriver"),
        *(
            "GatewayClass",
            "ClusterRole",
            "ClusterIssuer",
            "ClusterSecretStore",
            "ClusterTriggerAuthentication",
        ),
        *("VolumeAttributesClass", "DeviceClass", "ValidatingAdmissionPolicy", "MutatingAdmissionPolicy"),
    }
)
"""Kinds that are of no namespace."""
OF_EVERY_CLUSTER = frozenset(
    {
        *(("PriorityClass", "system-cluster-critical"), ("PriorityClass", "system-node-critical")),
        *(("ServiceAccount", "default"), ("Service", "kubernetes"), ("AppProject", "default")),
    }
)
"""Kind and name of what is there without a manifest."""

_OF_PODS: Mapping[str, tuple[str, ...]] = {
    "RuntimeClass": ("runtimeClassName",),
    "ServiceAccount": ("serviceAccount",),
    "ResourceClaim": ("resourceClaims/resourceClaimName",),
    "ResourceClaimTemplate": ("resourceClaims/resourceClaimTemplateName",),
    "CSIDriver": ("volumes/csi/driver",),
    "StorageClass": ("volumes/ephemeral/volumeClaimTemplate/spec/storageClassName",),
    "Secret": (
        "volumes/azureFile/secretName",
        "volumes/csi/nodePublishSecretRef/name",
        *(f"volumes/{kind}/secretRef/name" for kind in _VOLUMES_WITH_SECRET),
    ),
}
"""Fields of pods that kustomize does not follow, by the kind that they name."""

SCALED = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob", "Rollout")
"""Kinds whose size something else may set."""
_ISSUER = ("Issuer", "ClusterIssuer")
_STORE = ("SecretStore", "ClusterSecretStore")
_SOURCES = ("GitRepository", "OCIRepository", "Bucket", "HelmRepository", "HelmChart")
_ROUTES = ("HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute", "UDPRoute")
_MORE: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    # group, kind, way, what it names: the first kind is meant where none is said
    ("", "PersistentVolumeClaim", "spec/dataSource", ("PersistentVolumeClaim", "VolumeSnapshot")),
    ("", "PersistentVolumeClaim", "spec/dataSourceRef", ("PersistentVolumeClaim", "VolumeSnapshot")),
    ("", "PersistentVolumeClaim", "spec/volumeAttributesClassName", ("VolumeAttributesClass",)),
    ("", "PersistentVolume", "spec/claimRef", ("PersistentVolumeClaim",)),
    ("", "PersistentVolume", "spec/csi/driver", ("CSIDriver",)),
    ("", "PersistentVolume", "spec/csi/nodeStageSecretRef", ("Secret",)),
    ("", "PersistentVolume", "spec/csi/nodePublishSecretRef", ("Secret",)),
    ("", "ServiceAccount", "secrets/name", ("Secret",)),
    ("autoscaling", "HorizontalPodAutoscaler", "spec/scaleTargetRef/name", SCALED),
    ("autoscaling.k8s.io", "VerticalPodAutoscaler", "spec/targetRef", SCALED),
    ("keda.sh", "ScaledObject", "spec/scaleTargetRef", SCALED),
    (
        "keda.sh",
        "ScaledObject",
        "spec/triggers/authenticationRef",
        ("TriggerAuthentication", "ClusterTriggerAuthentication"),
    ),
    (
        "keda.sh",
        "ScaledJob",
        "spec/triggers/authenticationRef",
        ("TriggerAuthentication", "ClusterTriggerAuthentication"),
    ),
    ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration", _WEBHOOK, ("Service",)),
    ("admissionregistration.k8s.io", "MutatingWebhookConfiguration", _WEBHOOK, ("Service",)),
    (
        "admissionregistration.k8s.io",
        "MutatingAdmissionPolicyBinding",
        "spec/policyName",
        ("MutatingAdmissionPolicy",),
    ),
    (
        "apiextensions.k8s.io",
        "CustomResourceDefinition",
        "spec/conversion/webhook/clientConfig/service",
        ("Service",),
    ),
    *((_GATEWAY, kind, "spec/parentRefs", ("Gateway",)) for kind in _ROUTES),
    *((_GATEWAY, kind, "spec/rules/backendRefs", ("Service",)) for kind in _ROUTES),
    (_GATEWAY, "HTTPRoute", "spec/rules/filters/requestMirror/backendRef", ("Service",)),
    (_GATEWAY, "Gateway", "spec/gatewayClassName", ("GatewayClass",)),
    (_GATEWAY, "Gateway", "spec/listeners/tls/certificateRefs", ("Secret",)),
    ("cert-manager.io", "Certificate", "spec/issuerRef", _ISSUER),
    ("networking.k8s.io", "Ingress", r"metadata/annotations/cert-manager.io\/issuer", ("Issuer",)),
    (
        "networking.k8s.io",
        "Ingress",
        r"metadata/annotations/cert-manager.io\/cluster-issuer",
        ("ClusterIssuer",),
    ),
    ("external-secrets.io", "ExternalSecret", "spec/secretStoreRef", _STORE),
    ("external-secrets.io", "PushSecret", "spec/secretStoreRefs", _STORE),
    ("argoproj.io", "Application", "spec/project", ("AppProject",)),
    ("argoproj.io", "Rollout", "spec/strategy/canary/stableService", ("Service",)),
    ("argoproj.io", "Rollout", "spec/strategy/canary/canaryService", ("Service",)),
    ("argoproj.io", "Rollout", "spec/strategy/blueGreen/activeService", ("Service",)),
    ("argoproj.io", "Rollout", "spec/strategy/blueGreen/previewService", ("Service",)),
    ("argoproj.io", "Rollout", "spec/strategy/canary/analysis/templates/templateName", ("AnalysisTemplate",)),
    ("kustomize.toolkit.fluxcd.io", "Kustomization", "spec/sourceRef", _SOURCES),
    ("kustomize.toolkit.fluxcd.io", "Kustomization", "spec/dependsOn", ("Kustomization",)),
    (
        "kustomize.toolkit.fluxcd.io",
        "Kustomization",
        "spec/postBuild/substituteFrom",
        ("ConfigMap", "Secret"),
    ),
    ("helm.toolkit.fluxcd.io", "HelmRelease", "spec/chart/spec/sourceRef", ("HelmRepository", *_SOURCES)),
    ("helm.toolkit.fluxcd.io", "HelmRelease", "spec/chartRef", ("OCIRepository", "HelmChart")),
    ("helm.toolkit.fluxcd.io", "HelmRelease", "spec/dependsOn", ("HelmRelease",)),
    ("helm.toolkit.fluxcd.io", "HelmRelease", "spec/valuesFrom", ("ConfigMap", "Secret")),
    ("monitoring.coreos.com", "Prometheus", "spec/serviceAccountName", ("ServiceAccount",)),
    ("monitoring.coreos.com", "Alertmanager", "spec/serviceAccountName", ("ServiceAccount",)),
)
_LEFT_OUT = frozenset({"rules/resourceNames", "spec/configSource/configMap"})
"""Ways of kustomize's that name things which programs make while they run, or that Kubernetes has no more."""


@dataclass(frozen=True)
class NamedObject(ObjectFacet):
    """One name of another object."""

    node: Node
    target: str
    """The kind that is named."""
    in_namespace: str | None
    """Where it is; ``None`` if that is unknown, or it is of no namespace."""
    way: str
    is_optional: bool = False

    @classmethod
    def all(cls, world: World) -> Iterable[NamedObject]:
        """Every name of another object, in the order of the table for each object."""
        table = _by_kind()
        for base in world.all(KubernetesObject):
            for ways, kinds in table.get(base.kind, {}).get(base.group, ()):
                yield from _at(base, base.node, ways, kinds)
        for workload in world.all(Workload):
            if workload.names_images:
                for ways, kinds in _of_pods():
                    yield from _at(workload.base, workload.pod_spec, ways, kinds)

    @property
    def target_name(self) -> str:
        """The name."""
        return self.node.text or ""


def _at(
    base: KubernetesObject, root: Node, ways: tuple[str, ...], kinds: tuple[str, ...]
) -> Iterator[NamedObject]:
    for around, found in _reach(root, ways):
        holder, node = (found, found.get("name")) if found.is_map else (around, found)
        is_apart = holder is not root and holder.route != base.node.route
        said = holder.get("kind").text if is_apart else None
        if not node.text or "/" in node.text or (said is not None and said not in kinds):
            continue
        kind = said or kinds[0]
        other = holder.get("namespace").text if is_apart else None
        namespace = None if kind in CLUSTER_WIDE else other or base.namespace
        is_optional = is_apart and holder.get("optional").value is True
        yield NamedObject(base, node, kind, namespace, "/".join(ways), is_optional)


def _reach(root: Node, ways: tuple[str, ...]) -> Iterator[tuple[Node, Node]]:
    """What stands at a way, with what holds it; lists on the way and at its end mean each of their items."""
    found = [(root, root)]
    for part in ways:
        below = ((here, here.get(part)) for _, here in found)
        found = [
            (holder, item)
            for holder, node in below
            if node.is_set
            for item in (node.elements() if node.is_list else (node,))
        ]
        if not found:
            return
    yield from found


_Rows = tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]


@cache
def _of_pods() -> _Rows:
    """Ways in pods, with the kinds that they name."""
    followed = {
        (spec.path.removeprefix("spec/"), target.kind)
        for target, specs in name_references()
        for spec in specs
        if spec.gvk.kind == "Pod"
    }
    more = {(way, kind) for kind, ways in _OF_PODS.items() for way in ways}
    return tuple((split_path(way), (kind,)) for way, kind in sorted(followed | more))


@cache
def _by_kind() -> Mapping[str, Mapping[str, _Rows]]:
    """Ways in other kinds and the kinds that they name, by kind and group."""
    kinds: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for target, specs in name_references():
        for spec in specs:
            if not _is_of_pods(spec) and spec.path not in _LEFT_OUT:
                kinds[spec.gvk.group, spec.gvk.kind, spec.path].append(target.kind)
    for group, kind, way, targets in _MORE:
        followed = (*kinds.pop((group, kind, way), ()), *kinds.pop(("", kind, way), ()))
        kinds[group, kind, way] = list(dict.fromkeys((*targets, *followed)))
    found: dict[str, dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]]] = defaultdict(dict)
    for (group, kind, way), named in kinds.items():
        for known in GROUPS.get(kind, (group,)):
            found[kind].setdefault(known, []).append((split_path(way), tuple(named)))
    return {kind: {group: tuple(rows) for group, rows in by.items()} for kind, by in found.items()}


def _is_of_pods(spec: FieldSpec) -> bool:
    return spec.gvk.kind in ("Pod", "PodTemplate") or "template/spec/" in spec.path


GROUPS: Mapping[str, tuple[str, ...]] = {
    "HorizontalPodAutoscaler": ("autoscaling",),
    "Ingress": ("networking.k8s.io", "extensions"),
    "PersistentVolume": ("",),
    "PersistentVolumeClaim": ("",),
    "ServiceAccount": ("",),
    "StatefulSet": ("apps",),
    "StorageClass": ("storage.k8s.io",),
}
"""The groups of kinds that kustomize's table names without one."""
