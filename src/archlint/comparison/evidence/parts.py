"""Bodies in several parts (``multipart/form-data``, RFC 7578), as the object that a schema means."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archlint.comparison.evidence.shapes import Shape, shape_of
from archlint.comparison.evidence.styles import StyleProblem, Unread, scalars
from archlint.documents import Node
from archlint.documents.json import JsonError, read_json
from archlint.finding.records import dataclass
from archlint.model.evidence.exchange import OPEN
from archlint.model.openapi import Contract

_MOST_PARTS = 1000


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a body; its bytes are kept as characters up to 255."""

    name: str
    media_type: str
    is_file: bool
    content: str


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


def value_of_parts(parts: list[Part], schema: Node, contract: Contract) -> dict[str, Any]:
    """The object that some parts stand for."""
    shape = shape_of(schema, contract)
    found: dict[str, Any] = {}
    for part in parts:
        member = shape.members.get(part.name)
        inner = shape_of(member, contract) if member is not None else _TEXT
        if inner.types >= {"array"} and not _is_json(part):
            item = shape_of(inner.items, contract) if inner.items is not None else _TEXT
            found.setdefault(part.name, []).append(_value(part, item))
        else:
            found[part.name] = _value(part, inner)
    for name in shape.required:
        member = shape.members.get(name)
        if name not in found and member is not None and shape_of(member, contract).types == {"array"}:
            found[name] = []  # a list without items has no part
    return found


def parameter_of(media_type: str, name: str) -> str | None:
    """A parameter of a media type, such as ``charset``."""
    for part in media_type.split(";")[1:]:
        key, _, value = part.strip().partition("=")
        if key.strip().lower() == name:
            return value.strip().strip('"') or None
    return None


_TEXT = Shape(frozenset(("string",)), None, {})


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
        )


def _headers(head: bytes) -> dict[str, str]:
    pairs = (line.partition(":") for line in head.decode("utf-8", "replace").splitlines())
    return {name.strip().lower(): value.strip() for name, sign, value in pairs if sign}


def _is_json(part: Part) -> bool:
    return part.media_type.partition(";")[0].strip().lower().endswith("json")


def _value(part: Part, shape: Shape) -> Any:
    """What a part stands for: JSON where it says so or an object is asked for, else a text."""
    try:
        text = part.content.encode("latin-1").decode()
    except UnicodeDecodeError:
        text = part.content
    if OPEN in text:
        if part.is_file and shape.types <= {"string"}:
            return ""  # nobody knows what is in the file
        raise Unread
    if _is_json(part) or shape.types == {"object"}:
        try:
            return read_json(text).data
        except JsonError:
            if _is_json(part):
                raise StyleProblem("has a part that is no valid JSON although it says so") from None
            raise Unread from None
    if shape.types & {"object", "array"}:
        raise Unread
    return text if part.is_file else scalars(text, shape.types)[0]
