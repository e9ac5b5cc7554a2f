"""Bodies in several parts (``multipart/form-data``, RFC 7578), as the object that a schema means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from archlint.comparison.evidence.shapes import TEXT, Shape, shape_of
from archlint.comparison.evidence.styles import Open, StyleProblem, Unread, item_of, member_of, scalars
from archlint.documents import Node
from archlint.documents.json import JsonError, read_json
from archlint.finding.records import dataclass
from archlint.model.evidence.exchange import OPEN
from archlint.model.evidence.media_types import is_json
from archlint.model.openapi import Contract

_MOST_PARTS = 1000


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a body; its bytes are kept as characters up to 255."""

    name: str
    media_type: str
    is_file: bool
    content: str
    headers: Mapping[str, str]
    """All of them, by their names in lower case."""


def parts_of(content: str | bytes, media_type: str) -> list[Part]:
    """The parts of a body; raises ``StyleProblem`` for one that has none, and ``Unread``."""
    boundary = parameter_of(media_type, "boundary")
    if boundary is None:
        raise Unread  # many recorders leave it out
    raw = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    cut = raw.split(b"--" + boundary.encode("utf-8", "replace"), _MOST_PARTS)
    if len(cut) < 2 or len(cut) > _MOST_PARTS:
        raise StyleProblem("has no part that begins with its boundary") if len(cut) < 2 else Unread
    return list(_read(cut[1:]))


def value_of_parts(
    parts: list[Part], schema: Node, contract: Contract, encoding: Node | None = None
) -> dict[str, Any]:
    """The object that some parts stand for; ``encoding`` says of members how they are written."""
    shape = shape_of(schema, contract)
    named: dict[str, list[Part]] = {}
    for part in parts:
        named.setdefault(part.name, []).append(part)
    found: dict[str, Any] = {}
    for name, given in named.items():
        inner = member_of(shape, name, contract, TEXT)
        if any(part.is_file and part.content in ("", OPEN) for part in given) and _counts(shape, name):
            raise Unread  # browsers keep no content of files
        if "array" in inner.types:
            if encoding is not None and encoding.get(name, "explode").value is False:
                raise Unread
            found[name] = _list(given, inner, contract)
        else:
            found[name] = _value(given[-1], inner)
    for name in shape.required:
        member = shape.members.get(name)
        if name not in found and member is not None and shape_of(member, contract).is_list:
            found[name] = []  # a list without items has no part
    return found


def _list(given: list[Part], shape: Shape, contract: Contract) -> Any:
    """The list of some parts: each is an item of it, or the only one is the whole list in JSON."""
    item = item_of(shape, contract, TEXT)
    if len(given) == 1 and is_json(given[0].media_type) and not _is_text(item, given[0]):
        whole = _value(given[0], shape)
        if "array" in item.types:
            raise Unread  # the list or an item of it
        return whole if isinstance(whole, list) else [whole]
    return [_value(part, item) for part in given]


def _counts(shape: Shape, name: str) -> bool:
    """Whether a member asks for a length."""
    return name in shape.members and shape.members[name].get("minLength").exists


def parameter_of(media_type: str, name: str) -> str | None:
    """A parameter of a media type, such as ``charset``."""
    for part in media_type.split(";")[1:]:
        key, _, value = part.strip().partition("=")
        if key.strip().lower() == name:
            return value.strip().strip('"') or None
    return None


_TEXT_OR_NULL = frozenset(("string", "null"))


def _read(cut: list[bytes]) -> Iterator[Part]:
    for raw in cut:
        if raw.startswith(b"--"):
            return
        line_end = b"\r\n" if raw.startswith(b"\r\n") else b"\n"
        head, blank, content = raw.removeprefix(line_end).partition(line_end * 2)
        headers = _headers(head)
        told = headers.get("content-disposition", "")
        name = parameter_of(told, "name")
        if not blank and not content:
            raise StyleProblem("has a part without an empty line behind its headers")
        if name is None:
            raise Unread
        yield Part(
            name,
            headers.get("content-type", ""),
            parameter_of(told, "filename") is not None,
            content.removesuffix(line_end).decode("latin-1"),
            headers,
        )


def _headers(head: bytes) -> dict[str, str]:
    pairs = (line.partition(":") for line in head.decode("utf-8", "replace").splitlines())
    return {name.strip().lower(): value.strip() for name, sign, value in pairs if sign}


def _is_text(shape: Shape, part: Part) -> bool:
    """Whether a part is a file that its schema takes as it is, whatever type it is of."""
    return part.is_file and bool(shape.types) and shape.types <= _TEXT_OR_NULL


def _stated(value: Any, text: str, shape: Shape) -> Any:
    """A value in JSON, or its text where the schema takes texts alone and it is none."""
    is_text = bool(shape.types) and shape.types <= _TEXT_OR_NULL
    return text if is_text and value is not None and not isinstance(value, str) else value


def _value(part: Part, shape: Shape) -> Any:
    """What a part stands for: JSON where it says so or an object is asked for, else a text."""
    try:
        text = part.content.encode("latin-1").decode()
    except UnicodeDecodeError:
        text = part.content
    if OPEN in text:
        if part.is_file and shape.types <= {"string"}:
            return ""  # nobody knows what is in the file
        raise Open
    if _is_text(shape, part):
        return text
    if is_json(part.media_type) or shape.types == {"object"}:
        if part.is_file and not text:
            raise Unread  # browsers keep no content of files, and many clients send JSON as one
        try:
            return _stated(read_json(text).data, text, shape)
        except JsonError:
            if shape.types and shape.types <= _TEXT_OR_NULL:
                return text
            if is_json(part.media_type):
                raise StyleProblem("has a part that is no valid JSON although it says so") from None
            raise Unread from None
    if shape.types & {"object", "array"}:
        raise Unread
    return text if part.is_file else scalars(text, shape.types)[0]
