"""Names that labels of time series may have as values, as far as the repository tells."""

from __future__ import annotations

from archlint.documents import Node
from archlint.files import Kind
from archlint.finding import Place
from archlint.finding.regex import regex
from archlint.model.compose import ComposeService
from archlint.model.kubernetes import KubernetesObject, Workload
from archlint.model.kubernetes.names.similar import SimilarNames, is_one_letter_apart
from archlint.model.kubernetes.services import KubernetesService
from archlint.model.mentions import unnamed
from archlint.model.telemetry.alertmanager import AlertRouting
from archlint.model.telemetry.dashboards import Dashboard
from archlint.model.telemetry.promql import exact_values
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


class KnownNames:
    """The names of one kind, with where each is defined."""

    def __init__(self, places: dict[str, Place]) -> None:
        self.places = places
        self._similar = SimilarNames(places)

    def meant(self, name: str) -> str | None:
        """The name that is written wrongly in another: by one letter, as two may be names of two things."""
        near = self._similar.nearest(name)
        return near if near is not None and _is_one_slip(name, near) else None


def _is_one_slip(one: str, other: str) -> bool:
    """Whether names that begin with the same letter are a letter apart; digits that differ are meant."""
    digits = ["".join(filter(str.isdigit, name)) for name in (one, other)]
    return one[0] == other[0] and digits[0] == digits[1] and is_one_letter_apart(one, other)


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


def nowhere(world: World) -> frozenset[str]:
    """The values that rules and objectives ask for and that nothing else in the repository is called: what
    is called so may be anything, whatever makes it. Dashboards, tests of rules and routes of alerts ask for
    names too, and give none. Ask with ``world.fact(nowhere)``."""
    known = world.fact(known_names)
    asked = {
        (LABELS[matcher.label], value)
        for rule in world.all(MetricRule)
        for selector in rule.selectors
        for matcher in selector.matchers
        if matcher.label in LABELS
        for value, _ in exact_values(matcher)
    }
    asked |= {(SERVICE, objective.service.text or "") for objective in world.all(Objective)}
    wrong = {
        value
        for what, value in asked
        if is_judged(value) and value not in known[what].places and known[what].meant(value)
    }
    if not wrong:
        return frozenset()
    asking = {rule.source.path for rule in world.all(MetricRule)}
    asking |= {objective.source.path for objective in world.all(Objective)}
    asking |= {dashboard.source.path for dashboard in world.all(Dashboard)}
    asking |= {routing.source.path for routing in world.all(AlertRouting)}
    asking |= {item.path for item in world.documents(Kind.DATA) if _tests_rules(item.root)}
    return unnamed(wrong, world.kinds.keys() - asking, world)


def _tests_rules(root: Node) -> bool:
    """Whether a document holds tests of rules, as promtool runs them."""
    return root.get("rule_files").is_list and root.get("tests").is_list
