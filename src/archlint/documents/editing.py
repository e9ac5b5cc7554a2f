"""Edits that mend a document and leave all else as it is: comments, layout, quotes.

Each function gives ``None`` where the text is not laid out in a way that it can edit for certain.
"""

from __future__ import annotations

import json
import re

from archlint.documents.document import Document
from archlint.documents.node import Node
from archlint.finding import Edit, Fix, Route, Span, Token

_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder(strict=False)


def without_last_character(node: Node, character: str) -> Fix | None:
    """Take the last characters off a scalar that ends in some of one kind; for scalars on one line."""
    raw = node.document.source_text(node.route)
    span = node.value_place().span()
    quote = raw[-1:] if raw[-1:] in ("'", '"') else ""
    body = raw[: len(raw) - len(quote)]
    if "\n" in raw or not body.endswith(character) or span.line != span.end_line:
        return None
    return Fix(True, (_replace(node.document, span, body.rstrip(character) + quote),))


def renamed_key(node: Node, name: str, *, safe: bool) -> Fix | None:
    """Give the key of a map entry another name that can be written as the old one was."""
    key = node.document.marks.key(node.route)
    if key is None:
        return None
    span = node.document.span(node.route, Token.ANCHOR)
    raw = node.document.text[key[0] : key[1]]
    quote = raw[:1] if raw[:1] in ("'", '"') else ""
    if raw != f"{quote}{node.route[-1]}{quote}":
        return None
    return Fix(safe, (_replace(node.document, span, f"{quote}{name}{quote}"),))


def removed(node: Node) -> Fix | None:
    """Take an entry out of a map that has others."""
    parent = node.document.at(node.route[:-1])
    if not parent.is_map or len(parent.value) < 2:
        return None
    document = node.document
    if _is_json(document):
        found = _json_entry(document, node.route)
    else:
        found = _yaml_entry(document, node.route)
    return None if found is None else Fix(True, (_cut(document, *found),))


def with_first_key(node: Node, key: str, value: str, *, safe: bool) -> Fix | None:
    """Put a key with a plain text before the first one of a map in block style or in JSON."""
    if not isinstance(node.value, dict) or not node.value:
        return None
    first = node.document.marks.key((*node.route, next(iter(node.value))))
    if first is None:
        return None
    is_json = _is_json(node.document)
    before = _before_on_line(node.document, first[0])
    if before.strip():
        return None
    entry = f"{json.dumps(key)}: {json.dumps(value)}," if is_json else f"{key}: {value}"
    at = node.document.position(first[0])
    span = Span(at[0], at[1], at[0], at[1])
    return Fix(safe, (_replace(node.document, span, f"{entry}\n{before}"),))


def with_named_items(root: Node, key: str, names: list[str], before: str) -> Fix | None:
    """Add maps with a ``name`` to the end of a list below the root, or make the list before another key."""
    if _is_json(root.document):
        return None
    items = root.get(key)
    if items.is_list and items.value:
        return _appended(items, names)
    following = root.document.marks.key((before,))
    if items.exists or following is None or _before_on_line(root.document, following[0]):
        return None
    line, column = root.document.position(following[0])
    text = f"{key}:\n" + "".join(f"  - name: {_plain(name)}\n" for name in names)
    return Fix(True, (_replace(root.document, Span(line, column, line, column), text),))


def _appended(items: Node, names: list[str]) -> Fix | None:
    document = items.document
    first = document.at((*items.route, 0))
    mark = (
        document.marks.key((*first.route, next(iter(first.value)))) if first.is_map and first.value else None
    )
    if mark is None:
        return None
    dash = _before_on_line(document, mark[0])
    if not re.fullmatch(r" *- +", dash):
        return None
    indent = len(dash) - len(dash.lstrip(" "))
    end = _yaml_end(document, mark[0], indent, has_list=True)
    line, column = document.position(end)
    text = "".join(f"{dash}name: {_plain(name)}\n" for name in names)
    lead = "" if end == 0 or document.text[end - 1] == "\n" else "\n"
    return Fix(True, (_replace(document, Span(line, column, line, column), lead + text),))


def _plain(name: str) -> str:
    """A text as a YAML scalar on one line."""
    is_plain = re.fullmatch(r"[A-Za-z][A-Za-z0-9 _.-]*[A-Za-z0-9]", name) is not None
    words = ("true", "false", "null", "yes", "no", "on", "off")
    return name if is_plain and name.lower() not in words else json.dumps(name, ensure_ascii=False)


def _replace(document: Document, span: Span, text: str) -> Edit:
    return Edit(document.path, span.line, span.column, span.end_line, span.end_column, text)


def _cut(document: Document, start: int, end: int) -> Edit:
    first, last = document.position(start), document.position(end)
    return Edit(document.path, *first, *last, "")


def _before_on_line(document: Document, offset: int) -> str:
    return document.text[document.text.rfind("\n", 0, offset) + 1 : offset]


def _yaml_entry(document: Document, route: Route) -> tuple[int, int] | None:
    """Start and end of the lines of an entry in block style; nothing for one that is not indented."""
    key = document.marks.key(route)
    before = "" if key is None else _before_on_line(document, key[0])
    if key is None or not before or before.strip(" "):
        return None
    line = document.text[key[1] : document.text.find("\n", key[1])]
    has_list = line.split("#", 1)[0].strip() == ":"  # whose items need not be indented
    return key[0] - len(before), _yaml_end(document, key[1], len(before), has_list=has_list)


def _yaml_end(document: Document, offset: int, indent: int, *, has_list: bool) -> int:
    """The beginning of the first line that does not belong to what begins on the line of an offset."""
    text = document.text
    end = at = text.find("\n", offset) + 1 or len(text)
    while at < len(text):
        stop = text.find("\n", at) + 1 or len(text)
        bare = text[at:stop].strip()
        depth = stop - at - len(text[at:stop].lstrip(" "))
        is_item = has_list and depth == indent and bare.split(" ")[0] == "-"
        if bare and depth <= indent and not is_item:
            break
        at = stop
        if bare:
            end = at
    return end


def _json_entry(document: Document, route: Route) -> tuple[int, int] | None:
    """Start and end of an entry with the comma that is no longer needed."""
    key, value = document.marks.key(route), document.marks.value(route)
    if key is None or value is None:
        return None
    text = document.text
    _, end = _DECODER.raw_decode(text, value[0])
    after = _skip(text, end)
    if text[after : after + 1] == ",":
        return key[0], _skip(text, after + 1)
    start = len(text[: key[0]].rstrip()) - 1
    return (start, end) if text[start : start + 1] == "," else None


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _is_json(document: Document) -> bool:
    return document.path.lower().endswith(".json")
