"""API versions that Kubernetes and some of its extensions gave up: since when, and for what.

Source: the Kubernetes deprecated API migration guide and the release notes of cert-manager and Istio, as
collected by pluto. Kinds that only the server itself makes are left out.
"""

from __future__ import annotations

from archlint.finding.records import dataclass

KUBERNETES = "Kubernetes"


@dataclass(frozen=True, slots=True)
class Retirement:
    """What became of one kind in one API version."""

    kinds: tuple[str, ...]
    deprecated: tuple[int, int]
    removed: tuple[int, int] | None
    """The first version without it; ``None`` if none is announced."""
    replacement: str
    """The API version to use; empty if there is none."""
    changes: str = ""
    """What else must be changed; empty if nothing does."""
    product: str = KUBERNETES


_SELECTOR = "'spec.selector' is required and must match the labels of the pods"
_INGRESS = "each path needs 'pathType', and a backend is written 'service: {name, port: {number}}'"
_POLICY = "an empty selector selects all pods of the namespace, no longer none"
_METRICS = "each metric has its number below 'target'"
_WEBHOOK = "'sideEffects' and 'admissionReviewVersions' are required"
_SCHEMA = "each version needs a schema, 'spec.scope' is required, and 'preserveUnknownFields' must be false"
_APPS, _NET, _RBAC = "apps/v1", "networking.k8s.io/v1", "rbac.authorization.k8s.io/v1"
_ADMISSION, _FLOW = "admissionregistration.k8s.io/v1", "flowcontrol.apiserver.k8s.io/v1"
_ROLES = ("Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding")
_HOOKS = ("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration")
_POLICIES = ("ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding")
_ADDRESSES = ("IPAddress", "ServiceCIDR")
_LEVELS = ("FlowSchema", "PriorityLevelConfiguration")
_CLAIMS = ("ResourceClaim", "ResourceClaimTemplate", "ResourceSlice", "DeviceClass")
_FLOWS = "the fields of limited priority levels have other names"
_CERTS = ("Certificate", "Issuer", "ClusterIssuer", "CertificateRequest")
_ORDERS = ("Order", "Challenge")
_CERT_MANAGER, _ISTIO = "cert-manager", "Istio"

