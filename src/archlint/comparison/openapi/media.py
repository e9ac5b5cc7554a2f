"""Matches media types: by name, without their parameters, or by a range such as ``application/*``."""

from __future__ import annotations

from collections.abc import Collection


def match_media(old: Collection[str], new: Collection[str]) -> tuple[list[tuple[str, str]], tuple[str, ...]]:
    """Pairs of media types that stand for each other, and those of the old side that nothing covers."""
    pairs: list[tuple[str, str]] = []
    removed: list[str] = []
    plain = {_plain(name): name for name in reversed(list(new))}
    for name in old:
        base = _plain(name)
        found = (
            name
            if name in new
            else plain.get(base) or plain.get(base.split("/")[0] + "/*") or plain.get("*/*")
        )
        if found is None:
            removed.append(name)
        else:
            pairs.append((name, found))
    return pairs, tuple(removed)


def is_json(name: str) -> bool:
    """Whether a media type is JSON, or a range that JSON belongs to."""
    plain = _plain(name)
    return plain in ("application/json", "*/*", "application/*", "text/json") or plain.endswith("json")


def _plain(name: str) -> str:
    return name.partition(";")[0].strip().lower()
