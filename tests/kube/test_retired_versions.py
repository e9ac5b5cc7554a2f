"""What is said of API versions that Kubernetes gave up agrees with the schemas that it published."""

# ruff: noqa: E501 (a table)

from __future__ import annotations

import pytest

from archlint.documents.kubernetes.definitions import definitions
from archlint.model.kubernetes.api_versions import KUBERNETES, RETIRED, Retirement, retirement

ROWS = [
    (api_version, kind, row)
    for api_version, rows in RETIRED.items()
    for row in rows
    if row.product == KUBERNETES
    for kind in row.kinds
]
_NO_OBJECTS = frozenset(("DeleteOptions", "WatchEvent", "Status"))
WITHOUT_SUCCESSOR = frozenset(
    (
        *(
            "SelfSubjectReview",
            "PodCertificateRequest",
            "LeaseCandidate",
            "ResourceSlice",
        ),  # made by programs
        *("PodScheduling", "PodSchedulingContext", "ResourceClass", "ClusterCIDR", "Workload", "PodGroup"),
        *("ResourceClassParameters", "ResourceClaimParameters"),
    )
)
"""Kinds of alpha versions that went and that nobody can write otherwise."""
TABLE = """\
acme.cert-manager.io/v1alpha2 Challenge Order: 1.4 1.6 acme.cert-manager.io/v1
acme.cert-manager.io/v1alpha3 Challenge Order: 1.4 1.6 acme.cert-manager.io/v1
acme.cert-manager.io/v1beta1 Challenge Order: 1.4 1.6 acme.cert-manager.io/v1
admissionregistration.k8s.io/v1alpha1 ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding: 1.28 1.32 admissionregistration.k8s.io/v1
admissionregistration.k8s.io/v1beta1 MutatingWebhookConfiguration ValidatingWebhookConfiguration: 1.16 1.22 admissionregistration.k8s.io/v1
admissionregistration.k8s.io/v1beta1 ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding: 1.30 1.34 admissionregistration.k8s.io/v1
apiextensions.k8s.io/v1beta1 CustomResourceDefinition: 1.16 1.22 apiextensions.k8s.io/v1
apiregistration.k8s.io/v1beta1 APIService: 1.10 1.22 apiregistration.k8s.io/v1
apps/v1beta1 Deployment StatefulSet: 1.9 1.16 apps/v1
apps/v1beta2 DaemonSet Deployment ReplicaSet StatefulSet: 1.9 1.16 apps/v1
authentication.istio.io/v1alpha1 MeshPolicy Policy: 1.5 1.6 security.istio.io/v1
autoscaling/v2beta1 HorizontalPodAutoscaler: 1.22 1.25 autoscaling/v2
autoscaling/v2beta2 HorizontalPodAutoscaler: 1.23 1.26 autoscaling/v2
batch/v1beta1 CronJob: 1.21 1.25 batch/v1
cert-manager.io/v1alpha2 Certificate CertificateRequest ClusterIssuer Issuer: 1.4 1.6 cert-manager.io/v1
cert-manager.io/v1alpha3 Certificate CertificateRequest ClusterIssuer Issuer: 1.4 1.6 cert-manager.io/v1
cert-manager.io/v1beta1 Certificate CertificateRequest ClusterIssuer Issuer: 1.4 1.6 cert-manager.io/v1
certificates.k8s.io/v1alpha1 ClusterTrustBundle: 1.33 1.37 certificates.k8s.io/v1beta1
certificates.k8s.io/v1beta1 CertificateSigningRequest: 1.19 1.22 certificates.k8s.io/v1
certmanager.k8s.io/v1alpha1 Certificate CertificateRequest Challenge ClusterIssuer Issuer Order: 0.11 0.11 cert-manager.io/v1
coordination.k8s.io/v1beta1 Lease: 1.14 1.22 coordination.k8s.io/v1
discovery.k8s.io/v1beta1 EndpointSlice: 1.21 1.25 discovery.k8s.io/v1
events.k8s.io/v1beta1 Event: 1.19 1.25 events.k8s.io/v1
extensions/v1beta1 DaemonSet Deployment ReplicaSet: 1.9 1.16 apps/v1
extensions/v1beta1 Ingress: 1.14 1.22 networking.k8s.io/v1
extensions/v1beta1 NetworkPolicy: 1.9 1.16 networking.k8s.io/v1
extensions/v1beta1 PodSecurityPolicy: 1.10 1.16 -
flowcontrol.apiserver.k8s.io/v1beta1 FlowSchema PriorityLevelConfiguration: 1.23 1.26 flowcontrol.apiserver.k8s.io/v1
flowcontrol.apiserver.k8s.io/v1beta2 FlowSchema PriorityLevelConfiguration: 1.26 1.29 flowcontrol.apiserver.k8s.io/v1
flowcontrol.apiserver.k8s.io/v1beta3 FlowSchema PriorityLevelConfiguration: 1.29 1.32 flowcontrol.apiserver.k8s.io/v1
networking.k8s.io/v1alpha1 IPAddress ServiceCIDR: 1.31 1.31 networking.k8s.io/v1
networking.k8s.io/v1beta1 IPAddress ServiceCIDR: 1.33 1.37 networking.k8s.io/v1
networking.k8s.io/v1beta1 Ingress: 1.19 1.22 networking.k8s.io/v1
networking.k8s.io/v1beta1 IngressClass: 1.19 1.22 networking.k8s.io/v1
node.k8s.io/v1beta1 RuntimeClass: 1.22 1.25 node.k8s.io/v1
policy/v1beta1 PodDisruptionBudget: 1.21 1.25 policy/v1
policy/v1beta1 PodSecurityPolicy: 1.21 1.25 -
rbac.authorization.k8s.io/v1alpha1 ClusterRole ClusterRoleBinding Role RoleBinding: 1.17 1.22 rbac.authorization.k8s.io/v1
rbac.authorization.k8s.io/v1beta1 ClusterRole ClusterRoleBinding Role RoleBinding: 1.17 1.22 rbac.authorization.k8s.io/v1
rbac.istio.io/v1alpha1 ClusterRbacConfig ServiceRole ServiceRoleBinding: 1.4 1.6 security.istio.io/v1
resource.k8s.io/v1alpha2 ResourceClaim ResourceClaimTemplate: 1.31 1.31 resource.k8s.io/v1
resource.k8s.io/v1alpha3 DeviceClass ResourceClaim ResourceClaimTemplate ResourceSlice: 1.32 1.34 resource.k8s.io/v1
resource.k8s.io/v1beta1 DeviceClass ResourceClaim ResourceClaimTemplate ResourceSlice: 1.33 - resource.k8s.io/v1beta2
scheduling.k8s.io/v1alpha1 PriorityClass: 1.14 1.17 scheduling.k8s.io/v1
scheduling.k8s.io/v1beta1 PriorityClass: 1.14 1.22 scheduling.k8s.io/v1
storage.k8s.io/v1alpha1 VolumeAttributesClass: 1.31 1.35 storage.k8s.io/v1
storage.k8s.io/v1beta1 CSIDriver: 1.19 1.22 storage.k8s.io/v1
storage.k8s.io/v1beta1 CSINode: 1.17 1.22 storage.k8s.io/v1
storage.k8s.io/v1beta1 CSIStorageCapacity: 1.24 1.27 storage.k8s.io/v1
storage.k8s.io/v1beta1 StorageClass: 1.6 1.22 storage.k8s.io/v1
storage.k8s.io/v1beta1 VolumeAttachment: 1.13 1.22 storage.k8s.io/v1
storage.k8s.io/v1beta1 VolumeAttributesClass: 1.34 1.37 storage.k8s.io/v1
storagemigration.k8s.io/v1alpha1 StorageVersionMigration: 1.35 1.35 storagemigration.k8s.io/v1beta1
"""
"""API version, kinds, when it was deprecated and when removed, and what takes its place, as the guide says."""


