"""What a cluster of some version serves, as charts ask for it: API versions and the kinds in them."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.documents.charts.capabilities import Cluster
from archlint.files import Kind
from archlint.model.kubernetes.api_versions import KUBERNETES, RETIRED
from archlint.model.world import World

_STABLE = {
    "v1": "ConfigMap Endpoints Event LimitRange Namespace Node PersistentVolume PersistentVolumeClaim Pod"
    " PodTemplate ReplicationController ResourceQuota Secret Service ServiceAccount",
    "admissionregistration.k8s.io/v1": "MutatingWebhookConfiguration ValidatingAdmissionPolicy"
    " ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration",
    "apiextensions.k8s.io/v1": "CustomResourceDefinition",
    "apiregistration.k8s.io/v1": "APIService",
    "apps/v1": "ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet",
    "authentication.k8s.io/v1": "TokenReview",
    "authorization.k8s.io/v1": "LocalSubjectAccessReview SelfSubjectAccessReview SelfSubjectRulesReview"
    " SubjectAccessReview",
    "autoscaling/v1": "HorizontalPodAutoscaler",
    "autoscaling/v2": "HorizontalPodAutoscaler",
    "batch/v1": "CronJob Job",
    "certificates.k8s.io/v1": "CertificateSigningRequest",
    "coordination.k8s.io/v1": "Lease",
    "discovery.k8s.io/v1": "EndpointSlice",
    "events.k8s.io/v1": "Event",
    "flowcontrol.apiserver.k8s.io/v1": "FlowSchema PriorityLevelConfiguration",
    "networking.k8s.io/v1": "Ingress IngressClass NetworkPolicy",
    "node.k8s.io/v1": "RuntimeClass",
    "policy/v1": "Eviction PodDisruptionBudget",
    "rbac.authorization.k8s.io/v1": "ClusterRole ClusterRoleBinding Role RoleBinding",
    "scheduling.k8s.io/v1": "PriorityClass",
    "storage.k8s.io/v1": "CSIDriver CSINode CSIStorageCapacity StorageClass VolumeAttachment",
}
"""The stable API versions of Kubernetes since 1.25, and their kinds."""


def cluster_of(version: str, world: World) -> Cluster:
    """A cluster of a version such as ``1.31`` on which the CRDs of the repository are installed."""
    return Cluster(version, frozenset((*_built_in(version), *_of_repository(world))))


def _built_in(version: str) -> Iterator[str]:
    for name, kinds in _STABLE.items():
        yield name
        yield from (f"{name}/{kind}" for kind in kinds.split())
    number = tuple(int(part) for part in version.split("."))
    for name, rows in RETIRED.items():
        for row in rows:
            if row.product == KUBERNETES and "beta" in name and (row.removed is None or number < row.removed):
                yield name
                yield from (f"{name}/{kind}" for kind in row.kinds)


def _of_repository(world: World) -> Iterator[str]:
    for document in world.documents(Kind.KUBERNETES):
        root = document.root
        if root.get("kind").text != "CustomResourceDefinition":
            continue
        spec = root.get("spec")
        group, kind = spec.get("group").text, spec.get("names", "kind").text
        for version in spec.get("versions").elements():
            if group and kind and version.get("name").text and version.get("served").value is not False:
                name = f"{group}/{version.get('name').text}"
                yield name
                yield f"{name}/{kind}"
