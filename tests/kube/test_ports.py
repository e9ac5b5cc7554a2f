"""A port name reaches a pod only where a container that lasts declares it for the same protocol."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest

from tests.kube.worlds import findings_of, world_of

_PROTOCOLS = (None, "TCP", "UDP")
_ROLES = ("main", "sidecar", "init")
_CASES = list(itertools.product(_ROLES, _PROTOCOLS, _PROTOCOLS))


def _deployment(role: str, protocol: str | None) -> dict[str, Any]:
    port: dict[str, Any] = {"name": "dns", "containerPort": 5353}
    if protocol is not None:
        port["protocol"] = protocol
    holder: dict[str, Any] = {"name": "holder", "image": "shop/holder:1.0.0", "ports": [port]}
    if role == "sidecar":
        holder["restartPolicy"] = "Always"
    other = {"name": "other", "image": "shop/other:1.0.0"}
    spec: dict[str, Any] = {"containers": [other, holder] if role == "main" else [other]}
    if role != "main":
        spec["initContainers"] = [holder]
    labels = {"app": "a"}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "a"},
        "spec": {
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": spec},
        },
    }


def _service(target: str | int, protocol: str | None) -> dict[str, Any]:
    port: dict[str, Any] = {"name": "x", "port": 53, "targetPort": target}
    if protocol is not None:
        port["protocol"] = protocol
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "a"},
        "spec": {"selector": {"app": "a"}, "ports": [port]},
    }


def _messages(folder: Path, *objects: dict[str, Any]) -> list[str]:
    world = world_of(folder, {"all.json": json.dumps({"apiVersion": "v1", "kind": "List", "items": objects})})
    return [item.message for item in findings_of(world) if item.rule == "target-port-undefined"]


@pytest.mark.parametrize(("role", "declared", "asked"), _CASES)
def test_a_name_is_found_with_its_protocol(
    tmp_path: Path, role: str, declared: str | None, asked: str | None
) -> None:
    """The endpoints controller compares both, and looks only into containers that last."""
    messages = _messages(tmp_path, _deployment(role, declared), _service("dns", asked))

    reached = role != "init" and (declared or "TCP") == (asked or "TCP")
    assert len(messages) == (0 if reached else 1)
    if messages:
        word = "which only init container 'holder'" if role == "init" else "for " + (declared or "TCP")
        assert word in messages[0]


@pytest.mark.parametrize(("role", "declared", "asked"), _CASES)
def test_a_number_needs_no_declaration(
    tmp_path: Path, role: str, declared: str | None, asked: str | None
) -> None:
    """Kubernetes sends to a number whether it is declared or not, and for whatever protocol."""
    assert not _messages(tmp_path, _deployment(role, declared), _service(5353, asked))
