"""Reading files by their path below the root: from disk, from a git commit without a checkout, or from either
with some contents that are not written yet.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Mapping, Sequence, Set
from dataclasses import field
from pathlib import Path
from typing import Protocol

from archlint.finding.records import dataclass

DEFAULT_LIMIT = 64 * 1024 * 1024
"""Bytes above which a file is not read. GitHub's whole OpenAPI description has 13 MB."""


_NO_NAMES = frozenset(("", ".", ".."))


class FileProblem(Exception):
    """A file that cannot be read: ``message`` says what is wrong and what to do."""

    def __init__(self, path: str, message: str, reason: str = "unreadable") -> None:
        """``reason`` is the code under which it is counted as unread."""
        super().__init__(f"{path}: {message}")
        self.path = path
        self.message = message
        self.reason = reason

    def __reduce__(self) -> tuple[type[FileProblem], tuple[str, str, str]]:
        return type(self), (self.path, self.message, self.reason)


class NoSuchFile(FileProblem):
    """A file that is not there."""


class FileTree(Protocol):
    """Files of one revision, named by paths relative to the root, with ``/``."""

    @property
    def revision(self) -> str | None:
        """``base`` for the old side of a comparison, ``None`` for the working tree."""

    @property
    def absent(self) -> Set[str]:
        """Files that exist in the repository and cannot be read here, as in a sparse checkout: nothing is
        missing that may stand there."""

    def paths(self) -> Sequence[str]:
        """The paths that this tree lists, sorted; ``read`` may know more."""

    def read(self, path: str) -> bytes:
        """The content of a file; raises ``FileProblem``."""


def content_of(tree: FileTree, path: str) -> bytes | None:
    """The content of a file; ``None`` if it is not there or cannot be read."""
    try:
        return tree.read(path)
    except FileProblem:
        return None


def is_inside(path: str) -> bool:
    """Whether a path relative to a root stays below it by its spelling, and out of git's own folder."""
    parts = path.split("/")
    if path.startswith("/") or "\0" in path or ("\\" in path and os.sep == "\\"):
        return False
    if not _NO_NAMES.isdisjoint(parts):
        return False
    return ".git" not in path.lower() or not any(part.lower() == ".git" for part in parts)


def too_large(path: str, limit: int) -> FileProblem:
    """The problem of a file with more than ``limit`` bytes."""
    mebibytes = limit / (1024 * 1024)
    message = f"The file is larger than {mebibytes:g} MiB and was not read. Leave it out with `exclude`."
    return FileProblem(path, message, "too-large")


class WorkingTree:
    """Files on disk below a folder; links out of it are not followed, devices and pipes never opened."""

    def __init__(
        self,
        root: Path,
        paths: Sequence[str] = (),
        *,
        outside: Mapping[str, Path] | None = None,
        revision: str | None = None,
        limit: int = DEFAULT_LIMIT,
        absent: Set[str] = frozenset(),
        allowed: Set[str] | None = None,
    ) -> None:
        """``outside`` maps names of files that a user named outside of the root to where they are;
        ``absent`` are files that git tracks and a sparse checkout leaves out; other files than those
        ``allowed``, and those in folders that are, count as not there."""
        self.root = root
        self.revision = revision
        self._real_root = os.path.realpath(root)
        self._paths = tuple(paths)
        self.outside: Mapping[str, Path] = dict(outside or {})
        self._limit = limit
        self.absent = absent
        self._allowed = allowed
        self._folders: dict[str, str] = {"": self._real_root}

    def paths(self) -> Sequence[str]:
        """The paths that this tree was made with."""
        return self._paths

    def read(self, path: str) -> bytes:
        """The content of a file; raises ``FileProblem``."""
        try:
            return _read_regular(path, self._target(path), self._limit)
        except OSError as error:
            raise _problem(path, error) from None

    def stat(self, path: str) -> os.stat_result | None:
        """What the file system knows of a file; ``None`` if it cannot be read."""
        try:
            facts = os.lstat(self._target(path))
        except (OSError, FileProblem):
            return None
        return facts if stat.S_ISREG(facts.st_mode) and facts.st_size <= self._limit else None

    def _target(self, path: str) -> str:
        """Where a file is, if it belongs to the tree; raises ``FileProblem``."""
        outside = self.outside.get(path)
        if outside is not None:
            return os.fspath(outside)
        if path in self.absent:
            raise FileProblem(path, "The file is left out of this sparse checkout.", "absent")
        if self._allowed is not None and not self._is_allowed(path):
            raise FileProblem(path, "git does not track the file, and only what it tracks is read.")
        return self._locate(path)

    def _is_allowed(self, path: str) -> bool:
        allowed = self._allowed or ()
        folder = path
        while folder:
            if folder in allowed:
                return True
            folder = folder.rpartition("/")[0]
        return False

    def _locate(self, path: str) -> str:
        """The real place of a path; raises ``FileProblem`` if it is outside of the root."""
        if not is_inside(path):
            raise FileProblem(
                path, "The path leads out of the repository. Only files below the root are read."
            )
        folder, _, name = path.rpartition("/")
        target = f"{self._real_folder(folder).rstrip('/')}/{name}"
        if stat.S_ISLNK(os.lstat(target).st_mode):
            target = os.path.realpath(target)
        above = self._real_root.rstrip("/") + "/"
        if not (target.startswith(above) and is_inside(target[len(above) :])):
            raise _link_out(path)
        return target

    def _real_folder(self, folder: str) -> str:
        """Where a folder really is; each on the way is looked at once, whatever lies in it."""
        known = self._folders.get(folder)
        if known is not None:
            return known
        real, way = self._real_root, ""
        for name in folder.split("/"):
            way = f"{way}/{name}" if way else name
            place = f"{real.rstrip('/')}/{name}"
            real = self._folders.get(way) or (os.path.realpath(place) if _is_link(place) else place)
            self._folders[way] = real
        return real


