"""Edits that fix a document and leave all else as it is: comments, layout, quotes, line ends.

Each function gives ``None`` where the text is not laid out in a way that it can edit for certain, and where
a value stands in several places of the data at once (an anchor and its aliases, a merge key).
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import lru_cache

from archlint.documents.document import Document
from archlint.documents.node import Node
from archlint.documents.scalars import Reading
from archlint.documents.yaml import read_yaml
from archlint.files import is_json
from archlint.finding import Edit, Fix, Route, Span, Token
from archlint.finding.regex import regex

_SPACE = regex(r"[ \t\r\n]*")
_COMMENTS = regex(r"(?:[ \t\r]*(?:#[^\n]*)?\n)*+[ \t]*\Z")
_INDENT = regex(r" *(?:- +)*")
_ANCHOR = regex(r"(?:\A|[\s,\[{])&[^\s&]")
_DECODER = json.JSONDecoder(strict=False)
_WORDS = frozenset(("true", "false", "null", "yes", "no", "on", "off"))


def without_last_character(node: Node, character: str) -> Fix | None:
    """Take the last characters off a scalar that ends in some of one kind; for scalars on one line."""
    raw = node.document.source_text(node.route)
    span = node.value_place().span()
    quote = raw[-1:] if raw[-1:] in ("'", '"') else ""
    body = raw[: len(raw) - len(quote)]
    is_one = "\n" not in raw and span.line == span.end_line and body.endswith(character)
    if not is_one or not _stands_once(node.document, node.route):
        return None
    return Fix(True, (_replace(node.document, span, body.rstrip(character) + quote),))


def rewritten(node: Node, text: str, *, safe: bool) -> Fix | None:
    """Give a scalar on one line another text, in the quotes that the old one has."""
    return node.document.edited(node.route, lambda own: _rewritten(own, text, safe=safe))


def _rewritten(node: Node, text: str, *, safe: bool) -> Fix | None:
    raw = node.document.source_text(node.route)
    quote = raw[:1] if raw[:1] in ("'", '"') else ""
    if raw != f"{quote}{node.text}{quote}" or not _stands_once(node.document, node.route):
        return None
    return Fix(safe, (_replace(node.document, node.value_place().span(), f"{quote}{text}{quote}"),))


def renamed_key(node: Node, name: str, *, safe: bool) -> Fix | None:
    """Give the key of a map entry another name that can be written as the old one was."""
    key = node.document.marks.key(node.route)
    if key is None or not _stands_once(node.document, node.route):
        return None
    span = node.document.span(node.route, Token.ANCHOR)
    raw = node.document.text[key[0] : key[1]]
    quote = raw[:1] if raw[:1] in ("'", '"') else ""
    if raw != f"{quote}{node.route[-1]}{quote}":
        return None
    return Fix(safe, (_replace(node.document, span, f"{quote}{name}{quote}"),))


def with_setting(node: Node, route: tuple[str, ...], value: str, *, safe: bool) -> Fix | None:
    """Give a map a setting some steps below, with the maps on the way to it; ``value`` is written as YAML
    that is JSON as well, or as a plain word."""
    while len(route) > 1 and node.get(route[0]).exists:
        node, route = node.get(route[0]), route[1:]
    present = node.get(route[0])
    if present.exists:
        return node.document.edited(present.route, lambda own: _another_value(own, value, safe=safe))
    return node.document.edited(node.route, lambda own: _new_setting(own, route, value, safe=safe))


def _new_setting(node: Node, route: tuple[str, ...], value: str, *, safe: bool) -> Fix | None:
    document, start = node.document, node.document.marks.value(node.route)
    if not isinstance(node.value, dict) or not node.value or start is None:
        return None
    if node.get(route[0]).exists or not _stands_once(document, node.route):
        return None  # what a built object lacks and its source has, something else takes away
    if _is_json(document):
        first = _skip(document.text, start[1])
        text = _in_braces([json.dumps(key) for key in route], _as_json(value))
        return Fix(safe, (_insert(document, first, f"{text},{document.text[start[1] : first] or ' '}"),))
    if document.text[start[0]] == "{":
        return Fix(safe, (_insert(document, start[0] + 1, f"{_in_braces(route, value)}, "),))
    return _added_to_block(node, route, value, start[0], safe=safe)


def _another_value(node: Node, value: str, *, safe: bool) -> Fix | None:
    """Write another value for a scalar; a word stays in the quotes that stand there."""
    document, marks = node.document, node.document.marks
    key, extent = marks.key(node.route), marks.value(node.route)
    is_scalar = node.is_set and not isinstance(node.value, (dict, list))
    if not is_scalar or key is None or extent is None or not _stands_once(document, node.route):
        return None
    first = document.text[extent[0] : extent[0] + 1]
    if extent[0] == extent[1] or first in "&*!|>" or "!" in document.text[key[1] : extent[0]]:
        return None
    quote = first if first in "'\"" and value.isalpha() and value not in _WORDS else ""
    text = _as_json(value) if _is_json(document) else f"{quote}{value}{quote}"
    whole = Span(*document.position(extent[0]), *document.position(extent[1]))
    return Fix(safe, (_replace(document, whole, text),))


def with_item(items: Node, word: str, *, safe: bool) -> Fix | None:
    """Add a plain word to the end of a list that has some."""
    return items.document.edited(items.route, lambda own: _one_item_more(own, word, safe=safe))


def _one_item_more(items: Node, word: str, *, safe: bool) -> Fix | None:
    document = items.document
    route = (*items.route, len(items.value) - 1) if items.is_list and items.value else ()
    if not route or isinstance(items.value[-1], (dict, list)) or not _stands_once(document, route):
        return None
    mark, start = document.marks.value(route), document.marks.value(items.route)
    if mark is None or start is None:
        return None
    written = json.dumps(word) if _is_json(document) or document.text[mark[0]] == '"' else word
    if document.text[start[0]] == "[":
        return Fix(safe, (_insert(document, mark[1], f", {written}"),))
    before, end = _before_on_line(document, mark[0]), _next_line(document.text, mark[1])
    if not re.fullmatch(r" *- +", before):
        return None
    lead = "" if document.text[end - 1] == "\n" else "\n"
    return Fix(safe, (_insert(document, end, f"{lead}{before}{written}\n"),))


def _in_braces(keys: Sequence[str], value: str) -> str:
    for key in reversed(keys[1:]):
        value = f"{{{key}: {value}}}"
    return f"{keys[0]}: {value}"


def _as_json(value: str) -> str:
    try:
        json.loads(value)
    except ValueError:
        return json.dumps(value)
    return value


def _added_to_block(node: Node, route: Sequence[str], value: str, start: int, *, safe: bool) -> Fix | None:
    """Lines after the last entry of a map in block style."""
    document = node.document
    before = _before_on_line(document, start)
    first = document.marks.key((*node.route, next(iter(node.value))))
    if not before or first is None or first[0] != start or not _INDENT.fullmatch(before):
        return None
    column = len(before)
    end = _yaml_end(document.text, start, column - 1, has_list=False)
    lines = [f"{' ' * (column + 2 * depth)}{key}:\n" for depth, key in enumerate(route)]
    lines[-1] = f"{lines[-1][:-1]} {value}\n"
    lead = "" if document.text[end - 1] == "\n" else "\n"
    return Fix(safe, (_insert(document, end, lead + "".join(lines)),))


def removed(node: Node) -> Fix | None:
    """Take an entry out of a map, and with it the comment directly above it and maps that it leaves empty."""
    document = node.document
    parent = document.at(node.route[:-1])
    while parent.route and parent.is_map and len(parent.value) == 1:
        node, parent = parent, document.at(parent.route[:-1])
    if not parent.is_map or len(parent.value) < 2 or not _stands_once(document, node.route):
        return None
    found = _json_entry(document, node.route) if _is_json(document) else _yaml_entry(node)
    return None if found is None else Fix(True, (_cut(document, *found),))


def with_first_key(node: Node, key: str, value: str, *, safe: bool) -> Fix | None:
    """Put a key with a plain text before the first one of a map in block style or in JSON."""
    document = node.document
    start = document.marks.value(node.route)
    if not isinstance(node.value, dict) or not node.value or start is None:
        return None
    if not _stands_once(document, node.route):
        return None
    if _is_json(document):
        first = _skip(document.text, start[1])
        space = document.text[start[1] : first] or " "
        return Fix(safe, (_insert(document, first, f"{json.dumps(key)}: {json.dumps(value)},{space}"),))
    above, before = document.marks.key(node.route), _before_on_line(document, start[0])
    if above is None or before.strip(" ") or not before:
        return None
    line, between = _next_line(document.text, above[1]), document.text[above[1] : start[0]]
    is_block = "\n" in between and _COMMENTS.match(between.split("\n", 1)[1]) is not None
    return Fix(safe, (_insert(document, line, f"{before}{key}: {_plain(value)}\n"),)) if is_block else None


def with_named_items(root: Node, key: str, names: Sequence[str], before: str) -> Fix | None:
    """Add maps with a ``name`` to the end of a list below the root, or make the list before another key."""
    items, document = root.get(key), root.document
    if items.is_list and items.value:
        if not _stands_once(document, items.route):
            return None
        return _json_appended(items, names) if _is_json(document) else _yaml_appended(items, names)
    following = document.marks.key((before,))
    if items.exists or following is None or not _stands_once(document, (before,)):
        return None
    if _is_json(document):
        written = ", ".join(_json_item(name) for name in names)
        space = _space_before(document.text, following[0]) or " "
        return Fix(True, (_insert(document, following[0], f"{json.dumps(key)}: [{written}],{space}"),))
    if _before_on_line(document, following[0]):
        return None
    text = f"{key}:\n" + "".join(f"  - name: {_plain(name)}\n" for name in names)
    start = _above_comments(document.text, following[0], "")
    return Fix(True, (_insert(document, start or following[0], text),))


def _json_item(name: str) -> str:
    return f'{{"name": {json.dumps(name, ensure_ascii=False)}}}'


def _json_appended(items: Node, names: Sequence[str]) -> Fix | None:
    document = items.document
    last = document.marks.value((*items.route, len(items.value) - 1))
    if last is None:
        return None
    _, end = _DECODER.raw_decode(document.text, last[0])
    space = _space_before(document.text, last[0]) or " "
    return Fix(True, (_insert(document, end, "".join(f",{space}{_json_item(name)}" for name in names)),))


def _yaml_appended(items: Node, names: Sequence[str]) -> Fix | None:
    document = items.document
    first = document.at((*items.route, 0))
    mark = document.marks.value(first.route)
    if mark is None or not first.is_map or not first.value or not _stands_once(document, first.route):
        return None
    dash = _before_on_line(document, mark[0])
    if not re.fullmatch(r" *- +", dash):
        return None
    indent = len(dash) - len(dash.lstrip(" "))
    end = _yaml_end(document.text, mark[0], indent, has_list=True)
    text = "".join(f"{dash}name: {_plain(name)}\n" for name in names)
    lead = "" if end == 0 or document.text[end - 1] == "\n" else "\n"
    return Fix(True, (_insert(document, end, lead + text),))


def _plain(name: str) -> str:
    """A text as a YAML scalar on one line."""
    is_plain = re.fullmatch(r"[A-Za-z](?:[A-Za-z0-9 _.-]*[A-Za-z0-9])?", name) is not None
    return name if is_plain and name.lower() not in _WORDS else json.dumps(name, ensure_ascii=False)


def _stands_once(document: Document, route: Route) -> bool:
    """Whether the value at a route is written there, and is not what an anchor or a merge key shares."""
    marks, text = document.marks, document.text
    outer = marks.value(())
    for depth in range(1, len(route) + 1):
        key, value = marks.key(route[:depth]), marks.value(route[:depth])
        if outer is None or value is None or value[0] < outer[0]:
            return False
        if key is not None and (not outer[0] <= key[0] < value[0] or "&" in text[key[1] : value[0]]):
            return False
        if key is None and _ANCHOR.search(text, _line_above(text, value[0]), value[0]):
            return False
        outer = value
    return True


def _replace(document: Document, span: Span, text: str) -> Edit:
    """An edit whose line ends are those of the text around it."""
    written = text
    if "\n" in text:
        written = text.replace("\r\n", "\n").replace("\n", _line_end(document.text))
    return Edit(document.path, span.line, span.column, span.end_line, span.end_column, written)


@lru_cache(maxsize=2)
def _line_end(text: str) -> str:
    """What ends the lines of a text; many edits of one file ask it."""
    return "\r\n" if "\r\n" in text else "\n"


def _insert(document: Document, offset: int, text: str) -> Edit:
    line, column = document.position(offset)
    return _replace(document, Span(line, column, line, column), text)


def _cut(document: Document, start: int, end: int) -> Edit:
    return Edit(document.path, *document.position(start), *document.position(end), "")


def _before_on_line(document: Document, offset: int) -> str:
    return document.text[document.text.rfind("\n", 0, offset) + 1 : offset]


def _line_above(text: str, offset: int) -> int:
    """The beginning of the line before the one that an offset stands in."""
    return text.rfind("\n", 0, max(0, text.rfind("\n", 0, offset))) + 1


def _next_line(text: str, offset: int) -> int:
    return text.find("\n", offset) + 1 or len(text)


def _space_before(text: str, offset: int) -> str:
    """The blanks and line ends that stand before an offset."""
    start = offset
    while start > 0 and text[start - 1] in " \t\r\n":
        start -= 1
    return text[start:offset]


def _above_comments(text: str, start: int, indent: str) -> int:
    """Where the comment begins that stands directly above a line, in lines indented alike."""
    while start > 0:
        above = text.rfind("\n", 0, start - 1) + 1
        line = text[above:start].rstrip("\r\n")
        if not line.startswith(f"{indent}#"):
            break
        start = above
    return start


def _yaml_entry(node: Node) -> tuple[int, int] | None:
    """Start and end of the lines of an entry in block style."""
    document = node.document
    key = document.marks.key(node.route)
    before = "" if key is None else _before_on_line(document, key[0])
    if key is None or before.strip(" "):
        return None
    text = document.text
    line = text[key[1] : _next_line(text, key[1])]
    has_list = line.split("#", 1)[0].strip() == ":"  # whose items need not be indented
    begin, end = key[0] - len(before), _yaml_end(text, key[1], len(before), has_list=has_list)
    if not _is_whole(text[begin:end], node):
        return None
    start = _above_comments(text, begin, before) or begin  # what begins the file is about all of it
    first = document.marks.value(node.route[:-1])
    above = text[text.rfind("\n", 0, start - 1) + 1 : start]
    is_apart = not above.strip() or first is None or first[0] == key[0]
    while is_apart and end < len(text) and not text[end : _next_line(text, end)].strip():
        end = _next_line(text, end)
    return start, end


def _is_whole(text: str, node: Node) -> bool:
    """Whether a text by itself is the entry, all of it and nothing else, and lends nothing to others."""
    read, error = read_yaml(text, Reading.CORE)
    is_read = error is None and len(read) == 1 and not _ANCHOR.search(text)
    return is_read and read[0].data == {node.route[-1]: node.value}


def _yaml_end(text: str, offset: int, indent: int, *, has_list: bool) -> int:
    """The beginning of the first line that does not belong to what begins on the line of an offset."""
    end = at = _next_line(text, offset)
    while at < len(text):
        stop = _next_line(text, at)
        bare = text[at:stop].strip()
        depth = stop - at - len(text[at:stop].lstrip(" "))
        is_item = has_list and depth == indent and bare.split(" ")[0] == "-"
        is_outside = depth <= indent and not is_item
        if bare and is_outside and not bare.startswith("#"):
            break
        at = stop
        if bare and not is_outside:
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
    return is_json(document.path)
