"""The one table of the fields by which objects name others: kind, way to the field, what may be named there.

What kustomize follows when it renames objects is taken from its table (``documents.kustomize.defaults``);
here stands what it does not follow (``name_rows``, ``operator_rows``), and which rule judges a name where
another one than ``reference-undefined`` knows more of what is named.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache

from archlint.documents.kustomize.defaults import name_references
from archlint.documents.kustomize.paths import FieldSpec, split_path
from archlint.finding.records import dataclass
from archlint.model.kubernetes.names.name_rows import CLAIM_FIELDS, OTHERS
from archlint.model.kubernetes.names.operator_rows import rows_of_operators

CLUSTER_WIDE = frozenset(
    {
        *("PersistentVolume", "StorageClass", "PriorityClass", "RuntimeClass", "IngressClass", "CSIDriver"),
        *("GatewayClass", "ClusterRole", "ClusterIssuer", "ClusterSecretStore", "ResourceClass"),
        *("ClusterTriggerAuthentication", "VolumeAttributesClass", "DeviceClass", "ClusterTrustBundle"),
        *("ValidatingAdmissionPolicy", "MutatingAdmissionPolicy", "PriorityLevelConfiguration"),
        *("GMSACredentialSpec", "Namespace", "Node", "CustomResourceDefinition", "APIService"),
        *(
            "CiliumBGPPeerConfig",
            "ClusterImageCatalog",
            "ClusterPolicy",
            "ClusterTask",
            "ClusterTriggerBinding",
        ),
        *("DeploymentRuntimeConfig", "Function", "VolumeGroupSnapshotClass", "VolumeSnapshotClass"),
    }
)
"""Kinds that are of no namespace."""
GROUP_OF: Mapping[str, str] = {
    **dict.fromkeys(("Service", "Secret", "ConfigMap", "ServiceAccount", "PersistentVolume"), ""),
    **dict.fromkeys(("Gateway", "GatewayClass", "ListenerSet"), "gateway.networking.k8s.io"),
    **dict.fromkeys(
        ("GitRepository", "OCIRepository", "Bucket", "HelmRepository"), "source.toolkit.fluxcd.io"
    ),
    **dict.fromkeys(("Issuer", "ClusterIssuer"), "cert-manager.io"),
    **dict.fromkeys(("SecretStore", "ClusterSecretStore"), "external-secrets.io"),
    **dict.fromkeys(("Deployment", "StatefulSet", "DaemonSet"), "apps"),
    "Kustomization": "kustomize.toolkit.fluxcd.io",
    "HelmRelease": "helm.toolkit.fluxcd.io",
    "Workload": "scheduling.k8s.io",
    "Broker": "eventing.knative.dev",
    "Cluster": "postgresql.cnpg.io",
    "ClusterPolicy": "kyverno.io",
    "EventSource": "argoproj.io",
    "Function": "pkg.crossplane.io",
    "ObjectStore": "barmancloud.cnpg.io",
    "Provider": "notification.toolkit.fluxcd.io",
    **dict.fromkeys(("Task", "ClusterTask", "Pipeline"), "tekton.dev"),
    "Trigger": "triggers.tekton.dev",
}
"""The API group of kinds whose name other groups give to something else as well."""

_PODS_OWN: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("runtimeClassName", ("RuntimeClass",)),
    ("serviceAccount", ("ServiceAccount",)),
    ("resourceClaims/resourceClaimName", ("ResourceClaim",)),
    ("resourceClaims/source/resourceClaimName", ("ResourceClaim",)),
    ("resourceClaims/resourceClaimTemplateName", ("ResourceClaimTemplate",)),
    ("resourceClaims/source/resourceClaimTemplateName", ("ResourceClaimTemplate",)),
    ("workloadRef", ("Workload",)),
    ("schedulingGroup/podGroupName", ("PodGroup",)),
    ("volumes/csi/driver", ("CSIDriver",)),
    ("volumes/projected/sources/clusterTrustBundle/name", ("ClusterTrustBundle",)),
    ("volumes/azureFile/secretName", ("Secret",)),
    ("volumes/csi/nodePublishSecretRef/name", ("Secret",)),
    *(
        (f"volumes/{kind}/secretRef/name", ("Secret",))
        for kind in ("cephfs", "cinder", "flexVolume", "iscsi", "rbd", "scaleIO", "storageos")
    ),
    *(
        (f"volumes/ephemeral/volumeClaimTemplate/spec/{way}", kinds)
        for way, kinds in (("storageClassName", ("StorageClass",)), *CLAIM_FIELDS)
    ),
    *(
        (f"ephemeralContainers/{way}", (kind,))
        for way, kind in (
            ("env/valueFrom/configMapKeyRef/name", "ConfigMap"),
            ("env/valueFrom/secretKeyRef/name", "Secret"),
            ("envFrom/configMapRef/name", "ConfigMap"),
            ("envFrom/secretRef/name", "Secret"),
        )
    ),
    *(
        (f"{part}securityContext/windowsOptions/gmsaCredentialSpecName", ("GMSACredentialSpec",))
        for part in ("", "containers/", "initContainers/", "ephemeralContainers/")
    ),
)
"""Fields of pods that kustomize does not follow."""
_LEFT_OUT = frozenset({"rules/resourceNames", "spec/configSource/configMap"})
"""Ways of kustomize's that name things which programs make while they run, or that Kubernetes has no more."""

