"""Faults in manifests beside the same manifests without them, from `twins.yaml`, and their objects."""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

GONE = object()
"""What stands in the place of a field that is not there."""
_SHORT = {"S": "0/spec/template/spec", "C": "0/spec/template/spec/containers/0"}
Object = dict[str, Any]


@dataclass(frozen=True)
class Twin:
    """A fault and its allowed twin: one field of some objects with two values."""

    topic: str
    rule: str
    names: frozenset[str]
    objects: tuple[str, ...]
    way: str
    bad: object
    good: object

    def __str__(self) -> str:
        return f"{self.rule} {'+'.join(self.objects)} {self.way}"

    def text(self, value: object) -> str:
        """The objects with a value in the field, as one file."""
        made: Any = [copy.deepcopy(OBJECTS[name]) for name in self.objects]
        here, (*path, last) = made, self.way.split("/")
        for part in path:
            here = here[int(part)] if isinstance(here, list) else here.setdefault(part, {})
        if value is GONE:
            here.pop(last, None)
        else:
            here[last] = value
        return "\n---\n".join(map(json.dumps, made))


@cache
def twins() -> tuple[Twin, ...]:
    """All of them, as the file lists them."""
    text = Path(__file__).with_name("twins.yaml").read_text("utf-8")
    return tuple(map(_twin, yaml.load(text, _Loader)))


class _Loader(yaml.SafeLoader):
    """Knows the tag for a field that is not there."""


_Loader.add_constructor("!gone", lambda loader, node: GONE)


def _twin(row: dict[str, Any]) -> Twin:
    head, _, rest = row["at"].partition("/")
    way = "/".join(part for part in (_SHORT.get(head, head), rest) if part)
    named = frozenset(row["names"])
    return Twin(row["topic"], row["rule"], named, tuple(row["objects"]), way, row["bad"], row["good"])


def _object(kind: str, version: str, name: str = "cart", **parts: Any) -> dict[str, Any]:
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name}, **parts}


_LABELS = {"app": "cart"}
_CONTAINER: dict[str, Any] = {
    "name": "cart",
    "image": "reg.io/cart:1.2.0",
    "ports": [{"name": "http", "containerPort": 8080}],
    "resources": {"requests": {"cpu": "1", "memory": "1Gi"}, "limits": {"cpu": "1", "memory": "1Gi"}},
}
_SPEC = {"containers": [_CONTAINER]}
_TEMPLATE = {"metadata": {"labels": _LABELS}, "spec": _SPEC}
_SELECTOR = {"matchLabels": _LABELS}


def _workload(kind: str, version: str = "apps/v1", **spec: Any) -> dict[str, Any]:
    return _object(kind, version, spec={"selector": _SELECTOR, "template": _TEMPLATE, **spec})


_POD = _object("Pod", "v1", spec=_SPEC)
_POD["metadata"]["labels"] = _LABELS
_DEPLOYMENT = _workload("Deployment")
_STATEFUL = _workload("StatefulSet", serviceName="cart")
_JOB = _object("Job", "batch/v1", spec={"template": {"spec": {**_SPEC, "restartPolicy": "Never"}}})
_CRON = _object("CronJob", "batch/v1", spec={"schedule": "0 1 * * *", "jobTemplate": {"spec": _JOB["spec"]}})
_SERVICE = _object(
    "Service", "v1", spec={"selector": _LABELS, "ports": [{"name": "http", "port": 80, "targetPort": 8080}]}
)
_BACKEND = {"service": {"name": "cart", "port": {"number": 80}}}
_PATHS = [{"path": "/", "pathType": "Prefix", "backend": _BACKEND}]
_INGRESS = _object(
    "Ingress",
    "networking.k8s.io/v1",
    spec={
        "tls": [{"hosts": ["cart.io"], "secretName": "cart"}],
        "rules": [{"host": "cart.io", "http": {"paths": _PATHS}}],
    },
)
_TARGET = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "cart"}
_METRIC = {
    "type": "Resource",
    "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 50}},
}
_SCALER = _object(
    "HorizontalPodAutoscaler",
    "autoscaling/v2",
    spec={"scaleTargetRef": _TARGET, "minReplicas": 3, "maxReplicas": 9, "metrics": [_METRIC]},
)
_BUDGET = _object("PodDisruptionBudget", "policy/v1", spec={"maxUnavailable": 1, "selector": _SELECTOR})
_POLICY = _object(
    "NetworkPolicy",
    "networking.k8s.io/v1",
    spec={
        "podSelector": _SELECTOR,
        "policyTypes": ["Ingress", "Egress"],
        "ingress": [{"from": [{"podSelector": _SELECTOR}]}],
        "egress": [{"to": [{"podSelector": _SELECTOR}]}],
    },
)
_MONITOR = _object(
    "ServiceMonitor",
    "monitoring.coreos.com/v1",
    spec={"selector": {"matchLabels": {"app": "cart"}}, "endpoints": [{"port": "http"}]},
)
_MONITORED = copy.deepcopy(_SERVICE)
_MONITORED["metadata"]["labels"] = _LABELS
_SETTINGS = _object("ConfigMap", "v1", data={"level": "info"})
_SECRET = _object("Secret", "v1", stringData={"password": "${PASSWORD}"})
_ACCOUNT = _object("ServiceAccount", "v1")
_NAMESPACE = _object("Namespace", "v1", "shop")

