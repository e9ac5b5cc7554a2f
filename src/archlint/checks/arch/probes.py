"""Probes against the contracts and the source of what they ask."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.finding import Place, Severity
from archlint.finding.regex import regex
from archlint.finding.words import listed, quoted
from archlint.model.exposure.demands import demanded
from archlint.model.exposure.grpc_probes import UnansweredProbe
from archlint.model.exposure.probes import HEALTH, ContractProbe
from archlint.model.exposure.ways_in import ways_in
from archlint.model.kubernetes.names.similar import SimilarNames
from archlint.model.openapi import Operation, operations_of
from archlint.model.world import World

_EFFECTS = {
    "readinessProbe": "gets no traffic",
    "livenessProbe": "is restarted again and again",
    "startupProbe": "is restarted before it is ready",
}
"""What becomes of a container whose probe fails."""
_BESIDE = regex(
    r"(?i)(?<![a-z])(?:version|info|metrics|monitor\w*|check|docs?|swagger\w*|openapi\w*|index|up|ok)(?![a-z])"
)
"""Matches words of what tells of a service, and is none of its work."""


@join(ContractProbe)
def probe_path_refused(probe: ContractProbe, world: World, options: Options) -> Iterator[Observation]:
    """A probe that the contract says is refused: for what it does not show, or for its method."""
    written = probe.written
    if written is None or (None in written.segments):
        return
    operations = {item.method: item for item in operations_of([written.item])}
    asked = operations.get("GET")
    if asked is None and operations and "HEAD" not in operations:
        methods = listed(sorted(operations), 3)
        yield _refused(probe, "method", written.item.key.place(), methods)
    schemes = demanded(asked) if asked is not None and probe.shows_nothing else []
    if asked is not None and schemes and not world.fact(ways_in).may_be_guarded(asked):
        names = listed(quoted(name for name, _ in schemes), 2)
        # what is said of all operations may have been said without a thought of this one
        severity = None if asked.node.get("security").exists else Severity.WARNING
        yield _refused(probe, "default", asked.node.place(), names, severity)


def _refused(
    probe: ContractProbe, message: str, other: Place, said: str, severity: Severity | None = None
) -> Observation:
    return observe(
        probe.node.value_place(),
        message,
        related=[(other, "what the contract says of it")],
        identity=(probe.container.name, probe.kind),
        severity=severity,
        probe=probe.kind,
        container=probe.container.name,
        service=probe.service.name,
        effect=_EFFECTS[probe.kind],
        path=probe.path,
        said=said,
    )


@join(ContractProbe)
def probe_path_undefined(probe: ContractProbe, world: World, options: Options) -> Iterator[Observation]:
    """A probe of a path that the contract does not have, while it has another one for that."""
    if probe.provider.is_open or probe.written is not None or not probe.asks_health:
        return
    known = probe.healths()
    if not known or probe.is_beside(known) or probe.is_in_source(world):
        return
    nearest = SimilarNames(item.text for item in known).nearest(probe.path)
    chosen = next((item for item in known if item.text == nearest), known[0])
    yield observe(
        probe.node.value_place(),
        related=[(chosen.item.key.place(), "the path of the contract")],
        identity=(probe.container.name, probe.kind),
        probe=probe.kind,
        container=probe.container.name,
        path=probe.path,
        service=probe.service.name,
        known=chosen.text,
        effect=_EFFECTS[probe.kind],
    )


@join(ContractProbe)
def probe_asks_operation(probe: ContractProbe, world: World, options: Options) -> Iterator[Observation]:
    """A probe that makes a service do its work."""
    written = probe.written
    if written is None or not any(written.segments):
        return
    if HEALTH.search(probe.path) or _BESIDE.search(probe.path):
        return
    asked = next((item for item in operations_of([written.item]) if item.method == "GET"), None)
    if asked is not None:
        yield observe(
            probe.node.value_place(),
            related=[(asked.node.place(), "the operation")],
            identity=(probe.container.name, probe.kind),
            probe=probe.kind,
            container=probe.container.name,
            operation=_named(asked),
            service=probe.service.name,
            effect=_EFFECTS[probe.kind],
        )


def _named(operation: Operation) -> str:
    return f"{operation.method} {operation.item.template}"


@join(UnansweredProbe)
def grpc_probe_unanswered(probe: UnansweredProbe, world: World, options: Options) -> Iterator[Observation]:
    """A probe by gRPC of a server without a health service."""
    yield observe(
        probe.node.place(),
        related=[(probe.server, "makes the server")],
        identity=(probe.container.name, probe.kind),
        probe=probe.kind,
        container=probe.container.name,
        effect=_EFFECTS[probe.kind],
    )
