"""Definitions that are gone, and packages that have another name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archlint.checks import Observation, Options, change, observe
from archlint.comparison.protobuf import (
    DefinitionsMoved,
    EnumRemoved,
    FileMoved,
    MessageRemoved,
    PackageChanged,
    ProtoFileRemoved,
    RpcRemoved,
    ServiceRemoved,
)
from archlint.comparison.protobuf.definitions import Definition
from archlint.comparison.protobuf.likeness import parts_of
from archlint.finding.words import listed
from archlint.model.protobuf import Enum, Message, ProtoService

_KINDS = {Message: "message", Enum: "enum", ProtoService: "service"}
_SHOWN = 3
"""Names that a message lists before it only counts."""


@change(PackageChanged)
def proto_package_changed(change: PackageChanged, options: Options) -> Iterator[Observation]:
    """A package with another name, once for all its files."""
    (base, revision), *others = change.pairs
    related = [(base.place(), "the old name")]
    related += [(newer.place(), "the same change") for _, newer in others]
    yield observe(
        revision.place(),
        "part" if change.is_left else "default",
        related=related,
        identity=(revision.package,),
        path=revision.path,
        old=base.package or "(none)",
        new=revision.package or "(none)",
    )


@change(FileMoved)
def proto_file_moved(change: FileMoved, options: Options) -> Iterator[Observation]:
    """A file that is imported under another name, once for all that moved in the same way."""
    (base, revision), *others = change.pairs
    related = [(base.place(), "was here")]
    related += [(newer.place(), "the same move") for _, newer in others]
    (old, new), count = change.names[0], len(others)
    yield observe(
        revision.place(),
        "several" if others else "default",
        related=related,
        identity=("moved",),
        old=old,
        new=new,
        count=count,
        noun="file" if count == 1 else "files",
    )


@change(DefinitionsMoved)
def proto_definition_moved(change: DefinitionsMoved, options: Options) -> Iterator[Observation]:
    """Definitions that who imports their old file does not get any more."""
    (older, newer), *others = change.pairs
    related = [(older.place(), "was here"), (newer.place(), "is here now")]
    related += [(other.place(), "moved too") for _, other in others]
    kinds = [next(kind for law, kind in _KINDS.items() if isinstance(old, law)) for old, _ in change.pairs]
    named = [f"{kind} '{old.name}'" for kind, (old, _) in zip(kinds, change.pairs, strict=True)]
    stays, import_name = change.stays, change.imported_as
    yield observe(
        stays.statement("import", import_name) if import_name else stays.place(),
        "imported" if import_name else "needed" if change.needs_it else "default",
        related=related,
        identity=("moved", older.full_name, change.other),
        name=older.name,
        what=listed(named, _SHOWN),
        moved=", ".join(old.full_name for old, _ in change.pairs),
        old=change.name,
        new=import_name or change.other,
        aliases=[f"buf:{kind.upper()}_NO_DELETE" for kind in sorted(set(kinds))],
    )


@change(ProtoFileRemoved)
def proto_file_removed(change: ProtoFileRemoved, options: Options) -> Iterator[Observation]:
    """A file that is gone with all that it defines, or all files of a package."""
    names = ", ".join(name.rpartition(".")[2] for name in change.names[:_SHOWN])
    more = len(change.names) - _SHOWN
    yield observe(
        change.above,
        "package" if change.is_package else "default",
        related=[(schema.place(), "was here") for schema in change.base],
        identity=change.names[:1],
        path=change.base[0].path,
        package=change.base[0].package or "(none)",
        names=f"{names} and {more} more" if more > 0 else names,
        aliases=["buf:PACKAGE_NO_DELETE", "buf:FILE_NO_DELETE"]
        if change.is_package
        else ["buf:FILE_NO_DELETE"],
    )


def _kept(old: Definition, new: Definition, noun: str) -> str:
    """How much of what is gone a new one has; a field or method of another type is another one."""
    parts = parts_of(old)
    kept, count = len(parts & parts_of(new)), len(parts)
    if not parts:
        return f"no {noun}s either"
    if kept < count:
        return f"{kept} of its {count} {noun}s"
    return f"its {noun}" if count == 1 else f"its {noun}s"


def _gone(change: MessageRemoved | EnumRemoved | ServiceRemoved, part: str, **arguments: Any) -> Observation:
    """That a definition is gone, and what has its parts now."""
    related, parts = [(change.base.place(), "was here")], ""
    if change.renamed is not None:
        parts = _kept(change.base, change.renamed, part)
        related.append((change.renamed.place(), f"has {parts}"))
    return observe(
        change.above,
        "default" if change.renamed is None else "renamed",
        related=related,
        identity=(change.base.full_name,),
        name=change.base.full_name,
        new=change.renamed.full_name if change.renamed is not None else "",
        parts=parts,
        **arguments,
    )


@change(MessageRemoved)
def proto_message_removed(change: MessageRemoved, options: Options) -> Iterator[Observation]:
    """A message that is gone."""
    yield _gone(change, "field")


@change(EnumRemoved)
def proto_enum_removed(change: EnumRemoved, options: Options) -> Iterator[Observation]:
    """An enum that is gone."""
    yield _gone(change, "value")


@change(ServiceRemoved)
def proto_service_removed(change: ServiceRemoved, options: Options) -> Iterator[Observation]:
    """A service that is gone."""
    count = len(change.base.rpcs)
    yield _gone(change, "method", count=count, noun="method" if count == 1 else "methods")


@change(RpcRemoved)
def proto_rpc_removed(change: RpcRemoved, options: Options) -> Iterator[Observation]:
    """A method that is gone."""
    yield observe(
        change.service.place(),
        related=[(change.base.place(), "was here")],
        identity=(change.base.name,),
        service=change.service.name,
        name=change.base.name,
    )
