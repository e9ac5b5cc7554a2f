"""What the API server refuses: each law with an allowed twin that differs in one value."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import yaml

from archlint.documents import load_text
from archlint.files import Kind
from archlint.model.kubernetes.objects import KubernetesObject, objects_of
from archlint.model.kubernetes.validation import Refused, refusals_of
from archlint.model.kubernetes.validation.syntax import schedule
from archlint.model.kubernetes.workloads import POD_TEMPLATES, Workload

GONE = "gone"
"""Stands for a field that is not there."""
POD: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "cart"},
    "spec": {
        "containers": [{"name": "cart", "image": "shop/cart:1.2.0", "ports": [{"containerPort": 80}]}],
        "volumes": [{"name": "data", "emptyDir": {}}],
    },
}
SERVICE: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "cart"},
    "spec": {"ports": [{"name": "a", "port": 80}]},
}
INGRESS: dict[str, Any] = {
    "apiVersion": "networking.k8s.io/v1",
    "kind": "Ingress",
    "metadata": {"name": "cart"},
    "spec": {
        "rules": [
            {
                "host": "a.example.com",
                "http": {
                    "paths": [
                        {
                            "path": "/",
                            "pathType": "Prefix",
                            "backend": {"service": {"name": "cart", "port": {"number": 80}}},
                        }
                    ]
                },
            }
        ]
    },
}
SCALER: dict[str, Any] = {
    "apiVersion": "autoscaling/v2",
    "kind": "HorizontalPodAutoscaler",
    "metadata": {"name": "cart"},
    "spec": {
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "cart"},
        "minReplicas": 0,
        "maxReplicas": 5,
        "metrics": [{"type": "External", "external": {"metric": {"name": "a"}, "target": {"type": "Value"}}}],
    },
}
CLAIM: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "PersistentVolumeClaim",
    "metadata": {"name": "data"},
    "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
}
DEPLOYMENT: dict[str, Any] = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "cart"},
    "spec": {
        "selector": {"matchLabels": {"app": "cart"}},
        "template": {"metadata": {"labels": {"app": "cart"}}, "spec": POD["spec"]},
    },
}
SECRET: dict[str, Any] = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "cart"}}
CRON: dict[str, Any] = {
    "apiVersion": "batch/v1",
    "kind": "CronJob",
    "metadata": {"name": "cart"},
    "spec": {
        "schedule": "@daily",
        "jobTemplate": {"spec": {"template": {"spec": {"restartPolicy": "Never", **POD["spec"]}}}},
    },
}

_HOOK = {
    "name": "pods.cart.example.com",
    "clientConfig": {"service": {"name": "cart", "namespace": "shop"}},
    "sideEffects": "None",
    "admissionReviewVersions": ["v1"],
}
HOOKS: list[dict[str, Any]] = [
    {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": kind,
        "metadata": {"name": "cart"},
        "webhooks": [_HOOK],
    }
    for kind in ("ValidatingWebhookConfiguration", "MutatingWebhookConfiguration")
]


def changed(whole: dict[str, Any], way: str, value: object) -> dict[str, Any]:
    """An object with one value put in; ``None`` leaves it as it is, and ``GONE`` takes away what is there."""
    made = copy.deepcopy(whole)
    here: Any = made
    *path, last = way.split(".")
    for part in path:
        here = here[int(part)] if isinstance(here, list) else here.setdefault(part, {})
    if value is GONE:
        del here[last]
    elif value is not None:
        here[int(last) if isinstance(here, list) else last] = value
    return made


_C = "spec.containers.0"
TWINS = [
    # whole, where, what is refused, what is allowed, the cause
    (POD, "metadata.name", "cart_1", "cart.1", "name"),
    (POD, f"{_C}.name", "cart.1", "cart-1", "name"),
    (POD, f"{_C}.name", "c" * 64, "c" * 63, "name"),
    (POD, "spec.volumes.0.name", "-data", "data", "name"),
    (POD, "spec.nodeSelector", {"a": "b c"}, {"a": "b.c"}, "name"),
    (POD, f"{_C}.env", [{"name": "A=", "value": ""}], [{"name": "a b", "value": ""}], "name"),
    (POD, "metadata.annotations", {"a/b/c": "x"}, {"A.b/c": "x"}, "name"),
    (POD, "spec.hostname", "a.b", "a-b", "name"),
    (
        POD,
        f"{_C}.livenessProbe",
        {"exec": {}, "successThreshold": 2},
        {"exec": {}, "successThreshold": 1},
        "number",
    ),
    (
        POD,
        f"{_C}.readinessProbe",
        {"exec": {}, "periodSeconds": -1},
        {"exec": {}, "periodSeconds": 1},
        "number",
    ),
    (
        POD,
        f"{_C}.startupProbe",
        {"exec": {}, "httpGet": {"port": 80}},
        {"exec": {}, "httpGet": None},
        "conflict",
    ),
    (
        POD,
        f"{_C}.readinessProbe",
        {"periodSeconds": 1},
        {"periodSeconds": 1, "tcpSocket": {"port": 80}},
        "lacking",
    ),
    (
        POD,
        f"{_C}.readinessProbe",
        {"exec": {}, "terminationGracePeriodSeconds": 5},
        {"exec": {}, "failureThreshold": 5},
        "conflict",
    ),
    (POD, "spec.activeDeadlineSeconds", 0, 1, "number"),
    (POD, "spec.securityContext", {"fsGroup": -1}, {"fsGroup": 0}, "number"),
    (
        POD,
        "spec.volumes",
        [{"name": "a", "emptyDir": {}, "hostPath": {"path": "/"}}],
        [{"name": "a"}],
        "conflict",
    ),
    (POD, "spec.volumes", [{"name": "a"}, {"name": "a"}], [{"name": "a"}, {"name": "b"}], "twice"),
    (POD, "spec.tolerations", [{"operator": "Exists", "value": "a"}], [{"operator": "Exists"}], "conflict"),
    (POD, "spec.tolerations", [{"key": "a b"}], [{"key": "a/b"}], "name"),
    (POD, "spec.dnsPolicy", "None", "Default", "lacking"),
    (POD, "spec.hostAliases", [{"ip": "10.0.0"}], [{"ip": "::1"}], "format"),
    (POD, f"{_C}.resources", {"limits": {"gpu": 1}}, {"limits": {"a.b/gpu": 1}}, "amount"),
    (POD, f"{_C}.resources", {"requests": {"a.b/c": 1}}, {"limits": {"a.b/c": 1}}, "amount"),
    (POD, f"{_C}.resources", {"limits": {"a.b/c": "1500m"}}, {"limits": {"a.b/c": "2000m"}}, "amount"),
    (
        POD,
        f"{_C}.volumeMounts",
        [{"name": "data", "mountPath": "/", "subPath": "/a"}],
        [{"mountPath": "/"}],
        "format",
    ),
    (SERVICE, "metadata.name", "1-cart", "c-1", "name"),
    (SERVICE, "metadata.name", "a.b", "a-b", "name"),
    (SERVICE, "spec.ports", [{"port": 80}, {"name": "a", "port": 81}], [{"port": 80}], "lacking"),
    (SERVICE, "spec.ports", [], None, "lacking"),
    (SERVICE, "spec.ports.0.nodePort", 30000, 0, "conflict"),
    (SERVICE, "spec.ports.0.port", 65536, 65535, "number"),
    (changed(SERVICE, "spec.type", "NodePort"), "spec.ports.0.nodePort", 8080, 30080, "number"),
    (SERVICE, "spec.loadBalancerSourceRanges", ["10.0.0.0/8"], [], "conflict"),
    (SERVICE, "spec.type", "ExternalName", "LoadBalancer", "lacking"),
    (INGRESS, "spec.rules.0.host", "a.*.com", "*.com", "format"),
    (INGRESS, "spec.rules.0.host", "10.0.0.1", "a10.0.0.1", "format"),
    (INGRESS, "spec.rules.0.http.paths.0.path", "a", "/a", "format"),
    (INGRESS, "spec.rules.0.http.paths.0.path", "/a/..", "/a/..b", "format"),
    (INGRESS, "spec.rules.0.http.paths.0.backend.service.port", {}, {"name": "a"}, "lacking"),
    (INGRESS, "spec.rules.0.http.paths.0.backend", {}, {"resource": {"kind": "A", "name": "b"}}, "lacking"),
    (INGRESS, "spec.rules.0.http.paths.0.backend.resource", {"kind": "A", "name": "b"}, None, "conflict"),
    (CLAIM, "spec.accessModes", ["ReadWriteOncePod", "ReadWriteOnce"], ["ReadWriteOncePod"], "conflict"),
    (CLAIM, "spec.accessModes", [], ["ReadWriteMany"], "lacking"),
    (CLAIM, "spec.resources.requests.storage", 0, 1, "number"),
    (DEPLOYMENT, "spec.replicas", -1, 0, "number"),
    (
        DEPLOYMENT,
        "spec.strategy",
        {"type": "Recreate", "rollingUpdate": {}},
        {"type": "Recreate"},
        "conflict",
    ),
    (
        DEPLOYMENT,
        "spec.strategy",
        {"rollingUpdate": {"maxSurge": 0, "maxUnavailable": "0%"}},
        {"rollingUpdate": {"maxSurge": 0, "maxUnavailable": "1%"}},
        "conflict",
    ),
    (DEPLOYMENT, "spec.selector", {"matchLabels": {}}, {"matchLabels": {"app": "cart"}}, "lacking"),
    (DEPLOYMENT, "spec.template.spec.activeDeadlineSeconds", 5, None, "conflict"),
    (
        SCALER,
        "spec.metrics",
        [{"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization"}}}],
        SCALER["spec"]["metrics"],
        "conflict",
    ),
    (
        SCALER,
        "spec",
        {**SCALER["spec"], "metrics": []},
        {**SCALER["spec"], "metrics": [], "minReplicas": 1},
        "conflict",
    ),
    (SECRET, "data", {"a": "x"}, {"a": "eA=="}, "format"),
    (SECRET, "data", {"a/b": ""}, {"a_b.C-d": ""}, "name"),
    (SECRET, "data", {"..a": ""}, {".a..": ""}, "name"),
    (SECRET, "type", "kubernetes.io/dockerconfigjson", "shop/any", "lacking"),
    (SECRET, "stringData", {"a": "x" * 1_048_577}, {"a": "x" * 1_048_576}, "size"),
    (SECRET, "metadata.annotations", {"a": "x" * 262_144}, {"a": "x" * 262_143}, "size"),
    *(
        (hooks, f"webhooks.0.{way}", wrong, right, cause)
        for hooks in HOOKS
        for way, wrong, right, cause in (
            ("name", "pods.cart", "pods.cart.example", "name"),
            ("name", "pods.cart.Example", "pods.cart.example.com", "name"),
            ("clientConfig", {"url": "http://a"}, {"url": "https://a"}, "format"),
            (
                "clientConfig",
                {"url": "https://a", "service": {"name": "a"}},
                {"url": "https://a"},
                "conflict",
            ),
            ("clientConfig", {"caBundle": "eA=="}, {"service": {"name": "a", "namespace": "b"}}, "lacking"),
        )
    ),
    *((hooks, "webhooks", [_HOOK, _HOOK], [_HOOK, {**_HOOK, "name": "b.c.d"}], "twice") for hooks in HOOKS),
    (CRON, "metadata.name", "c" * 53, "c" * 52, "name"),
    (CRON, "spec.schedule", "60 * * * *", "59 * * * *", "format"),
    (CRON, "spec.timeZone", "Mars/Base", "Etc/UTC", "format"),
    (CRON, "spec.jobTemplate.spec.backoffLimit", -1, 0, "number"),
]


def refused(whole: dict[str, Any]) -> list[Refused]:
    """What the laws say of an object."""
    document = load_text("a.yaml", yaml.safe_dump(whole), Kind.KUBERNETES).documents[0]
    base: KubernetesObject = next(iter(objects_of(document)))
    way = POD_TEMPLATES.get((base.group, base.kind))
    return list(refusals_of(base, None if way is None else Workload(base, base.get(*way))))


@pytest.mark.parametrize(
    "whole", [POD, SERVICE, INGRESS, CLAIM, DEPLOYMENT, SECRET, CRON], ids=lambda whole: whole["kind"]
)
def test_a_whole_object_is_accepted(whole: dict[str, Any]) -> None:
    assert refused(whole) == []


@pytest.mark.parametrize(
    ("whole", "way", "wrong", "right", "cause"), TWINS, ids=lambda value: str(value)[:40]
)
def test_what_is_refused_has_an_allowed_twin(
    whole: dict[str, Any], way: str, wrong: object, right: object, cause: str
) -> None:
    assert cause in {item.cause.value for item in refused(changed(whole, way, wrong))}
    assert refused(changed(whole, way, right)) == []


@pytest.mark.parametrize("way", ["metadata.name", "spec.hostname", "spec.volumes.0.name", f"{_C}.name"])
@pytest.mark.parametrize("value", ["${NAME}", "{{ name }}", "<name>", "%NAME%"])
def test_what_is_filled_in_later_is_not_judged(way: str, value: str) -> None:
    assert refused(changed(POD, way, value)) == []


@pytest.mark.parametrize(
    "text", ["* * * * *", "*/15 0-23/2 ? JAN,mar-dec MON-fri", "@every 1h30m", "0 0 1 1 0", "1,,2 * * * *"]
)
def test_schedules_that_are_right(text: str) -> None:
    assert schedule(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "* * * *",
        "* * * * * *",
        "* * * * 7",
        "*/0 * * * *",
        "5-1 * * * *",
        "@sometimes",
        "* * 0 * *",
        "a * * * *",
    ],
)
def test_schedules_that_are_wrong(text: str) -> None:
    assert schedule(text) is not None
