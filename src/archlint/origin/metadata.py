"""What the installed distribution says of itself: the links of its project, and what it was installed from.

The files are read as they lie in the ``.dist-info`` folder: ``importlib.metadata`` takes 0.09 s for the same.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from pathlib import Path
from typing import Any

from archlint import __version__
from archlint.finding.records import dataclass
from archlint.finding.regex import regex

_NAME = "archlint"
_PACKAGE = Path(__file__).parents[1]
_LARGEST = 1_000_000
_URL_LINE = "Project-URL:"
_NOISE = regex(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Metadata:
    """The metadata of one installed distribution."""

    urls: Mapping[str, str] = field(default_factory=dict)
    """The links of the project by label, which is normalized: lower case letters and digits alone."""
    direct_url: Mapping[str, Any] | None = None
    """What PEP 610 records, if it was not installed from an index; empty if that cannot be read."""


def own_metadata(folders: Sequence[str] | None = None, package: Path = _PACKAGE) -> Metadata | None:
    """The metadata of the running archlint, whose code is ``package``; ``None`` if it is not installed.

    It stands beside the package, or, of an editable install, anywhere that modules are imported from. Any
    other belongs to another archlint than the one that runs. Of several this version's comes first: what an
    editable install wrote may be older.
    """
    found = [item for folder in (sys.path if folders is None else folders) for item in _in_folder(folder)]
    found.sort(key=lambda item: item.name != f"{_NAME}-{__version__}.dist-info")
    beside = os.path.realpath(package.parent)
    for item in found:
        metadata = _read(item)
        if os.path.realpath(item.parent) == beside or _is_editable(metadata):
            return metadata
    return None


def _is_editable(metadata: Metadata) -> bool:
    info = (metadata.direct_url or {}).get("dir_info")
    return isinstance(info, dict) and info.get("editable") is True


def _in_folder(folder: str) -> Iterator[Path]:
    try:
        names = sorted(item.name for item in os.scandir(folder)) if folder else []
    except OSError:
        return
    for name in names:
        if name.startswith(f"{_NAME}-") and name.endswith(".dist-info"):
            yield Path(folder) / name


def _read(folder: Path) -> Metadata:
    return Metadata(
        dict(_urls(_text(folder / "METADATA") or "")), _direct_url(_text(folder / "direct_url.json"))
    )


def _text(file: Path) -> str | None:
    try:
        with file.open("rb") as opened:
            return opened.read(_LARGEST).decode("utf-8", "replace")
    except OSError:
        return None


def _urls(text: str) -> Iterator[tuple[str, str]]:
    """The links in the head of the core metadata, which ends at the first blank line."""
    for line in text.splitlines():
        if not line.strip():
            return
        if line.startswith(_URL_LINE):
            label, _, url = line.removeprefix(_URL_LINE).partition(",")
            yield _NOISE.sub("", label.lower()), url.strip()


def _direct_url(text: str | None) -> Mapping[str, Any] | None:
    if text is None:
        return None
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}
