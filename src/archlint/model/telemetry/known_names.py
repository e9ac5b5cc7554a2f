"""Names that labels of time series may have as values, as far as the repository tells."""

from __future__ import annotations

from archlint.files import Kind
from archlint.finding import Place
from archlint.finding.regex import regex
from archlint.model.compose import ComposeService
from archlint.model.kubernetes import KubernetesObject, Workload
from archlint.model.kubernetes.services import KubernetesService
from archlint.model.kubernetes.similar import SimilarNames
from archlint.model.telemetry.rules import MetricRule
from archlint.model.telemetry.slos import Objective
from archlint.model.world import World

SERVICE, NAMESPACE, WORKLOAD, CONTAINER = "service", "namespace", "workload", "container"
LABELS = {
    **dict.fromkeys(("job", "service", "service_name", "app", "destination_service_name"), SERVICE),
    **dict.fromkeys(("namespace", "exported_namespace", "kubernetes_namespace"), NAMESPACE),
    **dict.fromkeys(("deployment", "statefulset", "daemonset", "workload"), WORKLOAD),
    "container": CONTAINER,
}
"""What the value of a label is the name of."""
_WORD = regex(r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?")
_LONGEST_TEXT = 1_000_000
_READ = (
    *(Kind.KUBERNETES, Kind.KUSTOMIZATION, Kind.KUSTOMIZE_PATCH, Kind.UNUSED_PATCH, Kind.CHART, Kind.DATA),
    *(Kind.CHART_VALUES, Kind.CHART_TEMPLATE, Kind.COMPOSE, Kind.CATALOG),
)


class KnownNames:
    """The names of one kind, with where each is defined."""

    def __init__(self, places: dict[str, Place]) -> None:
        self.places = places
        self._similar = SimilarNames(places)

    def nearest(self, name: str) -> str | None:
        """The name that is spelt most alike."""
        return self._similar.nearest(name)


def known_names(world: World) -> dict[str, KnownNames]:
    """The names by what they are of; ask with ``world.fact(known_names)``."""
    found: dict[str, dict[str, Place]] = {key: {} for key in (SERVICE, NAMESPACE, WORKLOAD, CONTAINER)}
    for workload in world.all(Workload):
        place = workload.base.get("metadata", "name").value_place()
        for key in (SERVICE, WORKLOAD):
            found[key].setdefault(workload.name, place)
        for container in workload.containers:
            if container.name:
                found[CONTAINER].setdefault(container.name, container.get("name").value_place())
    for service in world.all(KubernetesService):
        found[SERVICE].setdefault(service.name, service.base.get("metadata", "name").value_place())
    for composed in world.all(ComposeService):
        found[SERVICE].setdefault(composed.name, composed.node.place())
    objects = world.all(KubernetesObject)
    for item in objects:
        if item.kind == "Namespace" and not item.group:
            found[NAMESPACE].setdefault(item.name, item.get("metadata", "name").value_place())
    for item in objects:
        if item.namespace:
            found[NAMESPACE].setdefault(item.namespace, item.get("metadata", "namespace").value_place())
    return {key: KnownNames(places) for key, places in found.items()}


def is_judged(value: str) -> bool:
    """Whether a value has the form of a name, and is not one that every cluster has."""
    return _WORD.fullmatch(value) is not None and len(value) > 3


def words(world: World) -> frozenset[str]:
    """Every word of the files that deploy something, rules and objectives left out: what stands there may be
    the name of something, whatever makes it. Ask with ``world.fact(words)``."""
    found: set[str] = set()
    rules = {rule.source.path for rule in world.all(MetricRule)}
    rules |= {objective.source.path for objective in world.all(Objective)}
    for path in world.paths(*_READ):
        if path not in rules:
            found.update(_WORD.findall((world.text(path) or "")[:_LONGEST_TEXT]))
    return frozenset(found)
