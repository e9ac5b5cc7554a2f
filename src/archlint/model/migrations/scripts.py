"""Migrations written as SQL scripts in pairs: Flyway's ``V`` and ``U``, golang-migrate's ``up`` and ``down``.

Sources: Flyway, "Migrations" (versions are numbers with dots or underscores between them; undo migrations
share the version), and golang-migrate, "Migration Filename Format" (``{version}_{title}.up.sql``; a pair is
matched by version).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from posixpath import basename, dirname

from archlint.documents.plain import START
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.migrations.statements import has_statement
from archlint.model.migrations.steps import Step, WayBack
from archlint.model.world import World

_FLYWAY = regex(r"([VU])(?>(\d[\d._]*?)__)(.+)\.sql", re.IGNORECASE)
_OTHER_FLYWAY = regex(r"(?:B\d[\d._]*|R)__.+\.sql", re.IGNORECASE)
_PAIRED = regex(r"(\d+)_(.*)\.(up|down)\.sql", re.IGNORECASE)
_DIALECTS = frozenset(
    {"postgres", "postgresql", "pgsql", "mysql", "mariadb", "sqlite", "sqlite3", "cockroach", "mssql"}
)
_SIDE_FOLDERS = frozenset({"undo", "up", "down", "versioned", "rollback"})

Version = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Script:
    path: str
    version: Version
    written: str
    title: str
    goes_back: bool
    dialect: str = ""
    """The database that the script is for, where each has its own (``1_carts.mysql.up.sql``)."""


def script_steps(world: World, paths: Sequence[str], *, with_first: bool = False) -> Iterator[Step]:
    """The migrations of all folders that hold SQL scripts; of Flyway's those after the first that has an undo
    script, and on demand that one as well."""
    for pattern, tool in ((_FLYWAY, "flyway"), (_PAIRED, "golang-migrate")):
        folders: dict[str, list[_Script]] = defaultdict(list)
        for path in paths:
            script = _script(pattern, path)
            if script is not None:
                folders[_home(path)].append(script)
        for scripts in folders.values():
            yield from _pairs(world, tool, scripts, with_first=with_first)


def _script(pattern: re.Pattern[str], path: str) -> _Script | None:
    match = pattern.fullmatch(basename(path))
    if match is None:
        return None
    if pattern is _FLYWAY:
        return _Script(path, numbers_of(match[2]), match[2], match[3], match[1].upper() == "U")
    dialect = match[2].rpartition(".")[2].lower()
    known = dialect if dialect in _DIALECTS else ""
    return _Script(path, numbers_of(match[1]), match[1], match[2], match[3].lower() == "down", known)


def is_script(path: str) -> bool:
    """Whether a file is called as Flyway or golang-migrate have it, a repeatable script included."""
    name = basename(path)
    return any(pattern.fullmatch(name) is not None for pattern in (_FLYWAY, _PAIRED, _OTHER_FLYWAY))


def version_of(path: str) -> tuple[str, Version, str] | None:
    """The tool, the version and the way that the name of a script tells; scripts for one database of several
    share versions, and tell nothing."""
    for pattern, tool in ((_FLYWAY, "flyway"), (_PAIRED, "golang-migrate")):
        script = _script(pattern, path)
        if script is not None:
            way = "back" if script.goes_back else "forward"
            return None if script.dialect else (tool, script.version, way)
    return None


def numbers_of(text: str) -> Version:
    """The numbers of a version; ``1``, ``01`` and ``1.0`` are the same. Longer numbers than anybody writes
    are cut, since reading a number takes time that grows with the square of its length."""
    numbers = [int(part[:40]) for part in re.split(r"[._]", text) if part]
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def _home(path: str) -> str:
    """The folder that both scripts of a pair are in, or below."""
    folder = dirname(path)
    return dirname(folder) if basename(folder).lower() in _SIDE_FOLDERS else folder


def _pairs(world: World, tool: str, scripts: list[_Script], *, with_first: bool) -> Iterator[Step]:
    undo = {(script.version, script.dialect): script for script in scripts if script.goes_back}
    steps = [script for script in scripts if not script.goes_back]
    forward = sorted(steps, key=lambda script: (script.version, script.path))
    if tool == "flyway":
        # Undo scripts are an extra of Flyway that most do without: only versions after the first need them.
        first = min(undo)[0] if undo else ()
        judged = [
            script
            for script in forward
            if undo and (script.version > first or (with_first and script.version == first))
        ]
    else:
        # A folder without any way back has one cause: told once, at the step that would be undone first.
        judged = forward if undo else forward[-1:]
    is_split = any(script.dialect for script in scripts)
    for script in judged:
        back = undo.get((script.version, script.dialect)) or undo.get((script.version, ""))
        if back is None or not is_split:
            # With a script for each database, as pop has them, one step back may undo several steps forward.
            yield _judged(world, tool, script, back)


def _judged(world: World, tool: str, script: _Script, back: _Script | None) -> Step:
    path, way_back = script.path, WayBack.PRESENT
    if back is None:
        way_back = WayBack.MISSING if does_something(world, path) else WayBack.NOT_NEEDED
    elif not does_something(world, back.path):
        way_back = WayBack.EMPTY if does_something(world, path) else WayBack.NOT_NEEDED
        path = back.path
    name = basename(script.path)
    forward = script.path if script.path != path else ""
    return Step(path, tool, name, way_back, START, _undo_name(tool, script, back), forward)


def _undo_name(tool: str, script: _Script, back: _Script | None) -> str:
    if back is not None:
        return basename(back.path)
    if tool == "flyway":
        return f"U{script.written}__{script.title}.sql"
    return f"{script.written}_{script.title}.down.sql"


def does_something(world: World, path: str) -> bool:
    """Whether a script holds a statement; one that cannot be read counts as if it did."""
    text = world.text(path)
    return text is None or has_statement(text)
