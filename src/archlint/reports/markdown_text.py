"""Text of a repository as a part of Markdown: nothing in it is markup, and nothing becomes a link."""

from __future__ import annotations

import re

from archlint.finding.regex import regex
from archlint.reports.characters import visible

_TEXT_LIMIT = 500
_MARKUP = regex(r"[\\`*_\[\]|~$]")
_AUTOLINK = regex(r"(@|#(?=\d)|\bGH-(?=\d)|\bwww(?=\.)|:(?=//))", re.IGNORECASE)
_NOT_CODE = regex(r"[`|\\]")
_GAP = "&#8203;"
"""A zero-width blank that keeps GitHub from making mentions, references and links of hostile text."""


def as_plain(text: str) -> str:
    """Text that is shown as it is: no markup, no HTML, no mention, no link, no end of the cell."""
    text = _MARKUP.sub(r"\\\g<0>", visible(text, _TEXT_LIMIT))
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _AUTOLINK.sub(rf"\1{_GAP}", text)


def as_code(text: str) -> str:
    """Text as code, which nothing is linked in; as plain text if it holds what would end the code or cell."""
    text = visible(text, _TEXT_LIMIT)
    return as_plain(text) if _NOT_CODE.search(text) else f"`{text}`"