_Rows = tuple[Retirement, ...]
RETIRED: dict[str, _Rows] = {
    "extensions/v1beta1": (
        Retirement(("Deployment", "DaemonSet", "ReplicaSet"), (1, 9), (1, 16), _APPS, _SELECTOR),
        Retirement(("NetworkPolicy",), (1, 9), (1, 16), _NET),
        Retirement(("Ingress",), (1, 14), (1, 22), _NET, _INGRESS),
        Retirement(("PodSecurityPolicy",), (1, 10), (1, 16), ""),
    ),
    "apps/v1beta1": (Retirement(("Deployment", "StatefulSet"), (1, 9), (1, 16), _APPS, _SELECTOR),),
    "apps/v1beta2": (
        Retirement(("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"), (1, 9), (1, 16), _APPS),
    ),
    "networking.k8s.io/v1beta1": (
        Retirement(("Ingress",), (1, 19), (1, 22), _NET, _INGRESS),
        Retirement(("IngressClass",), (1, 19), (1, 22), _NET),
        Retirement(_ADDRESSES, (1, 33), (1, 37), _NET),
    ),
    "policy/v1beta1": (
        Retirement(("PodSecurityPolicy",), (1, 21), (1, 25), ""),
        Retirement(("PodDisruptionBudget",), (1, 21), (1, 25), "policy/v1", _POLICY),
    ),
    "scheduling.k8s.io/v1beta1": (Retirement(("PriorityClass",), (1, 14), (1, 22), "scheduling.k8s.io/v1"),),
    "scheduling.k8s.io/v1alpha1": (Retirement(("PriorityClass",), (1, 14), (1, 17), "scheduling.k8s.io/v1"),),
    "apiextensions.k8s.io/v1beta1": (
        Retirement(("CustomResourceDefinition",), (1, 16), (1, 22), "apiextensions.k8s.io/v1", _SCHEMA),
    ),
    "admissionregistration.k8s.io/v1beta1": (
        Retirement(_HOOKS, (1, 16), (1, 22), _ADMISSION, _WEBHOOK),
        Retirement(_POLICIES, (1, 30), (1, 34), _ADMISSION),
    ),
    "admissionregistration.k8s.io/v1alpha1": (Retirement(_POLICIES, (1, 28), (1, 32), _ADMISSION),),
    "rbac.authorization.k8s.io/v1alpha1": (Retirement(_ROLES, (1, 17), (1, 22), _RBAC),),
    "rbac.authorization.k8s.io/v1beta1": (Retirement(_ROLES, (1, 17), (1, 22), _RBAC),),
    "node.k8s.io/v1beta1": (Retirement(("RuntimeClass",), (1, 22), (1, 25), "node.k8s.io/v1"),),
    "autoscaling/v2beta1": (
        Retirement(("HorizontalPodAutoscaler",), (1, 22), (1, 25), "autoscaling/v2", _METRICS),
    ),
    "autoscaling/v2beta2": (Retirement(("HorizontalPodAutoscaler",), (1, 23), (1, 26), "autoscaling/v2"),),
    "batch/v1beta1": (Retirement(("CronJob",), (1, 21), (1, 25), "batch/v1"),),
    "storage.k8s.io/v1beta1": (
        Retirement(("CSINode",), (1, 17), (1, 22), "storage.k8s.io/v1"),
        Retirement(("CSIDriver",), (1, 19), (1, 22), "storage.k8s.io/v1"),
        Retirement(("CSIStorageCapacity",), (1, 24), (1, 27), "storage.k8s.io/v1"),
        Retirement(("StorageClass",), (1, 6), (1, 22), "storage.k8s.io/v1"),
        Retirement(("VolumeAttachment",), (1, 13), (1, 22), "storage.k8s.io/v1"),
        Retirement(("VolumeAttributesClass",), (1, 34), (1, 37), "storage.k8s.io/v1"),
    ),
    "storage.k8s.io/v1alpha1": (
        Retirement(("VolumeAttributesClass",), (1, 31), (1, 35), "storage.k8s.io/v1"),
    ),
    "apiregistration.k8s.io/v1beta1": (
        Retirement(("APIService",), (1, 10), (1, 22), "apiregistration.k8s.io/v1"),
    ),
    "certificates.k8s.io/v1beta1": (
        Retirement(
            *(("CertificateSigningRequest",), (1, 19), (1, 22), "certificates.k8s.io/v1"),
            "'spec.signerName' is required, and 'spec.usages' must not be empty",
        ),
    ),
    "coordination.k8s.io/v1beta1": (Retirement(("Lease",), (1, 14), (1, 22), "coordination.k8s.io/v1"),),
    "events.k8s.io/v1beta1": (Retirement(("Event",), (1, 19), (1, 25), "events.k8s.io/v1"),),
    "discovery.k8s.io/v1beta1": (
        Retirement(
            *(("EndpointSlice",), (1, 21), (1, 25), "discovery.k8s.io/v1"),
            "'topology' became 'nodeName' and 'zone' of an endpoint",
        ),
    ),
    "flowcontrol.apiserver.k8s.io/v1beta1": (Retirement(_LEVELS, (1, 23), (1, 26), _FLOW, _FLOWS),),
    "flowcontrol.apiserver.k8s.io/v1beta2": (Retirement(_LEVELS, (1, 26), (1, 29), _FLOW, _FLOWS),),
    "flowcontrol.apiserver.k8s.io/v1beta3": (Retirement(_LEVELS, (1, 29), (1, 32), _FLOW),),
    "networking.k8s.io/v1alpha1": (Retirement(_ADDRESSES, (1, 31), (1, 31), _NET),),
    "certificates.k8s.io/v1alpha1": (
        Retirement(("ClusterTrustBundle",), (1, 33), (1, 37), "certificates.k8s.io/v1beta1"),
    ),
    "resource.k8s.io/v1alpha2": (
        Retirement(
            ("ResourceClaim", "ResourceClaimTemplate"),
            *((1, 31), (1, 31), "resource.k8s.io/v1", "a claim names a DeviceClass in its requests"),
        ),
    ),
    "resource.k8s.io/v1alpha3": (
        Retirement(_CLAIMS, (1, 32), (1, 34), "resource.k8s.io/v1", "requests are below 'exactly'"),
    ),
    "resource.k8s.io/v1beta1": (
        Retirement(_CLAIMS, (1, 33), None, "resource.k8s.io/v1beta2", "requests are below 'exactly'"),
    ),
    "storagemigration.k8s.io/v1alpha1": (
        Retirement(("StorageVersionMigration",), (1, 35), (1, 35), "storagemigration.k8s.io/v1beta1"),
    ),
    "certmanager.k8s.io/v1alpha1": (
        Retirement(
            *((*_CERTS, *_ORDERS), (0, 11), (0, 11), "cert-manager.io/v1"),
            *("settings of issuers moved below 'solvers'", _CERT_MANAGER),
        ),
    ),
    **{
        f"cert-manager.io/{version}": (
            Retirement(_CERTS, (1, 4), (1, 6), "cert-manager.io/v1", product=_CERT_MANAGER),
        )
        for version in ("v1alpha2", "v1alpha3", "v1beta1")
    },
    **{
        f"acme.cert-manager.io/{version}": (
            Retirement(_ORDERS, (1, 4), (1, 6), "acme.cert-manager.io/v1", product=_CERT_MANAGER),
        )
        for version in ("v1alpha2", "v1alpha3", "v1beta1")
    },
    "authentication.istio.io/v1alpha1": (
        Retirement(
            *(("Policy", "MeshPolicy"), (1, 5), (1, 6), "security.istio.io/v1"),
            *("the kinds are PeerAuthentication and RequestAuthentication", _ISTIO),
        ),
    ),
    "rbac.istio.io/v1alpha1": (
        Retirement(
            *(("ServiceRole", "ServiceRoleBinding", "ClusterRbacConfig"), (1, 4), (1, 6)),
            *("security.istio.io/v1", "the kind is AuthorizationPolicy", _ISTIO),
        ),
    ),
}
"""By API version."""


def retirement(api_version: str, kind: str) -> Retirement | None:
    """What became of a kind in an API version; ``None`` if it is in use, or unknown."""
    return next((row for row in RETIRED.get(api_version, ()) if kind in row.kinds), None)


def is_retired(api_version: str) -> bool:
    """Whether Kubernetes itself gave up kinds of an API version, which tells that the version was its own."""
    return any(row.product == KUBERNETES for row in RETIRED.get(api_version, ()))