_IN_CONTAINERS = ("env/valueFrom/{}KeyRef/name", "envFrom/{}Ref/name")
_JUDGED_IN_PODS: Mapping[str, str] = {
    "serviceAccountName": "service-account-undefined",
    "serviceAccount": "service-account-undefined",
    **dict.fromkeys(
        (
            "volumes/configMap/name",
            "volumes/secret/secretName",
            "volumes/projected/sources/configMap/name",
            "volumes/projected/sources/secret/name",
            *(
                f"{role}/{way.format(kind)}"
                for role in ("containers", "initContainers", "ephemeralContainers")
                for way in _IN_CONTAINERS
                for kind in ("configMap", "secret")
            ),
        ),
        "config-reference-undefined",
    ),
}
_JUDGED: Mapping[str, str] = {
    "spec/serviceName": "stateful-set-service-undefined",
    "roleRef/name": "role-undefined",
    "spec/scaleTargetRef/name": "autoscaler-target-undefined",
    "spec/scaleTargetRef": "autoscaler-target-undefined",
    "spec/backend/serviceName": "ingress-backend-undefined",
    "spec/defaultBackend/service/name": "ingress-backend-undefined",
    "spec/rules/http/paths/backend/serviceName": "ingress-backend-undefined",
    "spec/rules/http/paths/backend/service/name": "ingress-backend-undefined",
    "spec/rules/backendRefs": "route-backend-undefined",
    "spec/rules/filters/requestMirror/backendRef": "route-backend-undefined",
}
"""The rules that know more of what is named at some ways."""
REST = "reference-undefined"
"""The rule that judges all other names."""


@dataclass(frozen=True, slots=True)
class NameRow:
    """One field that names another object."""

    ways: tuple[str, ...]
    kinds: tuple[str, ...]
    """What may be named, the first where none is said; empty where any kind may be that is said beside it."""
    rule: str
    """The rule that tells of names which nothing has."""


@cache
def rows_of_pods() -> tuple[NameRow, ...]:
    """Fields of pods."""
    followed = {
        (spec.path.removeprefix("spec/"), (target.kind,))
        for target, specs in name_references()
        for spec in specs
        if spec.gvk.kind == "Pod"
    }
    rows = sorted({*followed, *_PODS_OWN})
    return tuple(NameRow(split_path(way), kinds, _JUDGED_IN_PODS.get(way, REST)) for way, kinds in rows)


@cache
def rows_by_kind() -> Mapping[str, Mapping[str, tuple[NameRow, ...]]]:
    """Fields of other kinds, by kind and group."""
    kinds: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for target, specs in name_references():
        for spec in specs:
            if not _is_of_pods(spec) and spec.path not in _LEFT_OUT:
                kinds[spec.gvk.group, spec.gvk.kind, spec.path].append(target.kind)
    for group, kind, way, targets in (*OTHERS, *rows_of_operators()):
        followed = (*kinds.pop((group, kind, way), ()), *kinds.pop(("", kind, way), ()))
        kinds[group, kind, way] = list(dict.fromkeys((*targets, *followed)))
    found: dict[str, dict[str, list[NameRow]]] = defaultdict(dict)
    for (group, kind, way), named in kinds.items():
        row = NameRow(split_path(way), tuple(named), _JUDGED.get(way, REST))
        for known in _GROUPS.get(kind, (group,)):
            found[kind].setdefault(known, []).append(row)
    return {kind: {group: tuple(rows) for group, rows in by.items()} for kind, by in found.items()}


def every_row() -> Iterator[tuple[str, str, NameRow]]:
    """All of the table: group and kind (``PodSpec`` for pods) with each field."""
    yield from (("", "PodSpec", row) for row in rows_of_pods())
    for kind, groups in rows_by_kind().items():
        yield from ((group, kind, row) for group, rows in groups.items() for row in rows)


def _is_of_pods(spec: FieldSpec) -> bool:
    return spec.gvk.kind in ("Pod", "PodTemplate") or "template/spec/" in spec.path


_GROUPS: Mapping[str, tuple[str, ...]] = {
    "HorizontalPodAutoscaler": ("autoscaling",),
    "Ingress": ("networking.k8s.io", "extensions"),
    "PersistentVolume": ("",),
    "PersistentVolumeClaim": ("",),
    "ServiceAccount": ("",),
    "StatefulSet": ("apps",),
    "StorageClass": ("storage.k8s.io",),
}
"""The groups of kinds that kustomize's table names without one."""
