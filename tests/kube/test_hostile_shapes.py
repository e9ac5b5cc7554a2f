"""Null or a wrong type wherever a map or list is expected: no rule raises."""

from __future__ import annotations

import copy
import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.kube.worlds import findings_of, world_of
from tests.support.sampling import usually

LABELS = {"app": "cart"}
PROBE = {"httpGet": {"path": "/", "port": "http", "httpHeaders": [{"name": "a", "value": "b"}]}}
CONTAINER = {
    "name": "cart",
    "image": "shop/cart",
    "ports": [{"name": "http", "containerPort": 8080}],
    "command": ["run"],
    "args": ["--port", "8080"],
    "env": [
        {"name": "A", "value": "b"},
        {"name": "C", "valueFrom": {"configMapKeyRef": {"name": "settings", "key": "missing"}}},
    ],
    "envFrom": [{"configMapRef": {"name": "nothing"}}],
    "resources": {"requests": {"cpu": "9", "memory": "1Mi"}, "limits": {"cpu": "8", "memory": "9Gi"}},
    "securityContext": {"privileged": True, "runAsUser": 0, "capabilities": {"add": ["SYS_ADMIN"]}},
    "readinessProbe": PROBE,
    "livenessProbe": PROBE,
}
OBJECTS: list[dict[str, Any]] = [
    {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "cart", "namespace": "shop", "labels": LABELS},
        "spec": {
            "replicas": 3,
            "selector": {
                "matchLabels": LABELS,
                "matchExpressions": [{"key": "app", "operator": "In", "values": ["cart"]}],
            },
            "template": {
                "metadata": {"labels": LABELS, "annotations": {"a": "b"}},
                "spec": {
                    "serviceAccountName": "nobody",
                    "hostNetwork": True,
                    "securityContext": {"runAsNonRoot": False},
                    "nodeSelector": {"kubernetes.io/os": "linux"},
                    "containers": [CONTAINER],
                    "initContainers": [{**CONTAINER, "restartPolicy": "Always"}],
                    "volumes": [
                        {"configMap": {"name": "x", "items": [{"key": "k"}]}},
                        {"projected": {"sources": [{"configMap": {"name": "y"}}]}},
                    ],
                },
            },
        },
    },
    {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "cart", "namespace": "shop"},
        "spec": {"selector": LABELS, "ports": [{"port": 80, "targetPort": "web"}]},
    },
    {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "other", "namespace": "shopp"},
        "spec": {"selector": {"app": "none"}, "ports": [{"port": 80}]},
    },
    {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "cart"}},
    {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "cart", "namespace": "shop"}},
    {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}},
    {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"}, "data": {"a": "b"}},
    {
        "apiVersion": "v1",
        "kind": "LimitRange",
        "metadata": {"name": "defaults", "namespace": "else"},
        "spec": {
            "limits": [{"type": "Container", "default": {"memory": "1Gi"}, "defaultRequest": {"cpu": 1}}]
        },
    },
    {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRole",
        "metadata": {"name": "all"},
        "rules": [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}],
    },
    {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": "cart"},
        "spec": {"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "cart"}},
    },
    {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": {"name": "cart"},
        "spec": {"selector": {"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["cart"]}]}},
    },
]
KUSTOMIZATION: dict[str, Any] = {
    "namespace": "shop",
    "resources": ["objects.json"],
    "images": [{"name": "shop/cart", "newTag": "1"}],
    "patches": [{"path": "patch.yaml"}, {"patch": "- op: add", "target": {"kind": "Deployment"}}],
    "patchesStrategicMerge": ["other.yaml"],
    "configMapGenerator": [{"name": "made"}],
}
ODD = [None, True, 0, -1, 1.5, "", "text", [], ["text"], [None], {}, {"a": None}, [[]], {"name": {}}]


def _routes(value: Any, route: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """All routes below a value."""
    items: Any = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    return [way for key, item in items for way in ((*route, key), *_routes(item, (*route, key)))]


def _replace(value: Any, route: tuple[str | int, ...], odd: Any) -> None:
    for part in route[:-1]:
        if not isinstance(value, (dict, list)) or (isinstance(value, list) and not isinstance(part, int)):
            return
        try:
            value = value[part]
        except (KeyError, IndexError):
            return
    if isinstance(value, dict) or (isinstance(value, list) and isinstance(route[-1], int) and value):
        value[route[-1] if isinstance(value, dict) else 0] = odd


CHANGES = st.lists(st.tuples(st.sampled_from(_routes(OBJECTS)), st.sampled_from(ODD)), min_size=1, max_size=6)
OVERLAY_CHANGES = st.lists(
    st.tuples(st.sampled_from(_routes(KUSTOMIZATION)), st.sampled_from(ODD)), max_size=2
)


@settings(max_examples=usually(75, 1000), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(CHANGES, OVERLAY_CHANGES, st.booleans())
def test_no_rule_raises(changes: list[Any], overlay_changes: list[Any], has_overlay: bool) -> None:
    objects, overlay = copy.deepcopy(OBJECTS), copy.deepcopy(KUSTOMIZATION)
    for route, odd in changes:
        _replace(objects, route, copy.deepcopy(odd))
    for route, odd in overlay_changes:
        _replace(overlay, route, copy.deepcopy(odd))
    files = {"objects.json": json.dumps({"apiVersion": "v1", "kind": "List", "items": objects})}
    if has_overlay:
        files["kustomization.yaml"] = json.dumps(overlay)
    with tempfile.TemporaryDirectory() as folder:
        findings_of(world_of(Path(folder), files))


def test_unchanged_objects_are_judged() -> None:
    """The objects above do reach the rules: else the test before would prove nothing."""
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": OBJECTS})
    with tempfile.TemporaryDirectory() as folder:
        found = {finding.rule for finding in findings_of(world_of(Path(folder), {"objects.json": text}))}
    assert {
        "memory-out-of-range",
        "request-exceeds-limit",
        "image-tag-missing",
        "privileged-container",
        "host-namespace-shared",
        "service-account-undefined",
        "config-reference-undefined",
        "namespace-undefined",
        "rbac-wildcard",
        "autoscaler-and-replicas",
        "service-selects-nothing",
        "target-port-undefined",
        "probes-identical",
    } <= found
