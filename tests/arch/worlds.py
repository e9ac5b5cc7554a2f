"""Small repositories for the tests of the graph and of the rules that join files of several kinds."""

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

AREAS = ("ARCH", "RES", "DEPLOY", "DATA", "OBS", "OWN", "DOC", "COST")


@cache
def rules() -> tuple[Rule, ...]:
    """The rules of all areas that join files."""
    return tuple(rule for rule in own_rules() if rule.area in AREAS)


def world_of(folder: Path, files: dict[str, str | bytes | list[dict[str, Any]]]) -> World:
    """The world of some files, laid out in a folder; a list of objects makes a stream of documents."""
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        text = "\n---\n".join(map(json.dumps, content)) if isinstance(content, list) else content
        target.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return read_world(WorkingTree(folder), sorted(files))


def findings_of(world: World, rule: str | None = None) -> list[Finding]:
    """What the rules find; fails if one of them raises."""
    return [finding for finding in found_in(world, rules()) if rule in (None, finding.rule)]


def deployment(
    name: str, namespace: str | None = None, *, image: str | None = None, kind: str = "Deployment", **env: str
) -> dict[str, Any]:
    """A workload whose pods have the label ``app`` with its name, with some variables."""
    container = {
        "name": name,
        "image": image or f"shop/{name}:1",
        "env": [{"name": key, "value": value} for key, value in env.items()],
    }
    template = {"metadata": {"labels": {"app": name}}, "spec": {"containers": [container]}}
    body = {"selector": {"matchLabels": {"app": name}}, "template": template}
    if kind == "CronJob":
        body = {"jobTemplate": {"spec": {"template": template}}}
    api = "batch/v1" if kind in ("CronJob", "Job") else "apps/v1"
    return {"apiVersion": api, "kind": kind, "metadata": _metadata(name, namespace), "spec": body}


def service(name: str, port: int = 80, namespace: str | None = None, **spec: Any) -> dict[str, Any]:
    """A Service that selects the pods of the workload of its name."""
    body = {"selector": {"app": name}, "ports": [{"port": port}], **spec}
    return {"apiVersion": "v1", "kind": "Service", "metadata": _metadata(name, namespace), "spec": body}


def custom(kind: str, group: str, name: str, namespace: str | None = None, **body: Any) -> dict[str, Any]:
    """Any other object."""
    return {"apiVersion": group, "kind": kind, "metadata": _metadata(name, namespace), **body}


def _metadata(name: str, namespace: str | None) -> dict[str, str]:
    return {"name": name} | ({"namespace": namespace} if namespace else {})
