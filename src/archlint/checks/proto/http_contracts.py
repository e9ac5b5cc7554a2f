"""What protos say about HTTP, beside what OpenAPI documents say."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.model.protobuf.http_contracts import HttpContradiction
from archlint.model.world import World


@join(HttpContradiction)
def proto_http_path_differs(
    found: HttpContradiction, world: World, options: Options
) -> Iterator[Observation]:
    """A method that is offered over HTTP under one path, and described under another."""
    rpc, operation = found.rpc, found.operation
    yield observe(
        rpc.place(),
        related=[(operation.item.key.place(), "described here")],
        identity=(rpc.name,),
        name=f"{found.service.name}.{rpc.name}",
        said=f"{found.binding.verb.upper()} {found.binding.path}",
        described=f"{operation.method} {found.described}",
        path=operation.source.path,
    )
