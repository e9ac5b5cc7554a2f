"""What migrations take from the schema on their way forward: columns and tables, dropped or renamed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from posixpath import basename

from archlint.files import LineIndex
from archlint.finding import Span
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.migrations.scripts import version_of
from archlint.model.migrations.sections import blanked
from archlint.model.migrations.statements import plain_sql
from archlint.model.migrations.tables import NAME, ScriptTables, bare_name


class Taking(StrEnum):
    """How something goes."""

    DROPPED_COLUMN = "dropped-column"
    RENAMED_COLUMN = "renamed-column"
    DROPPED_TABLE = "dropped-table"
    RENAMED_TABLE = "renamed-table"


@dataclass(frozen=True, slots=True)
class Contraction:
    """A column or a table that is not there any more."""

    taking: Taking
    table: str
    """As it is written; of Django the name of the model."""
    column: str
    """Empty for a table."""
    span: Span


_QUOTED = r"[\"']([\w.]++)[\"']"
_SYMBOL = r"[:\"'](\w++)[\"']?"
_ALTERED = regex(rf"(?i)\bALTER\s++TABLE\s++(?:IF\s++EXISTS\s++)?+(?:ONLY\s++)?+({NAME})([^;]*+)")
_ACTION = regex(
    rf"(?i)\b(?:DROP\s++COLUMN\s++(?:IF\s++EXISTS\s++)?+(?P<dropped>{NAME})"
    rf"|RENAME\s++COLUMN\s++(?P<renamed>{NAME})|RENAME\s++TO\b(?P<table>))"
)
_DROPPED = regex(rf"(?i)\bDROP\s++TABLE\s++(?:IF\s++EXISTS\s++)?+({NAME})")
_FORMS: Mapping[str, tuple[tuple[re.Pattern[str], Taking], ...]] = {
    "py": (
        (regex(rf"\bop\.drop_column\(\s*+{_QUOTED}\s*+,\s*+{_QUOTED}"), Taking.DROPPED_COLUMN),
        (regex(rf"\bop\.drop_table\(\s*+{_QUOTED}"), Taking.DROPPED_TABLE),
        (regex(rf"\bop\.rename_table\(\s*+{_QUOTED}"), Taking.RENAMED_TABLE),
        (
            regex(
                rf"\bRemoveField\(\s*+(?:model_name\s*+=\s*+)?+{_QUOTED}\s*+,\s*+(?:name\s*+=\s*+)?+{_QUOTED}"
            ),
            Taking.DROPPED_COLUMN,
        ),
        (
            regex(
                rf"\bRenameField\(\s*+(?:model_name\s*+=\s*+)?+{_QUOTED}\s*+,\s*+(?:old_name\s*+=\s*+)?+{_QUOTED}"
            ),
            Taking.RENAMED_COLUMN,
        ),
    ),
    "rb": (
        (regex(rf"\bremove_column[ (]\s*+{_SYMBOL}\s*+,\s*+{_SYMBOL}"), Taking.DROPPED_COLUMN),
        (regex(rf"\brename_column[ (]\s*+{_SYMBOL}\s*+,\s*+{_SYMBOL}"), Taking.RENAMED_COLUMN),
        (regex(rf"\bdrop_table[ (]\s*+{_SYMBOL}"), Taking.DROPPED_TABLE),
        (regex(rf"\brename_table[ (]\s*+{_SYMBOL}"), Taking.RENAMED_TABLE),
    ),
    "cs": ((regex(r"\bDropTable\(\s*+name:\s*+\"(\w++)\""), Taking.DROPPED_TABLE),),
}
_EF_COLUMN = regex(
    r"\bDropColumn\(\s*+name:\s*+\"(\w++)\"\s*+,\s*+(?:schema:\s*+\"\w++\"\s*+,\s*+)?+table:\s*+\"(\w++)\""
)
_AGAIN = regex(
    r"(?i)\bCREATE\s++(?:OR\s++REPLACE\s++)?+(?:MATERIALIZED\s++)?+(?:TABLE|VIEW)\s++"
    rf"(?:IF\s++NOT\s++EXISTS\s++)?+({NAME})|\bRENAME\s++TO\s++({NAME})"
    r"|\bcreate_?table[( ]\s*+(?:name:\s*+)?+[:\"'](\w++)"
    r"|\brename_?table[( ]\s*+(?:name:\s*+)?+[:\"']\w++[\"']?+\s*+,\s*+(?:newName:\s*+)?+[:\"'](\w++)"
)
"""What makes a table, or a view, of a name."""
_REFILLED = regex(
    rf"(?i)\bADD\s++(?:COLUMN\s++)?+(?:IF\s++NOT\s++EXISTS\s++)?+({NAME})"
    rf"|\bRENAME\s++COLUMN\s++{NAME}\s++TO\s++({NAME})"
)
_BACK = {
    "py": regex(r"\ndef downgrade\b"),
    "rb": regex(r"\n[ \t]*+def (?:self\.)?down\b"),
    "cs": regex(r"\bvoid Down\("),
}


def contractions(path: str, text: str) -> list[Contraction]:
    """What a file takes, in the order in which it does so; nothing for scripts that go back."""
    suffix = path.rpartition(".")[2].lower()
    if suffix == "sql":
        known = version_of(path)
        is_back = basename(path) == "down.sql" or (known is not None and known[2] == "back")
        forward = plain_sql("" if is_back else blanked(text))
        found = [*_of_sql(forward)]
    else:
        back = _BACK[suffix].search(text) if suffix in _BACK else None
        forward = text[: back.start()] if back else text
        found = [*_of_code(forward, suffix)]
    made = _made(forward)
    found = [item for item in found if item[2] or made.get(_key(item[1]), -1) < item[3][1]]
    lines = LineIndex(text)
    return [
        Contraction(
            taking, bare_name(table), bare_name(column), Span(*lines.position(start), *lines.position(end))
        )
        for taking, table, column, (start, end) in sorted(found, key=lambda item: item[3])
    ]


def _made(forward: str) -> dict[str, int]:
    """Where each name of a table, or a view, is last given."""
    return {_key(next(filter(None, match.groups()))): match.start() for match in _AGAIN.finditer(forward)}


def _key(name: str) -> str:
    return bare_name(name).casefold()


_Found = tuple[Taking, str, str, tuple[int, int]]


def _of_sql(plain: str) -> Iterator[_Found]:
    tables = ScriptTables(plain)
    refilled = {
        (_key(altered[1]), _key(match[1] or match[2])): match.start()
        for altered in _ALTERED.finditer(plain)
        for match in _REFILLED.finditer(plain, altered.start(2), altered.end())
    }
    for taking, table, column, span in _goes(plain):
        is_back = refilled.get((_key(table), _key(column)), -1) > span[1]
        if not is_back and not tables.is_new(table, span[0]):
            yield taking, table, column, span


def _goes(plain: str) -> Iterator[_Found]:
    """What statements drop and rename, whatever others do."""
    for altered in _ALTERED.finditer(plain):
        table, at = altered[1], altered.start(2)
        for action in _ACTION.finditer(plain, at, altered.end()):
            if action["dropped"]:
                yield Taking.DROPPED_COLUMN, table, action["dropped"], action.span("dropped")
            elif action["renamed"]:
                yield Taking.RENAMED_COLUMN, table, action["renamed"], action.span("renamed")
            else:
                yield Taking.RENAMED_TABLE, table, "", altered.span(1)
    for match in _DROPPED.finditer(plain):
        yield Taking.DROPPED_TABLE, match[1], "", match.span(1)


def _of_code(text: str, suffix: str) -> Iterator[_Found]:
    for pattern, taking in _FORMS.get(suffix, ()):
        for match in pattern.finditer(text):
            is_table = taking in (Taking.DROPPED_TABLE, Taking.RENAMED_TABLE)
            group = 1 if is_table else 2
            yield taking, match[1], "" if is_table else match[2], match.span(group)
    if suffix == "cs":
        for match in _EF_COLUMN.finditer(text):
            yield Taking.DROPPED_COLUMN, match[2], match[1], match.span(1)