_RBAC = "rbac.authorization.k8s.io"
_RULE = {"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get"]}
_ROLE = _object("Role", f"{_RBAC}/v1", rules=[_RULE])
_CLUSTER_ROLE = _object("ClusterRole", f"{_RBAC}/v1", rules=[_RULE])
_SUBJECT = {"kind": "ServiceAccount", "name": "cart", "namespace": "shop"}


def _binding(kind: str, role: str) -> Object:
    """A binding of a role to an account."""
    named = {"kind": role, "name": "cart", "apiGroup": _RBAC}
    return _object(kind, f"{_RBAC}/v1", subjects=[_SUBJECT], roleRef=named)


_MOUNTING = copy.deepcopy(_DEPLOYMENT)
_MOUNTING["spec"]["template"]["spec"] = {
    "containers": [
        {**_CONTAINER, "volumeMounts": [{"name": "node", "mountPath": "/node", "readOnly": True}]}
    ],
    "volumes": [{"name": "node", "hostPath": {"path": "/srv"}}],
}
_PROBED = copy.deepcopy(_DEPLOYMENT)
_PROBED["spec"]["template"]["spec"]["containers"][0]["readinessProbe"] = {
    "httpGet": {"path": "/ready", "port": 8080}
}


def _reading(key: str, entry: str) -> Object:
    made = copy.deepcopy(_DEPLOYMENT)
    variable = {"name": "A", "valueFrom": {key: {"name": "cart", "key": entry}}}
    made["spec"]["template"]["spec"]["containers"][0]["env"] = [variable]
    return made


def _with(item: Object, **spec: Any) -> Object:
    return {**item, "spec": {**item["spec"], **spec}}


def _other(item: Object) -> Object:
    return {**item, "metadata": {**item["metadata"], "name": "web"}}


_CLAIM = _object(
    "PersistentVolumeClaim",
    "v1",
    spec={
        "storageClassName": "fast",
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": "1Gi"}},
    },
)
_ROUTE = _object(
    "HTTPRoute",
    "gateway.networking.k8s.io/v1",
    spec={"rules": [{"backendRefs": [{"name": "cart", "port": 80}]}]},
)
OBJECTS: dict[str, Object] = {
    "ACCOUNT": _ACCOUNT,
    "BINDING_OF_CLUSTER_ROLE": _binding("RoleBinding", "ClusterRole"),
    "BINDING_OF_ROLE": _binding("RoleBinding", "Role"),
    "BUDGET": _BUDGET,
    "BUDGET_WITHOUT_LIMIT": {**_BUDGET, "spec": {"selector": _SELECTOR}},
    "CLAIM": _CLAIM,
    "CLUSTER_BINDING_OF_CLUSTER_ROLE": _binding("ClusterRoleBinding", "ClusterRole"),
    "CLUSTER_ROLE": _CLUSTER_ROLE,
    "CRON": _CRON,
    "DEPLOYMENT": _DEPLOYMENT,
    "DEPLOYMENT_OF_3": _with(_DEPLOYMENT, replicas=3),
    "DEPLOYMENT_OF_SHOP": {**_DEPLOYMENT, "metadata": {"name": "cart", "namespace": "shop"}},
    "DEPLOYMENT_OF_USERS": _with(_DEPLOYMENT, template={**_TEMPLATE, "spec": {**_SPEC, "hostUsers": False}}),
    "ENDPOINTS": _object("Endpoints", "v1"),
    "INGRESS": _INGRESS,
    "JOB": _JOB,
    "MONITOR": _MONITOR,
    "MONITORED": _MONITORED,
    "MOUNTING": _MOUNTING,
    "NAMESPACE": _NAMESPACE,
    "OTHER_BUDGET": _other(_BUDGET),
    "OTHER_INGRESS": _other(_INGRESS),
    "OTHER_SCALER": _other(_SCALER),
    "OTHER_SERVICE": _other(_SERVICE),
    "POD": _POD,
    "POLICY": _POLICY,
    "PROBED": _PROBED,
    "QUOTA": _object("ResourceQuota", "v1", spec={"hard": {"cpu": "1"}}),
    "READS_CONFIG": _reading("configMapKeyRef", "level"),
    "READS_SECRET": _reading("secretKeyRef", "password"),
    "ROLE": _ROLE,
    "ROUTE": _ROUTE,
    "SCALER": _SCALER,
    "SCC": _object("SecurityContextConstraints", "security.openshift.io/v1"),
    "SECRET": _SECRET,
    "SERVICE": _SERVICE,
    "SERVICE_WITHOUT_SELECTOR": {**_SERVICE, "spec": {"ports": [{"port": 80}]}},
    "SETTINGS": _SETTINGS,
    "SORTED": {"apiVersion": "v1", "data": {}, "kind": "ConfigMap", "metadata": {"name": "cart"}},
    "STATEFUL": _STATEFUL,
    "STATEFUL_OF_3": _with(_STATEFUL, replicas=3),
    "STORAGE": _object("StorageClass", "storage.k8s.io/v1", provisioner="a.io/disk"),
}
"""The objects by the names that the file has for them."""
