"""Comments of a text: where they are, and where the first content is.

A ``#`` inside a quoted or block scalar, a ``--`` inside an SQL string or a comment in a fenced block of
Markdown is no comment. Texts are looked through once, from front to back, whatever is in them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from posixpath import basename

from archlint.documents.extents import scalar_extents
from archlint.files import LineIndex
from archlint.finding.records import dataclass
from archlint.finding.regex import regex


@dataclass(frozen=True, slots=True)
class Comment:
    """A stretch of text with its comment signs; offsets are in code points."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Comments:
    """The comments of a text in order."""

    found: tuple[Comment, ...]
    content: int
    """Offset of the first content, which is what is neither blank nor comment."""
    documents: tuple[int, ...] = ()
    """Offsets at which the documents of a YAML stream begin."""
    sign: str = "#"
    """What a line that is only a comment begins with."""


def comments_of(path: str, text: str) -> Comments | None:
    """The comments of a file, by the ending of its name; ``None`` for files that have none, such as JSON."""
    suffix = path.rpartition(".")[2].lower() if "." in basename(path) else ""
    read = _READERS.get(suffix, None if "." in basename(path) else _hash_lines)
    return None if read is None else read(text)


_ACTION = regex(r"\{\{-?[ \t]*/(\*[^\n]{0,2000}?)\*/[ \t]*-?\}\}")


def with_hashes(path: str, text: str) -> str:
    """The text of a chart's template with its comments of one line, ``{{/* ... */}}``, as comments of YAML;
    each character stays at its offset."""
    if "/*" not in text or "{{" not in text or not path.endswith((".yaml", ".yml", ".tpl")):
        return text
    return _ACTION.sub(_hash, text)


def _hash(found: re.Match[str]) -> str:
    start, end = found.span(1)
    before, after = start - found.start(), found.end() - end
    return f"{' ' * before}#{found[1][1:]}{' ' * after}"


_YAML_LEAD = regex(r"(?:[ \t]*(?:#[^\n]*)?\r?\n|(?:---|%)[^\n]*\n)*+[ \t]*")
_HASH = regex(r"(?:^|(?<=[ \t\n]))#[^\n]*", re.MULTILINE)


def _yaml(text: str) -> Comments:
    extents, documents, end = scalar_extents(text)
    lead = _YAML_LEAD.match(text)
    scalars = iter(extents)
    scalar = next(scalars, None)
    found: list[Comment] = []
    for match in _HASH.finditer(text):
        while scalar is not None and scalar[1] <= match.start():
            scalar = next(scalars, None)
        if scalar is not None and scalar[0] <= match.start():
            continue
        if match.start() < end or _is_bare(text, match.start()):
            found.append(Comment(match.start(), match.end()))
    return Comments(tuple(_apart(found)), lead.end() if lead else 0, tuple(documents))


def _apart(found: list[Comment]) -> Iterator[Comment]:
    """Leaves out what another comment holds already."""
    end = -1
    for comment in found:
        if comment.start >= end:
            yield comment
            end = comment.end


def _is_bare(text: str, at: int) -> bool:
    """Where YAML cannot be read: whether the quotes before a sign on its line are all closed."""
    before = text[text.rfind("\n", 0, at) + 1 : at]
    return before.count('"') % 2 == 0 and before.count("'") % 2 == 0


def _hash_lines(text: str) -> Comments:
    found = [Comment(*match.span()) for match in _HASH.finditer(text)]
    return Comments(tuple(_apart(found)), _first_content(text, found))


# A string that never ends reaches to the end of its line: stopping short would read the line again and again.
_PROTO = regex(r"//[^\n]*|/\*|\"(?:\\.|[^\"\\\n])*+\"?|'(?:\\.|[^'\\\n])*+'?", re.DOTALL)
_SQL = regex(r"--[^\n]*|/\*|'|\"|\$(?:[A-Za-z_]\w*)?\$")
_LONGEST_TAG = 64


def _proto(text: str) -> Comments:
    found: list[Comment] = []
    skipped: list[Comment] = []
    at = 0
    while (match := _PROTO.search(text, at)) is not None:
        at = match.end()
        if match[0] == "/*":
            at = _after(text, "*/", at)
            skipped.append(Comment(match.start(), at))
        elif match[0].startswith("//"):
            found.append(Comment(*match.span()))
    content = _first_content(text, sorted([*found, *skipped], key=lambda comment: comment.start))
    return Comments(tuple(found), content, sign="//")


