"""Texts that another program fills in before they are YAML or JSON: is one that does not parse such a text?

The marks of many engines are known: ``{{ name }}``, ``{% if %}``, ``${name}``, ``<% %>``, ``%{ }``, ``@x@``
and so on. They also stand in manifests that are whole, in commands, dashboards and alerts. So a text is taken
for a template only if its error goes away, or becomes another one, once plain values stand for the marks.
"""

from __future__ import annotations

import re

from archlint.finding.regex import regex

_MARK = regex(
    r"\{\{(?s:.{0,400}?)\}\}\}?|\{%(?s:.{0,400}?)%\}|\{#(?s:.{0,400}?)#\}|<%(?s:.{0,400}?)%>"
    r"|[$%#]\{[^\n]{0,400}?\}#?|\[\[[ \t]*[A-Za-z.$_][^\[\]\n]{0,400}?\]\]"
    r"|\(\([^\n]{0,400}?\)\)|\$\([^\n]{0,400}?\)"
    r"|@@?[A-Za-z_][\w.-]{0,80}@@?|%[A-Za-z_]\w{0,80}%|<<[A-Za-z_][\w .-]{0,80}>>"
)
"""A mark of some engine; the bounds keep the search linear."""
_STAND_IN = "\ue000"
_ALONE = regex(rf"^[ \t]*{_STAND_IN}[{_STAND_IN} \t]*$", re.MULTILINE)


def without_marks(text: str) -> str | None:
    """The text with a plain value for each mark, line for line; ``None`` if it has no mark.

    Marks that fill a line are directives, or hold whole parts of the document: such lines become empty.
    """
    marked, count = _MARK.subn(lambda found: _STAND_IN + "\n" * found.group().count("\n"), text)
    return _ALONE.sub("", marked).replace(_STAND_IN, "0") if count else None
