"""Liveness probes that fail when something else is down.

The kubelet starts a container anew whose liveness probe fails. If the probe asks a database, all pods are
started anew when that is down, which brings nothing back, and takes away what still worked.

Sources: Spring Boot, "Kubernetes Probes" (a liveness group must not depend on external systems) and "Health
Information" (``/actuator/health`` asks all indicators; databases, caches and brokers that are used have one);
SmallRye Health (``/q/health`` asks liveness, readiness and start-up together).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from archlint.files import Kind
from archlint.finding import Confidence, ObjectRef, Place, Source
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.appconfig.mentions import config_documents
from archlint.model.appconfig.relaxed import relaxed
from archlint.model.graph.build import service_graph
from archlint.model.graph.graph import Edge, GraphNode, NodeKind, ServiceGraph
from archlint.model.kubernetes.workloads import Container
from archlint.model.services.configuration import ConfigObjects, configuration
from archlint.model.services.protocols import EdgeKind
from archlint.model.services.references import variables_of
from archlint.model.system.parties import parties
from archlint.model.world import World

_ALL_INDICATORS = regex(r"(?:/[\w-]+)*/actuator/health/?|(?:/[\w-]+)*/q/health/?")
"""Matches paths at which everything is asked: the actuator of Spring Boot, and health of Quarkus."""
_WITH_INDICATOR = frozenset(
    {
        *("postgres", "mysql", "sqlserver", "oracle", "sql", "mongodb", "redis", "cassandra", "neo4j"),
        *("elasticsearch", "amqp"),
    }
)
"""Protocols for whose clients both frameworks add an indicator by themselves."""
_GROUP = relaxed("management.endpoint.health.group.liveness.include")
_SWITCHES = relaxed("management.health"), relaxed("quarkus.health"), relaxed("smallrye.health")
_AS_JSON = "SPRING_APPLICATION_JSON"
"""The variable that may hold every setting."""
_LONGEST = 20_000
_OUTSIDE = {
    **{relaxed(name): name for name in ("db", "mongo", "redis", "rabbit", "jms", "ldap", "mail", "neo4j")},
    **{
        relaxed(name): name
        for name in ("elasticsearch", "cassandra", "couchbase", "influxDb", "r2dbc", "solr")
    },
    **{
        relaxed(name): name for name in ("hazelcast", "consul", "vault", "configServer", "discoveryComposite")
    },
    **{relaxed(name): name for name in ("eureka", "binders", "kafka", "dataSource")},
    "*": "*",
}
"""Names of indicators that ask another system, as they are compared."""


@dataclass(frozen=True, eq=False)
class DependentLiveness:
    """A probe, or a group of indicators behind one, that asks another system."""

    place: Place
    object: ObjectRef | None
    asked: str
    """The other system, or the indicator that asks it."""
    path: str
    """What the probe asks; empty for a group of indicators."""
    container: str
    related: tuple[tuple[Place, str], ...] = ()

    @classmethod
    def all(cls, world: World) -> Iterable[DependentLiveness]:
        """Every such probe and group."""
        yield from _probes(world)
        yield from _groups(world)

    @property
    def better_path(self) -> str:
        """The path at which only the program itself is asked."""
        path = self.path.rstrip("/")
        return f"{path}/live" if path.endswith("q/health") else f"{path}/liveness"

    @property
    def source(self) -> Source:
        """The file that says what is asked."""
        return self.place.source


def _probes(world: World) -> Iterator[DependentLiveness]:
    asking = [
        container
        for container in world.all(Container)
        if container.role == "main" and _ALL_INDICATORS.fullmatch(_path(container))
    ]
    if not asking:
        return
    graph: ServiceGraph = world.fact(service_graph)
    stores = _stores(graph)
    switched, known = _switched(world), world.fact(configuration)
    nodes = {id(item): node for node in graph.nodes.values() for item in _workloads(node)}
    for container in asking:
        node = nodes.get(id(container.workload))
        edges = stores.get(node.id, []) if node is not None else []
        if node is None or not edges or id(node.party) in switched:
            continue
        if _is_switched_by_variable(container, known):
            continue
        first = edges[0]
        asked = graph.nodes[first.target].name
        yield DependentLiveness(
            container.get("livenessProbe", "httpGet", "path").value_place(),
            container.object,
            asked,
            _path(container),
            container.name,
            ((first.proof.place, f"it uses '{asked}'"),),
        )


def _path(container: Container) -> str:
    return container.get("livenessProbe", "httpGet", "path").text or ""


def _workloads(node: GraphNode) -> Iterable[object]:
    return node.service.workloads if node.service is not None else ()


def _stores(graph: ServiceGraph) -> Mapping[str, list[Edge]]:
    """What each service surely uses that has an indicator."""
    found: dict[str, list[Edge]] = defaultdict(list)
    for edge in graph.edges:
        is_used = edge.kind in (EdgeKind.DATA, EdgeKind.ASYNC) and edge.protocol in _WITH_INDICATOR
        is_known = graph.nodes[edge.source].kind is NodeKind.SERVICE and edge.confidence is Confidence.HIGH
        if is_used and is_known:
            found[edge.source].append(edge)
    return found


def _switched(world: World) -> set[int]:
    """The parties whose settings say which indicators there are, by identity."""
    known = world.fact(parties)
    return {
        id(party)
        for unit, documents in world.fact(config_documents).items()
        if any(relaxed(item.key).startswith(_SWITCHES) for each in documents for item in each.settings)
        for party in known.of(unit)
    }


def _is_switched_by_variable(container: Container, known: ConfigObjects) -> bool:
    """Whether variables or arguments say, or may say, which indicators there are; those of whole ConfigMaps
    included, and options for Java in them."""
    given = [(item.name, item.value) for item in variables_of(container, known)]
    named = [item.get("name").text or "" for item in container.get("env").elements()]
    if any(relaxed(name).startswith(_SWITCHES) for name in (*named, *(name for name, _ in given))):
        return True
    if _AS_JSON in named or any(name == _AS_JSON and "health" in value for name, value in given):
        return True
    words = (item.text or "" for key in ("command", "args") for item in container.get(key).elements())
    texts = (relaxed(text[:_LONGEST]) for text in (*words, *(value for _, value in given)))
    return any(switch in text for text in texts for switch in _SWITCHES)


def _groups(world: World) -> Iterator[DependentLiveness]:
    seen: set[tuple[str, int]] = set()
    for documents in world.fact(config_documents).values() if world.paths(Kind.KUBERNETES) else ():
        for setting in (item for document in documents for item in document.settings):
            is_meant = relaxed(setting.key.partition("[")[0]) == _GROUP
            outside = _outside(setting.value) if is_meant else None
            if outside is None:
                continue
            at = setting.value.index(outside)
            place = setting.place(at, at + len(outside))
            key = (place.source.path, setting.start)
            if key not in seen:
                seen.add(key)
                yield DependentLiveness(place, None, outside, "", "")
    for container in world.all(Container):
        for variable in container.get("env").elements():
            is_meant = relaxed(variable.get("name").text or "") == _GROUP
            outside = _outside(variable.get("value").text or "") if is_meant else None
            if outside is not None:
                place = variable.get("value").value_place()
                yield DependentLiveness(place, container.object, outside, "", container.name)


def _outside(value: str) -> str | None:
    """The first indicator of a list that asks another system."""
    names = (name.strip() for name in value.split(","))
    return next((name for name in names if relaxed(name) in _OUTSIDE or name == "*"), None)
