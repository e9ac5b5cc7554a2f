"""Variables in double braces, as collections of requests have them: filled in where their value is known."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote

from archlint.finding.regex import regex
from archlint.model.evidence.exchange import OPEN

_VARIABLE = regex(r"\{\{([^{}]*+)\}\}")
_PLACEHOLDER = regex(
    r"<(?:string|boolean|integer|number|long|float|double|uuid|date|dateTime|date-time|email|uri|byte|binary"
    r"|password|object|array|null)>"
)
"""What collections that were generated from a contract have in the place of values."""
_MOST_LEVELS = 5
"""Variables that name variables that name variables."""
LONGEST = 1_000_000
"""Characters of a text that is filled in; a longer one stays open."""


def filled(text: str, values: Mapping[str, str]) -> str:
    """A text with its variables; those without a value, and names of types, leave it open there."""
    if "<" in text:
        text = _PLACEHOLDER.sub(OPEN, text)
    for _ in range(_MOST_LEVELS):
        if "{{" not in text:
            return text
        if len(text) > LONGEST:
            return OPEN

        def value(found: re.Match[str]) -> str:
            return values.get(found[1].strip(), OPEN)

        text = _VARIABLE.sub(value, text)
    return _VARIABLE.sub(OPEN, text)


def encoded(text: str) -> str:
    """A text percent-encoded, but for what is open in it."""
    return OPEN.join(quote(part, safe="") for part in text.split(OPEN))


def without_base(url: str) -> str:
    """A URL that begins with something open, from its path on."""
    if not url.startswith(OPEN):
        return url
    rest = url.lstrip(OPEN)
    if rest.startswith("://"):
        _, slash, rest = rest.removeprefix("://").partition("/")
        return slash + rest
    if rest.startswith(":"):  # a port behind a host that is open
        _, slash, rest = rest.partition("/")
        return slash + rest
    return rest if rest.startswith("/") else f"/{rest}" if not rest or rest[0] in "?#" else url
