"""Clusters for the tests of who can connect to whom: objects in, connections out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from archlint.documents import load_text
from archlint.files import Kind, WorkingTree
from archlint.files.tree import Overlay
from archlint.model.network.connectivity import Connectivity, connectivities
from archlint.model.network.connectivity.listing import connections
from archlint.model.world import World
from tests.net.worlds import world_of

Shown = dict[tuple[str, str], str]
"""Connections by source and destination."""
_NO_FILES = WorkingTree(Path("/nowhere"), ())


def cluster_of(objects: Sequence[dict[str, Any]]) -> Connectivity:
    """What objects say that are given as data."""
    return cluster_in({"apiVersion": "v1", "kind": "List", "items": list(objects)})


def cluster_in(document: dict[str, Any]) -> Connectivity:
    """What one document says."""
    return _world_in(document).fact(connectivities)[0]


def world_in(objects: Sequence[dict[str, Any]]) -> World:
    """The world of objects that are given as data, in the file ``all.json``."""
    return _world_in({"apiVersion": "v1", "kind": "List", "items": list(objects)})


def _world_in(document: dict[str, Any]) -> World:
    loaded = load_text("all.json", json.dumps(document), Kind.KUBERNETES)
    return World(Overlay(_NO_FILES, {}), {"all.json": Kind.KUBERNETES}, {"all.json": loaded.documents})


def shown(found: Connectivity) -> Shown:
    """What is listed as allowed."""
    return {
        (item.source.name, item.destination.name): str(item.bounds.taken)
        for item in connections(found)
        if item.bounds.taken
    }


def shown_in(folder: Path, *objects: dict[str, Any]) -> Shown:
    """As ``shown``, for objects that are written to a file first."""
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": objects})
    return shown(world_of(folder, {"all.json": text}).fact(connectivities)[0])


def pod(
    name: str, namespace: str | None = "shop", labels: dict[str, str] | None = None, **spec: Any
) -> dict[str, Any]:
    """A Pod, with the label ``app`` if no others are given; ``ports`` are those of its container."""
    ports = spec.pop("ports", [])
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": name,
            "labels": {"app": name} if labels is None else labels,
            **({"namespace": namespace} if namespace else {}),
        },
        "spec": {"containers": [{"name": "main", "image": "a:1", "ports": ports}], **spec},
    }


def namespace(name: str, **labels: str) -> dict[str, Any]:
    """A Namespace."""
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}
