"""Requests of Bruno, one in each ``.bru`` file.

Source: https://docs.usebruno.com/bru-lang/overview.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import quote

from archlint.finding.records import dataclass
from archlint.model.evidence.exchange import OPEN, EvidenceKind, Exchange
from archlint.model.evidence.fields import Field, as_parts
from archlint.model.evidence.files import EvidenceFile
from archlint.model.evidence.lines import Line, Written, exchange_of

_METHODS = ("get", "post", "put", "delete", "patch", "options", "head", "connect", "trace")
_BODIES = {"body:json": "application/json", "body": "application/json", "body:xml": "application/xml"}
_TEXT, _FORM = {"body:text": "text/plain", "body:sparql": None}, "body:form-urlencoded"
_SCHEMES = {"auth:bearer": "Bearer", "auth:basic": "Basic", "auth:digest": "Digest", "auth:oauth2": "Bearer"}


@dataclass(frozen=True, slots=True)
class _Block:
    """A block in braces: where it begins, and its lines."""

    at: Line
    lines: Sequence[Line]

    def pairs(self) -> list[tuple[str, str, Line]]:
        """Its lines as names and values, without those that are switched off."""
        found = []
        for line in self.lines:
            name, sign, value = line.text.strip().partition(":")
            if sign and name and not name.startswith("~"):
                found.append((name.strip(), value.strip(), line))
        return found


def is_own(file: EvidenceFile) -> bool:
    """Whether a file is one of these, by its name."""
    return file.path.lower().endswith(".bru")


def exchanges(file: EvidenceFile) -> Iterator[Exchange]:
    """The request of a file; folders and environments have none."""
    blocks = _blocks(file.text)
    method = next((name for name in _METHODS if name in blocks), None)
    if method is None:
        return
    own = {name: value for name, value, _ in blocks[method].pairs()}
    written = _written(method.upper(), own, blocks)
    variables = blocks.get("vars:pre-request")
    values = {name: value for name, value, _ in variables.pairs()} if variables else {}
    found = exchange_of(written, file.source, values, EvidenceKind.BRUNO)
    if found is None:
        file.left_out["has no URL that can be read"] += 1
    else:
        yield found


def _blocks(text: str) -> dict[str, _Block]:
    """The blocks by their names: each ends with a brace at the beginning of a line."""
    found: dict[str, _Block] = {}
    name, at = "", Line(1, "")
    lines: list[Line] = []
    for number, raw in enumerate(text.split("\n"), 1):
        line = Line(number, raw.rstrip("\r"))
        if name:
            if line.text.startswith("}"):
                found.setdefault(name, _Block(at, lines))
                name = ""
            else:
                lines.append(line)
        elif line.text.rstrip().endswith("{"):
            name, at, lines = line.text.rstrip()[:-1].strip(), line, []
    return found


def _written(method: str, own: Mapping[str, str], blocks: Mapping[str, _Block]) -> Written:
    headers = blocks["headers"].pairs() if "headers" in blocks else []
    mode = own.get("auth", "none")
    scheme = next((name for name in blocks if name in _SCHEMES), None)
    if scheme is not None:
        headers = [*headers, ("Authorization", f"{_SCHEMES[scheme]} {OPEN}", blocks[scheme].at)]
    body, media_type, at = _body(own.get("body", "none"), blocks)
    return Written(
        method=method,
        url=_url(own.get("url", ""), blocks.get("params:path") or blocks.get("path")),
        at=blocks[method.lower()].at,
        headers=headers,
        body=body or "",
        body_at=at,
        media_type=media_type,
        is_complete=body is not None,
        are_credentials_known="script:pre-request" not in blocks and (mode == "none" or scheme is not None),
    )


def _url(url: str, values: _Block | None) -> str:
    """The URL with its path parameters, which are written as ``:name``."""
    known = {name: value for name, value, _ in values.pairs()} if values else {}
    address, mark, query = url.partition("?")
    parts = [
        quote(known[part[1:]], safe="{}") if part[:1] == ":" and part[1:] in known else part
        for part in address.split("/")
    ]
    return "/".join(parts) + mark + query


def _value_of(text: str) -> tuple[str | None, str | None, bool]:
    """The value of a field, its media type, whether it is a file: ``@file(a) @contentType(b/c)``."""
    value, _, rest = text.partition("@contentType(")
    is_file = value.strip().startswith("@file(")
    return (None if is_file else value.strip()), rest.rpartition(")")[0] or None, is_file


def _body(mode: str, blocks: Mapping[str, _Block]) -> tuple[str | None, str | None, Line | None]:
    """The body, its media type and where it begins; ``None`` for one that is not written here."""
    if mode == "none":
        return "", None, None
    for name, block in blocks.items():
        if name in _BODIES or name in _TEXT:
            kind = _BODIES.get(name) or _TEXT.get(name)
            return "\n".join(line.text for line in block.lines), kind, block.at
        if name == _FORM:
            pairs = (f"{quote(key)}={quote(value, safe='{}')}" for key, value, _ in block.pairs())
            return "&".join(pairs), "application/x-www-form-urlencoded", block.at
        if name == "body:multipart-form":
            fields = (Field(key, *_value_of(value)) for key, value, _ in block.pairs())
            return *as_parts(fields), block.at
    return None, None, None
