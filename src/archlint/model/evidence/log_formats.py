"""How lines of access logs are written: as text, or as JSON, with what servers write down for it.

A format is one that has a name, or one as nginx (``[$time_local] "$request" $status``), Apache
(``%h "%r" %>s``) and Envoy (``%REQ(:METHOD)% %RESPONSE_CODE%``) have it in their configuration. One that
begins with a brace is JSON: it says which member of a line has what, as with ``escape=json`` of nginx and
``json_format`` of Envoy.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Protocol

from archlint.documents.json import JsonError, read_json
from archlint.finding.records import dataclass
from archlint.finding.regex import regex

FORMATS = {
    "common": '%h %l %u %t "%r" %>s %b',
    "combined": '%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i"',
    "envoy": '[$start] "$request" $status $more',
    "istio-json": """{"method": "$request_method", "path": "$request_uri", "authority": "$host",
        "response_code": "$status"}""",
    "caddy": """{"request": {"method": "$request_method", "host": "$host", "uri": "$request_uri"},
        "status": "$status"}""",
    "traefik-json": """{"RequestMethod": "$request_method", "RequestHost": "$host",
        "RequestPath": "$request_uri", "RequestScheme": "$scheme", "DownstreamStatus": "$status"}""",
}
"""The formats that have a name."""
_FIELD = regex(
    r"(\$\w+|\$\{\w+\}|%[A-Z_]{3,40}(?:\([^()%]{0,200}\))?(?::[0-9]{1,9})?%|%[<>]?(?:\{[^{}]*\})?[A-Za-z])"
)
_BARE = regex(r"([:\[,][ \t\n]{0,20})(\$\w+|\$\{\w+\}|%[^\"{},\s]{1,200})(?=[ \t\n]{0,20}[,}\]])")
"""A variable that stands in JSON without quotes, as numbers are logged."""
_MEANT = {
    "%r": "request",
    "%m": "method",
    "%U": "path",
    "%q": "query",
    "%s": "status",
    "%>s": "status",
    "%<s": "status",
    "%V": "host",
    "%v": "host",
    "%Hosti": "host",
    "%t": "time",
    "%RESPONSE_CODE%": "status",
    "%REQ(:METHOD)%": "method",
    "%REQ(:PATH)%": "target",
    "%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%": "target",
    "%REQ(:AUTHORITY)%": "host",
    "%REQ(HOST)%": "host",
    "%REQ(:SCHEME)%": "scheme",
    "$request": "request",
    "$request_method": "method",
    "$request_uri": "target",
    "$uri": "path",
    "$args": "query",
    "$query_string": "query",
    "$status": "status",
    "$host": "host",
    "$http_host": "host",
    "$scheme": "scheme",
}
_PATHS = frozenset(("target", "path"))


class LogFormat(Protocol):
    """How a line is written."""

    def values(self, line: str) -> dict[str, str] | None:
        """What a line says; ``None`` if it is written otherwise."""


def log_format(text: str) -> LogFormat | None:
    """A format as it is written down; ``None`` if it has no method, path or status."""
    written = FORMATS.get(text, text)
    found = JsonFormat.read(written) if written.lstrip()[:1] == "{" else TextFormat.read(written)
    return found if found is not None and _is_enough(found.names) else None


def _is_enough(names: frozenset[str]) -> bool:
    """Whether a method, a path and a status are said."""
    return "status" in names and ("request" in names or ("method" in names and not names.isdisjoint(_PATHS)))


@dataclass(frozen=True, slots=True)
class TextFormat:
    """The texts of a line, and what stands between them."""

    texts: tuple[str, ...]
    fields: tuple[str, ...]

    @classmethod
    def read(cls, text: str) -> TextFormat:
        """A format as it is written down."""
        parts = _FIELD.split(text)
        names = (_MEANT.get(part.replace("{", "").replace("}", ""), "") for part in parts[1::2])
        return cls(tuple(parts[::2]), tuple(names))

    @property
    def names(self) -> frozenset[str]:
        """What a line says."""
        return frozenset(self.fields)

    def values(self, line: str) -> dict[str, str] | None:
        """What a line says; ``None`` if it is written otherwise."""
        if not line.startswith(self.texts[0]):
            return None
        at, found = len(self.texts[0]), {}
        rows = list(zip(self.fields, self.texts[1:], strict=True))
        for number, (name, text) in enumerate(rows):
            behind = "" if text or number + 1 == len(rows) else rows[number + 1][0]
            if name == "time" and line[at : at + 1] == "[":
                end = line.find("]", at) + 1
            elif behind == "target":
                end = line.find("/", at)  # a host in front of its path
            elif name == "path" and behind == "query":
                last = _end(line, rows[number + 1][1], at)
                end = line.find("?", at, last) if "?" in line[at:last] else last
            else:
                end = _end(line, text, at)
            if end < at or not line.startswith(text, end):
                return None
            if name:
                found[name] = line[at:end]
            at = end + len(text)
        return found


def _end(line: str, text: str, at: int) -> int:
    """Where a value ends that a text follows, or nothing; below ``at`` if the text is not there."""
    return line.find(text, at) if text else len(line)


@dataclass(frozen=True, slots=True)
class JsonFormat:
    """The members of a line that say something, each by its way."""

    members: tuple[tuple[tuple[str, ...], TextFormat], ...]

    @classmethod
    def read(cls, text: str) -> JsonFormat | None:
        """A format as it is written down; ``None`` if it is no JSON."""
        try:
            data = read_json(_BARE.sub(r'\1"\2"', text)).data
        except JsonError:
            return None
        return cls(tuple((way, TextFormat.read(value)) for way, value in _leaves(data)))

    @property
    def names(self) -> frozenset[str]:
        """What a line says."""
        return frozenset(name for _, each in self.members for name in each.fields)

    def values(self, line: str) -> dict[str, str] | None:
        """What a line says; ``None`` if it is written otherwise, or tells no request."""
        try:
            data = json.loads(line)
        except (ValueError, RecursionError):
            return None
        found: dict[str, str] = {}
        for way, each in self.members:
            text = _text_at(data, way)
            told = None if text is None else each.values(text)
            found.update(told or {})
        return found if _is_enough(frozenset(found)) else None


def _leaves(data: Any, way: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """The texts of an object with the ways to them; no format is written deeper than some levels."""
    if isinstance(data, dict) and len(way) < 20:
        for name, value in data.items():
            yield from _leaves(value, (*way, name))
    elif isinstance(data, str):
        yield way, data


def _text_at(data: Any, way: tuple[str, ...]) -> str | None:
    for name in way:
        data = data.get(name) if isinstance(data, dict) else None
    if isinstance(data, bool):
        return None
    return str(data) if isinstance(data, (str, int)) else None
