"""Helm's library (extra ``helm``) as the program that renders charts, in a limited child process.

One process renders all charts, since it takes 0.3 s to start. If it dies, the chart at hand is told as
failed and the next one gets a new process. What it answers is remembered under a digest of all that was
asked.
"""

from __future__ import annotations

import base64
import json
import signal
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from threading import Timer
from typing import IO, Any, Protocol

from archlint.cache.code import library_version
from archlint.documents.charts.rendering import Failure, Rendering
from archlint.finding.digest import blake2b

MEMORY = 1_500_000_000
"""Bytes of address space beyond what the runtime of Go reserves when it starts."""
SECONDS = 10
"""CPU time for each chart."""
PATIENCE = 60.0
"""Seconds for one rendering, however little of the processor it gets."""
OUTPUT = 32_000_000
"""Most characters of one rendering."""
PACKAGE = "helm-python-sdk"
_MODULE = "helm_python"
LATE = {"kind": "limit", "error": "time"}
"""That something was not waited for, which may be otherwise the next time."""
_LIMITS = {
    "memory": "it takes more memory than archlint gives it (1.5 GB)",
    "output": "it renders more than 32 MB",
    "time": f"it takes more than {SECONDS} seconds",
    "end": "the process that renders it ended",
}


class Engine(Protocol):
    """What carries templates out."""

    @property
    def version(self) -> str:
        """What its answers depend on; empty if it is not there."""

    def ask(self, files: Mapping[str, bytes], question: dict[str, Any]) -> dict[str, Any]:
        """``files`` by name, else ``error`` and its ``kind``."""

    def close(self) -> None:
        """End what runs."""


class HelmRenderer:
    """A ``Renderer`` that remembers what was answered; close it after use."""

    def __init__(self, engine: Engine, kept: MutableMapping[str, bytes] | None = None) -> None:
        """``kept`` has the answers of earlier runs."""
        self._engine = engine
        self._kept: MutableMapping[str, bytes] = {} if kept is None else kept
        self._files: Mapping[str, bytes] = {}
        self._digest = ""
        self._is_over: Failure | None = None

    @property
    def version(self) -> str:
        """See ``Renderer``."""
        return self._engine.version

    def render(self, files: Mapping[str, bytes], asked: Rendering) -> dict[str, str] | Failure:
        """See ``Renderer.render``."""
        if not self.version:
            return Failure("absent", f"{PACKAGE} is not installed")
        if files is not self._files:
            self._files, self._digest, self._is_over = files, _digest(files), None
        question = {
            "name": asked.name,
            "namespace": asked.namespace,
            "values": asked.values,
            "overrides": asked.overrides,
            "changes": asked.changes,
        }
        said = json.dumps([self.version, self._digest, question], sort_keys=True)
        key = f"helm {blake2b(said.encode(), digest_size=20).hexdigest()}"
        answer = self._known(key)
        if answer is None:
            if self._is_over is not None:
                return self._is_over
            answer = self._engine.ask(files, question)
            if answer is not LATE:
                self._kept[key] = zlib.compress(json.dumps(answer).encode(), 1)
        if "files" in answer:
            return {name.partition("/")[2]: text for name, text in answer["files"].items()}
        failure = Failure(answer["kind"], _LIMITS.get(answer["error"], answer["error"]))
        if failure.kind == "limit":
            self._is_over = failure
        return failure

    def close(self) -> None:
        """End what runs."""
        self._engine.close()

    def _known(self, key: str) -> dict[str, Any] | None:
        packed = self._kept.get(key)
        try:
            return None if packed is None else _answer(zlib.decompress(packed))
        except zlib.error:
            return None


class HelmLibrary(HelmRenderer):
    """The ``Renderer`` of the extra."""

    def __init__(self, kept: MutableMapping[str, bytes] | None = None) -> None:
        """``kept`` has the answers of earlier runs."""
        super().__init__(_Library(), kept)


class _Library:
    """The library, in a child process that is begun anew when it ends."""

    def __init__(self) -> None:
        self._child: _Child | None = None

    @property
    def version(self) -> str:
        """The version of the package; empty if it is not installed."""
        return library_version(_MODULE, PACKAGE)

    def ask(self, files: Mapping[str, bytes], question: dict[str, Any]) -> dict[str, Any]:
        """See ``Engine.ask``."""
        if self._child is None:
            self._child = _Child()
        answer = self._child.ask(files, question)
        if not self._child.lives:
            self.close()
        return answer

    def close(self) -> None:
        """End the child process."""
        if self._child is not None:
            self._child.end()
            self._child = None


class _Child:
    """A process that renders, until it ends."""

    def __init__(self) -> None:
        worker = Path(__file__).with_name("helm_worker.py")
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (closed in end)
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(worker)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
        )
        self._files: Mapping[str, bytes] | None = None
        self.lives = True
        path = [entry for entry in sys.path if entry]
        self._say({"path": path, "memory": MEMORY, "seconds": SECONDS, "output": OUTPUT})

    def ask(self, files: Mapping[str, bytes], question: dict[str, Any]) -> dict[str, Any]:
        """What the process answers, or how it ended."""
        late: list[bool] = []

        def give_up() -> None:
            late.append(True)
            self._process.kill()

        timer = Timer(PATIENCE, give_up)
        timer.daemon = True
        timer.start()
        is_new = files is not self._files
        self._say({**question, "files": _packed(files)} if is_new else question)
        self._files = files
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        timer.cancel()
        answer = _answer(line)
        if answer is not None:
            return answer
        self.lives = False
        return LATE if late else {"kind": "limit", "error": self._cause()}

    def end(self) -> None:
        """Whatever it does."""
        self._process.kill()
        self._process.communicate()
        self._errors.close()

    def _say(self, said: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(said).encode() + b"\n")
            self._process.stdin.flush()
        except OSError:
            pass  # it has ended, which reading its answer will show

    def _cause(self) -> str:
        code = self._process.wait()
        if code == -getattr(signal, "SIGXCPU", 0):
            return "time"
        self._errors.seek(0)
        said = self._errors.read(20_000)
        return "memory" if b"memory" in said or code == -9 else "end"


def _answer(line: bytes) -> dict[str, Any] | None:
    """A whole answer; ``None`` if it is none."""
    try:
        answer = json.loads(line)
    except ValueError:
        return None
    is_whole = isinstance(answer, dict) and ("files" in answer or "error" in answer)
    return answer if is_whole else None


def _packed(files: Mapping[str, bytes]) -> dict[str, Any]:
    packed: dict[str, Any] = {}
    for name, content in files.items():
        try:
            packed[name] = content.decode()
        except UnicodeDecodeError:
            packed[name] = {"base64": base64.b64encode(content).decode()}
    return packed


def _digest(files: Mapping[str, bytes]) -> str:
    digest = blake2b(digest_size=20)
    for name, content in sorted(files.items()):
        digest.update(f"{len(name.encode('utf-8', 'surrogateescape'))} {len(content)} ".encode())
        digest.update(name.encode("utf-8", "surrogateescape") + content)
    return digest.hexdigest()
