"""Reads the examples of a rule page: fenced blocks with expected findings marked in place.

``LANG bad|good [case=N] [file=PATH] [rev=base] [options={...}]`` opens an example. Blocks of one case are one
repository. In a bad example a line of blanks and carets, then a message, expects a finding at the line above;
a line of tildes expects a related place of the finding that is marked next (or, after a caret line, last).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from archlint.registry import body_of

_BLOCK = re.compile(r"^(`{3,})([^\n`]*)\n(.*?)^\1[ ]*$", re.MULTILINE | re.DOTALL)
_MARKER = re.compile(r"^([ \t]*)(\^+|~+)(?: (.*))?$")
_FILE_NAMES = {
    "yaml": "example.yaml",
    "json": "example.json",
    "proto": "example.proto",
    "sql": "example.sql",
    "md": "example.md",
    "python": "example.py",
}


@dataclass(frozen=True, order=True)
class Mark:
    """An expected token: file, line, first and last-plus-one column, and the message."""

    path: str
    line: int
    column: int
    end_column: int
    message: str
    revision: str | None = None


@dataclass
class Case:
    """One repository of a page."""

    name: str
    files: dict[str, str] = field(default_factory=dict)
    base: dict[str, str] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)
    expected: list[Mark] = field(default_factory=list)
    related: list[Mark] = field(default_factory=list)
    bad: bool = False


@cache
def cases_on(page: str) -> tuple[Case, ...]:
    """All cases of the page at a path, read once in each process."""
    return tuple(cases_of(body_of(Path(page).read_text("utf-8"))))


def cases_of(body: str) -> list[Case]:
    """All cases of a page; blocks without ``case`` are a case of their own."""
    cases: dict[str, Case] = {}
    for number, found in enumerate(_BLOCK.finditer(body), 1):
        words = found[2].split(None, 2)
        if len(words) < 2 or words[1] not in ("bad", "good"):
            continue
        attributes = _attributes(words[2] if len(words) > 2 else "")
        key = f"{words[1]} {attributes['case']}" if "case" in attributes else f"{words[1]} block {number}"
        case = cases.setdefault(key, Case(key))
        case.bad = words[1] == "bad"
        case.options.update(yaml.safe_load(attributes.get("options", "{}")))
        revision = attributes.get("rev")
        path = attributes.get("file", _FILE_NAMES.get(words[0], f"example.{words[0]}"))
        text = _cut_marks(found[3], path, revision, case)
        (case.base if revision == "base" else case.files)[path] = text
    return list(cases.values())


def _attributes(text: str) -> dict[str, str]:
    found = re.search(r"options=(\{.*\})", text)
    rest = text[: found.start()] if found else text
    attributes = dict(part.split("=", 1) for part in rest.split() if "=" in part)
    return attributes | ({"options": found[1]} if found else {})


def _cut_marks(text: str, path: str, revision: str | None, case: Case) -> str:
    kept: list[str] = []
    for line in text.split("\n"):
        found = _MARKER.match(line)
        if found is None or (found[2][0] == "~" and not found[3]):
            kept.append(line)
            continue
        start = len(found[1]) + 1
        mark = Mark(path, len(kept), start, start + len(found[2]), found[3] or "", revision)
        (case.expected if found[2][0] == "^" else case.related).append(mark)
    return "\n".join(kept)
