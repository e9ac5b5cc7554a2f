"""Services in which traces have a hole: they are called by services that send theirs, and send none.

Whether a service sends traces, its variables tell (``OTEL_EXPORTER_OTLP_ENDPOINT`` and its like). One counts
as sending none only if nothing at all speaks of tracing: no name of a variable, argument, note, setting,
image, line of its source or of its build.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set

from archlint.finding import Confidence, ObjectRef, Place, Source
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.appconfig.mentions import config_documents
from archlint.model.compose import ComposeService
from archlint.model.compose.files import within
from archlint.model.graph.build import service_graph
from archlint.model.graph.graph import GraphNode, NodeKind, ServiceGraph
from archlint.model.kubernetes import KubernetesObject
from archlint.model.services.configuration import configuration
from archlint.model.sources.by_party import party_sources
from archlint.model.system.build_files import JVM_FILES
from archlint.model.system.evidence import Unit
from archlint.model.system.folder_homes import runs_web_server
from archlint.model.system.observers import is_watching
from archlint.model.system.parties import Parties, Party, parties
from archlint.model.telemetry.otlp import Instrumented, OtelVariable
from archlint.model.telemetry.scraping import image_homes, is_built_here
from archlint.model.world import World

_TRACING = regex(
    r"(?i)otel|opentelemetry|otlp|tracing|tracer|opencensus|jaeger|zipkin|datadog|ddtrace|newrelic|new_relic"
    r"|elastic[-_]?apm|skywalking|sleuth|brave|appinsights|application_?insights|honeycomb|javaagent|x-?ray"
    r"|beyla|(?<![a-z])dd_|(?<![a-z])apm(?![a-z])"
)
_BUILDS = (
    *(*JVM_FILES, "package.json", "requirements.txt", "go.mod", "Gemfile"),
    *("pyproject.toml", "Pipfile", "composer.json", "Cargo.toml"),
)
_LONGEST = 500_000


@dataclass(frozen=True, eq=False)
class Untraced:
    """A service that sends no traces, between or behind services that do."""

    party: Party
    place: Place
    """Where its variables stand, or lack."""
    object: ObjectRef
    """What is to be told where to send them."""
    caller: str
    sent: OtelVariable
    """What tells the caller where to send its traces."""
    call: Place
    """What shows the call."""
    callee: str
    """A service that it calls and that sends its own; empty if there is none."""
    known: int
    total: int

    @classmethod
    def all(cls, world: World) -> Iterable[Untraced]:
        """Every such service."""
        sending = _sending(world)
        if not sending:
            return
        graph: ServiceGraph = world.fact(service_graph)
        homes = frozenset(home for each, _ in sending.values() for home in image_homes(each)) - {""}
        own = [node for node in graph.nodes.values() if _is_own(node, homes)]
        callees = _callees(graph, sending)
        known = sum(id(node.party) in sending for node in own)
        for node in own:
            if node.party is not None and id(node.party) not in sending:
                yield from _of_node(
                    node, graph, sending, world, callee=callees.get(node.id, ""), counts=(known, len(own))
                )

    @property
    def source(self) -> Source:
        """The document to edit."""
        return self.place.source


def _of_node(
    node: GraphNode,
    graph: ServiceGraph,
    sending: Mapping[int, tuple[Party, OtelVariable]],
    world: World,
    *,
    callee: str,
    counts: tuple[int, int],
) -> Iterator[Untraced]:
    party = node.party
    calls = [edge for edge in graph.into(node.id) if edge.is_sure_call]
    callers = [(edge, id(graph.nodes[edge.source].party)) for edge in calls]
    shown = next(((edge, sending[key]) for edge, key in callers if key in sending), None)
    if party is None or shown is None:
        return
    edge, (caller, variable) = shown
    where = _where(party)
    if (
        where is not None
        and not _may_be_told_elsewhere(party, world)
        and not _speaks_of_tracing(party, world)
    ):
        evidence = next(item for item in edge.evidence if item.confidence is Confidence.HIGH)
        yield Untraced(party, *where, caller.name, variable, evidence.place, callee, *counts)


def _callees(graph: ServiceGraph, sending: Mapping[int, tuple[Party, OtelVariable]]) -> dict[str, str]:
    """The first service that sends traces among those which a node calls, by node."""
    found: dict[str, str] = {}
    for edge in graph.edges:
        target = graph.nodes[edge.target]
        if edge.source not in found and id(target.party) in sending and edge.is_sure_call:
            found[edge.source] = target.name
    return found


def _sending(world: World) -> dict[int, tuple[Party, OtelVariable]]:
    """The parties that are told where to send traces."""
    known: Parties = world.fact(parties)
    found: dict[int, tuple[Party, OtelVariable]] = {}
    for item in world.all(Instrumented):
        told = item.variables
        endpoint = told.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") or told.get("OTEL_EXPORTER_OTLP_ENDPOINT")
        chosen, off = told.get("OTEL_TRACES_EXPORTER"), told.get("OTEL_SDK_DISABLED")
        is_off = (chosen and chosen.value == "none") or (off and off.value.lower() == "true")
        for party in known.of(item.unit) if endpoint and not is_off else ():
            if endpoint:
                found.setdefault(id(party), (party, endpoint))
    return found


def _is_own(node: GraphNode, homes: Set[str]) -> bool:
    """Whether a node is a service that a team writes: built here, or of where those come from that send."""
    party = node.party
    if node.kind is not NodeKind.SERVICE or party is None or party.store_protocol or is_watching(party):
        return False
    if runs_web_server(party):
        return False
    return is_built_here(party) or not homes.isdisjoint(image_homes(party))


def _where(party: Party) -> tuple[Place, ObjectRef] | None:
    """Where the variables of a party stand, or lack."""
    for workload in party.service.workloads if party.service else ():
        for container in workload.containers:
            if container.role == "main":
                return container.get("env").place(), workload.object
    for composed in party.composed:
        return composed.node.get("environment").place(), composed.object
    return None


def _may_be_told_elsewhere(party: Party, world: World) -> bool:
    """Whether variables come from objects or files that are not in the repository."""
    known = world.fact(configuration)
    for workload in party.service.workloads if party.service else ():
        for container in workload.containers:
            for source in container.get("envFrom").elements():
                for kind, key in (("ConfigMap", "configMapRef"), ("Secret", "secretRef")):
                    name = source.get(key, "name").text
                    if source.get(key).is_set and not (
                        name and any(known.entries(kind, name, workload.base))
                    ):
                        return True
    return any(map(_takes_missing_files, party.composed))


def _takes_missing_files(service: ComposeService) -> bool:
    for variant in service.variants:
        for item in variant.items("env_file"):
            named = item.get("path") if item.node.is_map else item
            path = within(item.scope.folder, named.known_text or "")
            if path is None or path not in service.world.kinds:
                return True
    return False


def _namespace_notes(world: World) -> dict[str, list[str]]:
    """What the annotations of each namespace are called."""
    found: dict[str, list[str]] = {}
    for item in world.all(KubernetesObject):
        if item.kind == "Namespace" and not item.group:
            found.setdefault(item.name, []).extend(
                key for key, _ in item.get("metadata", "annotations").items()
            )
    return found


def _speaks_of_tracing(party: Party, world: World) -> bool:
    return any(_TRACING.search(text[:_LONGEST]) for text in _texts(party, world))


def _texts(party: Party, world: World) -> Iterator[str]:
    """All that a party is told and made of; what is near at hand first."""
    units: list[Unit] = [*party.composed, *party.folders]
    for workload in party.service.workloads if party.service else ():
        units.append(workload)
        notes = world.fact(_namespace_notes)
        for name in notes if workload.namespace is None else [workload.namespace]:
            yield from notes.get(name, ())
        for holder in (workload.base.get("metadata"), workload.template.get("metadata")):
            yield from (key for key, _ in holder.get("annotations").items())
        yield from workload.pod_spec.texts()
    for composed in party.composed:
        yield composed.image or ""
        yield from (variable.name for variable in composed.variables)
        yield from (key for part in ("environment", "labels") for key, _ in composed.node.get(part).items())
        yield from composed.node.texts()
    for unit in units:
        for document in world.fact(config_documents).get(unit, ()):
            yield from (setting.key for setting in document.settings)
    for folder in party.folders:
        paths = [*(f"{folder.path}/{name}" for name in _BUILDS), *folder.dockerfiles]
        yield from (world.text(path) or "" for path in paths if path in world.kinds)
    yield from (file.text for file in world.fact(party_sources).of(party))
