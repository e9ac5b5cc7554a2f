"""Lines of what the compiler recorded, and names inside of that, for which it records no place."""

from __future__ import annotations

from collections.abc import Sequence

from archlint.documents.proto import ProtoFile
from archlint.documents.proto.option_places import key_in_braces
from archlint.finding import Place, Span

Numbering = tuple[int, ...]
"""Numbers and indexes below the descriptor of a file."""


def line_at(source: ProtoFile, path: Numbering) -> Span | None:
    """What was recorded for a part of the descriptor, as far as its first line goes."""
    span = source.option_span((), path)
    if span is None or span.line == span.end_line:
        return span
    start = source.offset(span.line, span.column)
    end = source.text.index("\n", start)
    return Span(span.line, span.column, span.line, span.column + end - start)


def written(source: ProtoFile, *paths: Numbering) -> Place | None:
    """The first of some parts of the descriptor that stand in the file."""
    span = next(filter(None, (line_at(source, path) for path in paths)), None)
    return None if span is None else Place(source, (), at=span)


def setting(source: ProtoFile, base: Numbering, steps: Sequence[tuple[int, str]]) -> Span | None:
    """Where a part of an option is set: by itself, or between the braces of what holds it; else what holds
    it. ``base`` leads to the option, the steps are the numbers and names below it."""
    numbers, names = zip(*steps, strict=True)
    around = None
    for depth in range(len(steps), -1, -1):
        path = (*base, *numbers[:depth])
        span = source.option_span((), path)
        if span is None:
            continue
        if depth == len(steps):
            return line_at(source, path)
        start, end = source.offset(span.line, span.column), source.offset(span.end_line, span.end_column)
        text = source.text[start:end]
        found = key_in_braces(text, text.find("=") + 1, names[depth:])
        if found is not None:
            return source.between(start + found[0], start + found[1])
        around = around or line_at(source, path)
    return around


def name_before(source: ProtoFile, path: Numbering, name: str) -> Span | None:
    """Where the name of an option begins whose value was recorded: ``default = 3``; else the value."""
    value = source.option_span((), path)
    if value is None:
        return None
    text, start = source.text, source.offset(value.line, value.column)
    at = text.rfind(name, 0, start)
    if at < 0 or text[at + len(name) : start].strip() != "=":
        return value
    return _named(text, at, name, value.line, start)


def _named(text: str, at: int, name: str, line: int, start: int) -> Span:
    """The place of a name at an offset; ``start`` is an offset in ``line``."""
    line += text.count("\n", start, at) - text.count("\n", at, start)
    column = at - text.rfind("\n", 0, at)
    return Span(line, column, line, column + len(name))
