"""Who can connect to whom, and what changes in it, as JSON and as text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from archlint.comparison.connections import ConnectionChange
from archlint.model.network.connectivity.exposure import NetworkExposure
from archlint.model.network.connectivity.listing import Listed
from archlint.model.network.policies import TrafficDirection
from archlint.reports.characters import safe_json, visible

VERSION = 1
"""Version of the layout; fields may be added to it, never changed."""
FORMATS = ("text", "json")


def list_json(found: Iterable[Listed], exposed: NetworkExposure | None = None) -> str:
    """One JSON object, with a line for each connection; what nobody can tell stands apart."""
    allowed: list[str] = []
    undecided: list[str] = []
    for item in found:
        source, destination, bounds = item.connection
        if bounds.surely is bounds.possibly and bounds.taken and not item.editions:  # there may be a million
            ends = f'"src": {_quoted(source.name)}, "dst": {_quoted(destination.name)}'
            allowed.append(f'{{{ends}, "conn": {_quoted(str(bounds.taken))}}}')
            continue
        entry, is_undecided = _entry(item)
        (undecided if is_undecided else allowed).append(_line(entry))
    if exposed is None:
        return _layout(connections=allowed, undecided=undecided)
    open_to = [_line(entry) for entry in _exposure(exposed)]
    bare = [
        _line(_with_editions({"dir": item.direction, "workload": item.workload}, item.editions))
        for item in exposed.unprotected
    ]
    return _layout(connections=allowed, undecided=undecided, exposure=open_to, unprotected=bare)


def diff_json(changes: Iterable[ConnectionChange]) -> str:
    """One JSON object, with a line for each change."""
    return _layout(changes=(_line(_change(item)) for item in changes))


def list_text(found: Iterable[Listed], exposed: NetworkExposure | None = None) -> str:
    """A line for each connection, then what nobody can tell."""
    lines: list[str] = []
    doubts: list[str] = []
    for item in found:
        entry, is_undecided = _entry(item)
        ends = f"{_where(item.editions)}{entry['src']} => {entry['dst']}"
        if not is_undecided:
            lines.append(f"{ends} : {entry['conn']}")
        doubt = entry if is_undecided else entry.get("unknown")
        if doubt:
            doubts.append(f"{ends} : {doubt['conn']} ({doubt['reason']})")
    if doubts:
        lines += ["", "Not known from the files:", *doubts]
    if exposed is not None:
        lines += ["", "Open to addresses outside, and to pods that no file describes:"]
        for row in exposed.exposures:
            arrow = "=>" if row.direction == TrafficDirection.EGRESS else "<="
            lines.append(f"{_where(row.editions)}{row.workload} {arrow} {row.peer} : {row.ports}")
        bare = [f"{_where(row.editions)}{row.workload} ({row.direction})" for row in exposed.unprotected]
        lines += ["", "Not selected by any policy:", *(bare or ["None."])]
    return "".join(f"{visible(line)}\n" for line in lines)


def diff_text(changes: Iterable[ConnectionChange]) -> str:
    """A line for each change."""
    lines = []
    for item in map(_change, changes):
        note = f" ({item['info']})" if "info" in item else ""
        where = f"[{item['edition']}] " if "edition" in item else ""
        ends = f"{where}{item['change']}: {item['src']} => {item['dst']}"
        lines.append(f"{ends} : {item['base']} -> {item['revision']}{note}")
    return "".join(f"{visible(line)}\n" for line in lines)


def _where(editions: Sequence[str]) -> str:
    return f"[{'; '.join(editions)}] " if editions else ""


def _exposure(exposed: NetworkExposure) -> Iterator[dict[str, Any]]:
    for row in exposed.exposures:
        entry = {"dir": row.direction, "workload": row.workload, "peer": row.peer, "conn": row.ports}
        yield _with_editions(entry, row.editions)


def _with_editions(entry: dict[str, Any], editions: Sequence[str]) -> dict[str, Any]:
    return {**entry, "editions": list(editions)} if editions else entry


def _entry(item: Listed) -> tuple[dict[str, Any], bool]:
    """A connection, and whether nothing of it is taken to be allowed, though it may be."""
    source, destination, bounds = item.connection
    entry: dict[str, Any] = {"src": source.name, "dst": destination.name}
    doubt = {}
    if bounds.surely != bounds.possibly:
        doubt = {"conn": str(bounds.doubtful), "reason": item.reason}
    if not bounds.taken:
        entry |= doubt
    else:
        entry["conn"] = str(bounds.taken)
        if doubt:
            entry["unknown"] = doubt
    if item.editions:
        entry["editions"] = list(item.editions)
    return entry, not bounds.taken


def _change(item: ConnectionChange) -> dict[str, Any]:
    info = ", ".join(f"workload {name} {kind.value}" for name, kind in item.workloads)
    return {
        "change": item.kind.value,
        "src": item.source,
        "dst": item.destination,
        "base": str(item.base),
        "revision": str(item.revision),
        **({"info": info} if info else {}),
        **({"edition": item.edition} if item.edition else {}),
    }


def _line(value: Any) -> str:
    """An entry as JSON; its texts repeat in many of them."""
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_line, value))}]"
    return f"{{{', '.join(f'{_quoted(key)}: {_line(item)}' for key, item in value.items())}}}"


@lru_cache(maxsize=1 << 14)
def _quoted(text: str) -> str:
    return safe_json(json.dumps(text, ensure_ascii=False))


def _layout(**lists: Iterable[str]) -> str:
    """An object with lists, each entry of which is a line of its own."""
    parts = []
    for name, entries in lists.items():
        lines = ",\n  ".join(entries)
        parts.append(f' "{name}": [\n  {lines}\n ]' if lines else f' "{name}": []')
    return f'{{\n "version": {VERSION},\n' + ",\n".join(parts) + "\n}\n"
