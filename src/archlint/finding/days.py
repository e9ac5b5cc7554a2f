"""Days as YYYY-MM-DD; what Python reads as a date besides, as ``20260101``, is none to those who write it."""

from __future__ import annotations

import re
from datetime import date

from archlint.finding.regex import regex

_FORM = regex(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)


def is_day(text: str) -> bool:
    """Whether a text is a date as YYYY-MM-DD."""
    if not _FORM.match(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
