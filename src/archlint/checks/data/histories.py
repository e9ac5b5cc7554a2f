"""Migrations whose order cannot be worked out."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename

from archlint.checks import Observation, Options, join, observe
from archlint.documents import TextFile
from archlint.documents.plain import START
from archlint.finding.words import listed, quoted
from archlint.model.migrations.lines import MissingParent, SeveralHeads
from archlint.model.migrations.versions import SharedVersion
from archlint.model.world import World

_MOST_NAMED = 4


@join(SharedVersion)
def migration_version_repeated(item: SharedVersion, world: World, options: Options) -> Iterator[Observation]:
    """A version that two migrations of a folder have."""
    yield observe(
        item.source.place(START),
        related=[(TextFile(item.first).place(START), "the other one of that version")],
        identity=(),
        version=item.version,
        other=basename(item.first),
        tool=item.tool,
    )


@join(SeveralHeads)
def migration_heads_several(item: SeveralHeads, world: World, options: Options) -> Iterator[Observation]:
    """Several migrations that are the last."""
    *others, last = item.heads
    yield observe(
        TextFile(last.path).place(last.span),
        item.line.tool,
        related=[(TextFile(other.path).place(other.span), "also the last") for other in others[:_MOST_NAMED]],
        identity=(),
        heads=listed(quoted(head.name for head in item.heads), _MOST_NAMED),
    )


@join(MissingParent)
def migration_parent_missing(item: MissingParent, world: World, options: Options) -> Iterator[Observation]:
    """A migration that follows one that is not there."""
    yield observe(
        item.place,
        item.line.tool,
        identity=(item.parent,),
        migration=item.revision.name,
        parent=item.parent,
    )
