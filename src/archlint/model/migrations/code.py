"""Migrations in languages with braces: functions ``up`` and ``down``, ``Up`` and ``Down``.

Sources: EF Core, "Managing Migrations"; TypeORM, "Migrations"; Knex, "Migration API" (a migration must have
both functions); Sequelize, "Migrations"; node-pg-migrate, "Defining Migrations" (what has no ``down`` is
inverted, and ``down = false`` says that there is no way back); Laravel, "Migration Structure"; Doctrine,
"Migration Classes".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from posixpath import basename

from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.migrations.steps import Step, WayBack
from archlint.model.sources.languages import language_of
from archlint.model.sources.literals import SourceCode
from archlint.model.world import World

_LONGEST_TEXT = 1_000_000
_SIGNS = {
    "cs": regex(r":[ \t]*Migration\b"),
    "php": regex(r"\bextends[ \t]+(?:\w+\\)*(?:Abstract)?Migration\b"),
    "js": regex(r"\bup\b"),
}
_DEFINED = regex(
    r"(?<![\w$.>])(?:(?:module\s*+\.\s*+)?exports\s*+\.\s*+)?(?P<name>up|down|Up|Down)\s*+"
    r"(?:(?::\s*+[\w.<>\[\]]{1,80}+\s*+)?[:=](?!=)\s*+(?:async\b\s*+)?(?:function\b\s*+\*?+\s*+\w*+\s*+)?)?"
    r"(?=\(|\w++\s*+=>)"
)
_REFUSING = regex(r"\bdown\s*+=\s*+false\b")
_RETURNS = regex(r"\s*+(?::[\w<>\[\]. |?\\\n]{1,80}(?=\{|=>))?+(?P<arrow>=>)?+\s*+")
_IDLE = regex(
    r"(?:\s|;|\b(?:return|await|pass)\b|\b(?:null|undefined|void|0)\b|Promise\s*\.\s*resolve\s*\(\s*\)"
    r"|Task\s*\.\s*CompletedTask)*+"
)
_REFUSES = regex(
    r"\s*(?:throw\b|\$this\s*->\s*throwIrreversibleMigrationException\b|return\s+Promise\s*\.\s*reject\b)"
)
_PG_MIGRATE = regex(r"\bpgm\b|node-pg-migrate")
_PG_SQL = regex(r"\bpgm\s*+\.\s*+sql\s*+(?=\()")


@dataclass(frozen=True, slots=True)
class _Function:
    start: int
    """Where its name stands."""
    name: str
    body: str
    """Its code, without strings."""


def code_steps(world: World, paths: Sequence[str]) -> Iterator[Step]:
    """The migrations that are written in C#, PHP, JavaScript and TypeScript."""
    for path in paths:
        family = _family(path)
        sign, language = _SIGNS.get(family), language_of(path)
        if sign is None or language is None:
            continue
        text = world.text(path)
        if text is not None and len(text) < _LONGEST_TEXT and sign.search(text):
            step = _step(path, SourceCode(text, language), _tool(family, text))
            if step is not None:
                yield step


def is_code_migration(path: str, text: str) -> bool:
    """Whether a file in one of these languages holds a migration."""
    sign = _SIGNS.get(_family(path))
    return sign is not None and sign.search(text) is not None


def _family(path: str) -> str:
    suffix = path.rpartition(".")[2].lower()
    return "js" if suffix in ("cjs", "mjs", "ts") else suffix


def _tool(family: str, text: str) -> str:
    if family == "cs":
        return "ef-core"
    if family == "php":
        return "doctrine" if "AbstractMigration" in text else "laravel"
    return "typeorm" if "MigrationInterface" in text else "javascript"


def _step(path: str, code: SourceCode, tool: str) -> Step | None:
    functions = {item.name.lower(): item for item in reversed([*_functions(code.plain)])}
    up, down = functions.get("up"), functions.get("down")
    if up is None:
        return None
    name = basename(path).rpartition(".")[0]
    refusal = _REFUSING.search(code.plain)
    if down is None and refusal is not None:
        return Step(path, tool, name, WayBack.REFUSED, code.span_at(refusal.start(), 4), "down")
    if down is None and tool == "javascript" and _PG_MIGRATE.search(code.text):
        return _inverted(path, name, code, up)
    shown = up if down is None else down
    undo = "Down" if tool == "ef-core" else "down"
    return Step(path, tool, name, _way_back(up, down), code.span_at(shown.start, len(shown.name)), undo)


def _way_back(up: _Function, down: _Function | None) -> WayBack:
    if _IDLE.fullmatch(up.body):
        return WayBack.NOT_NEEDED
    if down is None:
        return WayBack.MISSING
    if _REFUSES.match(down.body):
        return WayBack.REFUSED
    return WayBack.EMPTY if _IDLE.fullmatch(down.body) else WayBack.PRESENT


def _inverted(path: str, name: str, code: SourceCode, up: _Function) -> Step:
    """A migration of node-pg-migrate without ``down``: it inverts all operations but statements of SQL."""
    match = _PG_SQL.search(code.plain)
    if match is None:
        return Step(path, "javascript", name, WayBack.PRESENT, code.span_at(up.start, 2), "down")
    span = code.span_at(match.start(), len(match[0].rstrip()))
    return Step(path, "javascript", name, WayBack.IMPOSSIBLE, span, "a 'down'", operation="'pgm.sql'")


def _functions(plain: str) -> Iterator[_Function]:
    """The functions of these names that have a body here."""
    closing = _closings(plain)
    for match in _DEFINED.finditer(plain):
        at = match.end()
        if plain[at] == "(":
            if at not in closing:
                continue
            at = closing[at] + 1
        else:
            at = plain.index("=>", at)
        returns = _RETURNS.match(plain, at)
        at = at if returns is None else returns.end()
        if plain[at : at + 1] == "{" and at in closing:
            yield _Function(match.start("name"), match["name"], plain[at + 1 : closing[at]])
        elif returns is not None and returns["arrow"]:
            line = plain[at:].partition("\n")[0]
            yield _Function(match.start("name"), match["name"], line.rstrip(",}) "))


def _closings(plain: str) -> dict[int, int]:
    """Where each bracket is closed."""
    found: dict[int, int] = {}
    opened: list[int] = []
    for match in re.finditer(r"[(){}\[\]]", plain):
        if match[0] in "({[":
            opened.append(match.start())
        elif opened:
            found[opened.pop()] = match.start()
    return found
