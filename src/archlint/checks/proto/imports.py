"""Import statements."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from archlint.checks import Observation, Options, check, observe
from archlint.documents.proto.editing import import_blocks, with_sorted_imports, without_import
from archlint.model.protobuf import ProtoSchema


@check(ProtoSchema)
def proto_import_unused(schema: ProtoSchema, options: Options) -> Iterator[Observation]:
    """An import of which nothing is used, as the compiler sees it."""
    for name in schema.source.unused_imports:
        fix = without_import(schema.source, name)
        yield observe(schema.statement("import", name), fix=fix, name=name)


@check(ProtoSchema)
def proto_import_order(schema: ProtoSchema, options: Options) -> Iterator[Observation]:
    """A block of imports that are not in the order of their names, once at the first that stands too late."""
    for block in import_blocks(schema.source):
        late = next((item for last, item in pairwise(block) if item.name < last.name), None)
        if late is not None:
            before = next(item.name for item in block if item.name > late.name)
            yield observe(
                schema.statement("import", late.name),
                fix=with_sorted_imports(schema.source, block),
                name=late.name,
                before=before,
            )


@check(ProtoSchema)
def proto_import_public(schema: ProtoSchema, options: Options) -> Iterator[Observation]:
    """An import that is passed on to whoever imports the file."""
    for item in schema.source.imports:
        if item.kind == "public":
            yield observe(schema.statement("import", item.name), name=item.name)


@check(ProtoSchema)
def proto_import_weak(schema: ProtoSchema, options: Options) -> Iterator[Observation]:
    """An import that may be missing when the program runs."""
    for item in schema.source.imports:
        if item.kind == "weak":
            yield observe(schema.statement("import", item.name), name=item.name)


@check(ProtoSchema)
def proto_syntax_missing(schema: ProtoSchema, options: Options) -> Iterator[Observation]:
    """A file that is read as proto2 because it does not say what it is."""
    if not schema.source.has_syntax:
        yield observe(schema.first_line, identity=())
