"""What the configuration says of kinds with pods, held against the objects of these kinds."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from archlint.documents import TextFile
from archlint.finding import Place
from archlint.finding.records import dataclass
from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.kubernetes.workloads import POD_TEMPLATES, pod_specs
from archlint.model.pod_spec_paths import PodSpecPath
from archlint.model.world import World


@dataclass(frozen=True)
class ConfiguredPods:
    """One path of the configuration, and the objects of its kind."""

    said: PodSpecPath
    objects: tuple[KubernetesObject, ...]

    @classmethod
    def all(cls, world: World) -> Iterable[ConfiguredPods]:
        """Those of the configuration."""
        if not world.pod_spec_paths:
            return
        by_kind: dict[tuple[str, str], list[KubernetesObject]] = {}
        for item in world.all(KubernetesObject):
            by_kind.setdefault((item.group, item.kind), []).append(item)
        for said in world.pod_spec_paths:
            yield cls(said, tuple(by_kind.get((said.group, said.kind), ())))

    @property
    def source(self) -> TextFile:
        """The configuration."""
        return TextFile(self.said.path)

    @property
    def object(self) -> None:
        """It is about no single object."""

    @property
    def place(self) -> Place:
        """The kind in the configuration."""
        return self.source.place(self.said.span)

    @property
    def name(self) -> str:
        """The kind, with its group if it has one."""
        return f"{self.said.group}/{self.said.kind}" if self.said.group else self.said.kind

    @property
    def is_built_in(self) -> bool:
        """Whether archlint knows where this kind keeps its pods, and that it keeps no others."""
        return (self.said.group, self.said.kind) in POD_TEMPLATES

    @property
    def leads_nowhere(self) -> bool:
        """Whether none of the objects has anything there."""
        return not any(pod_specs(item, self.said.way) for item in self.objects)

    @property
    def lacks_containers(self) -> bool:
        """Whether what is there is a pod spec nowhere."""
        return not any(
            spec.get("containers").is_list for item in self.objects for spec in pod_specs(item, self.said.way)
        )

    @property
    def found_instead(self) -> str:
        """A path that leads to containers in the first object; empty if there is none."""
        for item in self.objects[:1]:
            waiting = deque([item.node])
            while waiting:
                node = waiting.popleft()
                if node.get("containers").is_list and any(
                    each.get("image").is_set for each in node.get("containers").elements()
                ):
                    own = node.route[len(item.node.route) :]
                    return ".".join("*" if isinstance(part, int) else part for part in own)
                waiting += [each for _, each in node.items()] + list(node.elements())
        return ""
