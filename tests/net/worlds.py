"""Small repositories for the tests of the rules about network policies and the service mesh."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from archlint.engine.reading import read_world
from archlint.files import WorkingTree
from archlint.finding import Finding, Rule
from archlint.model.world import World
from tests.support.rules import own_rules
from tests.support.runners import found_in


@cache
def rules_of(area: str) -> tuple[Rule, ...]:
    """All rules of an area."""
    return tuple(rule for rule in own_rules() if rule.area == area)


def world_of(folder: Path, files: dict[str, str]) -> World:
    """The world of some files, laid out in a folder."""
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
    return read_world(WorkingTree(folder), sorted(files))


def findings_of(world: World, *areas: str) -> list[Finding]:
    """What all rules of some areas find; fails if one of them raises."""
    return found_in(world, [rule for area in areas for rule in rules_of(area)])


def found_by(
    rule: str, folder: Path, files: dict[str, list[dict[str, Any]] | dict[str, Any]]
) -> list[Finding]:
    """What one rule finds in files given as objects; a list makes a ``List``, as a file of several would."""
    texts = {
        path: json.dumps(
            {"apiVersion": "v1", "kind": "List", "items": data} if isinstance(data, list) else data
        )
        for path, data in files.items()
    }
    world = world_of(folder, texts)
    area = next(item.area for name in ("NET", "MESH") for item in rules_of(name) if item.name == rule)
    return [finding for finding in findings_of(world, area) if finding.rule == rule]


def policy(name: str = "cart", namespace: str | None = None, **spec: Any) -> dict[str, Any]:
    """A NetworkPolicy; ``selector`` is for ``podSelector.matchLabels``; without it all pods are selected."""
    labels = spec.pop("selector", None)
    metadata = {"name": name} | ({"namespace": namespace} if namespace else {})
    body = {"podSelector": {"matchLabels": labels} if labels else {}, **spec}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata, "spec": body}


def deployment(name: str, namespace: str | None = None, **pod: Any) -> dict[str, Any]:
    """A Deployment whose pods have the label ``app`` with its name; ``pod`` goes into the pod spec."""
    metadata = {"name": name} | ({"namespace": namespace} if namespace else {})
    template = {
        "metadata": {"labels": {"app": name}},
        "spec": {"containers": [{"name": name, "image": f"shop/{name}:1"}], **pod},
    }
    spec = {"selector": {"matchLabels": {"app": name}}, "template": template}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec}


def custom(kind: str, group: str, name: str, namespace: str | None = None, **body: Any) -> dict[str, Any]:
    """Any other object."""
    metadata = {"name": name} | ({"namespace": namespace} if namespace else {})
    return {"apiVersion": group, "kind": kind, "metadata": metadata, **body}
