"""Bodies in XML, as the value that a schema with its ``xml`` objects means.

OpenAPI, XML object: https://spec.openapis.org/oas/v3.1.1.html#xml-object. What no member of the schema has is
left out, unless the schema is closed; document types and entities are not read.
"""

from __future__ import annotations

from dataclasses import field
from typing import Any
from xml.parsers import expat

from archlint.comparison.evidence.shapes import Shape, shape_of
from archlint.comparison.evidence.styles import StyleProblem, Unread, member_of, scalars
from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.openapi import Contract

_MOST_LEVELS = 100
_OF_XML = ("xmlns", "xml:", "xsi:")


@dataclass(slots=True)
class _Element:
    name: str
    attributes: dict[str, str]
    children: list[_Element] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.texts)


class _Unwanted(Exception):
    """Something that is not read in XML of others: a document type, or too many levels."""


def value_of_xml(content: str | bytes, schema: Node, contract: Contract) -> Any:
    """The value of a body; raises ``StyleProblem`` for one that is broken, and ``Unread``."""
    root = _root(content)
    stated = _xml(schema, contract).get("name").text
    if stated is not None and _local(root.name) != stated:
        raise StyleProblem("has another root element than its schema names in 'xml'")
    return _value(root, schema, contract)


def _root(content: str | bytes) -> _Element:
    top = _Element("", {})
    open_ones = [top]
    parser = expat.ParserCreate(None if isinstance(content, bytes) else "utf-8")

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(open_ones) > _MOST_LEVELS:
            raise _Unwanted
        element = _Element(name, attributes)
        open_ones[-1].children.append(element)
        open_ones.append(element)

    def refuse(*_: object) -> None:
        raise _Unwanted

    def end(_: str) -> None:
        open_ones.pop()

    def say(text: str) -> None:
        open_ones[-1].texts.append(text)

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = say
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(content if isinstance(content, bytes) else content.encode("utf-8", "replace"), True)
    except expat.ExpatError:
        raise StyleProblem("is no well-formed XML") from None
    except (_Unwanted, LookupError):
        raise Unread from None
    return top.children[0]


def _value(element: _Element, schema: Node, contract: Contract) -> Any:
    shape = shape_of(schema, contract)
    if element.attributes.get("xsi:nil") in ("true", "1"):
        return None
    if "object" in shape.types or shape.members:
        return _object(element, shape, contract)
    if "array" in shape.types:
        return [_item(child, shape, contract) for child in element.children]
    if element.children:
        raise Unread  # nothing says what it means, as in a map
    text = element.text if shape.types == {"string"} else element.text.strip()
    return scalars(text, shape.types)[0]


def _object(element: _Element, shape: Shape, contract: Contract) -> dict[str, Any]:
    children: dict[str, list[_Element]] = {}
    for child in element.children:
        children.setdefault(_local(child.name), []).append(child)
    attributes = {_local(name): text for name, text in element.attributes.items()}
    found: dict[str, Any] = {}
    taken: set[str] = set()
    for name, member in shape.members.items():
        told, inner = _xml(member, contract), member_of(shape, name, contract, shape)
        own = told.get("name").text or name
        taken.add(own)
        if told.get("attribute").value is True:
            if own in attributes:
                found[name] = scalars(attributes[own], inner.types)[0]
        elif inner.is_list:
            names = {own, name, *_names_of_items(inner, contract)}
            taken |= names
            given = [child for each in sorted(names) for child in children.get(each, ())]
            if told.get("wrapped").value is True:
                given = [item for child in children.get(own, ()) for item in child.children]
                is_there = own in children
            else:
                is_there = bool(given) or name in shape.required  # an empty list has no element
            if is_there:
                found[name] = [_item(child, inner, contract) for child in given]
        elif "array" in inner.types and own in children:
            raise Unread  # the list, an item of it or something else
        elif len(children.get(own, ())) == 1:
            found[name] = _value(children[own][0], member, contract)
        elif own in children:
            raise Unread
    if any(name in children for name in shape.required if name not in shape.members):
        raise Unread  # asked for without being described
    if shape.is_closed:
        found |= {name: "" for name in children if name not in taken}
        found |= {
            name: "" for name in element.attributes if name not in taken and not name.startswith(_OF_XML)
        }
    return found


def _names_of_items(shape: Shape, contract: Contract) -> tuple[str, ...]:
    told = _xml(shape.items, contract).get("name").text if shape.items is not None else None
    return (told,) if told else ()


def _item(element: _Element, shape: Shape, contract: Contract) -> Any:
    if shape.items is None or len(shape.kinds_of_items) > 1:
        raise Unread
    return _value(element, shape.items, contract)


def _xml(schema: Node, contract: Contract) -> Node:
    """What a schema says of its XML, else what the one says that it refers to."""
    own = schema.get("xml")
    return own if own.exists else contract.references.follow(schema).node.get("xml")


def _local(name: str) -> str:
    return name.rpartition(":")[2]
