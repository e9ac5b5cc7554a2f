"""One side of a request as a world, and what the rules about files and joins see in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from archlint.engine.filework import FileResult, FileWork, Plan
from archlint.engine.reading import is_structured, known_kinds, make_world
from archlint.engine.request import Request, Side
from archlint.engine.running import Runner
from archlint.files import Kind
from archlint.finding import Finding, Notice
from archlint.finding.records import dataclass
from archlint.judging import resolve
from archlint.model.world import World

if TYPE_CHECKING:
    from archlint.cache.files import FileCache

_STRANGE = "this is no kind of file that archlint reads, and was not checked"
LEAST_FILES = 300
"""Files from which on a pool of processes (0.07 s to start) pays."""


@dataclass(frozen=True, slots=True)
class Examined:
    """A world and the findings in it, before anything is taken back."""

    world: World
    findings: tuple[Finding, ...]
    notices: tuple[Notice, ...] = ()


def examine(request: Request, side: Side, runner: Runner, cache: FileCache | None = None) -> Examined:
    """Read one side and run all rules over it that need no other side.

    The whole world is examined, whatever paths are named: these choose among the findings afterwards.
    """
    read = read_side(request, side, runner, cache)
    notices = _ask_kube_score(request, read.world)
    strangers = sorted(path for path in side.named if read.world.kinds.get(path) is Kind.OTHER)
    notices += tuple(Notice("warning", _STRANGE, path) for path in strangers)
    joined = run_joins(request, read.world, runner)
    notices += tuple(_left_out(runner))
    return Examined(read.world, (*read.findings, *joined), notices)


def _left_out(runner: Runner) -> Iterator[Notice]:
    """That a sparse checkout does not show what is missing."""
    if runner.unsure:
        text = (
            "this sparse checkout leaves out files that may hold what others need; rules that say that"
            f" something is missing did not run: {', '.join(runner.unsure)}"
        )
        yield Notice("warning", text)


def read_side(request: Request, side: Side, runner: Runner, cache: FileCache | None = None) -> Examined:
    """Read all files of one side; the findings are those of the rules that look at one file alone."""
    severities = request.settings.severities
    known = known_kinds(side.tree, side.paths, side.named)
    paths = [path for path, kind in known.items() if is_structured(path, kind)]
    plan = Plan(request.rules, request.settings.options, severities)
    work = FileWork(side.tree, known, side.named, plan, cache)
    results = _work(work, paths, runner, request.jobs)
    contents = {path: result.content for path, result in results.items()}
    kept = cache.blobs if cache else None
    world = make_world(side.tree, known, contents, side.named, references=work.references, kept=kept)
    findings = [finding for result in results.values() for finding in result.findings]
    findings.extend(resolve(item, severities) for item in runner.over_files(world.without_documents()))
    return Examined(world, tuple(findings))


def run_joins(request: Request, world: World, runner: Runner) -> tuple[Finding, ...]:
    """What the rules find that hold files against each other: they see the whole world."""
    severities = request.settings.severities
    return tuple(resolve(item, severities) for item in runner.over_joins(world))


def open_cache(request: Request) -> AbstractContextManager[FileCache | None]:
    """The cache of the request's root, open as long as its worlds are used; ``None`` where none is wanted."""
    if request.cache_folder is None:
        return nullcontext()
    from archlint.cache.files import FileCache

    return FileCache(request.cache_folder, request.root)


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


def _ask_kube_score(request: Request, world: World) -> tuple[Notice, ...]:
    if request.kube_score is None:
        return ()
    from archlint.adapters.kube_score import ask_kube_score

    return tuple(ask_kube_score(request.kube_score, world, request.rules, request.registry.rules))
