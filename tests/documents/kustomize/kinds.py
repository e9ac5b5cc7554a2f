"""One object of each kind that kustomize's transformers know fields of, with all of these fields, and others.

What is built of them is compared with what the program builds: no field is left out of the tables, and none
that the program leaves alone is in them.
"""

from __future__ import annotations

import json
from typing import Any

Json = Any
_HOST = "$(HOST)"
_GROUPS = {
    "Pod": "v1",
    "ReplicationController": "v1",
    "PodTemplate": "v1",
    "Deployment": "apps/v1",
    "ReplicaSet": "apps/v1",
    "DaemonSet": "apps/v1",
    "StatefulSet": "apps/v1",
    "Job": "batch/v1",
    "CronJob": "batch/v1",
}
_OTHER_GROUPS = (("x.io/v1", "StatefulSet"), ("x.io/v1", "CronJob"), ("x.io/v1", "Rollout"), ("v2", "Pod"))


def _sources(key: str) -> Json:
    return {
        "env": [
            {"name": "A", "valueFrom": {f"{key}KeyRef": {"name": "target", "key": "a"}}},
            {"name": "B", "value": _HOST},
        ],
        "envFrom": [{f"{key}Ref": {"name": "target"}}],
    }


def _container(name: str, key: str) -> Json:
    return {
        "name": name,
        "image": f"shop/{name}:1",
        "args": [_HOST],
        "command": [f"run {_HOST}", "$$(HOST)"],
        "volumeMounts": [{"name": "v", "mountPath": f"/{_HOST}", "subPath": _HOST}],
        **_sources(key),
    }


def _term() -> Json:
    return {"labelSelector": {"matchLabels": {"app": "one"}}, "topologyKey": "zone"}


def pod() -> Json:
    """The specification of a pod with all fields that something is done to."""
    affinity = {
        "preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 1, "podAffinityTerm": _term()}],
        "requiredDuringSchedulingIgnoredDuringExecution": [_term()],
    }
    return {
        "containers": [_container("web", "configMap"), _container("side", "secret")],
        "initContainers": [_container("first", "configMap"), _container("second", "secret")],
        "serviceAccountName": "target",
        "priorityClassName": "target",
        "imagePullSecrets": [{"name": "target"}],
        "affinity": {"podAffinity": affinity, "podAntiAffinity": affinity},
        "topologySpreadConstraints": [_term()],
        "volumes": [
            {"name": "v", "configMap": {"name": "target"}},
            {"name": "w", "secret": {"secretName": "target"}},
            {"name": "x", "persistentVolumeClaim": {"claimName": "target"}},
            {"name": "y", "nfs": {"server": _HOST, "path": "/"}},
            {
                "name": "z",
                "projected": {"sources": [{"configMap": {"name": "target"}}, {"secret": {"name": "target"}}]},
            },
            {"name": "i", "image": {"reference": "shop/web:1"}},
        ],
    }


def _of_pods(kind: str) -> Json:
    """The specification of a kind that runs pods."""
    labels = {"labels": {"app": "one"}, "annotations": {"host": _HOST}}
    template = {"metadata": labels, "spec": pod()}
    if kind == "Pod":
        return {"spec": pod()}
    if kind == "PodTemplate":
        return {"template": template}
    job = {"template": template, "selector": {"matchLabels": {"app": "one"}}}
    if kind == "CronJob":
        # the second stands where kustomize's own table has a path that no CronJob has
        return {"spec": {"jobTemplate": {"spec": {**job, "template": {**template, "volumes": []}}}}}
    if kind == "Job":
        return {"spec": job}
    selector = {"app": "one"} if kind == "ReplicationController" else {"matchLabels": {"app": "one"}}
    return {"spec": {"replicas": 1, "template": template, "selector": selector, **_of_sets(kind)}}


def _of_sets(kind: str) -> Json:
    if kind != "StatefulSet":
        return {}
    claim = {"storageClassName": "target", "nfs": {"server": _HOST}}
    return {"serviceName": "target", "volumeClaimTemplates": [{"metadata": {"name": "c"}, "spec": claim}]}


def _object(api: str, kind: str, name: str = "target", **fields: Json) -> Json:
    metadata = {"name": name, **fields.pop("metadata", {})}
    return {"apiVersion": api, "kind": kind, "metadata": metadata, **fields}


