"""The inventory for people: what was read by kind, what was not by reason, and the rest by suffix."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby

from archlint.files import Kind
from archlint.finding import REASONS, Unread
from archlint.finding.words import number_of
from archlint.model.inventory import DocumentEntry, FileEntry, Inventory
from archlint.reports.characters import visible

_UNTOLD = "It was not read."


def inventory_text(inventory: Inventory) -> str:
    """Lines for a terminal."""
    lines = [f"{inventory.read} of {number_of(len(inventory.files), 'file')} read.", ""]
    read = sorted((entry for entry in inventory.files if entry.is_read), key=lambda entry: entry.kind)
    for kind, group in groupby(read, key=lambda entry: entry.kind):
        entries = list(group)
        lines += [f"{kind.value}  {number_of(len(entries), 'file')}", *_files(entries), ""]
    lines += _unread(inventory.unread)
    lines += _sources(inventory)
    lines += _others(inventory)
    return "\n".join(lines)


def _files(entries: Iterable[FileEntry]) -> Iterator[str]:
    for entry in entries:
        yield f"  {visible(entry.path)}{_rules(entry.rules) if len(entry.documents) < 2 else ''}"
        if any(document.kind for document in entry.documents):
            yield from (_document(document, len(entry.documents) > 1) for document in entry.documents)


def _document(entry: DocumentEntry, is_one_of_many: bool) -> str:
    said = f"{entry.kind or 'document'} {entry.name}".rstrip()
    return f"    {visible(said)}{_rules(entry.rules) if is_one_of_many else ''}"


def _rules(codes: Iterable[str]) -> str:
    """How many rules of each area look at something, such as ``KUBE 23, NET 2``."""
    areas = Counter(code.rstrip("0123456789") for code in codes)
    words = ", ".join(f"{area} {count}" for area, count in sorted(areas.items()))
    return f"  rules: {words or 'none'}"


def _unread(unread: Iterable[Unread]) -> Iterator[str]:
    by_reason: dict[str, list[Unread]] = {}
    for item in unread:
        by_reason.setdefault(item.reason, []).append(item)
    if by_reason:
        yield "Not read:"
    for code in sorted(by_reason, key=lambda code: (*REASONS, code).index(code)):
        items, reason = by_reason[code], REASONS.get(code)
        called = code if reason is None else reason.one if len(items) == 1 else reason.many
        yield f"  {len(items)} {called}. {reason.why if reason else _UNTOLD}"
        for item in items:
            where = "" if item.document is None else f", document {item.document + 1}"
            detail = f": {item.detail}" if item.detail else ""
            yield visible(f"    {item.path}{where}{detail}")
    if by_reason:
        yield ""


def _sources(inventory: Inventory) -> Iterator[str]:
    """Files of source, counted by their languages."""
    if inventory.sources:
        files = number_of(len(inventory.sources), "file")
        words = _counted(inventory.sources.values())
        yield f"Source, looked through for addresses and messages: {files} ({words})."
        yield ""


def _others(inventory: Inventory) -> Iterator[str]:
    """Files of no kind that is read, counted by the ends of their names."""
    told = {item.path for item in inventory.unread}
    told |= inventory.sources.keys()
    others = [entry.path for entry in inventory.files if entry.kind is Kind.OTHER and entry.path not in told]
    if not others:
        return
    words = _counted(_ending(path) for path in others)
    yield f"Of no kind that archlint reads: {number_of(len(others), 'file')} ({visible(words)})."
    yield ""


def _counted(things: Iterable[str]) -> str:
    return ", ".join(f"{count} {thing}" for thing, count in sorted(Counter(things).items(), key=_most_first))


def _ending(path: str) -> str:
    name = path.rpartition("/")[2]
    stem, dot, suffix = name.rpartition(".")
    return f"{dot}{suffix.lower()}" if stem and suffix else name


def _most_first(item: tuple[str, int]) -> tuple[int, str]:
    return (-item[1], item[0])
