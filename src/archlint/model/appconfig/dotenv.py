"""Environment files: ``.env`` beside source, as dotenv libraries read them.

Source: the grammar that motdotla/dotenv and python-dotenv share: ``export`` may stand before a name, quotes
may hold line ends, ``#`` behind a blank begins a comment.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from archlint.finding.regex import regex
from archlint.model.appconfig.placed import PlacedText
from archlint.model.appconfig.settings import MOST_SETTINGS, Setting

_LINE = regex(
    r"""(?m)^[ \t]*+(?:export[ \t]++)?([A-Za-z_][\w.-]*+)[ \t]*+[=:][ \t]*+"""
    r"""("(?:[^"\\]|\\.|\\\n)*+"|'[^']*+'|(?:[^\s#]|[ \t]++(?![#\s])|(?<!\s)\#)*+)"""
)


def settings_of(text: PlacedText) -> Iterator[Setting]:
    """The variables of a file."""
    for found in islice(_LINE.finditer(text.text), MOST_SETTINGS):
        value = found[2]
        is_quoted = value[:1] in ("'", '"')
        yield Setting(found[1], value[1:-1] if is_quoted else value, text, *found.span(2))
