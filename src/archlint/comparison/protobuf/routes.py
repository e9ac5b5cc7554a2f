"""Routes of HTTP as ``google.api.http`` writes them, and which of them answer the calls of others.

Source: https://google.aip.dev/127 and google/api/http.proto
"""

from __future__ import annotations

from collections.abc import Sequence

from archlint.finding.regex import regex
from archlint.model.protobuf.annotations import HttpBinding

_VARIABLE = regex(r"\{[^{}=]*+(?:=([^{}]*+))?\}")


def template(path: str) -> str:
    """A path with variables replaced by what they match."""
    return _VARIABLE.sub(lambda found: found[1] or "*", path)


def answers(binding: HttpBinding, asked: HttpBinding) -> bool:
    """Whether all calls of one binding reach another one."""
    if binding.verb != asked.verb:
        return False
    (wide, wide_end), (narrow, narrow_end) = _segments(binding.path), _segments(asked.path)
    if wide_end != narrow_end:
        return False
    for at, segment in enumerate(wide):
        if at >= len(narrow):
            return False
        if segment == "**" and at == len(wide) - 1:
            return True
        if segment not in ("*", narrow[at]) or (segment == "*" and narrow[at] == "**"):
            return False
    return len(wide) == len(narrow)


def _segments(path: str) -> tuple[Sequence[str], str]:
    """The segments of a route, and the verb behind a colon at its end."""
    way, colon, verb = template(path).rpartition(":")
    return (way.split("/"), verb) if colon and "/" not in verb else (template(path).split("/"), "")
