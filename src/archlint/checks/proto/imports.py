"""Import statements."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, observe
from archlint.finding import Place
from archlint.model.protobuf import ProtoSchema


@check(ProtoSchema)
def proto_import_unused(schema: ProtoSchema, options: Options) -> Iterator[Observation]:
    """An import of which nothing is used, as the compiler sees it."""
    for name in schema.source.unused_imports:
        yield observe(Place(schema.source, ("import", name)), name=name)
