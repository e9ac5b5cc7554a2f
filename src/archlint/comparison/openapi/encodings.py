"""Compares how the fields of a form are encoded: media types, styles, and the headers of their parts."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.comparison.openapi.changes import Containment
from archlint.comparison.openapi.contract_pair import ContractPair, OperationPair, OperationPart
from archlint.comparison.openapi.element_changes import SerializationChanged
from archlint.comparison.openapi.media import listed
from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.openapi import Contract, Direction

_Difference = tuple[str, str, str, Containment]
"""Keyword, what it was, what it is, and how the one lies to the other."""


@dataclass(frozen=True)
class _Field:
    """A field of a form before and after: the media type, or encoding, that it is in, and its encoding."""

    name: str
    media: tuple[Node, Node]
    encoding: tuple[Node, Node]


def compare_encodings(
    contracts: ContractPair, pair: OperationPair, direction: Direction, medias: tuple[Node, Node]
) -> None:
    """Tell of fields that are encoded otherwise; ``medias`` are the media type before and after, or an
    encoding that has encodings itself."""
    for field in _fields(medias):
        for keyword, was, now, accepts in _differences(contracts, field):
            _tell(contracts, pair, direction, field, (keyword, was, now, accepts))
        _compare_header_schemas(contracts, pair, direction, field.encoding)
        if all(encoding.exists for encoding in field.encoding):
            compare_encodings(contracts, pair, direction, field.encoding)


def _fields(medias: tuple[Node, Node]) -> Iterator[_Field]:
    old, new = (dict(_encodings(media)) for media in medias)
    for name in {**old, **new}:
        missing = tuple(media.get("encoding", name) for media in medias)
        yield _Field(name, medias, (old.get(name, missing[0]), new.get(name, missing[1])))


def _encodings(media: Node) -> Iterator[tuple[str, Node]]:
    """Every encoding: by name, and since 3.2 by position and for all further items."""
    yield from media.get("encoding").items()
    for at, node in enumerate(media.get("prefixEncoding").elements()):
        yield f"item {at + 1}", node
    if media.get("itemEncoding").exists:
        yield "items", media.get("itemEncoding")


def _tell(
    contracts: ContractPair, pair: OperationPair, direction: Direction, field: _Field, difference: _Difference
) -> None:
    keyword, was, now, accepts = difference
    before, after = field.encoding
    home = field.media[1]
    at = after.get(keyword) if after.get(keyword).exists else after if after.exists else home
    change = SerializationChanged(
        at=at.place(),
        was=before.get(keyword).place(),
        about=contracts.names.about(home),
        where=contracts.names.label(home),
        realm=pair.realm,
        direction=direction,
        name=field.name,
        location="form field",
        keyword=keyword,
        old=was,
        new=now,
        accepts=accepts,
    )
    contracts.report(change, pair.name, None)


def _differences(contracts: ContractPair, field: _Field) -> Iterator[_Difference]:
    before, after = field.encoding
    old = _types(before, _schema(contracts.base, field.media[0], field.name))
    new = _types(after, _schema(contracts.revision, field.media[1], field.name))
    if old and new and old != new:
        yield "contentType", ", ".join(sorted(old)), ", ".join(sorted(new)), _containment(old, new)
    one, two = _style(before), _style(after)
    if one != two:
        yield "style", one, two, Containment.INCOMPARABLE
    was, now = (each.get("allowReserved").value is True for each in field.encoding)
    if was is not now:
        accepts = Containment.WIDER if now else Containment.NARROWER
        yield "allowReserved", str(was).lower(), str(now).lower(), accepts
    needed = _required_headers(contracts.base, before), _required_headers(contracts.revision, after)
    if needed[0] != needed[1]:
        texts = [", ".join(sorted(names)) or "none" for names in needed]
        # the more headers a part must have, the fewer parts will do
        yield "headers", texts[0], texts[1], _containment(needed[1], needed[0])


def _containment(old: set[str], new: set[str]) -> Containment:
    if old < new:
        return Containment.WIDER
    return Containment.NARROWER if new < old else Containment.INCOMPARABLE


def _types(encoding: Node, schema: Node) -> set[str]:
    """The media types of a field: those that are stated, else what its schema means."""
    stated = encoding.get("contentType").text or _default_type(schema)
    return set(listed(stated))


def _default_type(schema: Node) -> str:
    """What a field is sent as unless an encoding tells (section "Encoding Object"); empty if unknown."""
    kind = schema.get("type").value
    if kind == "string":
        is_binary = schema.get("format").value in ("binary", "base64", "byte")
        return "" if is_binary or schema.get("contentEncoding").exists else "text/plain"
    return {"object": "application/json", "boolean": "text/plain", "integer": "text/plain"}.get(
        str(kind), "text/plain" if kind == "number" else ""
    )


def _schema(contract: Contract, media: Node, name: str) -> Node:
    """The schema of a field; of a list that of its items, as each of them is sent as a part."""
    follow = contract.references.follow
    schema = follow(follow(media.get("schema")).node.get("properties", name)).node
    return follow(schema.get("items")).node if schema.get("type").value == "array" else schema


def _style(encoding: Node) -> str:
    style, explode = encoding.get("style").text or "form", encoding.get("explode").value
    is_exploded = explode if isinstance(explode, bool) else style == "form"
    return f"{style}, {'exploded' if is_exploded else 'not exploded'}"


def _headers(contract: Contract, encoding: Node) -> dict[str, Node]:
    """The headers of a part; its media type is told by ``contentType``."""
    found = {
        name.lower(): contract.references.follow(node).node for name, node in encoding.get("headers").items()
    }
    found.pop("content-type", None)
    return found


def _required_headers(contract: Contract, encoding: Node) -> set[str]:
    headers = _headers(contract, encoding)
    return {name for name, node in headers.items() if node.get("required").value is True}


def _compare_header_schemas(
    contracts: ContractPair, pair: OperationPair, direction: Direction, encodings: tuple[Node, Node]
) -> None:
    old, new = _headers(contracts.base, encodings[0]), _headers(contracts.revision, encodings[1])
    part = OperationPart.HEADER_PARAMETER if direction is Direction.REQUEST else OperationPart.HEADER
    for name in old.keys() & new.keys():
        pair.add_schemas(contracts, old[name].get("schema"), new[name].get("schema"), part, is_named=False)
