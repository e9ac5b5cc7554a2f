"""Methods that go on after they have answered."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.checks.proto.aip.names import api_linter
from archlint.checks.proto.aip.resources_of import message_meant, reached
from archlint.model.protobuf.annotations import finds_imports, knows_annotations, operation_info
from archlint.model.protobuf.methods import EMPTY, ApiMethod, MethodKind
from archlint.model.world import World

_MAY_GIVE_NOTHING = frozenset({MethodKind.DELETE, MethodKind.BATCH_DELETE, MethodKind.DELETE_REVISION})


@join(ApiMethod)
def aip_operation_untyped(method: ApiMethod, world: World, options: Options) -> Iterator[Observation]:
    """An operation of which nothing says what it gives, or what it tells on its way."""
    if not method.is_long_running or not knows_annotations(method.source):
        return
    info = operation_info(method.rpc)
    if info is None:
        yield observe(method.place(), aliases=[api_linter("0151::operation-info")], rpc=method.rpc.name)
        return
    for part, name, may_be_empty in (
        ("response", info.response_type, method.kind in _MAY_GIVE_NOTHING),
        ("metadata", info.metadata_type, False),
    ):
        is_empty = name == EMPTY and not may_be_empty
        if is_empty or not name:
            yield observe(
                method.place("operation_info"),
                "empty" if is_empty else "missing",
                aliases=[api_linter(f"0151::lro-{part}-type")],
                identity=(method.rpc.name, part),
                rpc=method.rpc.name,
                part=part,
            )


@join(ApiMethod)
def aip_operation_type_unknown(method: ApiMethod, world: World, options: Options) -> Iterator[Observation]:
    """An operation whose types are named, and neither defined in the file nor imported by it."""
    info = operation_info(method.rpc) if method.is_long_running else None
    if info is None or not (knows_annotations(method.source) and finds_imports(method.source)):
        return
    for part, name in (("response", info.response_type), ("metadata", info.metadata_type)):
        if name and not name.startswith("google.protobuf.") and not _is_in_reach(name, method, world):
            yield observe(
                method.place("operation_info"),
                aliases=[api_linter(f"0151::lro-{part}-reachable")],
                identity=(method.rpc.name, part),
                rpc=method.rpc.name,
                part=part,
                name=name,
            )


def _is_in_reach(name: str, method: ApiMethod, world: World) -> bool:
    """Whether a message is defined in the method's file, or in one that it imports."""
    source = method.source
    found = message_meant(name, source, world)
    if found is None:  # what is imported may come from outside
        return any(item.target is None and not item.name.startswith("google/") for item in source.imports)
    return found.source.path in reached(source, world)


@join(ApiMethod)
def aip_operation_streamed(method: ApiMethod, world: World, options: Options) -> Iterator[Observation]:
    """A stream of operations."""
    if method.is_long_running and method.rpc.server_streaming:
        yield observe(method.place("server_streaming"), identity=(method.rpc.name,), rpc=method.rpc.name)
