"""What tells built objects apart: group, version and kind, name and namespace.

Source: kyaml's ``resid`` package. An object without a namespace counts as one of ``default``, except that
kinds of the cluster have none.
"""

from __future__ import annotations

from typing import NamedTuple

NO_NAMESPACE = "_non_namespaceable_"
_DEFAULT = "default"

_OF_CLUSTER = {
    "": "ComponentStatus Namespace Node NodeProxyOptions PersistentVolume",
    "admissionregistration.k8s.io": "MutatingWebhookConfiguration ValidatingWebhookConfiguration",
    "apiextensions.k8s.io": "CustomResourceDefinition",
    "apiregistration.k8s.io": "APIService",
    "certificates.k8s.io": "CertificateSigningRequest",
    "flowcontrol.apiserver.k8s.io": "FlowSchema PriorityLevelConfiguration",
    "networking.k8s.io": "IngressClass",
    "node.k8s.io": "RuntimeClass",
    "policy": "PodSecurityPolicy",
    "rbac.authorization.k8s.io": "ClusterRole ClusterRoleBinding",
    "scheduling.k8s.io": "PriorityClass",
    "storage.k8s.io": "CSIDriver CSINode StorageClass VolumeAttachment",
}
_VERSIONS: dict[str, tuple[str, ...]] = {
    "": ("v1",),
    "flowcontrol.apiserver.k8s.io": ("v1beta1",),
    "policy": ("v1beta1",),
}
_CLUSTER_KINDS = frozenset(
    (group, version, kind)
    for group, kinds in _OF_CLUSTER.items()
    for version in _VERSIONS.get(group, ("v1", "v1beta1"))
    for kind in kinds.split()
)
"""The kinds that kustomize 5.7 knows to have no namespace, those of Kubernetes 1.21 without its alphas."""


class Gvk(NamedTuple):
    """Group, version and kind; as a selector, what is empty fits all."""

    group: str = ""
    version: str = ""
    kind: str = ""

    def is_selected(self, selector: Gvk) -> bool:
        """Whether a selector fits."""
        return (
            (not selector.group or selector.group == self.group)
            and (not selector.version or selector.version == self.version)
            and (not selector.kind or selector.kind == self.kind)
        )

    @property
    def api_version(self) -> str:
        """As ``apiVersion`` says it."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def is_of_cluster(self) -> bool:
        """Whether objects of this kind have no namespace for certain."""
        return self in _CLUSTER_KINDS


def gvk_of(api_version: str, kind: str) -> Gvk:
    """Group, version and kind from ``apiVersion`` and ``kind``."""
    group, slash, version = api_version.partition("/")
    return Gvk(group, version, kind) if slash else Gvk("", api_version, kind)


class Identity(NamedTuple):
    """What an object is, or was, known as."""

    gvk: Gvk
    name: str
    namespace: str

    @property
    def effective(self) -> str:
        """The namespace for comparisons."""
        if self.gvk.is_of_cluster:
            return NO_NAMESPACE
        return _DEFAULT if self.namespace in ("", _DEFAULT) else self.namespace

    def equals(self, other: Identity) -> bool:
        """Whether both are one object."""
        return self.name == other.name and self.gvk == other.gvk and self.effective == other.effective

    def is_selected(self, gvk: Gvk, name: str, namespace: str) -> bool:
        """Whether a selector fits that names things literally."""
        return (
            (not name or name == self.name)
            and (not namespace or Identity(gvk, name, namespace).effective == self.effective)
            and self.gvk.is_selected(gvk)
        )

    def __str__(self) -> str:
        where = f" in namespace '{self.namespace}'" if self.namespace else ""
        return f"{self.gvk.kind} '{self.name}'{where}"
