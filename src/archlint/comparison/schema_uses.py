"""Whether code uses a column or a table: both stand in one query, one class or one expression.

A word that is also the name of a column proves nothing, as tables share names of columns. What stands in a
query of several tables without saying of which it is, is not taken for a use either.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from archlint.finding.regex import regex
from archlint.model.migrations.contractions import Contraction
from archlint.model.migrations.tables import NAME, bare_name
from archlint.model.sources.literals import Literal, SourceCode
from archlint.model.sources.tokens import Found, TokenKind

_TABLES = regex(
    rf"(?i)\b(?:FROM|JOIN|INTO|UPDATE)\s++(?:ONLY\s++)?+(?P<table>{NAME})"
    r"(?:\s++(?:AS\s++)?+(?P<alias>\w++))?+(?P<more>\s*+,)?+"
)
_DECLARED = regex(r"\b(?:class|struct|interface|record|type|object)\s++(\w++)")
_MARKED = regex(
    r"(?:__tablename__|tableName|db_table|table_name|@Table\b|ToTable|\bTable\(|@Entity|pgTable|\btable\()"
    r"[^\"'\n]{0,80}[\"']([\w.]++)[\"']"
)
_ACTIVE = regex(r"(?:<\s*+ApplicationRecord|\bextends\s++Model|\bdb\.Model)\b")
_OWNER = regex(r"(?<!\w)(\w++)(?:\?\.|!!\.|->|::|\.)\Z")
_WORD = regex(r"[A-Za-z_]\w*+")
_JOINED = regex(r"[\s+\\.&]*+")
_OWN = frozenset({"self", "this", "it", "cls"})
_SUFFIX = regex(r"(?:Entity|Model|Row|Record|Table)\Z")
_MOST_LINES = 400
_NEAR = 8
"""What may begin between the beginning of a string and a place in it: strings in its holes."""


def stem(table: str) -> str:
    """What a table and the class of its rows have in common."""
    plain = _SUFFIX.sub("", table).lower().replace("_", "")
    return plain[:-3] if plain.endswith("ies") else plain[:-1] if plain.endswith(("s", "y")) else plain


def is_use(code: SourceCode, match: re.Match[str], item: Contraction) -> bool:
    """Whether a name in code stands for what is taken."""
    at = match.start()
    behind = bisect_right(code.found, at, key=_start)
    found = next((one for one in code.found[max(behind - _NEAR, 0) : behind] if at < one.end), None)
    if found is not None and found.kind is TokenKind.COMMENT:
        return False
    if found is not None and found.kind is TokenKind.LITERAL:
        start, query = _query(code, at)
        if _TABLES.search(query):
            return _is_queried(query, at - start, item)
    before = code.text[code.text.rfind("\n", 0, at) + 1 : at]
    if not item.column:
        line = code.text[at - len(before) :].partition("\n")[0]
        is_named = any(bare_name(one[1]) == item.table for one in _MARKED.finditer(line))
        declared = _DECLARED.search(line)
        is_row = declared is not None and stem(declared[1]) == stem(item.table) and _ACTIVE.search(line)
        return bool(is_named or is_row or before.endswith("prisma."))
    return _is_of_row(before, item) or _is_in_class(code.text, at, item)


def _start(item: Found | Literal) -> int:
    return item.start


def _query(code: SourceCode, at: int) -> tuple[int, str]:
    """Where the string at a place begins, with those that are put together with it, and all their text."""
    items = code.literals
    behind = bisect_right(items, at, key=_start)
    near = range(max(behind - _NEAR, 0), behind)
    index = next((number for number in near if not items[number].depth and at < items[number].end), None)
    if index is None:
        return at, ""
    first = last = index
    while first and _JOINED.fullmatch(code.text, items[first - 1].end, items[first].start):
        first -= 1
    while last + 1 < len(items) and _JOINED.fullmatch(code.text, items[last].end, items[last + 1].start):
        last += 1
    return items[first].start, code.text[items[first].start : items[last].end]


def _is_queried(query: str, at: int, item: Contraction) -> bool:
    found = [*_TABLES.finditer(query)]
    tables = {bare_name(match["table"]).lower() for match in found}
    if not any(stem(table) == stem(item.table) for table in tables):
        return False
    if not item.column:
        return True
    owner = _OWNER.search(query[:at])
    if owner is None:
        return len(tables) == 1 and not any(match["more"] for match in found)
    names = {owner[1].lower()}
    names |= {bare_name(match["table"]).lower() for match in found if match["alias"] in (owner[1],)}
    return any(stem(name) == stem(item.table) for name in names)


def _is_of_row(before: str, item: Contraction) -> bool:
    """Whether what stands before a name in its line says that it is of a row of the table."""
    owner = _OWNER.search(before)
    if owner is not None and owner[1] not in _OWN:
        return stem(owner[1]) == stem(item.table)
    if f'"{item.table}"' in before or f"'{item.table}'" in before:
        return True
    classes = [word for word in _WORD.findall(before) if word[0].isupper()]
    return bool(classes) and stem(classes[0]) == stem(item.table)


def _is_in_class(text: str, at: int, item: Contraction) -> bool:
    """Whether a name stands in the class, or the description, of the table's rows."""
    lines = text[:at].rsplit("\n", _MOST_LINES)[-_MOST_LINES:]
    depth = len(lines[-1]) - len(lines[-1].lstrip())
    for number in range(len(lines) - 2, -1, -1):
        line = lines[number]
        indent = len(line) - len(line.lstrip())
        if not line.strip() or line.strip() in "{(" or indent >= depth:
            continue
        depth = indent
        first = number
        while first and lines[first - 1].lstrip().startswith(("@", "[", "#[")):
            first -= 1
        marked = _MARKED.search("\n".join(lines[first:]))
        declared = _DECLARED.search(line)
        if declared is not None:
            name = marked[1] if marked else declared[1]
            return stem(bare_name(name)) == stem(item.table)
        if marked is not None and marked[1] in line:
            return stem(bare_name(marked[1])) == stem(item.table)
    return False
