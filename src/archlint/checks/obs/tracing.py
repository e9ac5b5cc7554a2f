"""What services are told about sending traces, against each other and the collector."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.model.graph.build import service_graph
from archlint.model.system.names import stem
from archlint.model.system.parties import Party, parties
from archlint.model.telemetry.otlp import Endpoint, Instrumented, OtelVariable
from archlint.model.telemetry.receivers import listeners, pod_port
from archlint.model.telemetry.traces import Untraced
from archlint.model.world import World

_GRPC, _HTTP = 4317, 4318
_CARRY = {each: each for each in ("tracecontext", "b3", "jaeger", "xray", "ottrace")} | {"b3multi": "b3"}
"""The propagators that carry a trace, and the format each reads.

Source: OpenTelemetry, "Propagators API": an extractor of B3 reads its single header and its many ones.
"""
_MOST_ALIKE = 20


@join(Instrumented)
def otlp_protocol_mismatch(own: Instrumented, world: World, options: Options) -> Iterator[Observation]:
    """Data sent to a port in a protocol that is not spoken there, or to a path that is not there."""
    for endpoint in own.endpoints():
        message = _fault(endpoint)
        if message is None:
            continue
        protocol = endpoint.protocol
        related = [(protocol.place, "how it is sent")] if protocol and message in ("http", "grpc") else []
        yield observe(
            endpoint.variable.place,
            message,
            related=related,
            object=own.object,
            identity=(own.unit.name, own.part, endpoint.variable.name),
            unit=own.unit.name,
            variable=endpoint.variable.name,
            protocol=protocol.value if protocol else "",
            port=endpoint.port,
            path=endpoint.path,
            signal=endpoint.signal,
        )


@join(Instrumented)
def otlp_receiver_missing(own: Instrumented, world: World, options: Options) -> Iterator[Observation]:
    """Data sent to a collector of the repository, on a port where it does not take it."""
    known = world.fact(parties)
    for endpoint in own.endpoints():
        for party in known.of(own.unit) if _fault(endpoint) is None else ():
            found = known.resolve(endpoint.host, party)
            listener = world.fact(listeners).get(id(found[0])) if len(found) == 1 else None
            port = pod_port(found[0], endpoint.host, endpoint.port) if listener else None
            if listener is None or port is None:
                continue
            taken = listener.ports.get(port)
            if taken is not None and endpoint.is_http in (None, taken == "http"):
                continue
            yield observe(
                endpoint.variable.place,
                "default" if taken is None else "protocol",
                related=[(listener.node.place(), "what the collector takes")],
                object=own.object,
                identity=(own.unit.name, own.part, endpoint.variable.name),
                unit=own.unit.name,
                collector=found[0].name,
                port=port,
                protocol=endpoint.protocol.value if endpoint.protocol else "",
                taken=taken or "",
                ports=" and ".join(f"{each} ({name})" for each, name in sorted(listener.ports.items())),
            )


def _fault(endpoint: Endpoint) -> str | None:
    """What is wrong with an endpoint, as far as it says itself."""
    if endpoint.port == _GRPC and endpoint.is_http:
        return "http"
    if endpoint.port == _HTTP and endpoint.is_http is False:
        return "grpc"
    if endpoint.port == _GRPC and endpoint.path.endswith(("/v1/traces", "/v1/metrics", "/v1/logs")):
        return "path-of-http"
    is_http = endpoint.is_http or (endpoint.is_http is None and endpoint.port == _HTTP)
    if not is_http:
        return None
    if not endpoint.signal and endpoint.path.endswith(("/v1/traces", "/v1/metrics", "/v1/logs")):
        return "path-twice"
    return "path-missing" if endpoint.signal and endpoint.port == _HTTP and not endpoint.path else None


@join(Instrumented)
def otel_service_name_shared(own: Instrumented, world: World, options: Options) -> Iterator[Observation]:
    """A name under which another service sends its data already."""
    named = own.service_name
    if named is None:
        return
    for party in world.fact(parties).of(own.unit):
        other = next((item for item in world.fact(_named)[named.value] if _differ(item[0], party)), None)
        if other is None:
            continue
        first, variable = other
        is_others = stem(first.name) == stem(named.value) and stem(party.name) != stem(named.value)
        is_later = _order(variable) < _order(named) and stem(party.name) != stem(named.value)
        if is_others or is_later:
            yield observe(
                named.place,
                related=[(variable.place, f"'{first.name}' has it as well")],
                object=own.object,
                identity=(own.unit.name, own.part, named.name),
                unit=party.name,
                other=first.name,
                name=named.value,
            )
            return


def _order(variable: OtelVariable) -> tuple[str, int, int]:
    span = variable.place.span()
    return (variable.place.source.path, span.line, span.column)


def _differ(one: Party, other: Party) -> bool:
    """Whether two parties are surely two services: neither is a part of the other, such as its worker."""
    first, second = stem(one.name), stem(other.name)
    return one is not other and not first.startswith(second) and not second.startswith(first)


def _named(world: World) -> dict[str, list[tuple[Party, OtelVariable]]]:
    """Who sends under a name."""
    found: dict[str, list[tuple[Party, OtelVariable]]] = defaultdict(list)
    for item in world.all(Instrumented):
        named = item.service_name
        for party in world.fact(parties).of(item.unit) if named else ():
            if named and len(found[named.value]) < _MOST_ALIKE:
                found[named.value].append((party, named))
    return found


@join(Instrumented)
def propagators_differ(own: Instrumented, world: World, options: Options) -> Iterator[Observation]:
    """A service that is called, and does not read which trace the call belongs to."""
    written = own.propagators
    formats = _formats(written)
    if written is None or not formats:
        return
    for party in world.fact(parties).of(own.unit):
        for caller, theirs in world.fact(_callers)[id(party)]:
            if formats.isdisjoint(_formats(theirs)):
                yield observe(
                    written.place,
                    related=[(theirs.place, f"what '{caller}' writes")],
                    object=own.object,
                    identity=(own.unit.name, own.part, caller),
                    unit=party.name,
                    caller=caller,
                    reads=", ".join(sorted(formats)),
                    writes=", ".join(sorted(_formats(theirs))),
                )


def _formats(variable: OtelVariable | None) -> frozenset[str]:
    """The formats that carry a trace."""
    words = (word.strip() for word in (variable.value if variable else "").lower().split(","))
    return frozenset(_CARRY[word] for word in words if word in _CARRY)


def _callers(world: World) -> dict[int, list[tuple[str, OtelVariable]]]:
    """Who surely calls a party, with what each writes into its calls."""
    by_party: dict[int, OtelVariable] = {}
    for item in world.all(Instrumented):
        if item.propagators:
            for party in world.fact(parties).of(item.unit):
                by_party.setdefault(id(party), item.propagators)
    graph = world.fact(service_graph)
    found: dict[int, list[tuple[str, OtelVariable]]] = defaultdict(list)
    for edge in graph.edges:
        source, target = graph.nodes[edge.source].party, graph.nodes[edge.target].party
        if edge.is_sure_call and source is not None and target is not None and id(source) in by_party:
            found[id(target)].append((source.name, by_party[id(source)]))
    return found


@join(Untraced)
def trace_incomplete(item: Untraced, world: World, options: Options) -> Iterator[Observation]:
    """A service without traces on a way of services with them."""
    if item.known >= options["share"] * item.total:
        yield observe(
            item.place,
            "default" if item.callee else "last",
            related=[
                (item.sent.place, f"'{item.caller}' sends its traces"),
                (item.call, f"'{item.caller}' calls it"),
            ],
            identity=(item.party.name,),
            service=item.party.name,
            caller=item.caller,
            callee=item.callee,
            known=item.known,
            total=item.total,
        )
