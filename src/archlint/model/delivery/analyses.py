"""Queries by which a gradual release is judged, with the values that they are given, and whom they ask about.

Sources: Argo Rollouts, "Analysis & Progressive Delivery" (arguments: of the template, and of who uses it);
Flagger, "Metrics Analysis" (``{{ target }}``, ``{{ namespace }}`` and the like).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set

from archlint.documents import Document, Node
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.delivery.gradual import GradualRelease
from archlint.model.kubernetes import KubernetesObject, Workload
from archlint.model.kubernetes.services import KubernetesService, routing
from archlint.model.kubernetes.sets import find_objects
from archlint.model.telemetry.promql import Matcher, selectors_of
from archlint.model.world import World

_HOLE = regex(r"\{\{-?\s{0,9}([\w.-]{1,100})\s{0,9}-?\}\}")
_UNKNOWN = "?"
"""Stands for a value that nobody knows here; it is part of no name."""
_BEGINNING = regex(r"\^?\(?\.?\*?([a-z0-9][a-z0-9-]*)")
_OF_SERVICES = frozenset(
    {
        *("job", "service", "service_name", "app", "app_kubernetes_io_name", "exported_service", "ingress"),
        *("destination_service", "destination_service_name", "destination_workload", "destination_app"),
        *("destination_canonical_service", "deployment", "statefulset", "workload", "container", "pod"),
        *("kubernetes_pod_name", "pod_name", "k8s_deployment_name", "exported_job"),
    }
)
"""Labels whose values say which service a time series is about."""
_MEASURING = frozenset({"exporter", "prober", "pushgateway"})
"""Words in the names of programs that measure others."""
_WORD = regex(r"[a-z0-9]{1,200}")
_SHORTEST = 2
"""Names of so few letters, such as ``v1``, stand in all kinds of values."""
_LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A name that a query asks for."""

    name: str
    label: str
    is_known: bool
    """Whether it is a name: part of it may be filled in by what nobody knows."""


@dataclass(frozen=True, eq=False)
class ReleaseQuery:
    """One query that judges one release, with the values that it is given."""

    release: GradualRelease
    query: Node
    given: Mapping[str, Node]
    """Where values of its arguments are said, by the argument."""
    text: str
    """With all values that are known."""
    template: str

    @classmethod
    def all(cls, world: World) -> Iterator[ReleaseQuery]:
        """Every query of every release, each once for each way in which it is used."""
        for release in world.all(GradualRelease):
            yield from _of_flagger(release, world) if release.is_flagger else _of_rollout(release, world)

    @property
    def source(self) -> Document:
        """The document that holds the release."""
        return self.release.source

    @property
    def object(self) -> ObjectRef:
        """The release."""
        return self.release.object

    @property
    def asked(self) -> Iterator[Asked]:
        """The services that it asks for."""
        for matcher in self.matchers:
            if matcher.label in _OF_SERVICES and matcher.operator in ("=", "=~"):
                yield from _names_in(matcher)

    @property
    def matchers(self) -> Iterator[Matcher]:
        """All that it compares labels with."""
        for selector in selectors_of(self.text):
            yield from selector.matchers

    def place_of(self, name: str) -> Node:
        """Where a name is said: the value of an argument, else the query."""
        found = (node for node in self.given.values() if name in (node.text or ""))
        return next(found, self.query)


def _names_in(matcher: Matcher) -> Iterator[Asked]:
    for part in matcher.value.strip("^$").split("|"):
        match = _BEGINNING.match(part)
        name = match[1].rstrip("-") if match else ""
        yield Asked(name, matcher.label, bool(name) and _UNKNOWN not in part)


def names_of(release: GradualRelease, world: World) -> frozenset[str]:
    """All names under which what is released may be known: those of its objects, services, pods and
    containers."""
    spec = release.base.get("spec")
    found = {release.name, *(node.text or "" for node in _named(release))}
    target = spec.get("targetRef", "name").text or spec.get("workloadRef", "name").text
    found.add(target or "")
    by_name = world.fact(_by_name)
    workloads = [item for name in {release.name, target or ""} for item in by_name.get(name, ())]
    services = world.fact(routing).services
    for item in workloads:
        if item.namespace in (None, release.namespace) or release.namespace is None:
            found.update(container.name for container in item.containers)
            found.update(item.pod_labels.values())
            found.update(service.name for service in services.get(item, ()))
    return frozenset(filter(None, found))


def _by_name(world: World) -> Mapping[str, Sequence[Workload]]:
    found: dict[str, list[Workload]] = defaultdict(list)
    for item in world.all(Workload):
        found[item.name].append(item)
    return found


def _named(release: GradualRelease) -> Iterator[Node]:
    for key in ("canaryService", "stableService"):
        yield release.canary.get(key)
    for key in ("activeService", "previewService"):
        yield release.blue_green.get(key)
    for holder in ("service", "ingressRef", "routeRef"):
        yield release.base.get("spec", holder, "name")


def is_about(name: str, own: Set[str]) -> bool:
    """Whether a name is one of those, has all words of one, or only such: ``shop-orders`` and ``orders``."""
    words = set(name.split("-"))
    return any(words >= (each := set(item.split("-"))) or each >= words for item in own)


