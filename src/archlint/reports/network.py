"""Who can connect to whom, and what changes in it, as JSON and as text."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from archlint.comparison.connections import ConnectionChange
from archlint.model.network.connectivity.listing import Connection
from archlint.reports.characters import safe_json, visible

VERSION = 1
"""Version of the layout; fields may be added to it, never changed."""
FORMATS = ("text", "json")


def list_json(connections: Iterable[Connection], reason: Callable[[Connection], str]) -> str:
    """One JSON object, with a line for each connection; what nobody can tell stands apart."""
    allowed, undecided = _entries(connections, reason)
    return _layout(connections=allowed, undecided=undecided)


def diff_json(changes: Iterable[ConnectionChange]) -> str:
    """One JSON object, with a line for each change."""
    return _layout(changes=map(_change, changes))


def list_text(connections: Iterable[Connection], reason: Callable[[Connection], str]) -> str:
    """A line for each connection, then what nobody can tell."""
    allowed, undecided = _entries(connections, reason)
    lines = [f"{item['src']} => {item['dst']} : {item['conn']}" for item in allowed]
    doubts = [item for item in allowed if "unknown" in item]
    if undecided or doubts:
        lines += ["", "Not known from the files:"]
        for item in undecided:
            lines.append(f"{item['src']} => {item['dst']} : {item['conn']} ({item['reason']})")
        for item in doubts:
            unknown = item["unknown"]
            lines.append(f"{item['src']} => {item['dst']} : {unknown['conn']} ({unknown['reason']})")
    return "".join(f"{visible(line)}\n" for line in lines)


def diff_text(changes: Iterable[ConnectionChange]) -> str:
    """A line for each change."""
    lines = []
    for item in map(_change, changes):
        note = f" ({item['info']})" if "info" in item else ""
        lines.append(
            f"{item['change']}: {item['src']} => {item['dst']} : {item['base']} -> {item['revision']}{note}"
        )
    return "".join(f"{visible(line)}\n" for line in lines)


def _entries(
    connections: Iterable[Connection], reason: Callable[[Connection], str]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    allowed: list[dict[str, Any]] = []
    undecided: list[dict[str, Any]] = []
    for item in connections:
        bounds = item.bounds
        ends = {"src": item.source.name, "dst": item.destination.name}
        entry: dict[str, Any] = {**ends, "conn": str(bounds.taken)}
        if bounds.surely != bounds.possibly:
            doubt = {"conn": str(bounds.doubtful), "reason": reason(item)}
            if not bounds.taken:
                undecided.append({**ends, **doubt})
                continue
            entry["unknown"] = doubt
        if bounds.taken:
            allowed.append(entry)
    return allowed, undecided


def _change(item: ConnectionChange) -> dict[str, Any]:
    info = ", ".join(f"workload {name} {kind.value}" for name, kind in item.workloads)
    return {
        "change": item.kind.value,
        "src": item.source,
        "dst": item.destination,
        "base": str(item.base),
        "revision": str(item.revision),
        **({"info": info} if info else {}),
    }


def _layout(**lists: Iterable[Mapping[str, Any]]) -> str:
    """An object with lists, each entry of which is a line of its own."""
    parts = []
    for name, entries in lists.items():
        lines = ",\n".join(f"  {json.dumps(entry, ensure_ascii=False)}" for entry in entries)
        parts.append(f' "{name}": [\n{lines}\n ]' if lines else f' "{name}": []')
    return safe_json(f'{{\n "version": {VERSION},\n' + ",\n".join(parts) + "\n}\n")
