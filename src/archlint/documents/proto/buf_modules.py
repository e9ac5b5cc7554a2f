"""Modules of a registry that ``buf.lock`` pins, as buf keeps them in its cache.

Nothing is fetched: what buf has fetched for its user lies below ``v3/modules`` in its cache, in a folder for
each kind of digest, module and commit. The environment says where the cache is, as for buf itself; a
repository chooses nothing but names and commits in it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from posixpath import basename
from typing import Any

from archlint.documents.proto.buf_yaml import load
from archlint.finding.records import dataclass
from archlint.finding.regex import regex

LOCK = "buf.lock"
_NAME = regex(r"[A-Za-z0-9][A-Za-z0-9.-]*+(?:/[A-Za-z0-9][A-Za-z0-9_-]*+){2}")
_COMMIT = regex(r"[0-9a-f]{32}")
_DIGESTS = ("b5", "shake256")
"""The kinds of digest that locks of version 2, and of those before it, pin."""


@dataclass(frozen=True, slots=True)
class PinnedModule:
    """A module at a commit."""

    lock: str
    """The path of the ``buf.lock``."""
    name: str
    """Registry, owner and module: ``buf.build/acme/money``."""
    folder: Path | None
    """The import root that buf keeps it in; ``None`` if it is not in the cache."""


def pinned_modules(paths: Iterable[str], read: Callable[[str], bytes]) -> tuple[PinnedModule, ...]:
    """The modules that the locks among some paths pin, each once: as the first lock has it."""
    found: dict[str, PinnedModule] = {}
    cache = _cache()
    for path in sorted(path for path in paths if basename(path) == LOCK):
        for name, commit in _pins(load(path, read) or {}):
            if name not in found:
                found[name] = PinnedModule(path, name, _folder(cache, name, commit))
    return tuple(found.values())


def _pins(lock: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Names and commits that are what they should be."""
    listed = lock.get("deps")
    for item in listed if isinstance(listed, list) else ():
        if isinstance(item, dict):
            parts = (item.get(part) for part in ("remote", "owner", "repository"))
            name = str(item.get("name") or "/".join(map(str, parts)))
            commit = str(item.get("commit"))
            if _NAME.fullmatch(name) and _COMMIT.fullmatch(commit):
                yield name, commit


def _cache() -> Path | None:
    """The folder of buf's cache, as buf finds it."""
    named, shared = os.environ.get("BUF_CACHE_DIR"), os.environ.get("XDG_CACHE_HOME")
    home = os.environ.get("HOME") or os.environ.get("USERPROFILE")
    if named:
        cache = Path(named)
    elif shared:
        cache = Path(shared) / "buf"
    elif home:
        cache = Path(home) / ".cache" / "buf"
    else:
        return None
    # a compiler takes a colon for the end of a path
    return cache if cache.is_absolute() and ":" not in str(cache) else None


def _folder(cache: Path | None, name: str, commit: str) -> Path | None:
    if cache is None:
        return None
    for digest in _DIGESTS:
        folder = cache / "v3" / "modules" / digest / name / commit / "files"
        if folder.is_dir():
            return folder
    return None
