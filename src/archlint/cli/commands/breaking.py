"""``archlint breaking BASE REVISION``: what a contract breaks against an older one."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from posixpath import normpath
from typing import Any

import click

from archlint.cache import cache_folder
from archlint.cli.baselines import baseline_keeper, read_baseline
from archlint.cli.delivery import deliver
from archlint.cli.exits import Exit, UsageProblem
from archlint.cli.flags import Flags
from archlint.cli.options import shared_options
from archlint.cli.progress import progress
from archlint.cli.session import open_session
from archlint.engine.breaking import NothingCompared, breaking
from archlint.engine.request import Request, Side
from archlint.files import (
    FileSet,
    Git,
    GitProblem,
    GitTree,
    InputError,
    WorkingTree,
    discover,
    git_top,
)
from archlint.finding import Notice
from archlint.finding.records import dataclass, replace

_CHANGELOG = "changelog"
"""The tag of the rules that tell of compatible changes, which only this command runs without being told."""


@dataclass(frozen=True, slots=True)
class _Given:
    """One side as it was named: a file or folder, on disk or at a revision."""

    side: Side
    folder: str
    """The named folder relative to the side's root, or the folder of the named file."""
    is_file: bool
    notices: tuple[Notice, ...] = ()
    commit: str | None = None


@click.command("breaking")
@click.argument("base")
@click.argument("revision")
@shared_options
def command(base: str, revision: str, **given: Any) -> Exit:
    """Judge what REVISION breaks against BASE; each is a file, a folder, or REV:PATH."""
    flags = Flags(**given)
    session = open_session([_start(base, revision)], flags)
    try:
        old = _side(base, session.root, "base", session.settings.exclude)
        new = _side(revision, session.root, None, session.settings.exclude)
    except (InputError, GitProblem) as problem:
        raise UsageProblem(problem.message) from None
    if old.is_file != new.is_file:
        raise UsageProblem("BASE and REVISION must both be files or both be folders")
    request = Request(
        revision=new.side,
        root=str(session.root),
        registry=session.registry,
        rules=session.rules_with(_CHANGELOG),
        settings=session.settings,
        today=flags.today or date.today(),
        renames=_pairs(old, new),
        whole=False,
        sees_all=False,
        cache_folder=None if flags.no_cache else cache_folder(),
        baseline=read_baseline(session, flags),
        keep=baseline_keeper(session, flags),
        facts=Git(session.root).facts() if flags.wants_revision_facts else {},
        notices=(*session.notices, *old.notices, *new.notices),
        base_commit=old.commit,
        jobs=flags.jobs,
    )
    try:
        with progress(quiet=flags.quiet) as told:
            result = breaking(old.side, replace(request, progress=told))
    except NothingCompared as problem:
        raise UsageProblem(f"{problem} (BASE was '{base}', REVISION '{revision}'.)") from None
    trees = {None: new.side.tree, "base": old.side.tree}
    return deliver(result, flags, session.registry, trees, help_url=session.settings.help_url)


def _start(base: str, revision: str) -> str:
    """The path whose root both sides are read from.

    Outside of git that is the nearest folder above both, so that each may refer to files beside it.
    """
    if not os.path.lexists(revision):
        return "."
    if git_top(Path(revision).absolute().parent) is not None or not os.path.lexists(base):
        return revision
    above = os.path.commonpath([os.path.realpath(base), os.path.realpath(revision)])
    return above if Path(above).parent != Path(above) else revision


def _side(given: str, root: Path, revision: str | None, exclude: tuple[str, ...]) -> _Given:
    if os.path.lexists(given) or ":" not in given:
        files = discover([given], root=root, cwd=Path.cwd(), exclude=exclude)
        return _on_disk(files, given, revision)
    name, _, path = given.partition(":")
    return _at_revision(name, path, revision)


def _on_disk(files: FileSet, given: str, revision: str | None) -> _Given:
    tree = WorkingTree(files.root, files.paths, outside=files.outside, revision=revision)
    side = Side(tree, files.paths, files.named)
    if files.named:
        return _Given(side, "", is_file=True, notices=files.notices)
    relative = os.path.relpath(os.path.realpath(given), files.root).replace(os.sep, "/")
    folder = given.rstrip("/") if relative.split("/")[0] == ".." else relative
    return _Given(side, folder, is_file=False, notices=files.notices)


def _at_revision(name: str, path: str, revision: str | None) -> _Given:
    here = Path.cwd()
    top = git_top(here)
    if top is None:
        raise UsageProblem(f"'{name}:{path}' names a git revision, but this folder is in no git repository")
    if path.startswith(("./", "../")):  # as git reads it: relative to the working directory
        path = os.path.relpath(here / path, top).replace(os.sep, "/")
    path = normpath(path) if path else "."
    git = Git(top)
    commit = git.resolve(name)
    tree = GitTree(git, commit, revision=revision)
    if path in tree:
        return _Given(Side(tree, (path,), frozenset({path})), "", is_file=True, commit=commit)
    inside = tuple(item for item in tree.paths() if path == "." or item.startswith(path + "/"))
    if not inside:
        raise UsageProblem(f"there is no '{path}' at revision '{name}'")
    return _Given(Side(tree, inside), path, is_file=False, commit=commit)


def _pairs(old: _Given, new: _Given) -> Mapping[str, str]:
    """Which old path each new path has: the two files, or the paths below the two folders that are alike."""
    if new.is_file:
        return dict(zip(new.side.paths, old.side.paths, strict=True))
    older = {_below(path, old.folder): path for path in old.side.paths}
    return {
        path: older[_below(path, new.folder)] for path in new.side.paths if _below(path, new.folder) in older
    }


def _below(path: str, folder: str) -> str:
    return path if folder == "." else path.removeprefix(folder + "/")
