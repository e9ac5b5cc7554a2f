"""How much was read, in words: the line that ends a report, the same in every format that has one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from archlint.finding import REASONS, Result, Unread
from archlint.reports.counts import number_of

_SEE = "see `archlint inventory`"


def reading_line(result: Result) -> str | None:
    """Such as ``23 of 170 files read; not read: 29 chart templates; see ...``; ``None`` if all was read."""
    if result.read is None or (result.read == result.files and not result.unread):
        return None
    read = f"{result.read} of {number_of(result.files, 'file')} read"
    if result.unread:
        return f"{read}; not read: {unread_in_words(result.unread)}; {_SEE}"
    return f"{read}; the others are of no kind that archlint reads; {_SEE}"


def unread_in_words(unread: Iterable[Unread]) -> str:
    """Such as ``29 chart templates, 7 compose files``."""
    counts = Counter(item.reason for item in unread)
    words = {code: (reason.one, reason.many) for code, reason in REASONS.items()}
    order = [*REASONS, *sorted(counts.keys() - REASONS.keys())]
    parts = ((counts[code], *words.get(code, (code, code))) for code in order if counts[code])
    return ", ".join(f"{count} {one if count == 1 else many}" for count, one, many in parts)
