"""What a script of SQL makes of its own: tables that no other session has rows in, and names that return.

A table that a script creates is empty, or filled by the script alone, and no running version knows it. A name
may go and come back in one script: a table that is built anew beside the old one is renamed to it, and a
renamed table may leave a view of its old name.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from archlint.finding.regex import regex
from archlint.model.migrations.statements import plain_sql

NAME = r"[\w.\"`\[\]]++"
"""A name as SQL writes it, with its schema and quotes."""
_NOT = r"(?:IF\s++(?:NOT\s++)?+EXISTS\s++)?+"
_MADE = regex(
    r"(?i)\bCREATE\s++(?:OR\s++REPLACE\s++)?+(?:(?:GLOBAL|LOCAL|TEMP|TEMPORARY|UNLOGGED|MATERIALIZED|UNIQUE)\s++)*+"
    rf"(?P<what>TABLE|VIEW|INDEX)\s++(?:CONCURRENTLY\s++)?+{_NOT}(?P<made>{NAME})"
    rf"|\bALTER\s++TABLE\s++{_NOT}(?:ONLY\s++)?+(?P<old>{NAME})\s++RENAME\s++TO\s++(?P<new>{NAME})"
)
_SUBJECT = regex(
    rf"(?i)\b(?:ALTER\s++TABLE|DROP\s++TABLE|DROP\s++INDEX|TRUNCATE(?:\s++TABLE)?+"
    rf"|REINDEX\s++(?:TABLE|INDEX)"
    rf"|CREATE\s++(?:UNIQUE\s++)?+INDEX\s++(?:CONCURRENTLY\s++)?+{_NOT}(?:(?!ON\b){NAME}\s++)?+ON)"
    rf"\s++(?:CONCURRENTLY\s++)?+{_NOT}(?:ONLY\s++)?+"
    rf"({NAME}(?:\s*+,\s*+{NAME})*+)"
)
_GOES = frozenset({"ban-drop-table", "renaming-table"})
"""What squawk says of a statement after which a name is gone."""


def bare_name(name: str) -> str:
    """A name without its schema and quotes."""
    return name.rpartition(".")[2].strip('"`[] \n\t\r')


class ScriptTables:
    """The tables, views and indexes that a script makes, by place."""

    def __init__(self, text: str) -> None:
        self._plain = plain_sql(text)
        self._ends = [match.start() for match in re.finditer(";", self._plain)]
        self._first: dict[str, int] = {}
        self._kept: dict[str, int] = {}
        """Where a name last begins to stand for what was there before: a view, or a table that is renamed."""
        for match in _MADE.finditer(self._plain):
            self._add(match)

    def _add(self, match: re.Match[str]) -> None:
        name = bare_name(match["made"] or match["new"]).casefold()
        if match["what"] and match["what"].upper() != "VIEW":
            self._first.setdefault(name, match.start())
            return
        self._kept[name] = match.start()
        if match["old"] and bare_name(match["old"]).casefold() in self._first:
            self._first.setdefault(name, match.start())

    def is_new(self, name: str, at: int) -> bool:
        """Whether the script has made what a name stands for at a place."""
        return self._first.get(bare_name(name).casefold(), at) < at

    def returns(self, name: str, at: int) -> bool:
        """Whether a name that goes at a place stands for a view, or for a renamed table, in the end."""
        return self._kept.get(bare_name(name).casefold(), -1) > at

    def is_harmless(self, check: str, at: int) -> bool:
        """Whether what squawk says of a statement at a place is about what no other session sees."""
        names = [*self._subjects(at)]
        if not names:
            return False
        if all(self.is_new(name, at) for name in names):
            return True
        return check in _GOES and all(self.is_new(name, at) or self.returns(name, at) for name in names)

    def _subjects(self, at: int) -> Iterator[str]:
        """The tables, or indexes, that the statement at a place changes."""
        following = bisect_right(self._ends, at)
        start = self._ends[following - 1] + 1 if following else 0
        end = self._ends[following] if following < len(self._ends) else len(self._plain)
        match = _SUBJECT.search(self._plain, start, end)
        if match is not None:
            yield from match[1].split(",")
