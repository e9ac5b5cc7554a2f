"""Migrations that claim the same version, where the tool refuses to run two of one.

Sources: Flyway ("Found more than one migration with version"), golang-migrate ("duplicate migration file"),
goose ("duplicate version"), dbmate (a version is a primary key), Rails (``DuplicateMigrationVersionError``).
"""

from __future__ import annotations

from collections.abc import Iterable
from posixpath import basename, dirname

from archlint.documents import TextFile
from archlint.files import Kind
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.migrations.rails import IS_RAILS
from archlint.model.migrations.scripts import numbers_of, version_of
from archlint.model.migrations.sections import tool_of
from archlint.model.migrations.steps import TOOL_NAMES
from archlint.model.world import World

_NUMBERED = regex(r"(\d{1,40}+)[_.-]")
_FLYWAY_CODE = regex(r"V(?>(\d[\d._]*?)__)\w+\.(?:java|kt)")


@dataclass(frozen=True)
class SharedVersion:
    """A migration whose version an earlier file of its folder has too."""

    path: str
    first: str
    tool: str
    """As people write it."""
    version: str

    @classmethod
    def all(cls, world: World) -> Iterable[SharedVersion]:
        """Every file but the first of each version, by path."""
        taken: dict[tuple[str, str, tuple[int, ...], str], str] = {}
        found = []
        for path in world.paths(Kind.MIGRATION):
            claim = claim_of(world, path)
            if claim is None:
                continue
            tool, version, way = claim
            first = taken.setdefault((dirname(path), tool, version, way), path)
            if first != path:
                written = ".".join(map(str, version))
                found.append(cls(path, first, TOOL_NAMES[tool], written))
        return found

    @property
    def source(self) -> TextFile:
        """The file to rename."""
        return TextFile(self.path)

    @property
    def object(self) -> ObjectRef:
        """Named by its file."""
        return ObjectRef("Migration", basename(self.path))


def claim_of(world: World, path: str) -> tuple[str, tuple[int, ...], str] | None:
    """The tool, the version, and the way that a file stands for; ``None`` where versions may be shared."""
    name = basename(path)
    suffix = name.rpartition(".")[2].lower()
    if suffix in ("java", "kt"):
        code = _FLYWAY_CODE.fullmatch(name)
        return None if code is None else ("flyway", numbers_of(code[1]), "V")
    if suffix == "sql":
        known = version_of(path)
        if known is not None:
            return known
    numbered = _NUMBERED.match(name)
    if numbered is None or suffix not in ("sql", "rb"):
        return None
    text = world.text(path) or ""
    tool = tool_of(text) if suffix == "sql" else "rails" if IS_RAILS.search(text) else ""
    return (tool, (int(numbered[1]),), "") if tool in ("goose", "dbmate", "rails") else None
