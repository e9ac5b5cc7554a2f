"""``archlint check`` and ``archlint breaking`` as functions: a request in, an outcome out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from archlint.config import Settings
from archlint.engine.reading import CONTRACTS, is_structured, known_kinds, make_world, read_world
from archlint.engine.running import Runner
from archlint.files import FileSet, FileTree, Git
from archlint.finding import Finding, Notice, Result, Rule
from archlint.judging import resolve
from archlint.model.world import World
from archlint.registry import Registry

if TYPE_CHECKING:
    from archlint.cache.files import FileCache
    from archlint.engine.filework import FileResult, FileWork


LEAST_FILES = 300
"""Files from which on a pool of processes (0.07 s to start) pays."""


@dataclass(frozen=True, slots=True)
class Side:
    """One revision of what is checked: a tree and the paths in it."""

    tree: FileTree
    paths: tuple[str, ...]
    named: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Request:
    """What to check, with which rules."""

    revision: Side
    root: str
    registry: Registry
    rules: tuple[Rule, ...]
    settings: Settings
    today: date
    base: Side | None = None
    """The older side; rules that judge changes run only if there is one."""
    base_commit: str | None = None
    renames: Mapping[str, str] = field(default_factory=dict)
    """Paths of the revision and what they were called at the base."""
    new_only: bool = False
    changes_only: bool = False
    """Judge changes and nothing else, as ``archlint breaking`` does."""
    jobs: int | None = None
    cache_folder: Path | None = None
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """A result, and whether archlint or a plugin failed on the way."""

    result: Result
    failed: bool


def base_side(git: Git, files: FileSet, commit: str) -> Side:
    """The files of a commit that lie below the named paths."""
    tree = git.tree(commit)
    return Side(tree, tuple(path for path in tree.paths() if files.covers(path)), files.named)


def check(request: Request) -> Outcome:
    """Run the rules of a request and judge what they see."""
    runner = Runner(request.rules, request.settings.options)
    with _cache(request) as cache:
        if request.changes_only:
            side = request.revision
            world = read_world(side.tree, side.paths, side.named, only=CONTRACTS)
            findings: list[Finding] = []
        else:
            world, findings = _examine(request, request.revision, runner, cache)
        findings.extend(_broken(request, world, runner))
    result = Result(
        findings=unique(findings),
        notices=(*request.notices, *runner.failures),
        files=len(request.revision.paths),
        base=request.base_commit,
        root=request.root,
    )
    return Outcome(result, bool(runner.failures))


def _cache(request: Request) -> AbstractContextManager[FileCache | None]:
    if request.cache_folder is None or request.changes_only:
        return nullcontext()
    from archlint.cache.files import FileCache

    return FileCache(request.cache_folder, request.root)


def _examine(
    request: Request, side: Side, runner: Runner, cache: FileCache | None
) -> tuple[World, list[Finding]]:
    """The world of one side, and what the rules about files and joins find in it."""
    from archlint.engine.filework import FileWork, Plan

    known = known_kinds(side.paths)
    paths = [path for path, kind in known.items() if is_structured(path, kind)]
    severities = request.settings.severities
    plan = Plan(request.rules, request.settings.options, severities)
    work = FileWork(side.tree, known, side.named, plan, cache)
    results = _work(work, paths, runner, request.jobs)
    contents = {path: result.content for path, result in results.items()}
    world = make_world(side.tree, known, contents, side.named, work.references)
    findings = [finding for result in results.values() for finding in result.findings]
    findings.extend(resolve(item, severities) for item in runner.over_files(world.without_documents()))
    findings.extend(resolve(item, severities) for item in runner.over_joins(world))
    return world, findings


def _work(work: FileWork, paths: Sequence[str], runner: Runner, jobs: int | None) -> dict[str, FileResult]:
    """The result of each structured file: from the cache, from other processes, or made here."""
    found = {path: result for path in paths if (result := work.remembered(path)) is not None}
    missing = [path for path in paths if path not in found]
    if len(missing) >= LEAST_FILES and jobs != 1 and work.tree.revision is None:
        from archlint.engine.parallel import work_in_processes

        packed = work_in_processes(missing, work, jobs)
        found.update((row.path, work.unpacked(row, failures)) for row, failures in packed)
    else:
        found.update((path, work.done(path, runner)) for path in missing)
    for path in paths:
        for code, notice in found[path].failures.items():
            runner.add_failure(code, notice)
    return {path: found[path] for path in paths}


def _broken(request: Request, world: World, runner: Runner) -> Iterator[Finding]:
    """What has changed for the worse since the base."""
    if request.base is None:
        return
    from archlint.comparison import compare_worlds

    base = read_world(request.base.tree, request.base.paths, request.base.named, only=CONTRACTS)
    for item in runner.over_changes(compare_worlds(base, world, request.renames)):
        yield resolve(item, request.settings.severities)


def unique(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings in report order, each place, rule and message once."""
    seen: dict[tuple[object, ...], Finding] = {}
    for finding in sorted(findings, key=Finding.sort_key):
        at = finding.location
        seen.setdefault((finding.code, at.path, at.document, at.span, finding.message), finding)
    return tuple(seen.values())
