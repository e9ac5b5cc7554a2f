"""Texts that another program fills in before they are YAML or JSON: is one that does not parse such a text?

The marks of many engines are known: ``{{ name }}``, ``{% if %}``, ``${name}``, ``<% %>``, ``%{ }``, ``@x@``,
``{name}/image`` and so on. They also stand in manifests that are whole, in commands, dashboards and alerts.
So a text is taken for a template only if its error goes away, or becomes another one, once plain values stand
for the marks.

Templates of ytt are YAML as they stand, as its code is in comments (``port: #@ data.values.port``), so these
are known by their code. Source: ytt's documentation ("Language", "Annotations").
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archlint.finding.regex import regex

_START = regex(
    r"\{[{%#]|<%|[$%#]\{|\(\(|\$\("
    r"|(?P<whole>\[\[[ \t]*[A-Za-z.$_][^\[\]\n]{0,400}?\]\]"
    r"|(?<=[:-][ \t])\{[A-Za-z_][\w-]{0,80}\}(?=[\w/:.-])"
    r"|@@?[A-Za-z_][\w.-]{0,80}@@?|%[A-Za-z_]\w{0,80}%|<<[A-Za-z_][\w .-]{0,80}>>)"
)
"""Where a mark of some engine may begin, or a whole one."""
_OVER_LINES = {"{{": "}}", "{%": "%}", "{#": "#}", "<%": "%>"}
_IN_LINE = {"${": "}", "%{": "}", "#{": "}", "((": "))", "$(": ")"}
_LONGEST = 400
"""Characters between both ends of a mark."""
_MORE = {"{{": "}", "${": "#", "%{": "#", "#{": "#"}
"""What may follow the end."""
_STAND_IN = "\ue000"
_ALONE = regex(rf"^[ \t]*{_STAND_IN}[{_STAND_IN} \t]*$", re.MULTILINE)


def without_marks(text: str) -> str | None:
    """The text with a plain value for each mark, line for line; ``None`` if it has no mark.

    Marks that fill a line are directives, or hold whole parts of the document: such lines become empty.
    """
    parts: list[str] = []
    here = 0
    for start, end in _marks(text):
        parts += [text[here:start], _STAND_IN, "\n" * text.count("\n", start, end)]
        here = end
    if not parts:
        return None
    return _ALONE.sub("", "".join([*parts, text[here:]])).replace(_STAND_IN, "0")


def _marks(text: str) -> Iterator[tuple[int, int]]:
    """Where marks are; what looks like a beginning costs no more than the search for its end."""
    at = 0
    while (found := _START.search(text, at)) is not None:
        end = found.end() if found["whole"] else _end(text, found[0], found.end())
        if end is not None:
            yield found.start(), end
        at = found.start() + 1 if end is None else end


def _end(text: str, opening: str, at: int) -> int | None:
    """The end of a mark after its opening sign."""
    closing = _OVER_LINES.get(opening) or _IN_LINE[opening]
    last = at + _LONGEST + len(closing)
    if opening in _IN_LINE and (line := text.find("\n", at, last)) >= 0:
        last = line
    found = text.find(closing, at, last)
    if found < 0:
        return None
    end = found + len(closing)
    return end + 1 if text[end : end + 1] == _MORE.get(opening) else end


_YTT = regex(
    r"[-:][ \t]++#@[ \t]++[^ \t\n]"
    r"|^[ \t]*+#@[ \t]*+(?:load\(|def[ \t]|if[ \t]|for[ \t]|end[ \t\r\n]|else|elif[ \t])"
    r"|#@(?:data|overlay|schema|yaml|library)/",
    re.MULTILINE,
)
"""Code of ytt: a value, a statement, or an annotation."""
_BLOCK = regex(r"[|>][0-9+-]{0,2}[ \t]*+(?:#.*+)?$")
"""The end of a line after which a text in lines of its own follows."""


def ytt_line(text: str) -> int | None:
    """The first line, from 1 on, with code of ytt; ``None`` if there is none but in texts in lines of their
    own, as manifests hold templates of others."""
    if "#@" not in text or _YTT.search(text) is None:
        return None
    inside: int | None = None
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        indent = len(line) - len(line.lstrip(" "))
        if inside is not None and indent > inside:
            continue
        inside = None
        if "#@" in line and _YTT.search(f"{line}\n") is not None:
            return number
        if _BLOCK.search(line) is not None:
            inside = indent
    return None
