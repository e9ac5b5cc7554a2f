"""Workloads for development that run as many pods as if they were for customers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from archlint.documents import Document, Node
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.kubernetes import Workload
from archlint.model.kubernetes.autoscalers import autoscaled
from archlint.model.kubernetes.workloads import REPLICATED
from archlint.model.world import World

_TRIAL = regex(
    r"(?:\A|[-_./])(?:dev|devel|development|test|testing|qa|int|integration|stage|staging|sandbox|preview|demo"
    r"|ephemeral|local)(?:\Z|[-_./])"
)
_REAL = regex(r"(?:\A|[-_./])(?:prod|production|prd|live)(?:\Z|[-_./])")
_REGION = regex(
    r"(?:\A|[-_.])(?:cluster|region|dc|eu|us|ap|sa|af|me|emea|apac|europe|asia|frankfurt|ireland|virginia)"
    r"(?:\Z|[-_.]|\d)"
)
_OF_CLUSTERS = frozenset(
    {"clusters", "cluster", "environments", "envs", "env", "overlays", "regions", "stages", "sites", "fleet"}
)


@dataclass(frozen=True, eq=False)
class TrialReplicas:
    """A workload of an environment for trying things out, with a fixed number of pods."""

    workload: Workload
    environment: str
    count: Node
    real: Node | None
    """How many pods the workload of this name has in another environment, if it runs in one."""

    @classmethod
    def all(cls, world: World) -> Iterable[TrialReplicas]:
        """Every such workload whose number is written."""
        by_name: dict[tuple[str, str], list[Workload]] = defaultdict(list)
        for workload in world.all(Workload):
            if workload.kind in REPLICATED and workload.replicas is not None:
                by_name[workload.kind, workload.name].append(workload)
        for alike in by_name.values():
            others = [item for item in alike if _environment(item) is None]
            real = max(others, key=lambda item: item.replicas or 0, default=None)
            for workload in alike:
                environment = _environment(workload)
                if environment is not None and workload not in world.fact(autoscaled):
                    node = workload.base.get("spec", "replicas")
                    yield cls(
                        workload, environment, node, real.base.get("spec", "replicas") if real else None
                    )

    @property
    def source(self) -> Document:
        """The document of the workload."""
        return self.workload.source

    @property
    def object(self) -> ObjectRef:
        """The workload."""
        return self.workload.object


def _environment(workload: Workload) -> str | None:
    """The environment for trials that a workload is of, by its namespace, else by its folder."""
    for text in (workload.namespace or "", workload.source.path.rpartition("/")[0]):
        if _REAL.search(text.lower()):
            return None
        found = _TRIAL.search(text.lower())
        if found is not None:
            return found[0].strip("-_./")
    return None


def are_of_several_clusters(paths: Iterable[str]) -> bool:
    """Whether the folders of some files say that these are applied to different clusters: where they part,
    the folders are called as clusters, regions or environments are."""
    folders = [path.split("/")[:-1] for path in paths]
    if not folders:
        return False
    first, last = min(folders), max(folders)
    shared = next((at for at, pair in enumerate(zip(first, last, strict=False)) if pair[0] != pair[1]), None)
    if shared is None:
        return False
    names = {folder[shared] for folder in folders}
    above = first[shared - 1].lower() if shared else ""
    return above in _OF_CLUSTERS or any(
        form.search(name.lower()) for name in names for form in (_TRIAL, _REAL, _REGION)
    )
