"""Lets a file be compiled although an import of it is nowhere to be found.

Most repositories do not hold the public modules that their protos import. Nothing that archlint says about
such a file depends on them, so the statements that need them are blanked out in the copy that the compiler
gets (every other character keeps its place), and the types that are then unknown are defined in a file of
their own. Options of packages that are known stay, as long as the compiler takes them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from archlint.documents.proto.statements import Import
from archlint.finding.regex import regex

FOLDER = "~stand-in"

_TOKEN = regex(
    r"""(?P<skip>\s+|//[^\n]*|/\*.*?(?:\*/|\Z))"""
    r"""|(?P<word>[A-Za-z_][\w.]*)"""
    r"""|(?P<other>"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?|[^\s])""",
    re.DOTALL,
)
_START = regex(
    r"""//[^\n]*|/\*.*?(?:\*/|\Z)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?|(?P<begin>option(?![\w.])|\[)""",
    re.DOTALL,
)
"""Where options may be set, and comments and strings, in which they are not."""
_IN_WORD = regex(r"[\w.]")
_DEEPEST = 64  # parts of a name; protoc itself refuses types that are nested more than about 30 deep
_OPEN, _CLOSE = frozenset("{[(<"), frozenset("}])>")
_NAME = regex(r"\(([\w.\s]++)\)")
_NOT_LINE_END = regex(r"[^\n]")

_UNKNOWN = regex(r'"(?P<name>[\w.]+)" is not defined\.')
_SHADOWED = regex(r'"[\w.]+" is resolved to "(?P<name>[\w.]+)", which is not defined')
_ELSEWHERE = regex(r'"(?P<name>[\w.]+)" seems to be defined in "(?P<file>[^"]+)", which is not imported')


def without_imports(
    text: str, missing: Iterable[Import], known: Iterable[str] = ()
) -> tuple[str, frozenset[str]]:
    """The text with the given imports and all custom options blanked out, without those of known packages;
    and the names of these options as they are written."""
    options = _custom_options(text, frozenset(known))
    pieces = [(statement.start, statement.end) for statement in missing] + options
    parts: list[str] = []
    end = 0
    for start, stop in sorted(pieces):
        if start >= end:
            parts += (text[end:start], _NOT_LINE_END.sub(" ", text[start:stop]))
            end = stop
    names = (name for start, stop in options for name in _NAME.findall(text, start, stop))
    hidden = frozenset("".join(name.split()).removeprefix(".") for name in names)
    return "".join((*parts, text[end:])), hidden


def unknown_type(message: str, package: str) -> str | None:
    """The full name of the type that an error of the compiler says is not defined.

    ``None`` also for names so long that no definition of them would compile.
    """
    shadowed = _SHADOWED.search(message)
    found = shadowed or _UNKNOWN.match(message)
    if found is None or found["name"].count(".") >= _DEEPEST:
        return None
    if shadowed is not None:
        return found["name"]
    name = found["name"].removeprefix(".")
    return name if "." in name or not package else f"{package}.{name}"


def defined_elsewhere(message: str) -> tuple[str, str] | None:
    """The type that an error of the compiler says should be imported, and the file that defines it."""
    found = _ELSEWHERE.match(message)
    return (found["name"], found["file"]) if found else None


class _Types(dict[str, "_Types"]):
    """Names of types, each with those nested in it."""


