"""Asks squawk, a program for PostgreSQL's statements, about scripts.

It is the one that the package ``squawk-cli`` puts beside the interpreter that runs archlint: nothing of the
repository, and nothing on PATH, is taken for it. One process gets all scripts, as numbered files of a folder
of its own, with an empty configuration, so that neither names nor settings of the repository reach it. It
counts lines from 0, and columns in bytes.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from archlint.files import LineIndex
from archlint.finding import Span
from archlint.finding.records import dataclass
from archlint.model.migrations.ddl import DdlRemark, Script
from archlint.model.migrations.tables import ScriptTables

PACKAGE = "squawk-cli"
SECONDS = 60.0
"""How long all scripts together may take; a thousand take about one."""
MOST = 2_000
"""Scripts that are asked about at once."""
_FAULT = "syntax-error"
_KEY, _UNCHECKED = "adding-foreign-key-constraint", "constraint-missing-not-valid"
"""Two rules of which the second says of a foreign key what the first says."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What squawk said, and which scripts it could not judge."""

    remarks: tuple[DdlRemark, ...] = ()
    unjudged: tuple[str, ...] = ()
    """The paths of scripts that are no SQL of PostgreSQL to it, or of all if it did not answer."""


def squawk_program() -> str | None:
    """The program in the environment of archlint; ``None`` if it is not installed."""
    name = "Scripts/squawk.exe" if sys.platform == "win32" else "bin/squawk"
    found = Path(sys.prefix) / name
    return str(found) if found.is_file() else None


def squawk_stamp() -> str:
    """What tells the program from another version of it; empty if it is not installed."""
    program = squawk_program()
    if program is None:
        return ""
    facts = Path(program).stat()
    return f"{facts.st_size} {facts.st_mtime_ns}"


def judge_scripts(program: str, scripts: Sequence[Script]) -> Judgement:
    """What it says of all scripts; of one with a statement that it cannot read nothing is said."""
    asked, rest = scripts[:MOST], scripts[MOST:]
    told = _run(program, asked)
    if told is None:
        return Judgement((), tuple(item.path for item in scripts))
    by_file: dict[int, list[Any]] = {}
    for item in told:
        number = _number(item)
        if 0 <= number < len(asked):
            by_file.setdefault(number, []).append(item)
    bad = {at for at, items in by_file.items() if any(item.get("rule_name") == _FAULT for item in items)}
    remarks = [remark for at in sorted(set(by_file) - bad) for remark in _remarks(asked[at], by_file[at])]
    return Judgement(tuple(remarks), (*(asked[at].path for at in sorted(bad)), *(item.path for item in rest)))


def _run(program: str, scripts: Sequence[Script]) -> list[Any] | None:
    with TemporaryDirectory() as folder:
        for number, script in enumerate(scripts):
            (Path(folder) / f"{number}.sql").write_bytes(script.text.encode("utf-8", "replace"))
        (Path(folder) / "none.toml").touch()
        command = [program, "--reporter", "json", "--config", "none.toml", "--no-error-on-unmatched-pattern"]
        command += [f"{number}.sql" for number in range(len(scripts))]
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                cwd=folder,
                timeout=SECONDS,
                check=False,
            )
            told = json.loads(done.stdout)
        except (subprocess.TimeoutExpired, OSError, ValueError, RecursionError):
            return None
    return [item for item in told if isinstance(item, dict)] if isinstance(told, list) else None


def _number(item: dict[str, Any]) -> int:
    name = Path(str(item.get("file", ""))).stem
    return int(name) if name.isascii() and name.isdigit() and len(name) < 9 else -1


def _remarks(script: Script, items: Sequence[dict[str, Any]]) -> Iterator[DdlRemark]:
    lines = script.text.split("\n")
    tables, places = ScriptTables(script.text), LineIndex(script.text)
    keys = {item.get("line_end") for item in items if item.get("rule_name") == _KEY}
    for item in items:
        check, summary = item.get("rule_name"), item.get("message")
        if isinstance(check, str) and isinstance(summary, str):
            if check == _UNCHECKED and item.get("line_end") in keys:
                continue
            advice = item.get("help")
            span = Span(
                *_position(lines, item.get("line"), item.get("column")),
                *_position(lines, item.get("line_end"), item.get("column_end")),
            )
            if tables.is_harmless(check, places.offset(span.line, span.column)):
                continue
            advice = advice if isinstance(advice, str) else ""
            yield DdlRemark(script.path, span, check, summary, advice, (_UNCHECKED,) if check == _KEY else ())


def _position(lines: Sequence[str], line: object, column: object) -> tuple[int, int]:
    """Line and column from 1, in code points, of a line and a column in bytes from 0."""
    at = min(line, len(lines) - 1) if isinstance(line, int) and line >= 0 else 0
    offset = column if isinstance(column, int) and column >= 0 else 0
    before = lines[at].encode("utf-8", "replace")[:offset]
    return at + 1, len(before.decode("utf-8", "replace")) + 1
