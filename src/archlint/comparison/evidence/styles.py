"""Values of parameters as they are written in URLs and headers, read by the style that is stated.

OpenAPI, style values: https://spec.openapis.org/oas/v3.1.1.html#style-values, and ``collectionFormat`` of
2.0. A text may be read as several values, where a schema takes several types: any of them may fit.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import unquote

from archlint.comparison.evidence.shapes import ANY, Shape, shape_of
from archlint.documents import Node
from archlint.documents.json import JsonError, read_json
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.evidence.exchange import OPEN, Pair
from archlint.model.openapi import Contract

_NUMBER = regex(r"-?(?:0|[1-9][0-9]{0,300})(?:\.[0-9]{1,300})?(?:[eE][+-]?[0-9]{1,3})?\Z")
_DEEP = regex(r"([^\[\]]*+)\[([^\[\]]*+)\]\Z")
_FORMATS = {"csv": ",", "ssv": " ", "tsv": "\t", "pipes": "|"}
_DELIMITERS = {"spaceDelimited": " ", "pipeDelimited": "|"}
_OF_QUERIES = frozenset(("form", "deepObject", *_DELIMITERS))
_KNOWN = {
    "path": frozenset(("simple", "label", "matrix")),
    "header": frozenset(("simple",)),
    "cookie": frozenset(("form", "cookie")),
}
"""The styles that a value may have where they are not those of queries and forms."""


class StyleProblem(Exception):
    """A text that is not written as the style says; the words tell how it should be."""


class Unread(Exception):
    """A value that cannot be read for sure, so that nothing is said of it."""


class Open(Unread):
    """A value that the evidence leaves open: it has a variable of which nobody knows the value."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a parameter or header is written."""

    name: str
    explode: bool
    delimiter: str = ","
    is_json: bool = False
    """Whether a media type says how it is written, and JSON is that."""

    @classmethod
    def of(cls, node: Node, location: str, contract: Contract) -> Style:
        """The style of a parameter or header, with the defaults of its location; raises ``Unread``."""
        content = [name for name, _ in node.get("content").items()]
        if content:
            if "json" not in content[0].lower():
                raise Unread
            return cls("content", False, is_json=True)
        default = "simple" if location in ("path", "header") else "form"
        if contract.is_v2:
            chosen = node.get("collectionFormat").text or "csv"
            if chosen != "multi" and chosen not in _FORMATS:
                raise Unread
            return cls(default, chosen == "multi", _FORMATS.get(chosen, ","))
        name = node.get("style").text if node.get("style").exists else default
        if name is None or name not in _KNOWN.get(location, _OF_QUERIES):
            raise Unread
        stated = node.get("explode").value
        explode = stated if isinstance(stated, bool) else name in ("form", "cookie")
        return cls(name, explode, _DELIMITERS.get(name, ","))


def scalars(text: str, types: frozenset[str]) -> list[Any]:
    """All values that a text may stand for where some types are taken; the text itself if there is none."""
    found: list[Any] = []
    if (not types or types & {"integer", "number"}) and _NUMBER.match(text):
        found.append(json.loads(text))
    if (not types or "boolean" in types) and text in ("true", "false"):
        found.append(text == "true")
    if "null" in types and text in ("", "null"):
        found.append(None)
    if not types or "string" in types or not found:
        found.append(text)
    return found


