"""Files that workloads of Kubernetes are given: entries of ConfigMaps that volumes mount."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.kubernetes import Workload
from archlint.model.services.configuration import ConfigObjects, configuration
from archlint.model.world import World


@dataclass(frozen=True, slots=True)
class MountedFile:
    """An entry of a ConfigMap as a file of a workload."""

    workload: Workload
    name: str
    node: Node


def mounted_files(world: World) -> list[MountedFile]:
    """All of them, by workload; ask with ``world.fact(mounted_files)``."""
    known = world.fact(configuration)
    return [
        MountedFile(workload, key, node)
        for workload in world.all(Workload)
        if workload.name
        for key, node in _files_of(workload, known)
    ]


def _files_of(workload: Workload, known: ConfigObjects) -> Iterator[tuple[str, Node]]:
    for volume in workload.pod_spec.get("volumes").elements():
        projected = (item.get("configMap") for item in volume.get("projected", "sources").elements())
        for source in (volume.get("configMap"), *projected):
            name = source.get("name").text
            items = source.get("items")
            paths = {item.get("key").text or "": item.get("path").text or "" for item in items.elements()}
            for entry in known.entries("ConfigMap", name, workload.base) if name else ():
                if not items.is_list or entry.key in paths:
                    yield paths.get(entry.key, entry.key).rpartition("/")[2] or entry.key, entry.node
