"""One input of the fuzzer: a mutated repository and a command; running it in this process."""

from __future__ import annotations

import gc
import io
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

from tests.fuzz.programs import lay_out_program
from tests.fuzz.revisions import commit
from tests.support.limits import TooLong, limited

LONGEST = 5.0
"""Seconds of CPU time that a run over a few small files may take, whatever is in them."""
TOO_LONG = "too long"
_TELLING = frozenset(
    {"--base", "--diff", "--fix", "--kube-score", "--stdin-filename", "--update-baseline", "--isolated"}
)


@dataclass(frozen=True)
class Trial:
    """Files of both sides, by path, and the command line."""

    files: Mapping[str, str]
    base: Mapping[str, str]
    arguments: tuple[str, ...]
    standard_input: str | None = None
    scores: str | None = None
    """What the program says that takes the place of kube-score."""

    @property
    def command(self) -> str:
        """The command and the flag that makes it another one."""
        flags = (word.partition("=")[0] for word in self.arguments)
        return " ".join([self.arguments[0], *(flag for flag in flags if flag in _TELLING)])


@dataclass(frozen=True)
class Outcome:
    """How a run ended."""

    code: object
    out: str
    err: str
    seconds: float


def lay_out(trial: Trial, top: Path) -> Path:
    """Write both sides below a folder that is emptied first; returns the working directory."""
    shutil.rmtree(top, ignore_errors=True)
    folder = top / "revision"
    base = trial.base if trial.arguments[0] == "breaking" else {}
    for target, files in ((folder, trial.files), (top / "base", base)):
        target.mkdir(parents=True)
        _write(target, files)
    if "--base" in trial.arguments:
        commit(folder, trial.base)
    if trial.scores is not None:
        lay_out_program(top, trial.scores)
    return folder


def _write(folder: Path, files: Mapping[str, str]) -> None:
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode("utf-8", "surrogatepass"))


@cache
def _started() -> None:
    """Rules and plugins do not change between two inputs: they are looked up once."""
    from archlint.adapters import sources

    sources.load_rules = partial(_again, cache(sources.load_rules))
    sources.plugin_rules = partial(_again, cache(sources.plugin_rules))


def _again(known: Callable[..., Any], *arguments: object) -> Any:
    found = known(*arguments)
    return list(found) if isinstance(found, list) else tuple(map(list, found))


def run(trial: Trial, top: Path, longest: float = LONGEST) -> Outcome:
    """Lay an input out and run its command over it, for some seconds of CPU time at most."""
    from archlint.cli.main import run as start

    _started()
    folder, collecting = lay_out(trial, top), gc.get_threshold()
    code: object = None
    with (
        _streams(trial.standard_input) as (out, err),
        _inside(folder),
        _arguments_of(trial.arguments),
        limited(longest),
    ):
        begun = time.process_time()
        try:
            start()
        except SystemExit as end:
            code = end.code
        except TooLong:
            code = TOO_LONG
        except BaseException as error:  # whatever comes through is what is looked for
            code = f"{type(error).__name__}: {error}"
        seconds = time.process_time() - begun
        sys.stdout.flush()
        sys.stderr.flush()
    gc.set_threshold(*collecting)  # a command collects seldom, because it ends soon
    return Outcome(code, _text(out), _text(err), seconds)


def _text(stream: io.TextIOWrapper) -> str:
    raw = stream.buffer
    assert isinstance(raw, io.BytesIO)
    return raw.getvalue().decode("utf-8", "surrogateescape")


@contextmanager
def _streams(given: str | None) -> Iterator[tuple[io.TextIOWrapper, io.TextIOWrapper]]:
    kept = sys.stdin, sys.stdout, sys.stderr
    said = (given or "").encode("utf-8", "surrogatepass")
    made = [io.TextIOWrapper(io.BytesIO(text), "utf-8", "backslashreplace") for text in (said, b"", b"")]
    sys.stdin, sys.stdout, sys.stderr = made
    try:
        yield made[1], made[2]
    finally:
        sys.stdin, sys.stdout, sys.stderr = kept


@contextmanager
def _inside(folder: Path) -> Iterator[None]:
    kept = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(kept)


@contextmanager
def _arguments_of(arguments: tuple[str, ...]) -> Iterator[None]:
    kept = sys.argv
    sys.argv = ["archlint", *arguments, *(("--no-cache",) if arguments[0] in ("check", "breaking") else ())]
    try:
        yield
    finally:
        sys.argv = kept
