"""Media types: which of those that a contract declares a body has, and how its text becomes a value."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar
from urllib.parse import quote_plus, unquote_plus

from archlint.comparison.evidence.parts import parameter_of, parts_of, value_of_parts
from archlint.comparison.evidence.shapes import ANY, TEXT, shape_of
from archlint.comparison.evidence.styles import (
    Open,
    Style,
    StyleProblem,
    Unread,
    item_of,
    member_of,
    parted,
    scalars,
)
from archlint.comparison.evidence.xml_values import value_of_xml
from archlint.documents import Node
from archlint.documents.json import JsonError, read_json
from archlint.model.evidence.exchange import OPEN, SentBody
from archlint.model.evidence.media_types import bare, is_json
from archlint.model.openapi import Contract

_FORM = "application/x-www-form-urlencoded"
_PARTS = "multipart/form-data"
FORMS = (_FORM, _PARTS)
"""The media types of forms."""
_SCALARS = frozenset(("string", "integer", "number", "boolean", "null"))
_Content = TypeVar("_Content", str, bytes, str | bytes)
_EVENTS = "text/event-stream"
_SEQUENCES = frozenset(
    ("application/jsonl", "application/x-ndjson", "application/x-jsonlines", "application/json-seq", _EVENTS)
)
_KNOWN = frozenset(
    (
        *("application/json", "application/problem+json", "application/xml", "text/xml", "text/html"),
        *("text/plain", "text/csv", "application/pdf", "application/octet-stream", "multipart/form-data"),
        *("image/png", "image/jpeg", "image/gif", "image/svg+xml", "text/css", _EVENTS, _FORM),
        *("application/hal+json", "application/ld+json", "application/javascript", "text/javascript"),
        *("application/zip", "application/gzip", "application/x-ndjson", "application/jsonl"),
        *("application/merge-patch+json", "application/json-patch+json", "application/vnd.api+json"),
    )
)
"""Types that everybody knows, so that naming one tells nothing of who sent it."""


def is_known(media_type: str) -> bool:
    """Whether it is one that may be told."""
    return bare(media_type) in _KNOWN


def declared_for(media_type: str, declared: Iterable[str]) -> str | None:
    """The declared media type or range that fits best, as it is written."""
    wanted = bare(media_type)
    best: tuple[int, str] | None = None
    for name in declared:
        range_ = bare(name)
        main, _, below = range_.partition("/")
        if range_ == wanted:
            rank = 2 + (name.strip().lower() == media_type.strip().lower())
        elif below == "*" and main in ("*", wanted.partition("/")[0]):
            rank = int(main != "*")
        else:
            continue
        if best is None or rank > best[0]:
            best = rank, name
    return best and best[1]


def is_xml(media_type: str) -> bool:
    """Whether bodies of a media type are XML."""
    kind = bare(media_type)
    return kind in ("application/xml", "text/xml") or kind.endswith("+xml")


def is_form(media_type: str) -> bool:
    """Whether bodies of a media type are forms as URLs write them."""
    return bare(media_type) == _FORM


def is_any_form(media_type: str) -> bool:
    """Whether bodies of a media type are forms, as URLs write them or in parts."""
    return bare(media_type) in FORMS


def may_be_empty(media_type: str) -> bool:
    """Whether a body without a single byte is one of a media type."""
    kind = bare(media_type)
    return kind in (_FORM, "application/octet-stream") or kind.startswith("text/")


def values_of(body: SentBody, schema: Node, contract: Contract, encoding: Node | None = None) -> list[Any]:
    """What a body may stand for; raises ``StyleProblem`` for one that is broken, and ``Unread``.

    ``encoding`` says of members of a form how they are written.
    """
    kind = bare(body.media_type or "application/json")
    if not body.is_complete:
        raise Unread
    if is_json(kind):
        return [_json(_text_of(body))]
    if kind == _FORM:
        return [_form(_text_of(body), schema, contract, encoding)]
    if kind == _PARTS and shape_of(schema, contract).types.isdisjoint(("array", *_SCALARS)):
        return [value_of_parts(parts_of(body.content, body.media_type or ""), schema, contract, encoding)]
    if is_xml(kind):
        return [value_of_xml(_without_open(body.content), schema, contract)]
    types = shape_of(schema, contract).types
    if kind.startswith("text/") and types and types <= _SCALARS:
        return scalars(_text_of(body), types)
    if (
        types <= {"string"} and kind != _PARTS and kind not in _SEQUENCES
    ):  # whatever bytes: their number counts
        content = _without_open(body.content)
        return [content.decode("latin-1") if isinstance(content, bytes) else content]
    raise Unread


def fields_of(body: SentBody) -> list[tuple[str, str]]:
    """The names and values of a form, encoded as in a query; raises ``StyleProblem`` and ``Unread``."""
    kind = bare(body.media_type or "")
    if not body.is_complete or kind not in (_FORM, _PARTS):
        raise Unread
    if kind == _PARTS:
        every = parts_of(body.content, body.media_type or "")
        return [(quote_plus(part.name), quote_plus(part.content, safe=OPEN)) for part in every]
    parts = (part.partition("=") for part in _text_of(body).split("&"))
    return [(name, value) for name, _, value in parts]


def items_of(body: SentBody) -> list[Any]:
    """The items of a body that is a sequence: JSON texts, one on each line, or events that a server sends."""
    kind = bare(body.media_type or "")
    if not body.is_complete or kind not in _SEQUENCES:
        raise Unread
    text = _text_of(body)
    if kind == _EVENTS:
        return [event for event in map(_event, text.replace("\r\n", "\n").split("\n\n")) if event]
    return [_json(line.strip("\x1e\r")) for line in text.split("\n") if line.strip("\x1e\r ")]


def _event(text: str) -> dict[str, Any]:
    """The fields of an event (HTML, server-sent events)."""
    found: dict[str, Any] = {}
    for line in text.split("\n"):
        name, _, value = line.partition(":")
        if not name or name not in ("data", "event", "id", "retry"):
            continue
        value = value.removeprefix(" ")
        if name == "data" and "data" in found:
            value = f"{found['data']}\n{value}"
        found[name] = int(value) if name == "retry" and value.isascii() and value.isdigit() else value
    return found


def _text_of(body: SentBody) -> str:
    """The text of a body, of which JSON is UTF-8 whatever is said (RFC 8259, 8.1)."""
    content, stated = body.content, parameter_of(body.media_type or "", "charset")
    if isinstance(content, bytes) and stated is not None and not is_json(body.media_type or ""):
        try:
            content = content.decode(stated)
        except LookupError:
            raise Unread from None
        except UnicodeError:
            raise StyleProblem("is no text in the 'charset' that its media type states") from None
    elif isinstance(content, bytes):
        try:
            content = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise StyleProblem("is no text in UTF-8") from None
    return _without_open(content)


def _without_open(content: _Content) -> _Content:
    if isinstance(content, str) and OPEN in content:
        raise Open
    return content


def _json(text: str) -> Any:
    try:
        return read_json(text.removeprefix("\ufeff")).data
    except JsonError:
        raise StyleProblem("is no valid JSON") from None


def _form(text: str, schema: Node, contract: Contract, encoding: Node | None) -> dict[str, Any]:
    """The members of a form; what is more than a text or a list of them may be written in many ways."""
    whole = shape_of(schema, contract)
    found: dict[str, Any] = {}
    for part in text.split("&"):
        raw, _, value = part.partition("=")
        name = unquote_plus(raw)
        if not name:
            continue
        if name not in whole.members and "[" in name:
            raise Unread
        shape = member_of(whole, name, contract, TEXT)
        told = None if encoding is None else encoding.get(name)
        stated = None if told is None or told.get("style").exists else told.get("contentType").text
        if stated is not None and is_json(stated) and name not in found:
            found[name] = _json(unquote_plus(value))
            continue
        if "object" in shape.types or stated is not None:
            raise Unread
        if "array" in shape.types:
            inner = item_of(shape, contract, ANY).types
            if inner & {"array", "object"}:
                raise Unread
            texts = _items_in(value, told, contract)
            found.setdefault(name, []).extend(scalars(unquote_plus(text), inner)[0] for text in texts)
        else:
            found[name] = scalars(unquote_plus(value), shape.types)[0]
    for name in whole.required:
        if name not in found and name in whole.members and shape_of(whole.members[name], contract).is_list:
            found[name] = []  # a list without items is not written
    return found


def _items_in(value: str, told: Node | None, contract: Contract) -> list[str]:
    """The items of a list that one pair of a form gives: one, or all if its encoding puts them together."""
    if told is None or not told.exists:
        return [value]
    style = Style.of(told, "formData", contract)
    if style.explode or style.name not in ("form", "spaceDelimited", "pipeDelimited"):
        return [value]
    return parted(value, style.delimiter, "query")
