"""SQL files with a section for each way: those of goose, dbmate and sql-migrate.

Sources: goose, "SQL Migrations" (``-- +goose Up`` and ``-- +goose Down``); dbmate, "Migrations"
(``-- migrate:up`` and ``-- migrate:down``); sql-migrate, "Writing migrations" (``-- +migrate Up``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from posixpath import basename, dirname

from archlint.files import LineIndex
from archlint.finding import Span
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.migrations.statements import blanks, has_statement
from archlint.model.migrations.steps import Step, WayBack
from archlint.model.world import World

_MARK = regex(r"(?aim)^[ \t]*--[ \t]*(\+goose[ \t]+|\+migrate[ \t]+|migrate:)(up|down)\b[^\n]*")
_TOOLS = {"+goose": "goose", "+migrate": "sql-migrate", "migrate:": "dbmate"}
_DOWN = {"goose": "-- +goose Down", "sql-migrate": "-- +migrate Down", "dbmate": "-- migrate:down"}
_NUMBER = regex(r"\d{1,40}")


@dataclass(frozen=True, slots=True)
class Sections:
    """A file that has such marks."""

    path: str
    tool: str
    forward: str
    """What the step does."""
    backward: str | None
    """What takes it back; ``None`` without a section for it."""
    span: Span
    """The mark of the way back, else of the step."""


def section_steps(world: World, paths: Sequence[str]) -> Iterator[Step]:
    """The migrations of all folders with such files; in a folder without any way back only the newest."""
    folders: dict[tuple[str, str], list[Sections]] = {}
    for path in paths:
        found = _sections(path, world.text(path) or "") if path.lower().endswith(".sql") else None
        if found is not None:
            folders.setdefault((found.tool, dirname(path)), []).append(found)
    for files in folders.values():
        files.sort(key=lambda item: (number_of(item.path), item.path))
        has_some = any(item.backward is not None and has_statement(item.backward) for item in files)
        yield from map(_step, files if has_some else files[-1:])


def tool_of(text: str) -> str:
    """The tool whose marks a text has; empty for none."""
    match = _MARK.search(text)
    return "" if match is None else _TOOLS[match[1].strip().lower()]


def _parts(text: str) -> Iterator[tuple[re.Match[str], int]]:
    """The marks of a text, and where the section of each ends."""
    marks = list(_MARK.finditer(text))
    yield from zip(marks, [*(match.start() for match in marks[1:]), len(text)], strict=False)


def blanked(text: str) -> str:
    """The text with blanks for the sections for the way back, so that each character keeps its place."""
    pieces, at = [], 0
    for match, end in _parts(text):
        if match[2].lower() == "down":
            pieces += [text[at : match.end()], blanks(text[match.end() : end])]
            at = end
    return "".join([*pieces, text[at:]])


def number_of(path: str) -> int:
    """The number that a file's name begins with; it sorts the files as the tools run them."""
    match = _NUMBER.match(basename(path))
    return int(match[0]) if match else 0


def _sections(path: str, text: str) -> Sections | None:
    parts: dict[str, list[str]] = {}
    shown: dict[str, re.Match[str]] = {}
    for match, end in _parts(text):
        way = match[2].lower()
        parts.setdefault(way, []).append(text[match.end() : end])
        shown.setdefault(way, match)
    if "up" not in parts:
        return None
    backward = "\n".join(parts["down"]) if "down" in parts else None
    span = mark_span(LineIndex(text), shown.get("down", shown["up"]))
    return Sections(path, tool_of(text), "\n".join(parts["up"]), backward, span)


def mark_span(lines: LineIndex, match: re.Match[str]) -> Span:
    """Where a mark stands, without the blanks around it."""
    start = match.start() + len(match[0]) - len(match[0].lstrip())
    return Span(*lines.position(start), *lines.position(match.start() + len(match[0].rstrip())))


def _step(item: Sections) -> Step:
    if not has_statement(item.forward):
        way_back = WayBack.NOT_NEEDED
    elif item.backward is None:
        way_back = WayBack.MISSING
    else:
        way_back = WayBack.PRESENT if has_statement(item.backward) else WayBack.EMPTY
    name = basename(item.path)
    return Step(item.path, item.tool, name, way_back, item.span, _DOWN[item.tool])
