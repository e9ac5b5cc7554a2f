"""Amounts are judged wherever they stand, and by what they mean."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.kube.worlds import rules_found

Object = dict[str, Any]


def _pod(**spec: Any) -> Object:
    container = {"name": "a", "image": "shop/a:1.0.0"}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "a"},
        "spec": {"containers": [container], **spec},
    }


def _object(version: str, kind: str, **spec: Any) -> Object:
    return {"apiVersion": version, "kind": kind, "metadata": {"name": "a"}, "spec": spec}


def _everywhere(amount: Any) -> list[Object]:
    """Manifests that hold an amount of bytes, each in another place."""
    claim = {"resources": {"requests": {"storage": amount}}}
    container = {"name": "a", "image": "shop/a:1.0.0"}
    resources = {"limits": {"memory": amount}}
    metric = {"name": "memory", "target": {"averageValue": amount}}
    return [
        _pod(containers=[{**container, "resources": resources}]),
        _pod(initContainers=[{**container, "resources": {"requests": {"ephemeral-storage": amount}}}]),
        _pod(resources=resources),
        _pod(volumes=[{"name": "v", "emptyDir": {"sizeLimit": amount}}]),
        _pod(volumes=[{"name": "v", "ephemeral": {"volumeClaimTemplate": {"spec": claim}}}]),
        _object("v1", "PersistentVolumeClaim", **claim),
        _object("v1", "PersistentVolume", capacity={"storage": amount}),
        _object("v1", "LimitRange", limits=[{"type": "Container", "default": {"memory": amount}}]),
        _object("v1", "ResourceQuota", hard={"limits.memory": amount}),
        _object("v1", "ResourceQuota", hard={"gold.storageclass.storage.k8s.io/requests.storage": amount}),
        _object("apps/v1", "StatefulSet", volumeClaimTemplates=[{"metadata": {"name": "v"}, "spec": claim}]),
        _object("autoscaling/v2", "HorizontalPodAutoscaler", metrics=[{"resource": metric}]),
    ]


_MEANINGS: list[tuple[Any, str | None]] = [
    ("3500m", "few-bytes"),
    ("512000m", "few-bytes"),
    (256, "few-bytes"),
    ("0.5", "few-bytes"),
    ("1e3", "few-bytes"),
    ("-1Gi", "quantity-invalid"),
    (-5, "quantity-invalid"),
    ("1GB", "quantity-invalid"),
    ("858993459200m", None),
    ("64Mi", None),
    ("1k", None),
    (0, None),
    (268435456, None),
    ("${SIZE}", None),
]


@pytest.mark.parametrize(("amount", "rule"), _MEANINGS)
def test_an_amount_means_the_same_everywhere(tmp_path: Path, amount: Any, rule: str | None) -> None:
    for number, item in enumerate(_everywhere(amount)):
        found = rules_found(tmp_path / str(number), {"a.json": json.dumps(item)})

        judged = [each for each in found if each in ("few-bytes", "quantity-invalid")]
        assert judged == ([rule] if rule else []), item


@pytest.mark.parametrize("amount", ["500m", 1, "0.5"])
def test_other_resources_count_no_bytes(tmp_path: Path, amount: Any) -> None:
    limits = {"cpu": amount, "example.com/gpu": amount}
    container = {"name": "a", "image": "shop/a:1.0.0", "resources": {"limits": limits}}

    found = rules_found(tmp_path, {"a.json": json.dumps(_pod(containers=[container]))})

    assert "few-bytes" not in found