def others(query: ReleaseQuery, world: World) -> Asked | None:
    """A service of the repository that a query asks about, where nothing of it is about what is released."""
    asked = list(query.asked)
    own = names_of(query.release, world)
    if not asked or any(not item.is_known or is_about(item.name, own) for item in asked):
        return None
    if any(_may_be_about(matcher, query.release, own) for matcher in query.matchers):
        return None
    known = world.fact(_services)
    return next((item for item in asked if item.name in known and not _measures_others(item)), None)


def _may_be_about(matcher: Matcher, release: GradualRelease, own: Set[str]) -> bool:
    """Whether any label says what is released, or may: ``job`` and its like may name what was asked, such as
    an exporter, and ``consumergroup``, ``instance`` or ``topic`` whom it tells of."""
    if matcher.operator not in ("=", "=~"):
        return False
    is_of_namespace = "namespace" in matcher.label
    if _UNKNOWN in matcher.value.replace(".?", "") and not is_of_namespace:
        return True
    words = set(_WORD.findall(matcher.value.lower()))
    return any(
        set(_WORD.findall(name.lower())) <= words for name in ({release.name} if is_of_namespace else own)
    )


def _measures_others(item: Asked) -> bool:
    """Whether a program is named so that its measurements are about others."""
    return not _MEASURING.isdisjoint(item.name.split("-"))


def _services(world: World) -> frozenset[str]:
    """The names of services and of what runs; ask with ``world.fact``."""
    names = {item.name for item in world.all(Workload) if item.is_long_running}
    return frozenset(names | {item.name for item in world.all(KubernetesService)})


def _of_rollout(release: GradualRelease, world: World) -> Iterator[ReleaseQuery]:
    for use in _uses(release):
        said = {item.get("name").text or "": item for item in use.get("args").elements()}
        names = [*use.get("templates").elements(), use]
        for named in names:
            name = named.get("templateName").text
            if not name:
                continue
            kind = (
                "ClusterAnalysisTemplate" if named.get("clusterScope").value is True else "AnalysisTemplate"
            )
            for template in find_objects(world, release.base, kind, name, release.namespace):
                yield from _queries(release, template, said)


def _uses(release: GradualRelease) -> Iterator[Node]:
    """Where a Rollout names templates."""
    yield release.canary.get("analysis")
    for key in ("prePromotionAnalysis", "postPromotionAnalysis"):
        yield release.blue_green.get(key)
    for step in release.steps:
        yield step.get("analysis")
        yield from step.get("experiment", "analyses").elements()


def _queries(
    release: GradualRelease, template: KubernetesObject, said: Mapping[str, Node]
) -> Iterator[ReleaseQuery]:
    values: dict[str, str] = {}
    given: dict[str, Node] = {}
    for item in (*template.get("spec", "args").elements(), *said.values()):
        name, value = item.get("name").text or "", item.get("value")
        if item.get("valueFrom").is_set:
            values[f"args.{name}"] = _filled(item.get("valueFrom", "fieldRef", "fieldPath").text, release)
            given.pop(name, None)
        elif value.text is not None:
            values[f"args.{name}"] = value.text
            given[name] = value
    for metric in template.get("spec", "metrics").elements():
        query = metric.get("provider", "prometheus", "query")
        if query.text is not None and len(query.text) <= _LONGEST:
            yield ReleaseQuery(
                release,
                query,
                given,
                _resolved(query.text, values),
                f"{template.kind} '{template.name}'",
            )


def _resolved(text: str, values: Mapping[str, str]) -> str:
    """A query with all arguments whose values are known."""
    return _HOLE.sub(lambda match: values.get(match[1], _UNKNOWN), text)


def _filled(path: str | None, release: GradualRelease) -> str:
    """The value of a field of the Rollout, as the downward API names it."""
    known = {"metadata.name": release.name, "metadata.namespace": release.namespace}
    for key, value in release.base.labels.items():
        known[f"metadata.labels['{key}']"] = value
    return known.get(path or "") or _UNKNOWN


def _of_flagger(release: GradualRelease, world: World) -> Iterator[ReleaseQuery]:
    spec = release.base.get("spec")
    target = spec.get("targetRef", "name").text or _UNKNOWN
    values = {
        "name": release.name,
        "namespace": release.namespace or _UNKNOWN,
        "target": target,
        "service": spec.get("service", "name").text or target,
        "ingress": spec.get("ingressRef", "name").text or target,
        "route": spec.get("routeRef", "name").text or target,
        "interval": "1m",
    }
    for metric in release.analysis.get("metrics").elements():
        for query, template in _flagger_queries(release, metric, world):
            given = {key: node for key, node in metric.get("templateVariables").items() if node.text}
            known = {**values, **{f"variables.{key}": node.text or "" for key, node in given.items()}}
            if query.text is not None and len(query.text) <= _LONGEST:
                text = _resolved(query.text, known)
                yield ReleaseQuery(release, query, given, text, template)


def _flagger_queries(release: GradualRelease, metric: Node, world: World) -> Iterator[tuple[Node, str]]:
    if metric.get("query").text:
        yield metric.get("query"), f"metric '{metric.get('name').text}'"
    reference = metric.get("templateRef")
    name, space = reference.get("name").text, reference.get("namespace").text or release.namespace
    for template in find_objects(world, release.base, "MetricTemplate", name, space) if name else ():
        if template.get("spec", "provider", "type").text == "prometheus":
            yield template.get("spec", "query"), f"MetricTemplate '{template.name}'"
