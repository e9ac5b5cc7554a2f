"""Statements of SQL that hurt a running version: which scripts are asked about, and what was answered.

Judged is what goes forward, of the newest migrations of each folder, as the older ones have been applied, and
only where the repository shows that its database is PostgreSQL, as each server locks otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from posixpath import basename, dirname

from archlint.documents import TextFile
from archlint.files import Kind
from archlint.finding import ObjectRef, Place, Span
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.graph.build import service_graph
from archlint.model.migrations.changelogs import is_formatted
from archlint.model.migrations.scripts import version_of
from archlint.model.migrations.sections import blanked, number_of, tool_of
from archlint.model.services.protocols import RELATIONAL
from archlint.model.world import World

LARGEST = 1_000_000
_RISKY = regex(
    r"(?i)\b(?:ALTER|DROP|TRUNCATE|REINDEX|CREATE(?:\s++UNIQUE)?+\s++INDEX(?!\s++CONCURRENTLY\b))\b([^;]*+)"
)
_HARMLESS = regex(
    r"(?i)\s++TABLE\s++(?:IF\s++EXISTS\s++)?+(?:ONLY\s++)?+[\w.\"]++\s++ADD\s++(?:COLUMN\s++)?+(?:IF\s++NOT\s++EXISTS\s++)?+"
    r"(?!(?:CONSTRAINT|FOREIGN|UNIQUE|PRIMARY|CHECK|EXCLUDE)\b)[\w\"]++\s++[\w\s(\d)\[\]]++"
)
_CREATES = regex(r"(?i)\bCREATE\s++TABLE\b")
_CONSTRAINED = regex(
    r"(?i)\b(?:NOT|DEFAULT|REFERENCES|CONSTRAINT|UNIQUE|CHECK|\w*SERIAL|GENERATED|PRIMARY)\b"
)
_SERVERS = RELATIONAL - {"mongodb", "sql"}


@dataclass(frozen=True, slots=True)
class Script:
    """A file of SQL to be judged."""

    path: str
    text: str
    """What it does on the way forward; blanks stand for all else, so that each character keeps its place."""


@dataclass(frozen=True)
class DdlRemark:
    """What squawk says of a statement."""

    path: str
    span: Span
    check: str
    """The id of the rule of squawk."""
    summary: str
    advice: str
    also: tuple[str, ...] = ()
    """Further rules that say the same of the statement."""

    @classmethod
    def all(cls, world: World) -> Iterable[DdlRemark]:
        """None: the program is asked by the engine, and ``World.supply`` then brings what it says."""
        return ()

    @property
    def source(self) -> TextFile:
        """The script."""
        return TextFile(self.path)

    @property
    def place(self) -> Place:
        """The statement, or the part of it."""
        return self.source.place(self.span)

    @property
    def object(self) -> ObjectRef:
        """Named by its file."""
        return ObjectRef("Migration", basename(self.path))


def scripts_to_judge(world: World, newest: int) -> list[Script]:
    """The newest scripts of each folder (all of them for 0) with a statement that may lock or destroy.

    The first of a folder that creates tables meets an empty database, whatever it drops before.
    """
    folders: dict[str, list[tuple[tuple[int, ...], str]]] = {}
    for path in world.paths(Kind.MIGRATION):
        if path.lower().endswith(".sql"):
            for home, version in _order(world, path):
                folders.setdefault(home, []).append((version, path))
    chosen = [path for found in folders.values() for _, path in sorted(found)[-newest:]]
    first = {min(found)[1] for found in folders.values()}
    scripts = (Script(path, blanked(world.text(path) or "")) for path in sorted(chosen))
    risky = [
        item
        for item in scripts
        if len(item.text) < LARGEST
        and not (item.path in first and _CREATES.search(item.text))
        and _is_risky(item.text)
    ]
    return risky if risky and is_postgres(world) else []


def is_postgres(world: World) -> bool:
    """Whether PostgreSQL is the only relational database that the repository shows."""
    graph = world.fact(service_graph)
    spoken = {edge.protocol for edge in graph.edges}
    spoken |= {node.party.store_protocol or "" for node in graph.nodes.values() if node.party is not None}
    return spoken & _SERVERS == {"postgres"}


def _order(world: World, path: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The folder that a script going forward is ordered in, and its version; nothing for all others."""
    known = version_of(path)
    if known is not None:
        if known[2] == "forward":
            yield dirname(path), known[1]
    elif basename(path) == "migration.sql":
        yield dirname(dirname(path)), (number_of(dirname(path)),)
    elif tool_of(text := world.text(path) or "") or is_formatted(text):
        yield dirname(path), (number_of(path),)


def _is_risky(text: str) -> bool:
    for match in _RISKY.finditer(text):
        rest = match[1]
        if not _HARMLESS.fullmatch(rest.rstrip()) or _CONSTRAINED.search(rest):
            return True
    return False