def _is_link(place: str) -> bool:
    try:
        return stat.S_ISLNK(os.lstat(place).st_mode)
    except OSError:
        return False


def _read_regular(path: str, target: str, limit: int) -> bytes:
    """Reads a regular file. Opens without blocking, so a pipe that took its place cannot hang the run."""
    mode = os.lstat(target).st_mode
    if stat.S_ISLNK(mode):
        raise _link_out(path)
    if not stat.S_ISREG(mode):
        raise _not_regular(path, mode)
    flags = (
        os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    )
    with os.fdopen(os.open(target, flags), "rb", buffering=0) as file:
        facts = os.fstat(file.fileno())
        if not stat.S_ISREG(facts.st_mode):
            raise _not_regular(path, facts.st_mode)
        if facts.st_size > limit:
            raise too_large(path, limit)
        chunks: list[bytes] = []
        left = limit + 1
        while left > 0 and (chunk := file.read(min(left, max(facts.st_size + 1, 65536)))):
            chunks.append(chunk)
            left -= len(chunk)
            if len(chunk) == facts.st_size and len(chunks) == 1:
                break  # more was asked for, and it is as long as it is said to be
        if left <= 0:
            raise too_large(path, limit)
        return b"".join(chunks)


def _link_out(path: str) -> FileProblem:
    return FileProblem(
        path, "A symbolic link leads out of the repository. Put the file itself there, or leave it out."
    )


def _not_regular(path: str, mode: int) -> FileProblem:
    what = "a folder" if stat.S_ISDIR(mode) else "a pipe, socket or device"
    return FileProblem(path, f"This is {what}, not a regular file. Name a file.")


def _problem(path: str, error: OSError) -> FileProblem:
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return NoSuchFile(path, "The file does not exist.")
    if error.errno in (errno.EACCES, errno.EPERM):
        return FileProblem(
            path, "The file may not be read by this user. Change its permissions, or leave it out."
        )
    if error.errno == errno.ELOOP:
        return FileProblem(path, "The symbolic link leads back to itself. Remove it.")
    return FileProblem(path, f"The file cannot be read: {error.strerror or error}.")


@dataclass(frozen=True, eq=False)
class Overlay:
    """A tree some of whose files have another content, which is not written yet."""

    tree: FileTree
    contents: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def revision(self) -> str | None:
        """That of the tree below."""
        return self.tree.revision

    @property
    def absent(self) -> Set[str]:
        """Those of the tree below."""
        return self.tree.absent

    def paths(self) -> tuple[str, ...]:
        """Those of the tree below."""
        return tuple(self.tree.paths())

    def read(self, path: str) -> bytes:
        """The content of a file; raises ``FileProblem``."""
        return self.contents[path] if path in self.contents else self.tree.read(path)

    def stat(self, path: str) -> os.stat_result | None:
        """What the file system knows of a file; ``None`` if its content is another."""
        if path in self.contents or not isinstance(self.tree, WorkingTree):
            return None
        return self.tree.stat(path)
