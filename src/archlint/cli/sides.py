"""The two sides of a comparison as they are named: a file, a folder, or REV:PATH."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from posixpath import normpath

from archlint.cli.exits import UsageProblem
from archlint.cli.flags import Flags
from archlint.cli.session import Session
from archlint.config import Settings
from archlint.engine.request import Side
from archlint.files import (
    FileSet,
    Git,
    GitProblem,
    GitTree,
    InputError,
    WorkingTree,
    WorldReach,
    discover,
    git_top,
)
from archlint.files.globs import DEFAULT_EXCLUDE, Exclusion
from archlint.finding import Notice
from archlint.finding.records import dataclass


@dataclass(frozen=True, slots=True)
class GivenSide:
    """One side as it was named: a file or folder, on disk or at a revision."""

    side: Side
    folder: str
    """The named folder relative to the side's root, or the folder of the named file."""
    is_file: bool
    notices: tuple[Notice, ...] = ()
    commit: str | None = None


def named_files(
    named: Sequence[str], session: Session, flags: Flags, *, reach: WorldReach = WorldReach.PATHS
) -> FileSet:
    """The files that PATHs of a command mean; raises ``UsageProblem``."""
    if "" in named:
        raise UsageProblem("a PATH is empty; write '.' for the current folder")
    try:
        return discover(
            named,
            root=session.root,
            cwd=Path.cwd(),
            exclude=session.settings.exclude,
            reach=reach,
            tracked=flags.tracked,
        )
    except (InputError, GitProblem) as problem:
        raise UsageProblem(problem.message) from None


def start_of(base: str, revision: str) -> str:
    """The path whose root both sides are read from.

    Outside of git that is the nearest folder above both, so that each may refer to files beside it.
    """
    if not os.path.lexists(revision):
        return "."
    if git_top(Path(revision).absolute().parent) is not None or not os.path.lexists(base):
        return revision
    above = os.path.commonpath([os.path.realpath(base), os.path.realpath(revision)])
    return above if Path(above).parent != Path(above) else revision


def given_side(given: str, root: Path, revision: str | None, exclude: tuple[str, ...]) -> GivenSide:
    """What a side names; raises ``InputError``, ``GitProblem`` and ``UsageProblem``."""
    if os.path.lexists(given) or ":" not in given:
        files = discover([given], root=root, cwd=Path.cwd(), exclude=exclude)
        return _on_disk(files, given, revision)
    name, _, path = given.partition(":")
    return side_at_revision(name, path, revision)


def _on_disk(files: FileSet, given: str, revision: str | None) -> GivenSide:
    tree = WorkingTree(files.root, files.paths, outside=files.outside, revision=revision)
    asked = (*files.scope.folders, *files.scope.files)
    side = Side(tree, files.paths, files.named, asked)
    if files.named:
        return GivenSide(side, "", is_file=True, notices=files.notices)
    relative = os.path.relpath(os.path.realpath(given), files.root).replace(os.sep, "/")
    folder = given.rstrip("/") if relative.split("/")[0] == ".." else relative
    return GivenSide(side, folder, is_file=False, notices=files.notices)


def side_at_revision(name: str, path: str, revision: str | None) -> GivenSide:
    """What a path at a revision of git names; raises ``GitProblem`` and ``UsageProblem``."""
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
        return GivenSide(Side(tree, (path,), frozenset({path}), (path,)), "", is_file=True, commit=commit)
    inside = tuple(item for item in tree.paths() if path == "." or item.startswith(path + "/"))
    if not inside:
        raise UsageProblem(f"there is no '{path}' at revision '{name}'")
    side = Side(tree, inside, asked=("" if path == "." else path,))
    return GivenSide(side, path, is_file=False, commit=commit)


def repository_of(base: GivenSide, revision: GivenSide, session: Session) -> Side | None:
    """Where consumers of a revision's contracts are looked for: all that git has beside it if a revision is
    compared, the folder itself if two folders are; two files have nothing around them."""
    if revision.is_file and base.commit is None and revision.commit is None:
        return None
    tree = revision.side.tree
    if isinstance(tree, GitTree):
        exclusion = Exclusion((*DEFAULT_EXCLUDE, *session.settings.exclude))
        return Side(tree, tuple(path for path in tree.paths() if not exclusion.excludes_file(path, "")))
    if base.commit is None:
        return revision.side
    if git_top(session.root) is None:
        return None
    try:
        files = discover(
            [str(session.root)], root=session.root, cwd=Path.cwd(), exclude=session.settings.exclude
        )
    except (InputError, GitProblem):
        return None
    return Side(files.tree(), files.paths)


def earlier_sides(
    git: Git, commit: str | None, settings: Settings, belongs: Callable[[str], bool]
) -> Callable[[], Iterable[tuple[str, Side]]]:
    """What gives the versions before a base with which schemas of events are compared; raises ``GitProblem``
    where the configuration asks for them and there is none."""
    if commit is None or not settings.events.asks_all_versions:
        return tuple
    from archlint.files.releases import releases_before

    names = releases_before(git, commit, settings.events.versions)
    if not names:
        patterns = ", ".join(settings.events.versions)
        raise GitProblem(
            f"events.compatibility is {settings.events.compatibility}, and no tag before the base is one of"
            f" events.versions ({patterns}). Fetch the tags ('fetch-depth: 0' on GitHub), or correct the"
            " patterns."
        )

    def opened() -> Iterator[tuple[str, Side]]:
        for name in names:
            with GitTree(git, git.resolve(f"refs/tags/{name}"), revision=name) as tree:
                yield name, Side(tree, tuple(filter(belongs, tree.paths())))

    return opened


def base_side(files: FileSet, revision: str | None) -> tuple[Side | None, str | None, dict[str, str]]:
    """The same files at the merge base with a revision, its commit, and the former names of files; raises
    ``GitProblem`` and ``UsageProblem``."""
    if revision is None:
        return None, None, {}
    if git_top(files.root) is None:
        raise UsageProblem(f"'{files.root}' lies in no git repository; --base needs one")
    git = Git(files.root)
    commit = git.merge_base(revision)
    tree, renames = GitTree(git, commit), git.renames(commit)
    moved_in = {old for new, old in renames.items() if files.belongs(new)}
    moved_out = {old for new, old in renames.items() if not files.belongs(new)}
    belonging = {path for path in tree.paths() if files.belongs(path)}
    paths = tuple(sorted((belonging - moved_out) | moved_in))
    return Side(tree, paths, files.named), commit, renames
