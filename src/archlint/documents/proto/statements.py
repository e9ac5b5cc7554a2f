"""What a proto text says before any compiler has seen it: imports, package, top-level names, depth.

A scan, not a parser: it must be right about import statements and quick about all else. The compiler decides
what the file means; the scan only prepares what is handed to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from archlint.finding.records import dataclass
from archlint.finding.regex import regex

MAX_DEPTH = 64
"""Braces deeper than this are refused: readers of descriptors stop at 100 levels, and each message takes up
to two (a group is a field and a message)."""

_IMPORT = regex(
    r"""import\s+(?:(?P<kind>public|weak|option)\s+)?(?P<quoted>"[^"\n]*"|'[^'\n]*')\s*;""",
)
_HIDDEN = regex(
    r"""//[^\n]*|/\*.*?(?:\*/|\Z)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?""",
    re.DOTALL,
)
_HIDDEN_OR_BRACE = regex(_HIDDEN.pattern + r"|[{}]", re.DOTALL)
_SHOWN = regex(r"[^\n]")
_NO_BRACES = bytes(byte for byte in range(256) if byte not in b"{}")
_PACKAGE = regex(r"package\s++([\w.]++)\s*+;")
_DEFINITION = regex(r"^(?:message|enum|service)\s+(\w+)", re.MULTILINE)
_DEFINITION_INSIDE = regex(r"[;}]\s*(?:message|enum|service)\s+(\w+)")
_ODD_NAME = regex(r'[^\x21-\x7e]|[\\":*?<>|]|//|(?:^|/)\.{1,2}(?:/|$)|/$')


@dataclass(frozen=True, slots=True)
class Import:
    """An import statement: the name in it, and the offsets of the statement and of the quoted name."""

    name: str
    kind: str
    """``public``, ``weak``, ``option`` or empty."""
    start: int
    end: int
    name_start: int
    name_end: int

    @property
    def is_sound(self) -> bool:
        """Whether the name is relative and plain, so that a compiler takes it for a name and nothing else."""
        return _is_sound(self.name)


@lru_cache(10_000)
def _is_sound(name: str) -> bool:
    """What most files import is imported by many."""
    return name[:1].isalnum() and _ODD_NAME.search(name) is None


def imports_of(text: str) -> tuple[Import, ...]:
    """The import statements of a proto file, without those inside comments and strings."""
    found = [match for match in _written(text) if _begins_word(text, match.start())]
    if not found:
        return ()
    comment = text.find("/*", 0, found[-1].start())
    if comment >= 0 or not all(_begins_line(text, match.start()) for match in found):
        hidden = [match.span() for match in _HIDDEN.finditer(text, 0, found[-1].end())]
        found = list(_outside(found, hidden))
    return tuple(
        Import(
            match["quoted"][1:-1],
            match["kind"] or "",
            match.start(),
            match.end(),
            match.start("quoted"),
            match.end("quoted"),
        )
        for match in found
    )


def _written(text: str) -> Iterator[re.Match[str]]:
    """All that look like import statements: a search for the word is faster than one for the expression."""
    at = text.find("import")
    while at >= 0:
        match = _IMPORT.match(text, at)
        if match is not None:
            yield match
        at = text.find("import", at + len("import") if match is None else match.end())


def without_comments(text: str) -> str:
    """A proto file with blanks in the place of comments and strings, so that all else stays where it is."""
    return _HIDDEN.sub(lambda match: _SHOWN.sub(" ", match[0]), text)


def block_comments(text: str) -> dict[int, int]:
    """The offset at which each comment between ``/*`` and ``*/`` ends, with that at which it begins."""
    if "*/" not in text:
        return {}
    return {found.end(): found.start() for found in _HIDDEN.finditer(text) if found[0].startswith("/*")}


def _begins_word(text: str, start: int) -> bool:
    return start == 0 or not (text[start - 1].isalnum() or text[start - 1] in "_.")


def _begins_line(text: str, start: int) -> bool:
    before = text[text.rfind("\n", 0, start) + 1 : start]
    return not before.strip()


def _outside(matches: list[re.Match[str]], hidden: list[tuple[int, int]]) -> Iterator[re.Match[str]]:
    position = 0
    for match in matches:
        while position < len(hidden) and hidden[position][1] <= match.start():
            position += 1
        if position == len(hidden) or match.start() < hidden[position][0]:
            yield match


def defined_names(text: str) -> frozenset[str]:
    """Full names of the definitions that begin a line (or, if none does, follow a statement): enough to see
    that two files cannot stand together."""
    package = package_of(text)
    prefix = f"{package}." if package else ""
    return frozenset(prefix + name for name in _DEFINITION.findall(text) or _DEFINITION_INSIDE.findall(text))


def package_of(text: str) -> str:
    """The name in the package statement; empty if there is none."""
    for match in _PACKAGE.finditer(text):
        at = match.start()
        while at and text[at - 1] in " \t":
            at -= 1
        if not at or text[at - 1] in "\n;":
            return match[1]
    return ""


def too_deep(text: str) -> int | None:
    """The offset of the first brace nested deeper than ``MAX_DEPTH``, or ``None``."""
    if text.count("{") <= MAX_DEPTH:
        return None
    braces = text.encode("utf-8", "surrogatepass").translate(None, _NO_BRACES).decode()
    for _ in range(MAX_DEPTH):
        if "{}" not in braces:
            break
        braces = braces.replace("{}", "")
    if braces.count("{") <= MAX_DEPTH and "{}" not in braces:
        return None
    depth = 0
    for match in _HIDDEN_OR_BRACE.finditer(text):
        if match.group() == "{":
            depth += 1
            if depth > MAX_DEPTH:
                return match.start()
        elif match.group() == "}":
            depth = max(depth - 1, 0)
    return None