class StandIns:
    """Definitions of unknown types, one file for each top-level type."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self._files: dict[tuple[str, str], tuple[str, set[tuple[str, ...]]]] = {}

    def define(self, name: str) -> str:
        """The import name of the file that defines a message called ``name`` from now on."""
        package, types = _split(name)
        number = len(self._files)
        file, nested = self._files.setdefault((package, types[0]), (f"{FOLDER}/{number}.proto", set()))
        nested.add(types)
        self.names.add(name)
        return file

    def texts(self) -> dict[str, str]:
        """The content of each file by import name."""
        texts: dict[str, str] = {}
        for (package, _), (file, nested) in self._files.items():
            tree = _Types()
            for types in nested:
                level = tree
                for part in types:
                    level = level.setdefault(part, _Types())
            header = f"package {package};" if package else ""
            texts[file] = f'syntax = "proto2"; {header} {_messages(tree)}'
        return texts


def _split(name: str) -> tuple[str, tuple[str, ...]]:
    """Package and nested type names; types begin with a capital unless only the last part can be one."""
    parts = name.split(".")
    first = next((at for at, part in enumerate(parts) if part[:1].isupper()), len(parts) - 1)
    return ".".join(parts[:first]), tuple(parts[first:])


def _messages(tree: _Types) -> str:
    return " ".join(
        f"message {name} {{ extensions 1 to max; {_messages(inner)} }}"
        for name, inner in sorted(tree.items())
    )


def _custom_options(text: str, known: Collection[str]) -> list[tuple[int, int]]:
    """Offsets of ``option (...) = ...;`` statements and of the ``(...) = ...`` entries in brackets, without
    those of known packages."""
    found: list[tuple[int, int]] = []
    at = 0
    while (start := _START.search(text, at)) is not None:
        at = start.end()
        if start["begin"] is None or (start["begin"] == "option" and not _is_custom(text, start)):
            continue
        tokens = _up_to(text, start.start(), ";" if start["begin"] == "option" else "]")
        at = tokens[-1].end()
        words = [token.group() for token in tokens]
        if start["begin"] != "option":
            found += _bracketed(tokens, words, known)
        elif not _is_known(words, 1, known):
            found.append((start.start(), at))
    return found


def _is_known(words: list[str], at: int, known: Collection[str]) -> bool:
    """Whether the name in the parentheses at an index is of a known package."""
    name = "".join(words[at + 1 : at + 3]).removeprefix(".").removesuffix(")")
    return name.rpartition(".")[0] in known


def _is_custom(text: str, start: re.Match[str]) -> bool:
    """Whether a word is the first of a statement about an option in parentheses."""
    before = text[start.start() - 1 : start.start()]
    following = _TOKEN.finditer(text, start.end())
    return not _IN_WORD.match(before) and next(_meaningful(following), "") == "("


def _meaningful(tokens: Iterable[re.Match[str]]) -> Iterator[str]:
    return (token.group() for token in tokens if token.lastgroup != "skip")


def _up_to(text: str, start: int, closing: str) -> list[re.Match[str]]:
    """The tokens from an offset to the next ``closing`` outside of brackets, else to the end of the text; a
    bracket at the offset itself is none of these."""
    tokens: list[re.Match[str]] = []
    depth = 0
    for token in _TOKEN.finditer(text, start):
        if token.lastgroup == "skip":
            continue
        word = token.group()
        tokens.append(token)
        if len(tokens) == 1:
            continue
        if depth <= 0 and word == closing:
            break
        depth += (word in _OPEN) - (word in _CLOSE)
    return tokens


def _end_of(words: list[str], at: int, closing: str, end: int) -> int:
    """Index of the next ``closing`` outside of brackets that stands before ``end``; ``end`` if there is
    none."""
    depth = 0
    while at < end:
        if depth <= 0 and words[at] == closing:
            return at
        depth += (words[at] in _OPEN) - (words[at] in _CLOSE)
        at += 1
    return at


def _bracketed(
    tokens: list[re.Match[str]], words: list[str], known: Collection[str]
) -> list[tuple[int, int]]:
    """The custom entries between two brackets, each with one comma; the brackets too if nothing else is
    left."""
    entries: list[tuple[int, int]] = []
    at, end = 1, len(tokens) - 1
    while at < end:
        stop = _end_of(words, at, ",", end)
        entries.append((at, stop))
        at = stop + 1
    kept = {at for at, _ in entries if words[at] != "(" or _is_known(words, at, known)}
    if not kept:
        return [(tokens[0].start(), tokens[end].end())] if entries else []
    found = []
    last = max(kept)
    for first, stop in entries:
        if first not in kept:
            is_followed = first < last  # then the comma behind it goes, else the one before it
            begin = tokens[first if is_followed else first - 1].start()
            found.append((begin, tokens[stop].end() if is_followed else tokens[stop].start()))
    return found
