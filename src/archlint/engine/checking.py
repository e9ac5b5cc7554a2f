"""``archlint check`` and ``archlint breaking`` as functions: a request in, an outcome out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from archlint.config import Settings
from archlint.engine.reading import CONTRACTS, read_world
from archlint.engine.running import Runner
from archlint.files import FileSet, FileTree, Git
from archlint.finding import Finding, Notice, Result, Rule
from archlint.judging import Evidence, resolve
from archlint.model.world import World
from archlint.registry import Registry


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
    rules: Sequence[Rule]
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
    side = request.revision
    only = CONTRACTS if request.changes_only else None
    world = read_world(side.tree, side.paths, side.named, only=only)
    findings = [resolve(item, request.settings.severities) for item in _evidence(request, runner, world)]
    result = Result(
        findings=unique(findings),
        notices=(*request.notices, *runner.failures),
        files=len(side.paths),
        base=request.base_commit,
        root=request.root,
    )
    return Outcome(result, bool(runner.failures))


def _evidence(request: Request, runner: Runner, world: World) -> Iterator[Evidence]:
    if not request.changes_only:
        yield from runner.over_world(world)
    if request.base is not None:
        from archlint.comparison import compare_worlds

        base = read_world(request.base.tree, request.base.paths, request.base.named, only=CONTRACTS)
        yield from runner.over_changes(compare_worlds(base, world, request.renames))


def unique(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings in report order, each place, rule and message once."""
    seen: dict[tuple[object, ...], Finding] = {}
    for finding in sorted(findings, key=Finding.sort_key):
        at = finding.location
        seen.setdefault((finding.code, at.path, at.document, at.span, finding.message), finding)
    return tuple(seen.values())
