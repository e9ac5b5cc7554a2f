"""Liquibase's changelogs, in XML, YAML, JSON and formatted SQL: change sets, and what rolls them back.

Sources: Liquibase, "Auto Rollback" and the table of change types: the rollback of a change set whose changes
can all be inverted is worked out, any other needs ``rollback`` (an empty one: nothing is to be done).
Change sets that are run whenever they change are no step forward. Changes that Liquibase does not bring along
are taken to have their rollback.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from posixpath import dirname

from archlint.documents import Document, Node
from archlint.documents.plain import START
from archlint.files import Kind, LineIndex
from archlint.finding import Place, Span
from archlint.finding.regex import regex
from archlint.model.migrations.change_set import ALWAYS, NOT_INVERTED, ROOT, ChangeSet
from archlint.model.migrations.changelog_xml import xml_change_sets
from archlint.model.migrations.sections import mark_span
from archlint.model.migrations.statements import bare
from archlint.model.migrations.steps import Step, WayBack
from archlint.model.world import World

_FOLDERS = ("liquibase", "changelog", "changelogs", "db", "database", "migrations", "migration")
_MARK = regex(r"(?im)^[ \t]*--[ \t]*(?P<word>changeset|rollback)\b[ \t]*:?(?P<rest>[^\n]*)")
_FORMATTED = regex(r"(?i)\s*--[ \t]*liquibase[ \t]+formatted[ \t]+sql\b")
_ACCEPTED = regex(r"(?im)^[ \t]*+--[ \t]*+validchecksum\b")
_REPEATED = regex(r"(?i)\brun(?:onchange|always)\s*:\s*true\b")


def changelog_steps(world: World, *, with_all: bool = False) -> Iterator[Step]:
    """The change sets of all changelogs; where one has no rollback at all, only its last one without, and on
    demand all."""
    homes: dict[str, list[ChangeSet]] = {}
    for item in world.fact(change_sets):
        homes.setdefault(_home(item.path), []).append(item)
    for items in homes.values():
        steps = [_step(item) for item in items if not item.is_repeated]
        if not with_all and not any(item.has_rollback for item in items):
            lacking = [step for step in steps if step.way_back is WayBack.IMPOSSIBLE]
            steps = [step for step in steps if step not in lacking[:-1]]
        yield from steps


def change_sets(world: World) -> tuple[ChangeSet, ...]:
    """All change sets, by file; ask with ``world.fact``."""
    return tuple(_change_sets(world))


def _change_sets(world: World) -> Iterator[ChangeSet]:
    for document in _changelogs(world):
        yield from _of_document(document.path, document.root.get(ROOT))
    for path in world.paths(Kind.MIGRATION):
        if path.endswith(".xml"):
            yield from xml_change_sets(path, world.text(path) or "")
        elif path.endswith(".sql"):
            yield from _of_sql(path, world.text(path) or "")


def has_changelogs(world: World) -> bool:
    """Whether any YAML or JSON file is a changelog; ask with ``world.fact``."""
    return any(True for _ in _changelogs(world))


def _changelogs(world: World) -> Iterator[Document]:
    """Those in YAML and JSON."""
    for document in world.documents(Kind.DATA):
        if isinstance(document.data, dict) and ROOT in document.data:
            yield document


def _home(path: str) -> str:
    """The folder of the whole changelog that a file is a part of."""
    folder = dirname(path)
    parts = folder.split("/")
    at = next((at for at, part in enumerate(parts) if part.lower() in _FOLDERS), len(parts))
    return "/".join(parts[: at + 1])


def _step(item: ChangeSet) -> Step:
    stopper = None
    if not item.has_rollback:
        stopper = next(((name, at) for name, at in item.changes if name in NOT_INVERTED), None)
    place = item.span if stopper is None else stopper[1]
    at = place if isinstance(place, Place) else None
    span = place if isinstance(place, Span) else START
    if stopper is None:
        return Step(item.path, "liquibase", item.name, WayBack.PRESENT, span, "", at=at)
    what = f"'{stopper[0]}'"
    return Step(
        item.path, "liquibase", item.name, WayBack.IMPOSSIBLE, span, "a 'rollback'", operation=what, at=at
    )


def _of_document(path: str, root: Node) -> Iterator[ChangeSet]:
    for entry in root.elements():
        item = entry.get("changeSet")
        if not item.is_map:
            continue
        author, number = item.get("author").text or "", _plain(item.get("id").value)
        changes = tuple(
            (name, key.place()) for change in item.get("changes").elements() for name, key in change.items()
        )
        is_repeated = any(str(item.get(word).value).lower() == "true" for word in ALWAYS)
        has_rollback, content = item.get("rollback").exists, _said(item.get("changes").value)
        may_be_edited = is_repeated or item.get("validCheckSum").exists
        yield ChangeSet(
            path,
            f"{author}:{number}",
            changes,
            has_rollback,
            is_repeated,
            item.place(),
            may_be_edited,
            content,
        )


def _said(value: object) -> str:
    try:
        return json.dumps(value, sort_keys=True, default=str)
    except (TypeError, ValueError, RecursionError):
        return ""


def _plain(value: object) -> str:
    return str(value) if isinstance(value, str | int | float) else ""


def is_formatted(text: str) -> bool:
    """Whether a file of SQL is a changelog."""
    return _FORMATTED.match(text) is not None


def _of_sql(path: str, text: str) -> Iterator[ChangeSet]:
    """Change sets of formatted SQL, each of which is one change that Liquibase cannot invert."""
    if not _FORMATTED.match(text):
        return
    lines = LineIndex(text)
    marks = list(_MARK.finditer(text))
    starts = [at for at, match in enumerate(marks) if match["word"].lower() == "changeset"]
    for at, following in zip(starts, [*starts[1:], len(marks)], strict=False):
        match = marks[at]
        name, _, attributes = match["rest"].strip().partition(" ")
        span = mark_span(lines, match)
        end = marks[following].start() if following < len(marks) else len(text)
        sql = bare(text[match.end() : end])
        changes = (("sql", span),) if sql else ()
        is_repeated = bool(_REPEATED.search(attributes))
        may_be_edited = is_repeated or _ACCEPTED.search(text, match.end(), end) is not None
        yield ChangeSet(path, name, changes, following - at > 1, is_repeated, span, may_be_edited, sql)
