"""Media types, as evidence states them."""

from __future__ import annotations

from archlint.finding.regex import regex

_JSON = regex(r"(?:[^/;]+/)?(?:[^/;]*[+.-])?json\Z")


def bare(media_type: str) -> str:
    """A media type without parameters, in lower case."""
    return media_type.partition(";")[0].strip().lower()


def is_json(media_type: str) -> bool:
    """Whether bodies of a media type are JSON."""
    return _JSON.match(bare(media_type)) is not None
