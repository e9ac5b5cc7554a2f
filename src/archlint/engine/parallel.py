"""The work on many files in several processes. Below some hundred files one process is faster."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor

from archlint.cache.copies import usable_processes
from archlint.cache.files import CachedFile
from archlint.engine.filework import FileWork, Plan
from archlint.engine.running import Runner
from archlint.files import FileTree, Kind
from archlint.finding import Notice

_CHUNK = 50

_Sets = tuple[frozenset[str], frozenset[str]]
"""The files that are named, and those that kustomizations take in."""
Packed = tuple[CachedFile, Mapping[str, Notice]]


def work_in_processes(paths: Sequence[str], work: FileWork, processes: int | None) -> Iterator[Packed]:
    """The packed result of every path, in the order of ``paths``; ``None`` uses every core that is ours."""
    chunks = [paths[start : start + _CHUNK] for start in range(0, len(paths), _CHUNK)]
    with ProcessPoolExecutor(
        usable_processes(processes),
        initializer=_begin,
        initargs=(work.tree, work.known, work.plan, work.signature, (work.named, work.taken)),
    ) as pool:
        for results in pool.map(_work, chunks):
            yield from results


_STATE: dict[str, tuple[FileWork, Plan]] = {}
"""In a worker process: what all its chunks share."""


def _begin(tree: FileTree, known: Mapping[str, Kind | None], plan: Plan, signature: str, sets: _Sets) -> None:
    named, taken = sets
    work = FileWork(tree, known, named, plan, signature=signature)
    work.taken = taken
    _STATE["work"] = (work, plan)


def _work(paths: Sequence[str]) -> list[Packed]:
    work, plan = _STATE["work"]
    # A runner of its own for each chunk: what failed is told by the chunk, whoever works on it.
    runner = Runner(
        plan.rules, plan.options, severities=plan.severities, on_request=plan.on_request, asked=plan.asked
    )
    return [work.packed(path, runner) for path in paths]
