"""All that the API server refuses in the objects of a world, beyond what their schemas say.

One law for each kind of object, one for pods and one for containers, and the tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from posixpath import dirname

from archlint.finding.records import dataclass
from archlint.model.kubernetes.building.kustomizations import kustomized_folders, taken_in
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.kubernetes.objects import KubernetesObject, ObjectFacet
from archlint.model.kubernetes.validation import tables
from archlint.model.kubernetes.validation.access import (
    binding_refusals,
    priority_refusals,
    role_refusals,
    webhook_refusals,
)
from archlint.model.kubernetes.validation.admin_policies import admin_policy_refusals
from archlint.model.kubernetes.validation.containers import container_refusals
from archlint.model.kubernetes.validation.controllers import (
    autoscaler_refusals,
    budget_refusals,
    cron_job_refusals,
    daemon_set_refusals,
    deployment_refusals,
    job_refusals,
    replica_set_refusals,
    stateful_set_refusals,
)
from archlint.model.kubernetes.validation.data import config_map_refusals, secret_refusals
from archlint.model.kubernetes.validation.metadata import metadata_refusals
from archlint.model.kubernetes.validation.networking import (
    ingress_refusals,
    policy_refusals,
    service_refusals,
)
from archlint.model.kubernetes.validation.pods import pod_refusals
from archlint.model.kubernetes.validation.refusal import Cause, Refused
from archlint.model.kubernetes.validation.storage import claim_refusals, template_refusals, volume_refusals
from archlint.model.kubernetes.validation.user_networks import user_network_refusals
from archlint.model.kubernetes.workloads import Workload
from archlint.model.world import World

_RBAC = "rbac.authorization.k8s.io"
_NETWORKING = "networking.k8s.io"
_ADMIN = "policy.networking.k8s.io"
_OVN = "k8s.ovn.org"
_ADMISSION = "admissionregistration.k8s.io"
_Laws = Callable[[KubernetesObject], Iterator[Refused]]
_LAWS: Mapping[tuple[str, str], tuple[_Laws, ...]] = {
    ("", "ConfigMap"): (config_map_refusals,),
    ("", "Secret"): (secret_refusals,),
    ("", "Service"): (service_refusals,),
    ("", "PersistentVolume"): (volume_refusals,),
    ("", "PersistentVolumeClaim"): (claim_refusals,),
    ("apps", "Deployment"): (deployment_refusals,),
    ("apps", "DaemonSet"): (daemon_set_refusals,),
    ("apps", "ReplicaSet"): (replica_set_refusals,),
    ("apps", "StatefulSet"): (stateful_set_refusals, template_refusals),
    ("batch", "Job"): (job_refusals,),
    ("batch", "CronJob"): (cron_job_refusals,),
    ("autoscaling", "HorizontalPodAutoscaler"): (autoscaler_refusals,),
    ("policy", "PodDisruptionBudget"): (budget_refusals,),
    (_NETWORKING, "Ingress"): (ingress_refusals,),
    (_NETWORKING, "NetworkPolicy"): (policy_refusals,),
    (_ADMIN, "AdminNetworkPolicy"): (admin_policy_refusals,),
    (_ADMIN, "BaselineAdminNetworkPolicy"): (admin_policy_refusals,),
    (_ADMIN, "ClusterNetworkPolicy"): (admin_policy_refusals,),
    (_OVN, "UserDefinedNetwork"): (user_network_refusals,),
    (_OVN, "ClusterUserDefinedNetwork"): (user_network_refusals,),
    (_RBAC, "Role"): (role_refusals,),
    (_RBAC, "ClusterRole"): (role_refusals,),
    (_RBAC, "RoleBinding"): (binding_refusals,),
    (_RBAC, "ClusterRoleBinding"): (binding_refusals,),
    (_ADMISSION, "ValidatingWebhookConfiguration"): (webhook_refusals,),
    (_ADMISSION, "MutatingWebhookConfiguration"): (webhook_refusals,),
    ("scheduling.k8s.io", "PriorityClass"): (priority_refusals,),
}
_NOT_PODS = frozenset({"serving.knative.dev"})
"""Groups whose pod templates have rules of their own: Knative names containers and ports itself."""


@dataclass(frozen=True)
class RefusedField(ObjectFacet):
    """Something in an object that the API server refuses."""

    refused: Refused

    @classmethod
    def all(cls, world: World) -> Iterable[RefusedField]:
        """All of them, in the order of the objects; what is missing is not where a patch, or the program that
        fills in the name, may add it."""
        workloads = {id(item.base.node): item for item in world.all(Workload)}
        for base in world.all(KubernetesObject):
            if not base.node.get("metadata").is_map:
                continue
            is_part = is_placeholder(base.name) or (
                not base.is_built and may_be_patched(base.source.path, world)
            )
            for refused in refusals_of(base, workloads.get(id(base.node))):
                if not (is_part and refused.cause is Cause.LACKING):
                    yield cls(base, refused)


def may_be_patched(path: str, world: World) -> bool:
    """Whether a kustomization that is not built may add to a file, or nobody applies it as it stands."""
    is_beside = dirname(path) in world.fact(kustomized_folders) or path in world.fact(taken_in)
    return world.may_be_patched or is_beside or "patch" in path.lower()


def refusals_of(base: KubernetesObject, workload: Workload | None) -> Iterator[Refused]:
    """What the API server refuses in one object; ``workload`` is what it is if it runs pods."""
    yield from metadata_refusals(base)
    key = (base.group, base.kind)
    table = _trees().get(key)
    if table is not None:
        yield from tables.broken(base.node, table)
    for law in _LAWS.get(key, ()):
        yield from law(base)
    if workload is None or not workload.names_images or base.group in _NOT_PODS:
        return
    yield from tables.broken(workload.pod_spec, _pod_tree())
    yield from pod_refusals(workload)
    for container in workload.containers:
        yield from tables.broken(container.node, _container_tree())
        yield from container_refusals(container)


@cache
def _trees() -> dict[tuple[str, str], dict[str, object]]:
    return {key: tables.grown(table) for key, table in tables.OBJECTS.items()}


@cache
def _pod_tree() -> dict[str, object]:
    return tables.grown(tables.POD)


@cache
def _container_tree() -> dict[str, object]:
    return tables.grown(tables.CONTAINER)