_RBAC = "rbac.authorization.k8s.io"
_HOOKS = [{"name": "hook.x.io", "clientConfig": {"service": {"name": "target", "namespace": "other"}}}]
_SUBJECTS = [
    {"kind": "ServiceAccount", "name": "target"},
    {"kind": "ServiceAccount", "name": "default", "namespace": "other"},
    {"kind": "ServiceAccount", "name": "default"},
    {"kind": "Group", "name": "target"},
]
_BACKENDS = {
    "backend": {"serviceName": "target", "service": {"name": "target"}},
    "path": "/",
}
_ANNOTATIONS = {
    f"{prefix}ingress.kubernetes.io/{name}": "target"
    for prefix in ("", "nginx.")
    for name in ("auth-secret", "auth-tls-secret", "fastcgi-params-configmap", "none")
}
_TARGETS = [
    _object("v1", "ConfigMap", data={"a": _HOST, "b": "shop/web:1"}),
    _object("v1", "Secret"),
    _object("v1", "ServiceAccount", imagePullSecrets=[{"name": "target"}], secrets=[{"name": "target"}]),
    _object("v1", "Service", spec={"ports": [{"port": 1, "targetPort": _HOST}], "selector": {"app": "one"}}),
    _object("v1", "PersistentVolumeClaim", spec={"volumeName": "target", "storageClassName": "target"}),
    _object(
        "v1",
        "PersistentVolume",
        spec={
            "storageClassName": "target",
            "azureFile": {"secretName": "target"},
            "nfs": {"server": _HOST},
            "claimRef": {"name": "target"},
        },
    ),
    _object(
        "storage.k8s.io/v1",
        "StorageClass",
        parameters=dict.fromkeys(
            ("secretName", "adminSecretName", "userSecretName", "secretRef", "other"), "target"
        ),
    ),
    _object("scheduling.k8s.io/v1", "PriorityClass"),
    _object("networking.k8s.io/v1", "IngressClass"),
    _object("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy", spec={}),
    _object(
        "admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicyBinding", spec={"policyName": "target"}
    ),
]
_REFERRING = [
    *(
        _object(
            "autoscaling/v2",
            "HorizontalPodAutoscaler",
            kind.lower(),
            spec={"scaleTargetRef": {"kind": kind, "name": name}},
        )
        for kind, name in (
            ("Deployment", "deployment"),
            ("ReplicationController", "replicationcontroller"),
            ("ReplicaSet", "replicaset"),
            ("StatefulSet", "statefulset"),
            ("DaemonSet", "daemonset"),
        )
    ),
    _object("v1", "Node", spec={"configSource": {"configMap": {"name": "target", "namespace": "other"}}}),
    *(
        _object(f"{_RBAC}/v1", kind, "role", rules=[{"resourceNames": ["target", "other"]}])
        for kind in ("Role", "ClusterRole")
    ),
    *(
        _object(
            f"{_RBAC}/v1",
            kind,
            f"{role.lower()}-bound",
            roleRef={"apiGroup": _RBAC, "kind": role, "name": "role"},
            subjects=_SUBJECTS,
        )
        for kind in ("RoleBinding", "ClusterRoleBinding")
        for role in ("Role", "ClusterRole")
    ),
    _object(
        "networking.k8s.io/v1",
        "Ingress",
        metadata={"annotations": _ANNOTATIONS},
        spec={
            "ingressClassName": "target",
            "backend": {"serviceName": "target"},
            "defaultBackend": {"service": {"name": "target"}},
            "rules": [{"host": _HOST, "http": {"paths": [_BACKENDS]}}],
            "tls": [{"secretName": "target", "hosts": [_HOST]}, {"secretName": _HOST}],
        },
    ),
    _object("apiregistration.k8s.io/v1", "APIService", spec={"service": {"name": "target"}}),
    _object("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", webhooks=_HOOKS),
    _object("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration", webhooks=_HOOKS),
    _object(
        "serving.knative.dev/v1",
        "Service",
        spec={"template": {"spec": {"containers": [_container("web", "secret")]}}},
    ),
    _object(
        "apiextensions.k8s.io/v1",
        "CustomResourceDefinition",
        "things.x.io",
        spec={
            "conversion": {"webhook": {"clientConfig": {"service": {"name": "target", "namespace": "x"}}}},
            "containers": [{"name": "web", "image": "shop/web:1"}],
        },
    ),
    _object("policy/v1", "PodDisruptionBudget", spec={"selector": {"matchLabels": {"app": "one"}}}),
    _object(
        "networking.k8s.io/v1",
        "NetworkPolicy",
        spec={
            "podSelector": {"matchLabels": {"app": "one"}},
            "ingress": [{"from": [{"podSelector": {"matchLabels": {"app": "one"}}}]}],
            "egress": [{"to": [{"podSelector": {"matchLabels": {"app": "one"}}}, {"ipBlock": {}}]}],
        },
    ),
    _object("v1", "Namespace", "old"),
    _object("v1", "LimitRange", metadata={"labels": {"host": _HOST}, "annotations": {"host": _HOST}}),
]
OBJECTS = [
    *(_object(api, kind, kind.lower(), **_of_pods(kind)) for kind, api in _GROUPS.items()),
    *(_object(api, kind, f"other-{kind.lower()}", **_of_pods(kind)) for api, kind in _OTHER_GROUPS),
    *_TARGETS,
    *_REFERRING,
]
_FILES = "== top/all.yaml\n" + "\n---\n".join(map(json.dumps, OBJECTS)) + "\n"
_CLUSTER = {
    "": "ComponentStatus Event Namespace Node NodeProxyOptions PersistentVolume",
    "admissionregistration.k8s.io/": "MutatingWebhookConfiguration ValidatingAdmissionPolicy "
    "ValidatingWebhookConfiguration",
    "apiextensions.k8s.io/": "CustomResourceDefinition",
    "apiregistration.k8s.io/": "APIService",
    "authentication.k8s.io/": "TokenReview",
    "certificates.k8s.io/": "CertificateSigningRequest",
    "flowcontrol.apiserver.k8s.io/": "FlowSchema PriorityLevelConfiguration",
    "gateway.networking.k8s.io/": "GatewayClass",
    "internal.apiserver.k8s.io/": "StorageVersion",
    "networking.k8s.io/": "IngressClass",
    "node.k8s.io/": "RuntimeClass",
    "policy/": "PodDisruptionBudget PodSecurityPolicy",
    "rbac.authorization.k8s.io/": "ClusterRole ClusterRoleBinding Role",
    "scheduling.k8s.io/": "PriorityClass",
    "storage.k8s.io/": "CSIDriver CSINode CSIStorageCapacity StorageClass VolumeAttachment",
}
"""Kinds of the cluster and some that are not."""
_VERSIONS = ("v1", "v1beta1", "v1beta2", "v1alpha1", "v2")
_OF_CLUSTER = "\n---\n".join(
    json.dumps(_object(f"{group}{version}", kind, "one"))
    for group, kinds in _CLUSTER.items()
    for kind in kinds.split()
    for version in _VERSIONS
)


def _with(overlay: str) -> str:
    return f"{_FILES}== top/kustomization.yaml\nresources: [all.yaml]\n{overlay}"


EVERY_KIND = {
    "names in every kind": _with("namePrefix: p-\n"),
    "namespaces in every kind": _with("namespace: shop\n"),
    "labels, images and replicas in every kind": _with(
        "commonLabels: {tier: front}\n"
        "images: [{name: shop/web, newTag: '2'}, {name: shop/first, newName: mirror}]\nreplicas:\n"
        + "".join(
            f"- {{name: {kind}, count: 7}}\n"
            for kind in ("deployment", "replicaset", "statefulset", "replicationcontroller")
        )
    ),
    "labels of templates, annotations and vars in every kind": _with(
        "commonAnnotations: {a: b}\nlabels: [{pairs: {t: u}, includeTemplates: true}]\n"
        "vars: [{name: HOST, objref: {apiVersion: v1, kind: Service, name: target}}]\n"
    ),
    "kinds of the cluster": f"== top/all.yaml\n{_OF_CLUSTER}\n== top/kustomization.yaml\n"
    "resources: [all.yaml]\nnamespace: shop\n",
}