def _sql(text: str) -> Comments:
    found: list[Comment] = []
    skipped: list[Comment] = []
    at = 0
    while (match := _SQL.search(text, at)) is not None:
        at, sign = match.end(), match[0]
        if sign.startswith("--"):
            found.append(Comment(*match.span()))
        elif sign == "/*":
            at = _after(text, "*/", at)
            skipped.append(Comment(match.start(), at))
        elif len(sign) <= _LONGEST_TAG:
            at = _after(text, sign, at)
    content = _first_content(text, sorted([*found, *skipped], key=lambda comment: comment.start))
    return Comments(tuple(found), content, sign="--")


def _after(text: str, closing: str, at: int) -> int:
    """The offset after a closing sign; the end of the text if it never comes, so nothing is read twice."""
    end = text.find(closing, at)
    return len(text) if end < 0 else end + len(closing)


def _python(text: str) -> Comments:
    import io
    import tokenize

    lines = LineIndex(text)
    found: list[Comment] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text, newline="\n").readline):
            if token.type == tokenize.ERRORTOKEN:
                break  # what follows is read letter by letter, each time to the end of the line
            if token.type == tokenize.COMMENT:
                start = lines.offset(token.start[0], token.start[1] + 1)
                found.append(Comment(start, start + len(token.string)))
    except (tokenize.TokenError, SyntaxError, RecursionError):
        pass  # comments before the place that is no Python have been seen
    return Comments(tuple(found), _first_content(text, found))


def _code(language: str) -> Callable[[str], Comments]:
    """Reads source code: a sign in a string begins no comment."""

    def read(text: str) -> Comments:
        from archlint.model.sources.literals import comments

        every = [Comment(*found) for found in comments(text, language)]
        found = [item for item in every if not text.startswith("/*", item.start)]
        return Comments(tuple(found), _first_content(text, every), sign="#" if language == "ruby" else "//")

    return read


_FENCE = regex(r" {0,3}(`{3,}|~{3,})")
_TICKS = regex(r"`+")


def _markdown(text: str) -> Comments:
    return _xml(text, _without_code(text))


def _xml(text: str, plain: str = "") -> Comments:
    """Comments between ``<!--`` and ``-->``, looked for in what ``plain`` leaves of the text."""
    plain = plain or text
    found: list[Comment] = []
    at = 0
    while (start := plain.find("<!--", at)) >= 0:
        at = _after(plain, "-->", start)
        found.append(Comment(start, at))
    return Comments(tuple(found), _first_content(text, found), sign="<!--")


def _without_code(text: str) -> str:
    """The text with code replaced by blanks of the same length."""
    masked: list[str] = []
    fence = ""
    for line in text.split("\n"):
        opening = _FENCE.match(line)
        if fence:
            masked.append("x" * len(line))
            if opening and opening[1].startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
        elif opening:
            fence = opening[1]
            masked.append("x" * len(line))
        else:
            masked.append(_without_inline_code(line) if "`" in line else line)
    return "\n".join(masked)


def _without_inline_code(line: str) -> str:
    """Code spans end at the next run of as many backticks as began them (CommonMark, section 6.1)."""
    runs = [match.span() for match in _TICKS.finditer(line)]
    following: dict[int, int] = {}
    partner = [0] * len(runs)
    for index in range(len(runs) - 1, -1, -1):
        length = runs[index][1] - runs[index][0]
        partner[index] = following.get(length, index)
        following[length] = index
    masked: list[str] = []
    at = index = 0
    while index < len(runs):
        closing = partner[index]
        if closing != index:
            start, end = runs[index][0], runs[closing][1]
            masked += [line[at:start], "x" * (end - start)]
            at = end
        index = closing + 1
    return "".join([*masked, line[at:]])


_SPACE = regex(r"\s*")


def _first_content(text: str, comments: list[Comment]) -> int:
    at = 0
    for comment in comments:
        at = _skip(text, at)
        if comment.start > at:
            return at
        at = comment.end
    return _skip(text, at)


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


_READERS: dict[str, Callable[[str], Comments]] = {
    "yaml": _yaml,
    "yml": _yaml,
    "tpl": _hash_lines,
    "toml": _hash_lines,
    "proto": _proto,
    "sql": _sql,
    "py": _python,
    "rb": _code("ruby"),
    "cs": _code("csharp"),
    "php": _code("php"),
    **dict.fromkeys(("js", "cjs", "mjs"), _code("javascript")),
    "ts": _code("typescript"),
    "xml": _xml,
    "md": _markdown,
    "markdown": _markdown,
}
