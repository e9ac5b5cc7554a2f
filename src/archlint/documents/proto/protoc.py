"""The protobuf compiler in a child process that loads nothing else.

A proto file can crash the compiler (deeply nested groups do) or keep it busy for ever. So it runs in a
process of its own, is given a time limit, and is started again when it dies. One process serves many runs,
because starting it costs more than compiling a dozen files.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from enum import Enum
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp
from types import TracebackType
from typing import Self

from archlint.finding.records import dataclass

_CHILD = """
import sys, os
try:
    import resource
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
except Exception:
    pass
sys.path.append(sys.argv[1])
from grpc_tools import _protoc_compiler
for line in sys.stdin.buffer:
    with open(line.rstrip(b"\\n"), "rb") as request:
        arguments = request.read().split(b"\\0")
    answer = _protoc_compiler.run_main(arguments)
    os.write(1, b"%d\\n" % answer)
"""

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
    try:
        return place if place.is_file() else None
    except OSError:  # no system takes such a name
        return None


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
def _packages_folder() -> Path:
    spec = find_spec("grpc_tools")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("grpcio-tools is not installed")
    return Path(spec.origin).parent.parent


class Protoc:
    """A compiler process with a temporary folder, which is its working directory; use it with ``with``."""

    def __init__(self) -> None:
        self.folder = Path(mkdtemp(prefix="archlint-proto-"))
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, arguments: Sequence[str], seconds: float) -> Run:
        """Run the compiler with arguments as on its command line, for at most so many seconds."""
        child = self._started()
        written = self.folder / "errors"
        before = written.stat().st_size
        request = self.folder / "request"
        request.write_bytes(b"\0".join([b"protoc", *(item.encode("utf-8") for item in arguments)]))
        late = threading.Event()

        def stop() -> None:
            late.set()
            child.kill()

        timer = threading.Timer(seconds, stop)
        timer.start()
        try:
            answer = self._ask(child)
        finally:
            timer.cancel()
        with written.open("rb") as errors:
            errors.seek(before)
            output = errors.read().decode("utf-8", "replace")
        if answer.strip() == b"0":
            return Run(Ending.GOOD, output)
        if answer.strip():
            return Run(Ending.ERRORS, output)
        self._stop()
        return Run(Ending.LATE if late.is_set() else Ending.DIED, output)

    @staticmethod
    def _ask(child: subprocess.Popen[bytes]) -> bytes:
        assert child.stdin is not None and child.stdout is not None
        try:
            child.stdin.write(b"request\n")
            child.stdin.flush()
        except BrokenPipeError:
            return b""
        return child.stdout.readline()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._child is None:
            code = _CHILD.replace("MEMORY", str(_MEMORY))
            with (self.folder / "errors").open("ab") as errors:
                self._child = subprocess.Popen(
                    [sys.executable, "-I", "-S", "-c", code, str(_packages_folder())],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=errors,
                    cwd=self.folder,
                )
        return self._child

    def _stop(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for stream in (child.stdin, child.stdout):
            if stream is not None:
                with suppress(BrokenPipeError):
                    stream.close()
