"""``archlint check`` as a function: paths in, a result out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from archlint.config import Settings
from archlint.engine.reading import read_world
from archlint.engine.running import Runner
from archlint.files import FileSet, WorkingTree
from archlint.finding import Finding, Result, Rule
from archlint.judging import resolve


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """What to check, and how."""

    files: FileSet
    rules: Sequence[Rule]
    settings: Settings
    today: date


@dataclass(frozen=True, slots=True)
class Outcome:
    """A result, and whether archlint or a plugin failed on the way."""

    result: Result
    failed: bool


def check(request: CheckRequest) -> Outcome:
    """Run the rules of a request over the working tree."""
    files = request.files
    world = read_world(WorkingTree(files), files.paths, files.named)
    runner = Runner(request.rules, request.settings.options)
    findings = [resolve(evidence, request.settings.severities) for evidence in runner.over_world(world)]
    result = Result(
        findings=unique(findings),
        notices=(*files.notices, *runner.failures),
        files=len(files.paths),
        root=str(Path(files.root)),
    )
    return Outcome(result, bool(runner.failures))


def unique(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings in report order, each place, rule and message once."""
    seen: dict[tuple[object, ...], Finding] = {}
    for finding in sorted(findings, key=Finding.sort_key):
        at = finding.location
        seen.setdefault((finding.code, at.path, at.document, at.span, finding.message), finding)
    return tuple(seen.values())
