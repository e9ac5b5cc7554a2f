"""Objects as policies see them: the API server fills in defaults before it asks any policy.

What only a controller or a plugin of the server adds later, such as the account of a pod, is not there.

Source: ``SetDefaults_*`` in ``k8s.io/kubernetes/pkg/apis/{core,apps,batch,autoscaling}/v1/defaults.go``.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from archlint.model.kubernetes.images import default_pull_policy
from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.kubernetes.workloads import POD_TEMPLATES

_KNOWN_GROUPS = frozenset({"apps", "batch", "rbac.authorization.k8s.io", "scheduling.k8s.io"})
_FILLED_GROUPS = ("", "apps", "batch")
_KNOWN_KINDS = frozenset(
    {"ConfigMap", "Namespace", "Pod", "Secret", "Service", "ServiceAccount", "LimitRange", "ResourceQuota"}
) | {"Ingress", "NetworkPolicy", "PodDisruptionBudget"}
_ROLLING = {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "25%", "maxSurge": "25%"}}
PROBE = {"timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3}
POD: Mapping[str, Any] = {
    "dnsPolicy": "ClusterFirst",
    "restartPolicy": "Always",
    "schedulerName": "default-scheduler",
    "securityContext": {},
    "terminationGracePeriodSeconds": 30,
}
CONTAINER: Mapping[str, Any] = {
    "resources": {},
    "terminationMessagePath": "/dev/termination-log",
    "terminationMessagePolicy": "File",
}
_JOB: Mapping[str, Any] = {
    "backoffLimit": 6,
    "completionMode": "NonIndexed",
    "parallelism": 1,
    "suspend": False,
}
_SPECS: Mapping[str, Mapping[str, Any]] = {
    "Deployment": {
        "replicas": 1,
        "revisionHistoryLimit": 10,
        "progressDeadlineSeconds": 600,
        "strategy": _ROLLING,
    },
    "StatefulSet": {
        "replicas": 1,
        "revisionHistoryLimit": 10,
        "podManagementPolicy": "OrderedReady",
        "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 0}},
    },
    "DaemonSet": {
        "revisionHistoryLimit": 10,
        "updateStrategy": {
            "type": "RollingUpdate",
            "rollingUpdate": {"maxUnavailable": 1, "maxSurge": 0},
        },
    },
    "ReplicaSet": {"replicas": 1},
    "Job": _JOB,
    "CronJob": {
        "concurrencyPolicy": "Allow",
        "suspend": False,
        "successfulJobsHistoryLimit": 3,
        "failedJobsHistoryLimit": 1,
    },
    "Service": {"type": "ClusterIP", "sessionAffinity": "None", "internalTrafficPolicy": "Cluster"},
    "PersistentVolumeClaim": {"volumeMode": "Filesystem"},
}


def has_known_defaults(item: KubernetesObject) -> bool:
    """Whether all defaults of a kind are filled in, so that a key that is not there is not there for policies
    either."""
    if item.group in _KNOWN_GROUPS:
        return True
    return item.kind in _KNOWN_KINDS and item.group in ("", "networking.k8s.io", "policy")


def admitted(item: KubernetesObject) -> Any:
    """The object's data with the defaults of its kind."""
    value = item.node.value
    if not isinstance(value, dict):
        return value
    if item.group not in _FILLED_GROUPS or not isinstance(value.get("spec"), dict):
        return value
    made: dict[str, Any] = deepcopy(value)
    _fill(made["spec"], _SPECS.get(item.kind, {}))
    if item.kind == "Service":
        _fill_service(made["spec"])
    if item.kind == "CronJob":
        _fill(_below(made, ("spec", "jobTemplate", "spec")), _JOB)
    route = POD_TEMPLATES.get((item.group, item.kind))
    if route is not None:
        _fill_pod(_below(made, (*route, "spec")), has_own_requests=item.kind == "Pod")
    return made


def _below(value: Any, route: tuple[str, ...]) -> Any:
    for step in route:
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _fill(value: Any, defaults: Mapping[str, Any]) -> None:
    """Set what is not set; a strategy of another type gets no settings of the default one."""
    if not isinstance(value, dict):
        return
    for key, default in defaults.items():
        if value.get(key) is None:
            value[key] = deepcopy(default)
        elif isinstance(default, dict) and isinstance(value[key], dict):
            kind = default.get("type")
            _fill(value[key], default if value[key].get("type", kind) == kind else {})


def _fill_pod(spec: Any, *, has_own_requests: bool) -> None:
    if not isinstance(spec, dict):
        return
    _fill(spec, POD)
    for section in ("containers", "initContainers", "ephemeralContainers"):
        containers = spec.get(section)
        for container in containers if isinstance(containers, list) else ():
            if isinstance(container, dict):
                _fill_container(container)
                if has_own_requests:
                    _fill_requests(container)


def _fill_container(container: dict[str, Any]) -> None:
    _fill(container, CONTAINER)
    image = container.get("image")
    if container.get("imagePullPolicy") is None and isinstance(image, str):
        container["imagePullPolicy"] = default_pull_policy(image)
    ports = container.get("ports")
    for port in ports if isinstance(ports, list) else ():
        _fill(port, {"protocol": "TCP"})
    for name in ("livenessProbe", "readinessProbe", "startupProbe"):
        probe = container.get(name)
        _fill(probe, PROBE)
        if isinstance(probe, dict):
            _fill(probe.get("httpGet"), {"scheme": "HTTP", "path": "/"})


def _fill_requests(container: dict[str, Any]) -> None:
    """Of a Pod, not of a template, what is limited and not asked for is asked for as much."""
    resources = container.get("resources")
    limits = resources.get("limits") if isinstance(resources, dict) else None
    if isinstance(resources, dict) and isinstance(limits, dict) and limits:
        requests = resources.setdefault("requests", {})
        if isinstance(requests, dict):
            for name, amount in limits.items():
                requests.setdefault(name, amount)


def _fill_service(spec: dict[str, Any]) -> None:
    ports = spec.get("ports")
    for port in ports if isinstance(ports, list) else ():
        _fill(port, {"protocol": "TCP"})
        if isinstance(port, dict) and port.get("targetPort") is None and "port" in port:
            port["targetPort"] = port["port"]
