"""Places as SARIF locations: relative URIs, regions in code points, the text of a place and around it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from archlint.finding import Finding, Location, Span

ROOT = "%SRCROOT%"
"""The name that stands for the root of the repository."""
_LONGEST = 1000
"""Characters of a place's text from which it is left out."""
_AROUND = 200
"""Characters shown around a place whose neighbouring lines are long."""


def artifact(path: str) -> dict[str, Any]:
    """A file as a URI: relative to the root, or as it was named if it lies outside of it."""
    uri = quote(os.fsencode(path), safe="/~")
    if path.startswith("/"):
        return {"uri": f"file://{uri}"}
    if path.startswith("../"):
        return {"uri": uri}
    return {"uri": uri, "uriBaseId": ROOT}


def primary(finding: Finding, lines: Sequence[str]) -> dict[str, Any]:
    """The place where a finding can be mended, with the names of what is there."""
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
    described = {
        "artifactLocation": artifact(place.path),
        "region": region(span.line, span.column, span.end_line, span.end_column),
    }
    if 1 <= span.line <= span.end_line <= len(lines):
        text = _text(lines, span)
        if len(text) <= _LONGEST:
            described["region"]["snippet"] = {"text": text}
        around = _around(lines, span)
        if around is not None:
            described["contextRegion"] = around
    return described


def _text(lines: Sequence[str], span: Span) -> str:
    """The text of a span; lines are joined by ``\\n``."""
    if span.line == span.end_line:
        return lines[span.line - 1][span.column - 1 : span.end_column - 1]
    first = lines[span.line - 1][span.column - 1 :]
    last = lines[span.end_line - 1][: span.end_column - 1]
    return "\n".join((first, *lines[span.line : span.end_line - 1], last))


def _around(lines: Sequence[str], span: Span) -> dict[str, Any] | None:
    """The lines before, of and after a span; part of its line where they are long; nothing if it is all."""
    first, last = max(span.line - 1, 1), min(span.end_line + 1, len(lines))
    shown = lines[first - 1 : last]
    if sum(map(len, shown)) <= _LONGEST:
        end = len(shown[-1]) + 1
        if (first, 1, last, end) == (span.line, span.column, span.end_line, span.end_column):
            return None
        return {"startLine": first, "endLine": last, "snippet": {"text": "\n".join(shown)}}
    if span.line != span.end_line or span.end_column - span.column > _LONGEST:
        return None
    line = lines[span.line - 1]
    start = max(span.column - _AROUND, 1)
    end = min(span.end_column + _AROUND, len(line) + 1)
    if (start, end) == (span.column, span.end_column):
        return None
    return {
        **region(span.line, start, span.line, end),
        "snippet": {"text": line[start - 1 : end - 1]},
    }
