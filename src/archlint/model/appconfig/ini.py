"""Sections with keys and values: ``.ini``, ``.cfg`` and ``.conf`` files that are no language of their own.

Source: Python's ``configparser`` without continued lines; the section begins the key.
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.finding.regex import regex
from archlint.model.appconfig.placed import PlacedText
from archlint.model.appconfig.settings import MOST_SETTINGS, Setting

_LINE = regex(
    r"""(?m)^(?:[ \t]*+\[([^\]\n]*+)\][ \t]*+(?:[#;][^\n]*)?$"""
    r"""|([A-Za-z_][\w.-]*+(?:[ ]++[\w.-]++)*+)[ \t]*+[=:][ \t]*+([^\n]*+)$)"""
)


def settings_of(text: PlacedText) -> Iterator[Setting]:
    """The settings of a file; a value ends before a comment that a blank sets apart."""
    section, left = "", MOST_SETTINGS
    for found in _LINE.finditer(text.text):
        if found[2] is None:
            section = (found[1] or "").strip()
            continue
        left -= 1
        if not left:
            return
        start, end = found.span(3)
        value = text.text[start:end]
        comment = min((at for at in (value.find(" #"), value.find(" ;")) if at >= 0), default=len(value))
        value = value[:comment].rstrip()
        is_quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
        key = f"{section}.{found[2]}" if section else found[2]
        yield Setting(key, value[1:-1] if is_quoted else value, text, start, start + len(value))