@pytest.mark.parametrize(("api_version", "kind", "row"), ROWS)
def test_a_kind_is_there_until_it_is_removed(api_version: str, kind: str, row: Retirement) -> None:
    known = definitions()
    served = known.versions_of(api_version, kind)
    if row.removed is None:
        assert not served or known.newest in served
    elif row.removed[1] <= known.oldest:
        assert not served
    else:
        assert served[-1] + 1 == row.removed[1]
    assert row.deprecated <= (row.removed or row.deprecated)
    assert retirement(api_version, kind) == row


def test_what_takes_its_place_is_there() -> None:
    for api_version, kind, row in ROWS:
        if row.replacement:
            assert definitions().newest in definitions().versions_of(row.replacement, kind), api_version


def test_the_table_says_what_the_guide_does() -> None:
    def version(of: tuple[int, int] | None) -> str:
        return "-" if of is None else f"{of[0]}.{of[1]}"

    told = [
        f"{api_version} {' '.join(sorted(row.kinds))}: {version(row.deprecated)} {version(row.removed)}"
        f" {row.replacement or '-'}"
        for api_version, rows in RETIRED.items()
        for row in rows
    ]
    assert sorted(told) == TABLE.splitlines()


def test_what_is_gone_is_told() -> None:
    known = definitions()
    for name in known.kinds:
        api_version, kind = name.split(" ")
        is_gone = known.newest not in known.versions_of(api_version, kind)
        if is_gone and kind not in _NO_OBJECTS | WITHOUT_SUCCESSOR and not kind.endswith("List"):
            assert ("alpha1" in api_version and "resource" in api_version) or retirement(api_version, kind), (
                name
            )
