"""One input of the fuzzer: a mutated repository and a command; running it in this process, and judging it."""

from __future__ import annotations

import gc
import io
import json
import os
import re
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from random import Random
from typing import Any
from xml.etree import ElementTree

from tests.fuzz.mutations import mutated
from tests.fuzz.seeds import Seed, seeds

LONGEST = 5.0
"""Seconds of CPU time that a run over a few small files may take, whatever is in them."""
_COLLECTING = gc.get_threshold()
_FORMATS = ("text", "json", "sarif", "github", "junit", "gitlab", "markdown")
COMMAND = re.compile(r"##\w*\[|(?:^|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029])\s*::")
"""What a runner of workflows obeys."""
ANNOTATION = re.compile(r"^::(?:error|warning|notice) (?:file|title)=", re.MULTILINE)
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Trial:
    """Files of both sides, by path, and the command line."""

    files: Mapping[str, str]
    base: Mapping[str, str]
    arguments: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """How a run ended."""

    code: object
    out: str
    err: str
    seconds: float


class TooLong(BaseException):
    """A run took more CPU time than it may; no handler of exceptions stops it."""


def draw(random: Random) -> Trial:
    """A new input."""
    seed = random.choice(seeds())
    files, base = dict(seed.files), dict(seed.base or seed.files)
    for side in (files, base):
        if side and (side is files or random.random() < 0.3):
            path = random.choice(sorted(side))
            side[path] = mutated(side[path], path, random)
            if random.random() < 0.03:
                side[_renamed(path, random)] = side.pop(path)
    return Trial(files, base, _arguments(seed, random))


def _renamed(path: str, random: Random) -> str:
    names = (
        "##[error]x.yaml",
        "::error::x.yaml",
        "a\r::error::b.yaml",
        "\u2028::x.yaml",
        "-x.yaml",
        "a b.json",
    )
    folder = path.rpartition("/")[0]
    name = random.choice(names)
    return f"{folder}/{name}" if folder else name


def _arguments(seed: Seed, random: Random) -> tuple[str, ...]:
    name = random.choice(_FORMATS) if random.random() < 0.7 else "json"
    check = ("check", ".", "--select", "ALL", "--format", name)
    choices: list[tuple[str, ...]] = [
        check,
        check,
        (*check, "--show-suppressed", "--verbose"),
        ("check", ".", "--statistics", "--profile", "strict"),
        ("check", ".", "--diff", "--unsafe-fixes", "--select", "ALL"),
        ("check", ".", "--fix", "--unsafe-fixes", "--select", "ALL", "--format", name),
        ("check", ".", "--update-baseline", "--format", name),
        ("graph", ".", "--format", random.choice(("json", "mermaid"))),
        ("config", ".", "--format", random.choice(("text", "json"))),
        ("inventory", ".", "--format", random.choice(("text", "json"))),
        ("breaking", "../base", ".", "--format", name),
    ]
    if seed.base:
        choices += [("breaking", "../base", ".", "--select", "ALL", "--format", name)] * 6
    return random.choice(choices)


def lay_out(trial: Trial, top: Path) -> Path:
    """Write both sides below a folder that is emptied first; returns the working directory."""
    shutil.rmtree(top, ignore_errors=True)
    base = trial.base if trial.arguments[0] == "breaking" else {}
    for name, files in (("revision", trial.files), ("base", base)):
        (top / name).mkdir(parents=True)
        for path, text in files.items():
            target = top / name / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text.encode("utf-8", "surrogatepass"))
    return top / "revision"


@cache
def _started() -> None:
    """Rules and plugins do not change between two inputs: they are looked up once."""
    from archlint.adapters import sources

    sources.load_rules = partial(_again, cache(sources.load_rules))
    sources.plugin_rules = partial(_again, cache(sources.plugin_rules))


def _again(known: Callable[..., Any], *arguments: object) -> Any:
    found = known(*arguments)
    return list(found) if isinstance(found, list) else tuple(map(list, found))


def run(trial: Trial, top: Path) -> Outcome:
    """Lay an input out and run its command over it."""
    from archlint.cli.main import run as start

    _started()
    folder = lay_out(trial, top)
    code: object = None
    with _streams() as (out, err), _inside(folder), _arguments_of(trial.arguments), limited(LONGEST):
        begun = time.process_time()
        try:
            start()
        except SystemExit as end:
            code = end.code
        except TooLong:
            code = "too long"
        except BaseException as error:  # whatever comes through is what is looked for
            code = f"{type(error).__name__}: {error}"
        seconds = time.process_time() - begun
        sys.stdout.flush()
        sys.stderr.flush()
    gc.set_threshold(*_COLLECTING)  # a command collects seldom, because it ends soon
    return Outcome(code, _text(out), _text(err), seconds)


def faults(trial: Trial, top: Path, *, again: bool = False) -> list[str]:
    """What is wrong with a run over an input, each in a few words; ``again`` runs it twice and compares."""
    done = run(trial, top)
    found = list(_judged(trial, done))
    if again and not found and "--fix" not in trial.arguments and "--update-baseline" not in trial.arguments:
        other = run(trial, top)
        if (other.code, other.out, other.err) != (done.code, done.out, done.err):
            found.append("two runs differ")
    return found


def _judged(trial: Trial, done: Outcome) -> Iterator[str]:
    said = done.out + "\n" + done.err
    if done.code not in (0, 1, 2):
        yield f"exit {done.code}: {_reason(said)}"
    elif "Traceback" in done.err or "internal error" in done.err or " failed: " in done.err:
        yield f"failure: {_reason(said)}"
    for found in COMMAND.finditer(ANNOTATION.sub("", said) if "github" in trial.arguments else said):
        yield f"command in the output: {said[found.start() : found.start() + 40]!r}"
        break
    if (control := _CONTROL.search(said)) and "--diff" not in trial.arguments:
        yield f"control character {control.group()!r}"
    if done.code in (0, 1):
        yield from _unreadable(trial, done.out)


def _unreadable(trial: Trial, out: str) -> Iterator[str]:
    name = trial.arguments[-1] if "--format" in trial.arguments else ""
    try:
        if name in ("json", "sarif", "gitlab"):
            json.loads(out, parse_constant=_refuse)
        elif name == "junit":
            ElementTree.fromstring(out)
    except (ValueError, ElementTree.ParseError) as error:
        yield f"no valid {name}: {error}"


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def _reason(said: str) -> str:
    lines = [line for line in said.splitlines() if "error" in line or "fail" in line]
    return lines[-1][:200] if lines else said[-200:]


def _text(stream: io.TextIOWrapper) -> str:
    raw = stream.buffer
    assert isinstance(raw, io.BytesIO)
    return raw.getvalue().decode("utf-8", "surrogateescape")


@contextmanager
def _streams() -> Iterator[tuple[io.TextIOWrapper, io.TextIOWrapper]]:
    kept = sys.stdout, sys.stderr
    made = [io.TextIOWrapper(io.BytesIO(), "utf-8", "backslashreplace") for _ in kept]
    sys.stdout, sys.stderr = made
    try:
        yield made[0], made[1]
    finally:
        sys.stdout, sys.stderr = kept


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


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise ``TooLong`` when more CPU time has gone by."""

    def stop(*_: object) -> None:
        raise TooLong

    kept = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, kept)
