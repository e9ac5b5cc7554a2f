"""How much was read, in words: the line that ends a report, the same in every format that has one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from archlint.finding import REASONS, Result, SchemaUse, Unread
from archlint.finding.words import listed, number_of

_MOST_KINDS = 10
_SEE = "see `archlint inventory`"


def reading_line(result: Result) -> str | None:
    """Such as ``23 of 170 files read; not read: 29 chart templates, 118 files of other kinds; see ...``, and
    ``None`` if all was read."""
    if result.read is None or (result.read == result.files and not result.unread):
        return None
    read = f"{result.read} of {number_of(result.files, 'file')} read"
    others = [f"{number_of(result.other, 'file')} of other kinds"] if result.other else []
    parts = [*_in_words(result.unread), *others]
    return f"{read}; not read: {', '.join(parts)}; {_SEE}" if parts else f"{read}; {_SEE}"


def schema_line(use: SchemaUse) -> str:
    """Such as ``9 objects checked against the schemas of Kubernetes 1.37; 2 (2 v1 Shop) without a ...``."""
    told = f"{number_of(use.checked, 'object')} checked against the schemas of Kubernetes {use.version}"
    if use.unchecked:
        told += f"; {_counted(use.unchecked)} without a schema, for which `--schemas DIR` names more"
    if use.rules:
        told += f"; rules in CEL that were not evaluated: {_counted(use.rules)}"
    return told


def _counted(counts: Mapping[str, int]) -> str:
    """Such as ``5 (3 v1 Shop and 2 v1 Till)``, the most frequent first."""
    kinds = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return f"{sum(counts.values())} ({listed([f'{count} {kind}' for kind, count in kinds], _MOST_KINDS)})"


def _in_words(unread: Iterable[Unread]) -> Iterator[str]:
    """What was not read, by reason."""
    by_reason: dict[str, list[Unread]] = {}
    for item in unread:
        by_reason.setdefault(item.reason, []).append(item)
    for code in (*REASONS, *sorted(by_reason.keys() - REASONS.keys())):
        items = by_reason.get(code, [])
        if items:
            yield f"{_named(code, len(items))}{_where(items)}"


def _named(code: str, count: int) -> str:
    reason = REASONS.get(code)
    one, many = (code, code) if reason is None else (reason.one, reason.many)
    return f"{count} {one if count == 1 else many}"


def _where(items: Sequence[Unread]) -> str:
    """In how many files they are, where they are not files themselves, so that the counts can be added up."""
    if len(items) == 1 or all(item.document is None for item in items):
        return ""
    return f" in {number_of(len({item.path for item in items}), 'file')}"
