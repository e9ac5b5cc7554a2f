"""Methods: how they stream, and which types they take and give."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from archlint.checks import Observation, Options, check, join, observe
from archlint.checks.proto.names import pascal_words
from archlint.documents.proto import ProtoFile
from archlint.finding import Place, Token
from archlint.model.protobuf import ProtoModule, ProtoService, Rpc
from archlint.model.world import World

_EMPTY = "google.protobuf.Empty"


@check(ProtoService)
def proto_rpc_streaming(service: ProtoService, options: Options) -> Iterator[Observation]:
    """A method that streams, for teams whose proxies and clients cannot."""
    for rpc in service.rpcs:
        for side, streams in (("CLIENT", rpc.client_streaming), ("SERVER", rpc.server_streaming)):
            if streams:
                yield observe(
                    Place(rpc.source, rpc.route, Token.VALUE),
                    side.lower(),
                    identity=(rpc.name, side),
                    aliases=[f"buf:RPC_NO_{side}_STREAMING"],
                    name=rpc.name,
                )


@check(ProtoService)
def proto_rpc_type_name(service: ProtoService, options: Options) -> Iterator[Observation]:
    """A method whose request or response has the name of something else."""
    empty_requests, empty_responses = _may_be_empty(service.source, options)
    for rpc in service.rpcs:
        name, prefix = pascal_words(rpc.name), pascal_words(service.name)
        for part, type_, kind, may_be_empty in (
            ("input", rpc.input, "Request", empty_requests),
            ("output", rpc.output, "Response", empty_responses),
        ):
            last = type_.rpartition(".")[2]
            fits = last in (f"{name}{kind}", f"{prefix}{name}{kind}") or (may_be_empty and type_ == _EMPTY)
            if not fits:
                yield observe(
                    rpc.place(part),
                    aliases=[f"buf:RPC_{kind.upper()}_STANDARD_NAME"],
                    kind=kind.lower(),
                    rpc=rpc.name,
                    type=last,
                    proposal=f"{name}{kind}",
                )


def _may_be_empty(source: ProtoFile, options: Options) -> tuple[bool, bool]:
    """Whether requests, and responses, may be of the empty type."""
    lint = source.lint
    if lint is None:
        return options["allow-empty"], options["allow-empty"]
    return lint.allows_empty_requests, lint.allows_empty_responses


_Uses = Mapping[str, Sequence[tuple[ProtoService, Rpc]]]


@join(ProtoModule)
def proto_rpc_type_shared(module: ProtoModule, world: World, options: Options) -> Iterator[Observation]:
    """Methods that share a type, so that none of them can get a field of its own."""
    uses = _uses(module, options)
    shared = {type_ for type_, methods in uses.items() if len(methods) > 1}
    lint = module.source.lint
    allows_same = lint.allows_same_type if lint else options["allow-same"]
    for schema in module.schemas:
        for service in schema.services:
            for rpc in service.rpcs:
                types = list(dict.fromkeys(item for item in (rpc.input, rpc.output) if item in shared))
                if types:
                    yield _shared(service, rpc, types, uses)
                elif rpc.input == rpc.output and rpc.input in uses and not allows_same:
                    place = Place(rpc.source, rpc.route, Token.VALUE)
                    yield observe(place, "same", object=service.object, rpc=rpc.name, type=rpc.input)


def _uses(module: ProtoModule, options: Options) -> _Uses:
    """The methods that each type serves; a method once, though it takes and gives the same."""
    uses: dict[str, list[tuple[ProtoService, Rpc]]] = defaultdict(list)
    empty_requests, empty_responses = _may_be_empty(module.source, options)
    for schema in module.schemas:
        for service in schema.services:
            for rpc in service.rpcs:
                types = {
                    item
                    for item, may_be_empty in ((rpc.input, empty_requests), (rpc.output, empty_responses))
                    if not (may_be_empty and item == _EMPTY)
                }
                for type_ in types:
                    uses[type_].append((service, rpc))
    return uses


def _shared(service: ProtoService, rpc: Rpc, types: Sequence[str], uses: _Uses) -> Observation:
    others = [pair for pair in uses[types[0]][:3] if pair[1] is not rpc]
    return observe(
        Place(rpc.source, rpc.route, Token.VALUE),
        object=service.object,
        related=[(other.place(), "uses the same type") for _, other in others[:1]],
        rpc=rpc.name,
        types=" and ".join(f"'{name}'" for name in types),
        other=f"{others[0][0].name}.{others[0][1].name}",
        count=max(len(uses[name]) for name in types),
    )
