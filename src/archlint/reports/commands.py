"""Text that no runner of workflows takes for a command: everything that archlint writes passes here.

GitHub's runner obeys ``##[name]`` anywhere in a line and ``::name::`` at its beginning, Azure's obeys
``##vso[...]`` and TeamCity's ``##teamcity[...]``, on both streams and whatever the format. Lines and names of
a repository are in all of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from archlint.finding.regex import regex

_MARKED = regex(r"##(?=\w*\[)")
"""The begin of a command that counts anywhere in a line."""
_BREAKS = "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
"""What begins a line for one reader or another."""
_UNSEEN = "\ufeff\u200b\u200c\u200d\u2060"
_COLOR = regex(r"\x1b\[[0-9;]*m\Z")
_LONGEST_COLOR = 12
_ANNOTATION = regex(r"::(?:error|warning|notice) (?:file|title)=")


def has_command(text: str) -> bool:
    """Whether a runner would obey something in a text."""
    return _MARKED.search(text) is not None or next(_line_commands(text), None) is not None


def disarmed(text: str, language: str) -> str:
    """The text without commands, written so that it still means the same in its language if that is possible.

    ``language`` is the name of a format; those that are not known here are read by people.
    """
    return _LANGUAGES.get(language, _in_text)(text)


def _in_text(text: str) -> str:
    return _MARKED.sub(r"#\\x23", _without_line_commands(text, r":\x3a"))


def _in_json(text: str) -> str:
    """Strings alone can hold a command, and no string begins a line: they stand in quotes."""
    return re.sub(r"(##\w*)\[", r"\1\\u005b", text)


def _in_xml(text: str) -> str:
    return re.sub(r"(##\w*)\[", r"\1&#91;", _without_line_commands(text, ":&#58;"))


def _in_annotations(text: str) -> str:
    """Lines of GitHub's format, each of which begins with a command that is meant."""
    lines = []
    for line in text.split("\n"):
        meant = _ANNOTATION.match(line)
        kept = meant.end() if meant else 0
        lines.append(
            line[:kept] + (_in_text(line[kept:]) if not meant else _MARKED.sub(r"#\\x23", line[kept:]))
        )
    return "\n".join(lines)


_LANGUAGES: Mapping[str, Callable[[str], str]] = {
    "json": _in_json,
    "sarif": _in_json,
    "gitlab": _in_json,
    "junit": _in_xml,
    "github": _in_annotations,
}


def _without_line_commands(text: str, instead: str) -> str:
    parts, here = [], 0
    for start in _line_commands(text):
        parts += [text[here:start], instead]
        here = start + 2
    return "".join([*parts, text[here:]]) if parts else text


def _line_commands(text: str) -> Iterator[int]:
    """Where ``::`` begins a line; each blank is looked at once."""
    for found in re.finditer("::", text):
        at = found.start()
        while at and text[at - 1] not in _BREAKS:
            color = _COLOR.search(text, max(at - _LONGEST_COLOR, 0), at) if text[at - 1] == "m" else None
            if color is None and not text[at - 1].isspace() and text[at - 1] not in _UNSEEN:
                break
            at = at - 1 if color is None else color.start()
        else:
            yield found.start()
