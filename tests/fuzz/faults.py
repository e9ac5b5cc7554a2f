"""What is wrong with a run over an input."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from tests.fuzz.trial import TOO_LONG, Outcome, Trial, run

COMMAND = re.compile(r"##\w*\[|(?:^|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029])\s*::")
"""What a runner of workflows obeys."""
ANNOTATION = re.compile(r"^::(?:error|warning|notice) (?:file|title)=", re.MULTILINE)
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
_COLOR = re.compile(r"\x1b\[\d*m")
_FAILED = re.compile(r"Traceback|internal error|rule \S+ \(\w+\) failed: ")
_OF_A_TEAM = re.compile(
    r"^.*(?:rule \S+ \(SHOP\d+\) failed: PolicyFailure|no rule of this ruleset is run"
    r"|no configurable rule of Redocly is run): .*$",
    re.MULTILINE,
)
"""A rule or ruleset of the repository that cannot be judged is named, and the exit code is 3."""
_WRITING = frozenset({"--fix", "--update-baseline"})


def faults(trial: Trial, top: Path, *, again: bool = False) -> list[str]:
    """What is wrong with a run over an input, each in a few words; ``again`` runs it twice and compares."""
    done = run(trial, top)
    if done.code == TOO_LONG:  # or was it the machine?
        done = run(trial, top)
    found = list(_judged(trial, done))
    if again and not found and _WRITING.isdisjoint(trial.arguments):
        other = run(trial, top)
        if other.code == TOO_LONG:
            other = run(trial, top)
        if (other.code, other.out, other.err) != (done.code, done.out, done.err):
            found.append("two runs differ")
    return found


def _judged(trial: Trial, done: Outcome) -> Iterator[str]:
    said = done.out + "\n" + done.err
    own = _OF_A_TEAM.sub("", said)
    if done.code not in (0, 1, 2) and not (done.code == 3 and own != said and not _FAILED.search(own)):
        yield f"exit {done.code}: {_reason(own)}"
    elif _FAILED.search(_OF_A_TEAM.sub("", done.err)):
        yield f"failure: {_reason(own)}"
    for found in COMMAND.finditer(ANNOTATION.sub("", said) if "github" in trial.arguments else said):
        yield f"command in the output: {said[found.start() : found.start() + 40]!r}"
        break
    shown = _COLOR.sub("", said) if "always" in trial.arguments else said
    if (control := _CONTROL.search(shown)) and "--diff" not in trial.arguments:
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
