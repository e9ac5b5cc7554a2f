"""What the files of a tree hold, without reading those that the file system says are as they were.

A file is taken for unchanged if its size, times and inode are. As in git's index, that is not trusted where
the file had changed so shortly before it was read that a later change might bear the same time.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from typing import Protocol

from archlint.files import FileProblem
from archlint.finding.digest import blake2b
from archlint.finding.records import dataclass
from archlint.judging.candidates import names_archlint

_TICK = 50_000_000
"""Nanoseconds in which two changes may get the same time: clocks of kernels tick 100 times a second."""
_COARSE_TICK = 2_500_000_000
"""The same on file systems that keep whole seconds, or every second one."""
_SECOND = 1_000_000_000


class ReadableTree(Protocol):
    """The part of a working tree that is asked."""

    def read(self, path: str) -> bytes:
        """The content of a file; raises ``FileProblem``."""

    def stat(self, path: str) -> os.stat_result | None:
        """What the file system knows of a file; ``None`` if it cannot be read."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What one file held when it was read."""

    stamp: str
    """What the file system knew of it; empty if that would not show every change."""
    digest: str
    """Of its bytes; empty if it cannot be read."""
    names_archlint: bool = False


class Contents:
    """The digests of the files of one tree."""

    def __init__(
        self, tree: ReadableTree, kept: Mapping[str, Seen], clock: Callable[[], int] = time.time_ns
    ) -> None:
        self.asked: dict[str, Seen] = {}
        self.changed: set[str] = set()
        """Paths whose entry is not that of the last run."""
        self._tree = tree
        self._kept = kept
        self._clock = clock

    def digest(self, path: str) -> str:
        """A digest of a file's bytes; empty if it cannot be read."""
        return self._seen(path).digest

    def names_archlint(self, path: str) -> bool:
        """Whether a file holds the word, without which there is no suppression in it."""
        return self._seen(path).names_archlint

    def read(self, path: str) -> bytes:
        """The bytes of a file, which are noted; raises ``FileProblem``."""
        stamp = self._stamp(path)
        data = self._tree.read(path)
        self._note(path, _seen_in(data, stamp))
        return data

    def gone(self) -> list[str]:
        """Files that an earlier run read, that this one did not ask for, and that are no more."""
        return [path for path in self._kept if path not in self.asked and self._tree.stat(path) is None]

    def _seen(self, path: str) -> Seen:
        found = self.asked.get(path)
        if found is None:
            stamp = self._stamp(path)
            found = self._kept.get(path)
            if found is None or not stamp or found.stamp != stamp:
                found = self._read(path, stamp)
                self._note(path, found)
            self.asked[path] = found
        return found

    def _note(self, path: str, seen: Seen) -> None:
        self.asked[path] = seen
        if seen != self._kept.get(path):
            self.changed.add(path)

    def _read(self, path: str, stamp: str) -> Seen:
        try:
            return _seen_in(self._tree.read(path), stamp)
        except FileProblem:
            return Seen("", "")

    def _stamp(self, path: str) -> str:
        """What the file system knows, taken before the file is read: what changes it later changes this."""
        now = self._clock()
        facts = self._tree.stat(path)
        if facts is None:
            return ""
        latest = max(facts.st_mtime_ns, facts.st_ctime_ns)
        tick = _TICK if facts.st_mtime_ns % _SECOND and facts.st_ctime_ns % _SECOND else _COARSE_TICK
        if latest + tick > now:
            return ""
        return f"{facts.st_size} {facts.st_mtime_ns} {facts.st_ctime_ns} {facts.st_ino} {facts.st_dev}"


def digest_of(data: bytes) -> str:
    """A digest of some bytes."""
    return blake2b(data, digest_size=16).hexdigest()


def _seen_in(data: bytes, stamp: str) -> Seen:
    return Seen(stamp, digest_of(data), names_archlint(data))
