"""Places as SARIF locations: relative URIs, regions in code points, the text of a place and around it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from archlint.finding import Finding, Location, Span
from archlint.reports.characters import valid

ROOT = "%SRCROOT%"
"""The name that stands for the root of the repository."""
_LONGEST = 1000
"""Characters up to which the text of a place is given in full."""
_AROUND = 200
"""Characters shown around a place whose neighbouring lines are long."""
_NO_TEXT = "There is no text to show for this place."


def artifact(path: str) -> dict[str, Any]:
    """A file as a URI: relative to the root, or as it was named if it lies outside of it."""
    uri = quote(_file_name(path), safe="/~")
    if path.startswith("/"):
        return {"uri": f"file://{uri}"}
    if path.startswith("../"):
        return {"uri": uri}
    return {"uri": uri, "uriBaseId": ROOT}


def _file_name(path: str) -> bytes:
    """The bytes of a path as the file system has them."""
    try:
        return os.fsencode(path)
    except UnicodeEncodeError:  # named by a document, not by a file system
        return valid(path).encode()


def primary(finding: Finding, lines: Sequence[str]) -> dict[str, Any]:
    """The place where a finding can be fixed, with the names of what is there."""
    place: dict[str, Any] = {"physicalLocation": _physical(finding.location, lines)}
    logical = list(_logical(finding))
    if logical:
        place["logicalLocations"] = logical
    return place


def related(number: int, place: Location, lines: Sequence[str]) -> dict[str, Any]:
    """Another place of a finding; ``number`` is its id in the result."""
    side = f" ({place.revision})" if place.revision else ""
    return {
        "id": number,
        "message": {"text": (place.message or "Related place") + side},
        "physicalLocation": _physical(place, lines),
    }


def region(line: int, column: int, end_line: int, end_column: int) -> dict[str, int]:
    """A stretch of text."""
    return {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}


def _logical(finding: Finding) -> list[dict[str, str]]:
    names: list[dict[str, str]] = []
    about = finding.object
    if about is not None:
        names.append({"name": about.name, "fullyQualifiedName": str(about), "kind": "resource"})
    pointer = finding.location.pointer
    if pointer is not None:
        names.append({"fullyQualifiedName": f"{finding.location.path}#{pointer}", "kind": "property"})
    return names


def _physical(place: Location, lines: Sequence[str]) -> dict[str, Any]:
    span = place.span
    stretch: dict[str, Any] = region(span.line, span.column, span.end_line, span.end_column)
    around: dict[str, Any] = {"startLine": span.line, "endLine": span.end_line}
    if 1 <= span.line <= span.end_line <= len(lines):
        stretch["snippet"] = _snippet(_text(lines, span))
        around = _around(lines, span)
    else:
        stretch["snippet"] = around["snippet"] = {"rendered": {"text": _NO_TEXT}}
    return {"artifactLocation": artifact(place.path), "region": stretch, "contextRegion": around}


def _snippet(text: str) -> dict[str, Any]:
    """The exact text; of a long one the beginning, as something to show and not as content."""
    if len(text) <= _LONGEST:
        return {"text": text}
    return {"rendered": {"text": text[:_AROUND] + "…"}}


def _text(lines: Sequence[str], span: Span) -> str:
    """The text of a span; lines are joined by ``\\n``."""
    if span.line == span.end_line:
        return lines[span.line - 1][span.column - 1 : span.end_column - 1]
    first = lines[span.line - 1][span.column - 1 :]
    last = lines[span.end_line - 1][: span.end_column - 1]
    return "\n".join((first, *lines[span.line : span.end_line - 1], last))


def _around(lines: Sequence[str], span: Span) -> dict[str, Any]:
    """The lines before, of and after a span; where they are long, part of the line."""
    first, last = max(span.line - 1, 1), min(span.end_line + 1, len(lines))
    shown = lines[first - 1 : last]
    if sum(map(len, shown)) > _LONGEST:
        line = lines[span.line - 1]
        start = max(span.column - _AROUND, 1)
        end = min(span.end_column + _AROUND, len(line) + 1)
        if span.line == span.end_line and start < span.column and span.end_column < end <= start + _LONGEST:
            return {
                **region(span.line, start, span.line, end),
                "snippet": {"text": line[start - 1 : end - 1]},
            }
        first, last, shown = span.line, span.end_line, lines[span.line - 1 : span.end_line]
    return {"startLine": first, "endLine": last, "snippet": _snippet("\n".join(shown).removesuffix("\r"))}
