"""The fields that kustomize's transformers work on unless ``configurations`` add others.

Source: kustomize 5.7, ``api/internal/konfig/builtinpluginconsts``, written shorter: paths below a pod's
specification stand once for all kinds that run pods.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from archlint.documents.kustomize.identity import Gvk
from archlint.documents.kustomize.paths import FieldSpec

_POD = {
    "Pod": "spec",
    "Deployment": "spec/template/spec",
    "ReplicaSet": "spec/template/spec",
    "ReplicationController": "spec/template/spec",
    "DaemonSet": "spec/template/spec",
    "StatefulSet": "spec/template/spec",
    "Job": "spec/template/spec",
    "CronJob": "spec/jobTemplate/spec/template/spec",
    "PodTemplate": "template/spec",
}
"""Where the specification of a pod stands, by kind."""
_WITH_TEMPLATE = ("Deployment", "ReplicaSet", "DaemonSet", "StatefulSet", "Job", "CronJob", "Pod")
_SERVING = ("StatefulSet", "Deployment", "ReplicationController", "CronJob", "Job", "DaemonSet")
_IN_CONTAINERS = ("containers", "initContainers")
_RBAC = "rbac.authorization.k8s.io"


def _pods(kinds: Iterable[str], *below: str) -> Iterator[FieldSpec]:
    for kind in kinds:
        version = "v1" if kind == "Pod" else ""
        for path in below:
            yield FieldSpec(Gvk("", version, kind), f"{_POD[kind]}/{path}")


def _fields(group: str, kind: str, *paths: str, version: str = "") -> Iterator[FieldSpec]:
    for path in paths:
        yield FieldSpec(Gvk(group, version, kind), path)


def _configuration_paths(key: str, source: str, volume: str) -> tuple[str, ...]:
    """Where pods name a ConfigMap or Secret."""
    return (
        f"volumes/{volume}",
        *(f"{role}/env/valueFrom/{key}KeyRef/name" for role in _IN_CONTAINERS),
        *(f"{role}/envFrom/{key}Ref/name" for role in _IN_CONTAINERS),
        f"volumes/projected/sources/{source}/name",
    )


@cache
def name_references() -> tuple[tuple[Gvk, tuple[FieldSpec, ...]], ...]:
    """What is referred to, and the fields that name it."""
    scaled = tuple(_fields("", "HorizontalPodAutoscaler", "spec/scaleTargetRef/name"))
    targets = ("Deployment", "ReplicationController", "ReplicaSet", "StatefulSet")
    pods = (*_WITH_TEMPLATE, "PodTemplate")
    roles = [*_fields("", "Role", "rules/resourceNames"), *_fields("", "ClusterRole", "rules/resourceNames")]
    config_map = [
        *_pods(pods, *_configuration_paths("configMap", "configMap", "configMap/name")),
        *_fields("", "Node", "spec/configSource/configMap"),
        *roles,
        *_fields(
            "", "Ingress", r"metadata/annotations/nginx.ingress.kubernetes.io\/fastcgi-params-configmap"
        ),
    ]
    return (
        *((Gvk("", "", kind), scaled) for kind in targets),
        (Gvk("", "v1", "ConfigMap"), tuple(config_map)),
        (Gvk("", "v1", "Secret"), (*_pods(pods, *_secret_paths()), *_secret_fields(), *roles)),
        (Gvk("", "v1", "Service"), tuple(_service_fields())),
        *_rbac_references(),
        *_storage_references(),
        (Gvk("scheduling.k8s.io", "v1", "PriorityClass"), _in_pods("priorityClassName")),
        (
            Gvk("networking.k8s.io/v1", "v1", "IngressClass"),
            tuple(_fields("", "Ingress", "spec/ingressClassName")),
        ),
        (
            Gvk("admissionregistration.k8s.io", "", "ValidatingAdmissionPolicy"),
            tuple(
                _fields("admissionregistration.k8s.io", "ValidatingAdmissionPolicyBinding", "spec/policyName")
            ),
        ),
    )


def _service_fields() -> Iterator[FieldSpec]:
    """The fields that name a Service."""
    yield from _fields("apps", "StatefulSet", "spec/serviceName")
    yield from _fields(
        "",
        "Ingress",
        "spec/rules/http/paths/backend/serviceName",
        "spec/backend/serviceName",
        "spec/rules/http/paths/backend/service/name",
        "spec/defaultBackend/service/name",
    )
    yield from _fields("apiregistration.k8s.io", "APIService", "spec/service/name")
    for webhooks in ("ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"):
        yield from _fields("admissionregistration.k8s.io", webhooks, "webhooks/clientConfig/service")


def _in_pods(path: str) -> tuple[FieldSpec, ...]:
    return tuple(FieldSpec(Gvk("", "", kind), f"{_POD[kind]}/{path}") for kind in ("Pod", *_SERVING))


def _secret_paths() -> tuple[str, ...]:
    return (*_configuration_paths("secret", "secret", "secret/secretName"), "imagePullSecrets/name")


def _secret_fields() -> Iterator[FieldSpec]:
    nginx = r"metadata/annotations/nginx.ingress.kubernetes.io\/"
    yield from _fields(
        "",
        "Ingress",
        "spec/tls/secretName",
        r"metadata/annotations/ingress.kubernetes.io\/auth-secret",
        f"{nginx}auth-secret",
        f"{nginx}auth-tls-secret",
    )
    yield from _fields("", "ServiceAccount", "imagePullSecrets/name")
    names = ("secretName", "adminSecretName", "userSecretName", "secretRef")
    yield from _fields("", "StorageClass", *(f"parameters/{name}" for name in names))
    key = "spec/template/spec/containers/env/valueFrom/secretKeyRef/name"
    yield from _fields("serving.knative.dev", "Service", key, version="v1")
    yield from _fields("", "PersistentVolume", "spec/azureFile/secretName")


def _rbac_references() -> Iterator[tuple[Gvk, tuple[FieldSpec, ...]]]:
    bound = tuple(_fields(_RBAC, "RoleBinding", "roleRef/name"))
    everywhere = tuple(_fields(_RBAC, "ClusterRoleBinding", "roleRef/name"))
    yield Gvk(_RBAC, "", "Role"), bound
    yield Gvk(_RBAC, "", "ClusterRole"), (*bound, *everywhere)
    subjects = (
        *_fields(_RBAC, "RoleBinding", "subjects"),
        *_fields(_RBAC, "ClusterRoleBinding", "subjects"),
    )
    yield Gvk("", "v1", "ServiceAccount"), (*subjects, *_in_pods("serviceAccountName"))


def _storage_references() -> Iterator[tuple[Gvk, tuple[FieldSpec, ...]]]:
    claims = _in_pods("volumes/persistentVolumeClaim/claimName")
    yield Gvk("", "v1", "PersistentVolumeClaim"), claims
    volumes = (
        *_fields("", "PersistentVolumeClaim", "spec/volumeName"),
        *_fields("", "ClusterRole", "rules/resourceNames"),
    )
    yield Gvk("", "v1", "PersistentVolume"), volumes
    classes = (
        *_fields("", "PersistentVolume", "spec/storageClassName"),
        *_fields("", "PersistentVolumeClaim", "spec/storageClassName"),
        *_fields("", "StatefulSet", "spec/volumeClaimTemplates/spec/storageClassName"),
    )
    yield Gvk("storage.k8s.io", "v1", "StorageClass"), classes


@cache
def namespace_fields() -> tuple[FieldSpec, ...]:
    """Where a namespace is put, besides ``metadata.namespace``."""
    webhook = "spec/conversion/webhook/clientConfig/service/namespace"
    return (
        FieldSpec(Gvk("", "", "Namespace"), "metadata/name", True),
        FieldSpec(Gvk("apiregistration.k8s.io", "", "APIService"), "spec/service/namespace", True),
        FieldSpec(Gvk("apiextensions.k8s.io", "", "CustomResourceDefinition"), webhook),
    )


def _templates(field: str, *, grouped: bool) -> Iterator[FieldSpec]:
    """The metadata of objects and of the pods that they make."""
    yield FieldSpec(Gvk(), f"metadata/{field}", True)
    yield FieldSpec(Gvk("", "v1", "ReplicationController"), f"spec/template/metadata/{field}", True)
    for kind in ("Deployment", "ReplicaSet", "DaemonSet"):
        yield FieldSpec(Gvk("", "", kind), f"spec/template/metadata/{field}", True)
    stateful = Gvk("apps" if grouped else "", "", "StatefulSet")
    yield FieldSpec(stateful, f"spec/template/metadata/{field}", True)
    if grouped:
        yield FieldSpec(stateful, f"spec/volumeClaimTemplates[]/metadata/{field}", True)
    yield FieldSpec(Gvk("batch", "", "Job"), f"spec/template/metadata/{field}", True)
    yield FieldSpec(Gvk("batch", "", "CronJob"), f"spec/jobTemplate/metadata/{field}", True)
    yield FieldSpec(Gvk("batch", "", "CronJob"), f"spec/jobTemplate/spec/template/metadata/{field}", True)


@cache
def template_labels() -> tuple[FieldSpec, ...]:
    """Where labels are put that do not select."""
    return tuple(_templates("labels", grouped=True))


@cache
def annotation_fields() -> tuple[FieldSpec, ...]:
    """Where annotations are put."""
    return tuple(_templates("annotations", grouped=False))


@cache
def common_labels() -> tuple[FieldSpec, ...]:
    """Where labels are put that select as well."""
    return (*_selectors(), *template_labels())


def _selectors() -> Iterator[FieldSpec]:
    for kind in ("Service", "ReplicationController"):
        yield FieldSpec(Gvk("", "v1", kind), "spec/selector", True)
    own = "spec/selector/matchLabels"
    for group, kind in (("", "Deployment"), ("", "ReplicaSet"), ("", "DaemonSet"), ("apps", "StatefulSet")):
        yield FieldSpec(Gvk(group, "", kind), own, True)
    for kind in ("Deployment", "StatefulSet"):
        for path in _spreading():
            yield FieldSpec(Gvk("apps", "", kind), f"spec/template/spec/{path}/labelSelector/matchLabels")
    yield FieldSpec(Gvk("batch", "", "Job"), own)
    yield FieldSpec(Gvk("batch", "", "CronJob"), f"spec/jobTemplate/{own}")
    yield FieldSpec(Gvk("policy", "", "PodDisruptionBudget"), own)
    for path in ("spec/podSelector", "spec/ingress/from/podSelector", "spec/egress/to/podSelector"):
        yield FieldSpec(Gvk("networking.k8s.io", "", "NetworkPolicy"), f"{path}/matchLabels")


def _spreading() -> Iterator[str]:
    for role in ("podAffinity", "podAntiAffinity"):
        yield f"affinity/{role}/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm"
        yield f"affinity/{role}/requiredDuringSchedulingIgnoredDuringExecution"
    yield "topologySpreadConstraints"


@cache
def variable_fields() -> tuple[FieldSpec, ...]:
    """Where ``$(NAME)`` is replaced."""
    parts = ("args", "command", "env/value", "volumeMounts/mountPath")
    below = [f"{role}/{part}" for role in _IN_CONTAINERS for part in parts]
    found: list[FieldSpec] = []
    for kind in _WITH_TEMPLATE:
        found += (FieldSpec(Gvk("", "", kind), f"{_POD[kind]}/{path}") for path in below)
        if kind not in ("CronJob", "StatefulSet"):
            found.append(FieldSpec(Gvk("", "", kind), f"{_POD[kind]}/volumes/nfs/server"))
    found += (
        *_fields("", "CronJob", "spec/jobTemplate/spec/template/volumes/nfs/server"),
        *_fields("", "StatefulSet", "spec/volumeClaimTemplates/spec/nfs/server"),
        *_fields("", "Deployment", "spec/template/metadata/annotations"),
        *_fields("", "Ingress", "spec/rules/host", "spec/tls/hosts", "spec/tls/secretName"),
        *_fields("", "Service", "spec/ports/port", "spec/ports/targetPort"),
        *_fields("", "PersistentVolume", "spec/nfs/server"),
        *_fields("", "", "metadata/labels", "metadata/annotations"),
    )
    return tuple(found)


@cache
def image_fields() -> tuple[FieldSpec, ...]:
    """Where images are named, whatever the kind."""
    parts = ("containers[]/image", "initContainers[]/image", "volumes[]/image/reference")
    return tuple(
        FieldSpec(Gvk(), f"{way}/{part}", True) for way in ("spec", "spec/template/spec") for part in parts
    )


@cache
def replica_fields() -> tuple[FieldSpec, ...]:
    """Where the number of replicas stands."""
    kinds = ("Deployment", "ReplicationController", "ReplicaSet", "StatefulSet")
    return tuple(FieldSpec(Gvk("", "", kind), "spec/replicas", True) for kind in kinds)
