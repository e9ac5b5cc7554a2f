"""Requests of Bruno, one in each ``.bru`` file, with what the folders above and the environments say."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from archlint.model.evidence.auth import INHERITED, Auth
from archlint.model.evidence.bru_blocks import NO_BLOCK, Block, Blocks, auth_of, blocks_of
from archlint.model.evidence.bruno_folders import Said, said_above
from archlint.model.evidence.exchange import EvidenceKind, Exchange
from archlint.model.evidence.fields import FORM, Field, as_form, as_parts, sent_json
from archlint.model.evidence.files import EvidenceFile
from archlint.model.evidence.lines import Written, exchange_of

_METHODS = ("get", "post", "put", "delete", "patch", "options", "head", "connect", "trace")
_TEXTS = {
    "json": ("body:json", "application/json"),
    "text": ("body:text", "text/plain"),
    "xml": ("body:xml", "application/xml"),
    "sparql": ("body:sparql", "application/sparql-query"),
}
"""For the modes of a body that are written as texts, the block and the media type."""


def is_own(file: EvidenceFile) -> bool:
    """Whether a file is one of these, by its name."""
    return file.path.lower().endswith(".bru")


def exchanges(file: EvidenceFile) -> Iterator[Exchange]:
    """The request of a file; folders and environments have none."""
    blocks = blocks_of(file.text)
    method = next((name for name in _METHODS if name in blocks), None)
    if method is None:
        return
    above = said_above(file.path, file.around)
    values = {**above.values, **blocks.get("vars:pre-request", NO_BLOCK).values(), **above.set_later}
    found = exchange_of(_written(method, blocks, file, above), values, EvidenceKind.BRUNO)
    if found is None:
        file.left_out["has no URL that can be read"] += 1
    else:
        yield found


def _written(method: str, blocks: Blocks, file: EvidenceFile, above: Said) -> Written:
    own = blocks[method].values()
    mode = own.get("auth", "none")
    auth: Auth = above.auth if mode == INHERITED else auth_of(mode, blocks)
    at = blocks[method].at.place(file.source)
    headers = [
        (name, value, line.place(file.source))
        for name, value, line in blocks.get("headers", NO_BLOCK).pairs()
    ]
    inherited = [(name, value, at) for name, value in above.headers_without({each[0] for each in headers})]
    body, media_type, block = _body(own.get("body", "none"), blocks)
    return Written(
        method=method.upper(),
        url=auth.url(_url(own.get("url", ""), blocks.get("params:path") or blocks.get("path"))),
        at=at,
        headers=[*headers, *inherited, *((name, value, at) for name, value in auth.headers())],
        body=body or "",
        body_at=None if block is None else block.at.place(file.source),
        media_type=media_type,
        is_complete=body is not None,
        is_listed=True,
        are_credentials_known=not above.is_scripted and "script:pre-request" not in blocks and auth.is_known,
    )


def _url(url: str, values: Block | None) -> str:
    """The URL with its path parameters, which are written as ``:name``."""
    return with_path_values(url, values.values() if values else {})


def with_path_values(url: str, known: dict[str, str]) -> str:
    """A URL with the values of its path parameters, which are written as ``:name``."""
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


def _body(mode: str, blocks: Blocks) -> tuple[str | None, str | None, Block | None]:
    """The body of a mode, its media type and its block; ``None`` for one that is not written here."""
    if mode == "none":
        return "", None, None
    if mode in _TEXTS:
        name, kind = _TEXTS[mode]
        block = blocks.get(name) or blocks.get("body")
        text = "" if block is None else _text_of(block)
        return None if block is None else sent_json(text) if mode == "json" else text, kind, block
    if mode in {"form-urlencoded", "formUrlEncoded"}:
        block = blocks.get("body:form-urlencoded", NO_BLOCK)
        return as_form((name, value) for name, value, _ in block.pairs()), FORM, block
    if mode in {"multipart-form", "multipartForm"}:
        block = blocks.get("body:multipart-form", NO_BLOCK)
        fields = (Field(key, *_value_of(value)) for key, value, _ in block.pairs())
        return *as_parts(fields), block
    return None, "application/json" if mode == "graphql" else None, None


def _text_of(block: Block) -> str:
    return "\n".join(line.text for line in block.lines)
