"""ConfigMaps and Secrets of the repository, as what workloads take values from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.kubernetes import KubernetesObject
from archlint.model.kubernetes.sets import DeploymentSets, deployment_sets
from archlint.model.services.nearness import nearest
from archlint.model.world import World


@dataclass(frozen=True, slots=True)
class Entry:
    """One key of a ConfigMap or Secret."""

    key: str
    node: Node
    is_encoded: bool
    """Whether the text is base64, as in ``data`` of a Secret."""


class Configuration:
    """All ConfigMaps and Secrets, by kind and name."""

    def __init__(self, world: World) -> None:
        self._sets: DeploymentSets = world.fact(deployment_sets)
        self._objects: dict[tuple[str, str], list[KubernetesObject]] = defaultdict(list)
        for item in world.all(KubernetesObject):
            if item.kind in ("ConfigMap", "Secret") and not item.group:
                self._objects[item.kind, item.name].append(item)

    def entries(self, kind: str, name: str, asker: KubernetesObject) -> Iterator[Entry]:
        """The entries of what ``asker`` means by a name: from its own sets if they have it, else from all."""
        for item in nearest(self._sets, asker, self._objects.get((kind, name), ()), asker.namespace):
            if kind == "ConfigMap":
                yield from (Entry(key, node, False) for key, node in item.get("data").items())
            else:
                yield from (Entry(key, node, False) for key, node in item.get("stringData").items())
                yield from (Entry(key, node, True) for key, node in item.get("data").items())


def configuration(world: World) -> Configuration:
    """The configuration objects of a world; ask with ``world.fact(configuration)``."""
    return Configuration(world)
