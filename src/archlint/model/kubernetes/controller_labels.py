"""Labels that no manifest sets: controllers give them to the pods that they make.

A label whose value is known only when the pod runs stands in the labels of a workload as a pattern: ``db-*``
for the pods of StatefulSet ``db``, ``*`` where the value tells nothing. No label value may have an asterisk.

Source: the Kubernetes reference of well-known labels, the documentation of OpenShift's DeploymentConfig and
of Argo Rollouts.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

POD_NAME = "statefulset.kubernetes.io/pod-name"
_ANY = "*"
_OF_JOBS = {
    "controller-uid": _ANY,
    "batch.kubernetes.io/controller-uid": _ANY,
    "batch.kubernetes.io/job-completion-index": _ANY,
}
_BY_KIND: Mapping[str, Mapping[str, str]] = {
    "Deployment": {"pod-template-hash": _ANY},
    "ReplicaSet": {"pod-template-hash": _ANY},
    "Rollout": {"rollouts-pod-template-hash": _ANY},
    "DaemonSet": {"controller-revision-hash": _ANY, "pod-template-generation": _ANY},
    "StatefulSet": {
        "controller-revision-hash": _ANY,
        POD_NAME: "{name}-*",
        "apps.kubernetes.io/pod-index": _ANY,
    },
    "Job": {**_OF_JOBS, "job-name": "{name}", "batch.kubernetes.io/job-name": "{name}"},
    "CronJob": {**_OF_JOBS, "job-name": "{name}-*", "batch.kubernetes.io/job-name": "{name}-*"},
    "ScaledJob": {**_OF_JOBS, "job-name": "{name}-*", "batch.kubernetes.io/job-name": "{name}-*"},
    "DeploymentConfig": {"deploymentconfig": "{name}", "deployment": "{name}-*"},
}
GIVERS: Mapping[str, str] = MappingProxyType(
    {
        POD_NAME: "StatefulSet",
        "job-name": "Job or CronJob",
        "batch.kubernetes.io/job-name": "Job or CronJob",
    }
)
"""The labels that name their owner, and the kinds that give them."""
OF_SINGLE_PODS = frozenset(
    {
        POD_NAME,
        "apps.kubernetes.io/pod-index",
        "batch.kubernetes.io/job-completion-index",
        "controller-revision-hash",
        "pod-template-generation",
        "pod-template-hash",
        "rollouts-pod-template-hash",
    }
)
"""Labels that tell pods or revisions of one workload apart."""
_KEYS = frozenset(key for labels in _BY_KIND.values() for key in labels)


def controller_labels(kind: str, name: str) -> dict[str, str]:
    """What controllers add to the labels of a workload's pods, as values or patterns."""
    end = name + _ANY if name.endswith("-") else name  # a name that is generated
    given = {key: value.replace("{name}", end) for key, value in _BY_KIND.get(kind, {}).items()}
    return {key: value.replace("*-*", "*") for key, value in given.items()}


def spellings(key: str, value: str) -> tuple[str, ...]:
    """A value that a selector asks for, and the patterns that stand for it among others."""
    if key not in _KEYS:
        return (value,)
    return (value, f"{owner_of(value)}-{_ANY}", _ANY)


def owner_of(value: str) -> str:
    """The name before the last number or random part: ``db`` of the pod ``db-0``."""
    return value.rpartition("-")[0]
