"""The protobuf compiler in a child process that loads nothing else.

A proto file can crash the compiler (deeply nested groups do) or keep it busy for ever. So it runs in a
process of its own (``protoc_process``), is given a time limit, and is started again when it dies. One process
serves many runs, because starting it costs more than compiling a dozen files.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from enum import Enum
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from queue import Empty, SimpleQueue
from tempfile import mkdtemp
from types import TracebackType
from typing import Self

from archlint.finding.records import dataclass

_SCRIPT = str(Path(__file__).with_name("protoc_process.py"))
_OWN_GROUP = 0 if os.name == "posix" else None
"""A group of processes of their own: the one that is started makes others, which end with it."""
_MEMORY = 3 << 30
"""Address space of the child in bytes; 8,000 files of googleapis take 1 GB, 20,000 nested groups would take
9."""


class Ending(Enum):
    """How a run of the compiler ended."""

    GOOD = "good"
    ERRORS = "errors"
    DIED = "died"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Run:
    """One run: how it ended and what the compiler wrote about it."""

    ending: Ending
    output: str


def bundled_folder() -> Path:
    """The folder with ``google/protobuf/*.proto`` that comes with the compiler."""
    return _packages_folder() / "grpc_tools" / "_proto"


_ALSO_CALLED = {"google/longrunning/operations.proto": "google/longrunning/operations_proto.proto"}
"""Files that the package of Google's common protos has under another name than all who import them."""


@cache
def published(name: str) -> Path | None:
    """The file that is meant by an import of one of Google's common protos, such as
    ``google/api/annotations.proto``, which hardly anybody commits; ``None`` if it is none of these."""
    folder = _published_folder()
    if folder is None or not name.startswith(_PUBLISHED):
        return None
    place = folder / _ALSO_CALLED.get(name, name)
    return place if is_file(place) else None


def published_as(path: str) -> str:
    """The name of the common module of which a file is a copy; empty if it is none."""
    start = f"/{path}".rfind("/google/")
    name = path[start:] if start >= 0 else ""
    return name if name and published(name) is not None else ""


def is_file(path: Path) -> bool:
    """Whether a file exists; a name that no system takes is the name of none."""
    try:
        return path.is_file()
    except OSError:
        return False


def published_paths() -> list[str]:
    """Where the compiler finds Google's common protos: parts of its command line."""
    folder = _published_folder()
    if folder is None:
        return []
    also = [f"--proto_path={name}={folder / other}" for name, other in _ALSO_CALLED.items()]
    return [*also, f"--proto_path={folder}"]


_PUBLISHED = ("google/api/", "google/logging/type/", "google/longrunning/", "google/rpc/", "google/type/")


@cache
def _published_folder() -> Path | None:
    spec = find_spec("google.api")
    places = () if spec is None else tuple(spec.submodule_search_locations or ())
    return Path(places[0]).parent.parent if places else None


@cache
def published_version() -> str:
    """What tells Google's common protos from another version of them; empty if they are not installed."""
    folder = _published_folder()
    if folder is None:
        return ""
    return " ".join(sorted(each.name for each in folder.glob(f"{_COMMON}*")))


_COMMON = "googleapis_common_protos-"
"""How the folder begins in which an installer tells the version."""


@cache
def _packages_folder() -> Path:
    spec = find_spec("grpc_tools")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("grpcio-tools is not installed")
    return Path(spec.origin).parent.parent


_IN_MEMORY = "/dev/shm"
"""Where some systems keep files in memory; the folder that is made there is nobody else's."""
_MUCH = 1_000_000
"""Bytes from which on it pays to make files where no disk is asked for them."""
_ROOM = 5
"""How many times as much room there must be: results are larger than texts, and others need some too."""


def _quick_folder(size: int) -> str | None:
    """Where files can be made in memory, if that is worth while; making thousands on a disk may take as long
    as compiling them."""
    if size < _MUCH:
        return None
    try:
        facts = os.statvfs(_IN_MEMORY)
    except (AttributeError, OSError):
        return None
    has_room = facts.f_bavail * facts.f_frsize > _ROOM * size
    return _IN_MEMORY if has_room and os.access(_IN_MEMORY, os.W_OK | os.X_OK) else None


_PATIENCE = 0.05
"""Seconds in which a thread comes to its end whose process has."""
_AT_ONCE = 2
"""Processes that compile at the same time."""


class Protoc:
    """Compiler processes with a temporary folder, which is their working directory; use it with ``with``."""

    def __init__(self, roots: Sequence[str] = (), size: int = 0) -> None:
        """``roots`` are import roots outside of the folder, ``size`` is how many bytes will be compiled."""
        self.roots = tuple(roots)
        self.folder = Path(mkdtemp(prefix="archlint-proto-", dir=_quick_folder(size)))
        self._children: list[_Child] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, arguments: Sequence[str], seconds: float) -> Run:
        """Run the compiler with arguments as on its command line, for at most so many seconds."""
        return self._child(0).run(arguments, seconds)

    def get_ready(self) -> None:
        """Start the processes for many files, which takes them as long as preparing what they compile."""
        for number in range(_AT_ONCE):
            self._child(number).start()

    def run_all(
        self, requests: Iterable[Sequence[str]], seconds: float, ended: Callable[[int, Run], None]
    ) -> None:
        """Run the compiler with several lists of arguments, of which each is asked for while those before it
        are at work; ``ended`` gets each run by its number as it ends. A process that is needed no more is
        ended, as it keeps the memory that it took."""
        waiting: SimpleQueue[tuple[int, Sequence[str]] | None] = SimpleQueue()
        done: SimpleQueue[tuple[int, Run | Exception]] = SimpleQueue()

        def work(child: _Child) -> None:
            number = -1
            try:
                while (next_one := waiting.get()) is not None:
                    number, arguments = next_one
                    done.put((number, child.run(arguments, seconds)))
                child.stop()
            except Exception as error:  # told by the thread that waits
                done.put((number, error))

        children = [self._child(number) for number in range(_AT_ONCE)]
        threads = [threading.Thread(target=work, args=(child,), daemon=True) for child in children]
        try:
            for thread in threads:
                thread.start()
            count = 0
            for count, arguments in enumerate(requests, 1):
                waiting.put((count - 1, arguments))
            self._no_more(waiting)
            for _ in range(count):
                number, made = done.get()
                if isinstance(made, Exception):
                    raise made
                ended(number, made)
        finally:
            with suppress(Empty):
                while True:
                    waiting.get_nowait()
            self._no_more(waiting)
            self._end(threads)

    @staticmethod
    def _no_more(waiting: SimpleQueue[tuple[int, Sequence[str]] | None]) -> None:
        """Tell each thread that nothing follows."""
        for _ in range(_AT_ONCE):
            waiting.put(None)

    def _end(self, threads: Sequence[threading.Thread]) -> None:
        """End what threads wait for, and wait for these: they read files of the folder, which goes next."""
        while any(thread.is_alive() for thread in threads):
            self._stop()
            for thread in threads:
                if thread.is_alive():
                    thread.join(_PATIENCE)  # it may have started a process meanwhile

    def _child(self, number: int) -> _Child:
        while len(self._children) <= number:
            self._children.append(_Child(self.folder, len(self._children)))
        return self._children[number]

    def _stop(self) -> None:
        for child in self._children:
            child.stop()


class _Child:
    """One process, which is started when it is needed."""

    def __init__(self, folder: Path, number: int) -> None:
        self._folder = folder
        self._errors = folder / f"errors-{number}"
        self._request = folder / f"request-{number}"
        self._process: subprocess.Popen[bytes] | None = None

    def run(self, arguments: Sequence[str], seconds: float) -> Run:
        """See ``Protoc.run``."""
        process = self.start()
        before = self._errors.stat().st_size
        self._request.write_bytes(b"\0".join([b"protoc", *(item.encode("utf-8") for item in arguments)]))
        late = threading.Event()

        def stop() -> None:
            late.set()
            _kill(process)

        timer = threading.Timer(seconds, stop)
        timer.start()
        try:
            answer = self._ask(process)
        finally:
            timer.cancel()
            timer.join()  # a process with threads is not copied
        with self._errors.open("rb") as errors:
            errors.seek(before)
            output = errors.read().decode("utf-8", "replace")
        if answer.strip() == b"0":
            return Run(Ending.GOOD, output)
        if answer.strip():
            return Run(Ending.ERRORS, output)
        self.stop()
        return Run(Ending.LATE if late.is_set() else Ending.DIED, output)

    def _ask(self, process: subprocess.Popen[bytes]) -> bytes:
        assert process.stdin is not None and process.stdout is not None
        try:
            process.stdin.write(self._request.name.encode() + b"\n")
            process.stdin.flush()
            return process.stdout.readline()
        except (BrokenPipeError, ValueError):  # it has died, or was ended from another thread
            return b""

    def start(self) -> subprocess.Popen[bytes]:
        """The process, which is started if it does not run."""
        if self._process is None:
            with self._errors.open("ab") as errors:
                self._process = subprocess.Popen(
                    [sys.executable, "-I", "-S", _SCRIPT, str(_packages_folder()), str(_MEMORY)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=errors,
                    cwd=self._folder,
                    process_group=_OWN_GROUP,
                )
        return self._process

    def stop(self) -> None:
        """End the process; the next run starts another."""
        process, self._process = self._process, None
        if process is None:
            return
        _kill(process)
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(BrokenPipeError):
                    stream.close()


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End a process and those that it has made."""
    if _OWN_GROUP is None:
        process.kill()
        return
    if process.returncode is None:  # its number may be another's as soon as it has been waited for
        with suppress(ProcessLookupError, PermissionError):  # macOS says the latter of one that has died
            os.killpg(process.pid, signal.SIGKILL)
