"""Edits that fix a proto file and leave all else as it is: comments, layout, line ends.

Each function gives ``None`` where the text is not laid out in a way that it can edit for certain.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from archlint.documents.proto.source import ProtoFile
from archlint.documents.proto.statements import Import
from archlint.finding import Edit, Fix, Route, Token
from archlint.finding.regex import regex

if TYPE_CHECKING:
    from re import Pattern

Ranges = Sequence[tuple[int, int]]
"""First and last number of each range, both inclusive."""

_BODY = regex(r"\s*+\{")
_REST_OF_LINE = regex(r"[ \t]*+(?://[^\n]*+)?\r?\n")
_INDENT = regex(r"(?:[ \t]*+\r?\n)*+(?P<indent>[ \t]*+)(?P<next>\S)")
_NUMBERS = regex(r"reserved\s++(?P<list>-?\d[-\d,tomax\s]*+);")
_NAMES = regex(r"""reserved\s++["'\w][\w,"'\s]*+;""")
_RANGE = regex(r"(-?\d+)(?:\s++to\s++(-?\d+|max))?")
_ALONE = regex(r"[ \t]*+(?://[^\n]*+)?(?:\n|\Z)|[ \t]*+\r\n")
_NEXT_LINE = regex(r"[ \t]*+(?://[^\n]*+)?\r?\n[ \t]*+")
_WORD = regex(r"\w++")
_RESERVED = {"message": (9, 10), "enum": (4, 5)}
"""Numbers of the reserved ranges and names in ``DescriptorProto`` and ``EnumDescriptorProto``."""
_LAST = {"message": 2**29 - 1, "enum": 2**31 - 1}
"""What ``max`` means."""


def with_reserved(source: ProtoFile, route: Route, numbers: Ranges, names: Iterable[str]) -> Fix | None:
    """Reserve numbers and names in a message or enum, of which none is reserved or used there yet."""
    kind = str(route[-2])
    start = _body(source, route)
    if start is None or _is_open(source, route, numbers):
        return None
    edits: list[Edit] = []
    statements: list[str] = []
    if numbers:
        known = _statement(source, route, _RESERVED[kind][0], _NUMBERS)
        listed = [] if known is None else _read(source.text[known[0] : known[1]], _LAST[kind])
        text = f"reserved {_ranges([*listed, *numbers], _LAST[kind])};"
        if known is None:
            statements.append(text)
        else:
            edits.append(source.edit(*known, text))
    quoted = ", ".join(_quoted(source, name) for name in sorted(names))
    if quoted:
        known = _statement(source, route, _RESERVED[kind][1], _NAMES)
        if known is None:
            statements.append(f"reserved {quoted};")
        else:
            edits.append(source.edit(known[1] - 1, known[1] - 1, f", {quoted}"))
    if statements:
        edits.append(_first_in(source, route, start, statements))
    return Fix(True, tuple(edits))


def without_import(source: ProtoFile, name: str) -> Fix | None:
    """Take an import statement out, with its line if nothing else stands there."""
    found = next((item for item in source.statements if item.name == name), None)
    if found is None:
        return None
    start, end = found.start, found.end
    begin = source.text.rfind("\n", 0, start) + 1
    rest = _ALONE.match(source.text, end)
    if rest is not None and not source.text[begin:start].strip():
        start, end = begin, rest.end()
    return Fix(True, (source.edit(start, end, ""),))


def with_oneof_called(source: ProtoFile, route: Route, name: str) -> Fix | None:
    """Give a oneof another name, which nothing else in a text refers to and no message that is sent has.

    Only generated code has it, so that the fix is not safe.
    """
    if name in _words(source.text):
        return None
    span = source.span(route, Token.ANCHOR)
    start, end = source.offset(span.line, span.column), source.offset(span.end_line, span.end_column)
    return Fix(False, (source.edit(start, end, name),)) if source.text[start:end] == route[-1] else None


@lru_cache(maxsize=1)
def _words(text: str) -> frozenset[str]:
    """All that may be a name in a text."""
    return frozenset(_WORD.findall(text))


def import_blocks(source: ProtoFile) -> Iterator[Sequence[Import]]:
    """Import statements that stand on lines which follow each other."""
    block: list[Import] = []
    for item in source.statements:
        if block and not _NEXT_LINE.fullmatch(source.text, block[-1].end, item.start):
            yield block
            block = []
        block.append(item)
    if block:
        yield block


def with_sorted_imports(source: ProtoFile, block: Sequence[Import]) -> Fix | None:
    """Put the lines of a block of imports in the order of their names, with what is said behind them.

    A comment above may be about all or the first; nothing takes the first one's place below it.
    """
    text = source.text
    begin = text.rfind("\n", 0, block[0].start) + 1
    rest = _ALONE.match(text, block[-1].end)
    if block[0].name != min(item.name for item in block) and _is_below_comment(text, begin):
        return None
    if rest is None or text[begin : block[0].start].strip():
        return None
    ends = [*(text.rfind("\n", 0, item.start) for item in block[1:]), rest.end()]
    starts = [begin, *(end + 1 for end in ends[:-1])]
    lines = [text[start:end].rstrip("\r\n") for start, end in zip(starts, ends, strict=True)]
    order = sorted(range(len(block)), key=lambda at: block[at].name)
    written = "\r\n" if "\r\n" in text[begin : rest.end()] else "\n"
    end = begin + len(text[begin : rest.end()].rstrip("\r\n"))
    return Fix(True, (source.edit(begin, end, written.join(lines[at] for at in order)),))


def _is_below_comment(text: str, begin: int) -> bool:
    above = text.rfind("\n", 0, max(begin - 1, 0)) + 1
    line = text[above:begin].strip()
    return line.startswith("//") or line.endswith("*/")


def _body(source: ProtoFile, route: Route) -> int | None:
    """The offset after the brace that opens a definition."""
    name = source.span(route, Token.ANCHOR)
    found = _BODY.match(source.text, source.offset(name.end_line, name.end_column))
    return None if found is None else found.end()


def _is_open(source: ProtoFile, route: Route, numbers: Ranges) -> bool:
    """Whether some of the numbers are open to extensions, so that the compiler refuses to reserve them."""
    if route[-2] == "enum" or "extensions" not in source.text:
        return False
    return any(
        first < opened.end and opened.start <= last
        for opened in source.element(route).extension_range
        for first, last in numbers
    )


def _statement(source: ProtoFile, route: Route, number: int, form: Pattern[str]) -> tuple[int, int] | None:
    """Start and end of the first statement that reserves something, if it is nothing but that."""
    span = source.option_span(route, (number,))
    if span is None:
        return None
    start = source.offset(span.line, span.column)
    end = source.offset(span.end_line, span.end_column)
    return (start, end) if form.fullmatch(source.text, start, end) is not None else None


def _read(statement: str, last: int) -> list[tuple[int, int]]:
    def number(text: str) -> int:
        return last if text == "max" else int(text)

    return [(number(item[1]), number(item[2] or item[1])) for item in _RANGE.finditer(statement)]


def _ranges(ranges: Ranges, last: int) -> str:
    """Ranges in their order, those that touch each other as one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if merged and start <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return ", ".join(
        str(start) if start == end else f"{start} to {'max' if end == last else end}" for start, end in merged
    )


def _quoted(source: ProtoFile, name: str) -> str:
    """A name as it is reserved: a text, and since edition 2023 an identifier."""
    return name if source.descriptor.syntax == "editions" else json.dumps(name)


def _first_in(source: ProtoFile, route: Route, start: int, statements: Sequence[str]) -> Edit:
    """Statements before all others of a definition, each on a line of its own where the others are."""
    text = source.text
    line = _REST_OF_LINE.match(text, start)
    if line is None:
        return source.edit(start, start, "".join(f" {statement}" for statement in statements))
    below = _INDENT.match(text, line.end())
    name = source.span(route, Token.ANCHOR)
    begin = source.offset(name.line, 1)
    own = text[begin : len(text) - len(text[begin:].lstrip(" \t"))]
    indent = below["indent"] if below is not None and below["next"] != "}" else f"{own}  "
    end = "\r\n" if line[0].endswith("\r\n") else "\n"
    return source.edit(line.end(), line.end(), "".join(f"{indent}{item}{end}" for item in statements))