class Reading:
    """Reads the value of one parameter or header."""

    def __init__(self, node: Node, schema: Node, location: str, contract: Contract) -> None:
        self._contract = contract
        self._location = location
        self.schema = schema
        self.style = Style.of(node, location, contract)
        self.shape = shape_of(schema, contract)
        self._decode = _DECODERS.get(location, unquote)

    def one(self, raw: str, name: str) -> list[Any]:
        """What a single text may stand for; raises ``StyleProblem`` and ``Unread``."""
        if OPEN in raw:
            raise Open
        if self.style.is_json:
            return [_json(self._decode(raw))]
        text = self._without_prefix(raw, name)
        if "array" in self.shape.types:
            return self._arrays(self._split(text, name))
        if "object" in self.shape.types:
            return [self._object(self._pairs(text, name))]
        found = scalars(self._decode(text), self.shape.types)
        if self._location == "cookie" and "%" in text:  # many clients encode them
            found += scalars(unquote(text), self.shape.types)
        return found

    def names(self, name: str) -> Iterable[str]:
        """The names in a query that give its value: its own, or those of its members that stand there."""
        is_spread = self.style.explode and self.style.name in ("form", *_DELIMITERS)
        return self.shape.members if is_spread and "object" in self.shape.types else (name,)

    def of_headers(self, pairs: Sequence[Pair], name: str) -> list[list[Any]]:
        """The values that headers of one name give it, with all their readings: lists go on in the next."""
        if {"array", "object"} & self.shape.types and not self.style.is_json:
            return [self.one(",".join(pair.value for pair in pairs), name)]
        return [self.one(pair.value, name) for pair in pairs]

    def of_query(self, pairs: Sequence[Pair], name: str) -> list[list[Any]]:
        """The values that pairs of a query or of cookies give a parameter, with all their readings; none if
        it was not sent."""
        is_spread = self.style.explode and self.style.name in ("form", "cookie", *_DELIMITERS)
        if self.style.name == "deepObject":
            return self._deep(pairs, name)
        if is_spread and "object" in self.shape.types and not self.style.is_json:
            return self._spread(pairs)
        own = [pair.value for pair in pairs if decoded_form(pair.name) == name]
        if not own:
            return []
        if any(OPEN in value for value in own):
            raise Open
        if is_spread and "array" in self.shape.types and not self.style.is_json:
            return [self._arrays(own)]
        return [self.one(value, name) for value in own]

    def _without_prefix(self, raw: str, name: str) -> str:
        if self.style.name == "label":
            if not raw.startswith("."):
                raise StyleProblem("must begin with '.'")
            return raw[1:]
        if self.style.name == "matrix":
            if not raw.startswith(";"):
                raise StyleProblem("must begin with ';'")
            if self.style.explode and {"object", "array"} & self.shape.types:
                return raw[1:]
            if not raw.startswith(f";{name}="):
                raise StyleProblem(f"must begin with ';{name}='")
            return raw[len(name) + 2 :]
        return raw

    def _split(self, text: str, name: str) -> list[str]:
        if self.style.name == "label" and self.style.explode:
            return text.split(".")
        if self.style.name == "matrix" and self.style.explode:
            return [part.partition("=")[2] for part in text.split(";")]
        return parted(text, self.style.delimiter, self._location)

    def _pairs(self, text: str, name: str) -> list[tuple[str, str]]:
        if not self.style.explode:
            parts = parted(text, self.style.delimiter, self._location)
            if len(parts) % 2:
                raise StyleProblem("must be a list of names and values in turn")
            return list(zip(parts[::2], parts[1::2], strict=True))
        between = {"label": ".", "matrix": ";"}.get(self.style.name, ",")
        cut = [part.partition("=") for part in text.split(between)]
        if not all(sign for _, sign, _ in cut):
            raise StyleProblem("must be a list of 'name=value'")
        return [(key, value) for key, _, value in cut]

    def _arrays(self, parts: Sequence[str]) -> list[Any]:
        """The list of some texts, as its items are most likely meant, and as texts."""
        inner = self._types_of_items()
        if inner & {"array", "object"}:
            raise Unread
        texts = [self._decode(part) for part in parts]
        meant = [scalars(text, inner)[0] for text in texts]
        found: list[Any] = [meant]
        if meant != texts and (not inner or "string" in inner):
            found.append(texts)
        if texts == [""]:
            found.append([])  # what is written of a list without items
        others = self.shape.types - {"array"}
        if len(parts) == 1 and others:
            found.extend(scalars(texts[0], others))
        return found

    def _object(self, pairs: Sequence[tuple[str, str]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for raw, value in pairs:
            name = self._decode(raw)
            inner = member_of(self.shape, name, self._contract, ANY)
            if inner.types & {"array", "object"}:
                raise Unread
            found[name] = scalars(self._decode(value), inner.types)[0]
        return found

    def _types_of_items(self) -> frozenset[str]:
        """The types that the items of a list may have, by any of its alternatives; empty for all."""
        every = [shape_of(schema, self._contract).types for schema in self.shape.kinds_of_items]
        return frozenset().union(*every) if all(every) else frozenset()

    def _deep(self, pairs: Sequence[Pair], name: str) -> list[list[Any]]:
        found: list[tuple[str, str]] = []
        others = self.shape.types - {"object", "array"}
        for pair in pairs:
            key = decoded_form(pair.name)
            if key.startswith(f"{name}["):
                cut = _DEEP.match(key)
                if cut is None:
                    raise Unread  # no version says how deeper levels are written
                if OPEN in pair.value:
                    raise Open
                found.append((cut[2], pair.value))
            elif key == name and OPEN in pair.value:
                raise Open
            elif key == name and others:
                return [scalars(self._decode(pair.value), others)]
            elif key == name:
                raise StyleProblem(f"must be written as '{name}[...]=...'")
        return [[self._object(found)]] if found else []

    def _spread(self, pairs: Sequence[Pair]) -> list[list[Any]]:
        own = [pair for pair in pairs if decoded_form(pair.name) in self.shape.members]
        if any(OPEN in pair.value for pair in own):
            raise Open
        return [[self._object([(pair.name, pair.value) for pair in own])]] if own else []


def member_of(shape: Shape, name: str, contract: Contract, unknown: Shape) -> Shape:
    """What a shape says of a member, also of one that it does not name; raises ``Unread``."""
    if name in shape.unsure or (shape.has_patterns and name not in shape.members):
        raise Unread
    schema = shape.members.get(name, shape.others)
    return unknown if schema is None else shape_of(schema, contract)


def item_of(shape: Shape, contract: Contract, unknown: Shape) -> Shape:
    """What a shape says of the items of a list; raises ``Unread`` where its alternatives differ in them."""
    if len(shape.kinds_of_items) > 1:
        raise Unread
    return unknown if shape.items is None else shape_of(shape.items, contract)


def parted(text: str, delimiter: str, location: str) -> list[str]:
    """The parts of a text; in a URL the delimiter may be encoded, as many clients do."""
    if location == "header" or delimiter in text:
        return text.split(delimiter)
    if delimiter == " " and "+" in text and location == "query":
        return text.split("+")
    code = f"%{ord(delimiter):02X}"
    return text.replace(code.lower(), code).split(code)


def decoded_form(text: str) -> str:
    """A text of a query or a form, as it was before it was encoded."""
    return unquote(text.replace("+", " "))


_DECODERS: dict[str, Callable[[str], str]] = {
    "header": str.strip,
    "query": decoded_form,
    "formData": decoded_form,
    "cookie": str.strip,
}


def _json(text: str) -> Any:
    try:
        return read_json(text).data
    except JsonError:
        raise StyleProblem("must be JSON") from None


def cookies_of(pairs: Sequence[Pair] | None) -> Iterator[Pair]:
    """The cookies of a request."""
    for pair in pairs or ():
        if pair.name.lower() == "cookie":
            for part in pair.value.split(";"):
                name, sign, value = part.strip().partition("=")
                if sign:
                    yield Pair(name, value, pair.place)
