"""Where the parts of custom options are said.

The compiler records a place for each ``(buf.validate.field).string.len = 3``, and one for all that stands
between braces. What is inside of these is looked for in the text, by the names of the fields.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from archlint.documents.proto.parts import Path
from archlint.documents.proto.public_modules import OptionTypes
from archlint.documents.proto.source import ProtoFile
from archlint.documents.proto.wire import packed, unpacked
from archlint.finding import Route, Span
from archlint.finding.records import dataclass
from archlint.finding.regex import regex

_TOKEN = regex(
    r"""(?P<skip>\s+|//[^\n]*|\#[^\n]*|/\*.*?(?:\*/|\Z))"""
    r"""|(?P<word>[A-Za-z_]\w*)"""
    r"""|(?P<other>"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?|[^\s])""",
    re.DOTALL,
)
_OPENING, _CLOSING = frozenset("{<["), frozenset("}>]")


@dataclass(frozen=True, slots=True)
class _Entry:
    """A part that has a place: numbers below the option."""

    path: Path
    span: Span


class OptionPlaces:
    """The places of the custom options with one number in a file."""

    def __init__(self, source: ProtoFile, types: OptionTypes, number: int, root: str) -> None:
        """``root`` is the message that the option is of."""
        self._source = source
        self._types = types
        self._root = root
        self._statements: dict[Path, list[_Entry]] = defaultdict(list)
        sign = packed((number,))
        for path, place in source.spans.items():
            if sign in path:
                numbers = tuple(unpacked(path))
                if number in numbers:
                    at = numbers.index(number) + 1
                    self._statements[numbers[:at]].append(_Entry(numbers[at:], source.recorded(place)))
        self._entries: dict[Path, list[_Entry]] = {}

    def span(self, route: Route, option: Path, numbers: Path) -> Span | None:
        """The place of a part of the option of an element; ``option`` are the numbers of the option below the
        element. What has no place of its own stands where its first part does, else where what holds it does.
        """
        element = self._source.path_of(route)
        if element is None:
            return None
        base = (*element, *option)
        if base not in self._entries:
            statements = self._statements.get(base, [])
            self._entries[base] = [entry for each in statements for entry in self._parts(each)]
        return _best(self._entries[base], numbers)

    def _parts(self, statement: _Entry) -> Iterator[_Entry]:
        """A statement, and what stands between its braces."""
        yield statement
        root = self._type_at(statement.path)
        if root is None:
            return
        span = statement.span
        source = self._source
        start = source.offset(span.line, span.column)
        text = source.text[start : source.offset(span.end_line, span.end_column)]
        equals = text.find("=")
        for path, name_start, name_end in _inside(text, equals + 1, self._types, root):
            yield _Entry((*statement.path, *path), source.between(start + name_start, start + name_end))

    def _type_at(self, path: Path) -> str | None:
        """The message that stands at a path; ``None`` if it is none."""
        name = self._root
        at = 0
        while at < len(path):
            slot = self._types.get(name, {}).get(path[at])
            if slot is None or slot.type not in self._types:
                return None
            name = slot.type
            at += 2 if slot.is_list else 1
        return name


def _best(entries: Sequence[_Entry], numbers: Path) -> Span | None:
    exact = next((each for each in entries if each.path == numbers), None)
    below = next((each for each in entries if each.path[: len(numbers)] == numbers), None)
    found = exact or below
    if found is None:
        above = [each for each in entries if numbers[: len(each.path)] == each.path]
        found = max(above, key=lambda each: len(each.path), default=None)
    if found is None and entries:
        found = entries[0]
    return None if found is None else found.span


def _inside(text: str, start: int, types: OptionTypes, root: str) -> Iterator[tuple[Path, int, int]]:
    """The fields that a text says between braces: values, and each of a list, with the place of the name."""
    tokens = [match for match in _TOKEN.finditer(text, start) if match.lastgroup != "skip"]
    if not tokens or tokens[0].group() not in ("{", "<"):
        return
    open_: list[tuple[Path, str, Counter[int]]] = [((), root, Counter())]
    at = 1
    while at < len(tokens) and open_:
        path, name, seen = open_[-1]
        token = tokens[at]
        at += 1
        if token.group() in _CLOSING:
            open_.pop()
        elif token.group() in _OPENING:  # the name of an extension, or what nobody expects here
            at = _behind(tokens, at - 1)
        elif token.lastgroup == "word":
            slot = next((each for each in types[name].values() if each.name == token.group()), None)
            if at < len(tokens) and tokens[at].group() == ":":
                at += 1
            opens = tokens[at].group() if at < len(tokens) else ""
            own = path
            if slot is not None:
                own = (*path, slot.number, seen[slot.number]) if slot.is_list else (*path, slot.number)
                seen[slot.number] += 1
            if slot is not None and (slot.is_list or slot.type not in types):
                yield own, token.start(), token.end()
            if opens in ("{", "<") and slot is not None and slot.type in types:
                open_.append((own, slot.type, Counter()))
                at += 1
            elif opens in _OPENING:
                at = _behind(tokens, at)
            else:
                at += 1


def key_in_braces(text: str, start: int, names: Sequence[str]) -> tuple[int, int] | None:
    """Where a key stands that is reached by names, from the braces at which a value begins; the names of
    extensions are in brackets."""
    tokens = [match for match in _TOKEN.finditer(text, start) if match.lastgroup != "skip"]
    at = 0
    for name in names:
        found = _key(tokens, at, name)
        if found is None:
            return None
        key, at = found
    return key.start(), key.end()


def _key(tokens: Sequence[re.Match[str]], at: int, name: str) -> tuple[re.Match[str], int] | None:
    """The first token of a key right inside of the braces that open at an index, and the index of what it is
    set to."""
    if at >= len(tokens) or tokens[at].group() not in ("{", "<"):
        return None
    at += 1
    while at < len(tokens) and tokens[at].group() not in _CLOSING:
        first, end = at, _behind(tokens, at)
        written = "".join(token.group() for token in tokens[first:end])
        colon = end < len(tokens) and tokens[end].group() == ":"
        value = end + 1 if colon else end
        if written == name:
            return tokens[first], value
        at = (
            _behind(tokens, value)
            if colon or (value < len(tokens) and tokens[value].group() in "{<")
            else end
        )
    return None


def _behind(tokens: Sequence[re.Match[str]], at: int) -> int:
    """The index behind a token, or behind a bracket that opens and all up to the one that closes it."""
    depth = 0
    while at < len(tokens):
        token = tokens[at].group()
        depth += (token in _OPENING) - (token in _CLOSING)
        at += 1
        if depth == 0:
            break
    return at
