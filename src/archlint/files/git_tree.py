"""The files of a commit, read from git's object store by one long-running process."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

from archlint.files.git import TIMEOUT, Git, GitProblem
from archlint.files.tree import DEFAULT_LIMIT, FileProblem, NoSuchFile, is_inside, too_large

if TYPE_CHECKING:
    import subprocess

_MOST_SILENCES = 2
"""Times that git may give no answer; then no more is asked, as each time takes long."""
_REGULAR_MODES = (b"100644", b"100755", b"100664")


class GitTree:
    """The regular files of a commit; links, submodules and names that would leave the root are left out.

    Use it as a context manager, or ``close`` it. Threads may share it; a forked child starts its own git.
    """

    def __init__(
        self, git: Git, commit: str, *, revision: str | None = "base", limit: int = DEFAULT_LIMIT
    ) -> None:
        self.commit = commit
        self.revision = revision
        self._git = git
        self._limit = limit
        self._objects: dict[str, str] | None = None
        self._others: frozenset[str] = frozenset()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._silences = 0
        self._lock = threading.Lock()

    def __enter__(self) -> GitTree:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends git's process; the next read starts another."""
        process, self._process = self._process, None
        if process is None or self._owner != os.getpid():
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        process.wait()

    @property
    def absent(self) -> frozenset[str]:
        """A commit has all of its files."""
        return frozenset()

    def paths(self) -> Sequence[str]:
        """The paths of all regular files, sorted. Raises ``GitProblem``."""
        return sorted(self._listing())

    def others(self) -> frozenset[str]:
        """The paths of what is no regular file: links and submodules. Raises ``GitProblem``."""
        self._listing()
        return self._others

    def __contains__(self, path: object) -> bool:
        return path in self._listing()

    def _listing(self) -> dict[str, str]:
        if self._objects is None:
            code, output, errors = self._git.run("ls-tree", "-r", "-z", "--full-tree", self.commit)
            if code != 0:
                raise GitProblem(
                    f"git cannot list the files of {self.commit[:12]}: {errors or 'no reason given'}"
                )
            self._objects, self._others = _parse_listing(output)
        return self._objects

    def read(self, path: str) -> bytes:
        """The content of a file as it was committed; raises ``FileProblem``."""
        try:
            name = self._listing().get(path)
        except GitProblem as problem:
            raise FileProblem(path, problem.message) from None
        if name is None:
            raise NoSuchFile(path, f"The file does not exist in commit {self.commit[:12]}.")
        with self._lock:
            try:
                return self._fetch(path, name)
            except (OSError, ValueError, GitProblem) as error:
                self._silences += isinstance(error, TimeoutError)
                self.close()
                raise FileProblem(
                    path, f"git cannot read it in commit {self.commit[:12]}: {error}."
                ) from None

    def _fetch(self, path: str, name: str) -> bytes:
        if self._silences >= _MOST_SILENCES:
            raise GitProblem("git gave no answer before")
        process = self._running()
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(name.encode("ascii") + b"\n")
        output = process.stdout.fileno()
        data = bytearray()
        while b"\n" not in data:
            data += _receive(output)
        header = data[: data.index(b"\n")].split()
        if len(header) != 3 or header[1] != b"blob":
            self.close()
            raise FileProblem(path, f"Its content is missing in this clone (commit {self.commit[:12]}).")
        size = int(header[2])
        if size > self._limit:
            self.close()
            raise too_large(path, self._limit)
        del data[: data.index(b"\n") + 1]
        while len(data) <= size:
            data += _receive(output)
        return bytes(data[:size])

    def _running(self) -> subprocess.Popen[bytes]:
        import subprocess

        if self._process is not None and self._owner == os.getpid() and self._process.poll() is None:
            return self._process
        self.close()
        self._owner = os.getpid()
        self._process = subprocess.Popen(
            self._git.command("cat-file", "--batch"),
            env=self._git.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
        )
        return self._process


def _receive(output: int) -> bytes:
    """What git writes next; raises ``OSError`` if it ends, or is silent for too long."""
    import select

    if os.name == "posix" and not select.select([output], [], [], TIMEOUT)[0]:
        raise TimeoutError(f"no answer within {TIMEOUT:g} seconds")
    chunk = os.read(output, 1 << 20)
    if not chunk:
        raise OSError("git stopped early")
    return chunk


def _parse_listing(output: bytes) -> tuple[dict[str, str], frozenset[str]]:
    """Path to object name, and the paths of all else.

    A crafted tree may hold names such as ``..``; later stages write files by path.
    """
    objects: dict[str, str] = {}
    others = set[str]()
    for entry in output.split(b"\0"):
        facts, _, raw = entry.partition(b"\t")
        fields = facts.split()
        path = os.fsdecode(raw)
        if len(fields) != 3 or not is_inside(path):
            continue
        if fields[0] in _REGULAR_MODES:
            objects[path] = fields[2].decode("ascii")
        else:
            others.add(path)
    return objects, frozenset(others)
