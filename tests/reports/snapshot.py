"""Compares whole outputs with files in ``snapshots``; ``UPDATE_SNAPSHOTS=1`` writes them anew."""

from __future__ import annotations

import os
from pathlib import Path

_FOLDER = Path(__file__).parent / "snapshots"


def matches_snapshot(name: str, text: str) -> None:
    """Asserts that the text is the snapshot of that name, byte for byte."""
    file = _FOLDER / name
    if os.environ.get("UPDATE_SNAPSHOTS") == "1":
        file.write_bytes(text.encode())
    assert file.exists(), f"no snapshot {name}: run with UPDATE_SNAPSHOTS=1 and read what it wrote"
    assert text.encode() == file.read_bytes()
