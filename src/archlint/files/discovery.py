"""The world: which files lie below the paths that a user named.

Inside git these are the tracked files and the untracked ones that are not ignored. Submodules and embedded
repositories are other repositories: they belong to the world only if a path names them or a folder in them.
Outside of git, and where git does not trust the repository, folders are walked: there are no ignore rules
then, embedded repositories are plain folders, and well-known folders of tools are skipped.

Links to files are skipped, as their targets are read anyway if they belong to the world; links to folders
are never followed below a path.
"""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from itertools import islice, takewhile
from pathlib import Path

from archlint.files.git import Git, GitProblem
from archlint.files.globs import DEFAULT_EXCLUDE, Exclusion
from archlint.files.kinds import chart_folders
from archlint.files.root import git_top, links_out
from archlint.files.tree import WorkingTree, is_inside
from archlint.files.walk import existing_files, walk
from archlint.finding import Notice
from archlint.finding.records import dataclass


class InputError(Exception):
    """A path that a user named and that cannot be used: ``message`` says what to type."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Scope:
    """What the named paths cover, for paths of any revision."""

    folders: tuple[str, ...]
    """Folders relative to the root; the root is the empty string."""
    files: frozenset[str]
    exclusion: Exclusion

    def covers(self, path: str) -> bool:
        """Whether a file of this path, relative to the root, would belong to the world."""
        if path in self.files:
            return True
        return any(
            (not folder or path.startswith(folder + "/")) and not self.exclusion.excludes_file(path, folder)
            for folder in self.folders
        )


@dataclass(frozen=True, slots=True)
class FileSet:
    """The files of the world."""

    root: Path
    paths: tuple[str, ...]
    """Relative to the root, sorted; files outside of the root by the name that a user gave them."""
    named: frozenset[str]
    """Those that a path names itself."""
    scope: Scope
    notices: tuple[Notice, ...] = ()
    outside: Mapping[str, Path] = field(default_factory=dict)
    """Where the files outside of the root are."""
    charts: frozenset[str] = frozenset()
    """Folders of Helm charts, also those around the named paths."""

    def tree(self) -> WorkingTree:
        """The working tree that reads these files."""
        return WorkingTree(self.root, self.paths, outside=self.outside)

    def covers(self, path: str) -> bool:
        """Whether a file of this path would belong to the world if it existed, as at a base revision."""
        return self.scope.covers(path)


@dataclass(frozen=True, slots=True)
class _Target:
    """A path that a user named."""

    text: str
    real: Path
    """Absolute; without links, save that a file may be one."""
    is_folder: bool


def discover(
    paths: Sequence[str],
    *,
    root: Path,
    cwd: Path,
    exclude: Sequence[str] = (),
    default_exclude: bool = True,
) -> FileSet:
    """The world below ``paths``, which are relative to ``cwd``; ``root`` is from ``find_root``.

    ``exclude`` holds patterns as in gitignore, relative to the root, that add to the default ones. They
    never apply to a named path itself or to the folders above it. Raises ``InputError``.
    """
    root = Path(os.path.realpath(root))
    targets = [_target(text, cwd) for text in dict.fromkeys(paths or ["."])]
    finder = _Finder(root, Exclusion((*(DEFAULT_EXCLUDE if default_exclude else ()), *exclude)))
    for target in targets:
        if not target.is_folder:
            finder.add_named(target)
    for top, group in _by_repository([target for target in targets if target.is_folder]):
        finder.add_folders(top, group)
    return finder.result([target.real for target in targets])


def _target(text: str, cwd: Path) -> _Target:
    lexical = Path(os.path.normpath(cwd / text))
    try:
        lexical.lstat()
        is_folder = lexical.is_dir()
    except (FileNotFoundError, NotADirectoryError, ValueError):
        raise InputError(f"'{text}' does not exist. Paths are relative to {cwd}.") from None
    except OSError as error:
        raise InputError(f"'{text}' cannot be read: {error.strerror}.") from None
    folder = lexical if is_folder else lexical.parent
    if links_out(folder):
        raise InputError(
            f"'{text}' leads out of its repository through a symbolic link. "
            f"If you trust it, name the target: {os.path.realpath(lexical)}"
        )
    real = Path(os.path.realpath(folder))
    top = git_top(real)
    within = real.relative_to(top).parts if top else ()
    if ".git" in (*within, "" if is_folder else lexical.name):
        raise InputError(f"'{text}' belongs to git itself. Name a folder of the work tree.")
    return _Target(text, real if is_folder else real / lexical.name, is_folder)


def _by_repository(folders: Iterable[_Target]) -> list[tuple[Path | None, list[_Target]]]:
    """Named folders by the top of the git repository that they are in, so that git lists each one once."""
    groups: dict[Path | None, list[_Target]] = {}
    for target in folders:
        groups.setdefault(git_top(target.real), []).append(target)
    return list(groups.items())


def _below(files: Sequence[str], prefix: str) -> list[str]:
    """Those of the sorted paths that start with a prefix, without it."""
    start = bisect_left(files, prefix)
    matching = takewhile(lambda path: path.startswith(prefix), islice(files, start, None))
    return [path[len(prefix) :] for path in matching]


class _Finder:
    """Collects the files of one run."""

    def __init__(self, root: Path, exclusion: Exclusion) -> None:
        self.root = root
        self.exclusion = exclusion
        self.found: set[str] = set()
        self.named: set[str] = set()
        self.folders: list[str] = []
        self.outside: dict[str, Path] = {}
        self.notices: list[Notice] = []

    def result(self, targets: Sequence[Path]) -> FileSet:
        paths = tuple(sorted(self.found))
        return FileSet(
            root=self.root,
            paths=paths,
            named=frozenset(self.named),
            scope=Scope(tuple(dict.fromkeys(self.folders)), frozenset(self.named), self.exclusion),
            notices=tuple(dict.fromkeys(self.notices)),
            outside=self.outside,
            charts=chart_folders(paths) | self._charts_above(targets),
        )

    def _charts_above(self, targets: Iterable[Path]) -> frozenset[str]:
        """Charts around the named paths: their ``Chart.yaml`` may not belong to the world."""
        folders = {above for target in targets for above in target.parents if above.is_relative_to(self.root)}
        return chart_folders(
            (folder / "Chart.yaml").relative_to(self.root).as_posix()
            for folder in folders
            if (folder / "Chart.yaml").is_file()
        )

    def add_named(self, target: _Target) -> None:
        """Adds a file that a user named, whatever it is: reading it tells if it cannot be read."""
        if target.real.is_relative_to(self.root):
            name = target.real.relative_to(self.root).as_posix()
        else:
            name = self._outside_name(target.text, target.real)
        self.found.add(name)
        self.named.add(name)

    def _outside_name(self, text: str, real: Path) -> str:
        """The name of a file outside of the root: as given, unless it could be taken for one inside."""
        name = Path(os.path.normpath(text)).as_posix()
        if is_inside(name) and (name in self.outside or os.path.lexists(self.root / name)):
            name = real.as_posix()
        self.outside[name] = real
        return name

    def add_folders(self, top: Path | None, targets: Sequence[_Target]) -> None:
        """Adds what lies below named folders of one repository."""
        walked = targets if top is None else self._list_with_git(top, targets)
        for target in walked:
            self._walk(target)

    def _list_with_git(self, top: Path, targets: Sequence[_Target]) -> list[_Target]:
        """Adds the files that git lists; returns the folders that have to be walked instead."""
        below = [target.real.relative_to(top).as_posix() for target in targets if target.real != top]
        whole = len(below) < len(targets)
        try:
            listed, notices = Git(top).files([] if whole else below)
        except GitProblem as problem:
            text = f"{problem.message} Files are read without git: its ignore rules are not known."
            self.notices.append(Notice("warning", text))
            return list(targets)
        self.notices.extend(notices)
        files = existing_files(top, listed)
        ignored: list[_Target] = []
        for target in targets:
            folder = "" if target.real == top else target.real.relative_to(top).as_posix() + "/"
            inside = _below(files, folder)
            self._add(target, inside)
            # A named folder is always read, also one that git ignores.
            if not inside and folder:
                ignored.append(target)
        return ignored

    def _walk(self, target: _Target) -> None:
        start = self._exclusion_start(target)

        def enter(folder: str) -> bool:
            return not self.exclusion.excludes_folder(f"{start}/{folder}" if start else folder, start)

        files, unread = walk(target.real, enter)
        self._add(target, files)
        for folder in unread:
            where = Path(target.text, folder)
            self.notices.append(
                Notice("warning", f"'{where}' may not be read by this user and was left out.")
            )

    def _exclusion_start(self, target: _Target) -> str:
        """Where patterns begin to count: the named folder, relative to the root if it is inside."""
        if target.real == self.root or not target.real.is_relative_to(self.root):
            return ""
        return target.real.relative_to(self.root).as_posix()

    def _add(self, target: _Target, files: Iterable[str]) -> None:
        """Adds files named relative to a target, save those that are excluded."""
        start = self._exclusion_start(target)
        within = target.real.is_relative_to(self.root)
        if within:
            self.folders.append(start)
        for file in files:
            path = f"{start}/{file}" if start else file
            if self.exclusion.excludes_file(path, start):
                continue
            self.found.add(path if within else self._outside_file(target, file))

    def _outside_file(self, target: _Target, file: str) -> str:
        real = target.real / file
        if real.is_relative_to(self.root):
            return real.relative_to(self.root).as_posix()
        return self._outside_name(f"{target.text}/{file}", real)
