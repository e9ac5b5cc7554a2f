"""ConfigMaps and Secrets of the repository, as what workloads take values from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.kubernetes import KubernetesObject, Workload
from archlint.model.kubernetes.sets import DeploymentSets, deployment_sets, nearest
from archlint.model.world import World


@dataclass(frozen=True, slots=True)
class ConfigKey:
    """One key of a ConfigMap or Secret."""

    key: str
    node: Node
    is_encoded: bool
    """Whether the text is base64, as in ``data`` of a Secret."""


class ConfigObjects:
    """All ConfigMaps and Secrets, by kind and name."""

    def __init__(self, world: World) -> None:
        self._sets: DeploymentSets = world.fact(deployment_sets)
        self._objects: dict[tuple[str, str], list[KubernetesObject]] = defaultdict(list)
        for item in world.all(KubernetesObject):
            if item.kind in ("ConfigMap", "Secret") and not item.group:
                self._objects[item.kind, item.name].append(item)
        self._takers = _takers(world)

    def is_shared(self, kind: str, name: str) -> bool:
        """Whether several services take all entries of an object (``envFrom``): no value in it is meant for
        one of them. A workload whose name begins with another's, such as a worker, is the same service."""
        return (kind, name) in self._takers

    def entries(self, kind: str, name: str, asker: KubernetesObject) -> Iterator[ConfigKey]:
        """The entries of what ``asker`` means by a name: from its own sets if they have it, else from all."""
        for item in nearest(self._sets, asker, self._objects.get((kind, name), ()), asker.namespace):
            if kind == "ConfigMap":
                yield from (ConfigKey(key, node, False) for key, node in item.get("data").items())
            else:
                yield from (ConfigKey(key, node, False) for key, node in item.get("stringData").items())
                yield from (ConfigKey(key, node, True) for key, node in item.get("data").items())


def _takers(world: World) -> frozenset[tuple[str, str]]:
    """Kind and name of the objects that workloads of several services take whole."""
    names: dict[tuple[str, str], set[str]] = defaultdict(set)
    for workload in world.all(Workload):
        for container in workload.containers:
            for source in container.get("envFrom").elements():
                for kind, key in (("ConfigMap", "configMapRef"), ("Secret", "secretRef")):
                    name = source.get(key, "name").text
                    if name:
                        names[kind, name].add(workload.name)
    return frozenset(key for key, takers in names.items() if _are_several(takers))


def _are_several(names: set[str]) -> bool:
    first = min(names, key=len)
    return any(name != first and not name.startswith(f"{first}-") for name in names)


def configuration(world: World) -> ConfigObjects:
    """The configuration objects of a world; ask with ``world.fact(configuration)``."""
    return ConfigObjects(world)
