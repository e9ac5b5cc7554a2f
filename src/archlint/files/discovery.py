"""The world: which files lie below the root of the paths that a user named, or below these paths alone.

Inside git these are the tracked files and, unless only those are asked for, the untracked ones that are not
ignored. Submodules and embedded repositories are other repositories: they belong to the world only if a path
names them or a folder in them. What a path names is always read.
Outside of git, and where git does not trust the repository, folders are walked: there are no ignore rules
then, embedded repositories are plain folders, and well-known folders of tools are skipped.

Links to files are skipped, as their targets are read anyway if they belong to the world; links to folders
are never followed below a path.
"""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice, takewhile
from pathlib import Path, PurePath

from archlint.files.fileset import FileSet, PathScope, WorldReach
from archlint.files.git import Git, GitProblem, Listing
from archlint.files.globs import DEFAULT_EXCLUDE, Exclusion
from archlint.files.kinds import Kind, chart_folders, path_kind
from archlint.files.root import git_top, links_out, shared_by
from archlint.files.tree import is_inside
from archlint.files.walk import existing_files, is_empty, walk
from archlint.finding import Notice, Unread
from archlint.finding.records import dataclass

_NOT_READ_ANYWAY = frozenset({Kind.OTHER, Kind.MARKDOWN})
"""Kinds of excluded file that nobody misses."""


class InputError(Exception):
    """A path that a user named and that cannot be used: ``message`` says what to type."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class _Target:
    """A path that a user named."""

    text: str
    real: Path
    """Absolute; without links, save that a file may be one."""
    is_folder: bool
    is_named: bool = True
    """Whether a user named it; else it is the root, in which joins look around."""


def discover(
    paths: Sequence[str],
    *,
    root: Path,
    cwd: Path,
    exclude: Sequence[str] = (),
    default_exclude: bool = True,
    reach: WorldReach = WorldReach.PATHS,
    tracked: bool = False,
    supplied: Collection[str] = (),
) -> FileSet:
    """The world of ``paths``, which are relative to ``cwd``; ``root`` is from ``find_root``.

    ``exclude`` holds patterns as in gitignore, relative to the root, that add to the default ones. They
    never apply to a named path itself or to the folders above it. With ``tracked`` only what git knows
    belongs to the world. ``supplied`` are those of the paths that are files whose content comes from
    elsewhere, so that they need not exist. Raises ``InputError``.
    """
    root = Path(os.path.realpath(root))
    targets = [
        _supplied(text, cwd) if text in supplied else _target(text, cwd)
        for text in dict.fromkeys(paths or ["."])
    ]
    finder = _Finder(root, Exclusion((*(DEFAULT_EXCLUDE if default_exclude else ()), *exclude)), tracked)
    finder.reach = reach
    shared = None if tracked else shared_by(root)
    if shared is not None and reach is WorldReach.ROOT:
        finder.stay_below_paths(shared, any(target.real == root for target in targets))
    folders = [target for target in targets if target.is_folder]
    if finder.reach is WorldReach.ROOT and all(target.real != root for target in folders):
        folders.append(_Target(".", root, is_folder=True, is_named=False))
        folders += finder.left_out_around(targets)
    for top, group in _by_repository(folders):
        finder.add_folders(top, group)
    for target in targets:
        if not target.is_folder:
            finder.add_named(target)
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
    return _checked(text, lexical, is_folder)


def _supplied(text: str, cwd: Path) -> _Target:
    """A file that need not exist; what stands there instead must be no folder."""
    lexical = Path(os.path.normpath(cwd / text))
    if lexical.is_dir():
        raise InputError(f"'{text}' is a folder. Name the file that standard input stands for.")
    return _checked(text, lexical, is_folder=False)


def _checked(text: str, lexical: Path, is_folder: bool) -> _Target:
    """A path that may be read: not through a link out of its repository, and nothing of git's own."""
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

    def __init__(self, root: Path, exclusion: Exclusion, tracked: bool) -> None:
        self.root = root
        self.exclusion = exclusion
        self.reach = WorldReach.PATHS
        self.tracked: set[str] | None = set() if tracked else None
        self.absent: set[str] = set()
        self.unread: dict[str, str] = {}
        self.found: set[str] = set()
        self.named: set[str] = set()
        self.folders: list[str] = []
        self.outside: dict[str, Path] = {}
        self.notices: list[Notice] = []

    def result(self, targets: Sequence[Path]) -> FileSet:
        paths = tuple(sorted(self.found))
        given = frozenset((*self.named, *self.outside))
        unread = {path: reason for path, reason in self.unread.items() if path not in self.found}
        return FileSet(
            root=self.root,
            paths=paths,
            named=frozenset(self.named),
            scope=PathScope(tuple(dict.fromkeys(self.folders)), given, self.exclusion),
            notices=tuple(dict.fromkeys(self.notices)),
            outside=self.outside,
            charts=chart_folders(paths) | self._charts_above(targets),
            reach=self.reach,
            unread=tuple(Unread(path, reason) for path, reason in sorted(unread.items())),
            absent=frozenset(self.absent),
            tracked=None if self.tracked is None else frozenset(self.tracked),
        )

    def stay_below_paths(self, what: str, is_named: bool) -> None:
        """Tell that the root is a folder with all sorts of things, and do not look around in it."""
        self.reach = WorldReach.PATHS
        text = (
            f"{self.root} is {what}, and all of it was read; name the folder that you mean"
            if is_named
            else f"the root is {what}, {self.root}: only what lies below the paths was read, and what"
            " joins find missing may be elsewhere; --tracked takes what git tracks there into account"
        )
        self.notices.append(Notice("warning", text))

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
        if self.tracked is not None and not self._is_tracked(target.real):
            text = "git does not track the file, so --tracked leaves it out; `git add` it"
            self.notices.append(Notice("warning", text, name))
            return
        if self.tracked is not None:
            self.tracked.add(name)
        self.found.add(name)
        self.named.add(name)

    def _is_tracked(self, real: Path) -> bool:
        top = git_top(real.parent)
        if top is None or self.tracked is None:
            return False
        listed = self._listed(top, [real.relative_to(top).as_posix()])
        return listed is not None and bool(listed.files)

    def _outside_name(self, text: str, real: Path) -> str:
        """The name of a file outside of the root: as given, unless it could be taken for one inside."""
        name = Path(os.path.normpath(text)).as_posix()
        if is_inside(name) and (name in self.outside or os.path.lexists(self.root / name)):
            name = real.as_posix()
        self.outside[name] = real
        return name

    def left_out_around(self, targets: Sequence[_Target]) -> Iterator[_Target]:
        """The excluded folders that named paths lie in: whoever names a file there means it as a part of what
        stands around it, so that joins have to see that."""
        found: dict[str, None] = {}
        for target in targets:
            if target.real.is_relative_to(self.root):
                found |= dict.fromkeys(self._left_out_above(target.real.relative_to(self.root)))
        for folder in found:
            yield _Target(folder, self.root / folder, is_folder=True, is_named=False)

    def _left_out_above(self, path: PurePath) -> Iterator[str]:
        """The topmost excluded folder above a path, if there is one."""
        above = (folder.as_posix() for folder in reversed(path.parents) if folder.parts)
        yield from islice((folder for folder in above if self.exclusion.excludes_folder(folder, "")), 1)

    def add_folders(self, top: Path | None, targets: Sequence[_Target]) -> None:
        """Adds what lies below named folders of one repository."""
        if top is None and self.tracked is not None:
            raise InputError(f"'{targets[0].text}' lies in no git repository; leave out --tracked")
        walked = targets if top is None else self._list_with_git(top, targets)
        for target in walked:
            self._walk(target)

    def _list_with_git(self, top: Path, targets: Sequence[_Target]) -> list[_Target]:
        """Adds the files that git lists; returns the folders that have to be walked instead."""
        below = [target.real.relative_to(top).as_posix() for target in targets if target.real != top]
        is_whole = len(below) < len(targets) or self.tracked is not None
        listed = self._listed(top, [] if is_whole else below)
        if listed is None:
            return list(targets)
        files = existing_files(top, listed.files)
        self._note_missing(top, listed, files)
        if self.tracked is not None:
            self.tracked.update(self._names(top, listed.files))
        ignored: list[_Target] = []
        for target in targets:
            folder = "" if target.real == top else target.real.relative_to(top).as_posix() + "/"
            inside = _below(files, folder)
            self._add(target, inside)
            # A named folder is always read, also one that git ignores.
            if not inside and folder and target.is_named and self.tracked is None:
                ignored.append(target)
        return ignored

    def _listed(self, top: Path, below: Sequence[str]) -> Listing | None:
        """What git lists; ``None`` where it refuses, and folders have to be walked."""
        try:
            listed = Git(top).files(below, untracked=self.tracked is None)
        except GitProblem as problem:
            if self.tracked is not None:
                raise InputError(f"--tracked needs git to list files. {problem.message}") from None
            text = f"{problem.message} Files are read without git: its ignore rules are not known."
            self.notices.append(Notice("warning", text))
            return None
        self.notices.extend(listed.notices)
        return listed

    def _names(self, top: Path, files: Iterable[str]) -> Iterator[str]:
        """Files of a repository as they are called here; none of those outside of the root."""
        if top == self.root:
            yield from files
        elif top.is_relative_to(self.root):
            start = top.relative_to(self.root).as_posix()
            yield from (f"{start}/{file}" for file in files)

    def _note_missing(self, top: Path, listed: Listing, files: Sequence[str]) -> None:
        """What git lists and what is no file here: left out of a sparse checkout, or another repository."""
        for file in set(listed.files).difference(files):
            name = next(self._names(top, [file.rstrip("/")]), None)
            if name is None:
                continue
            if file in listed.skipped and not os.path.lexists(top / file):
                self.absent.add(name)
                self.unread[name] = "absent"
            elif (top / file).is_dir() and not (top / file).is_symlink():
                self.unread[name] = "submodule-absent" if is_empty(top / file) else "other-repository"

    def _walk(self, target: _Target) -> None:
        start = self._exclusion_start(target)

        def enter(folder: str) -> bool:
            path = f"{start}/{folder}" if start else folder
            if self.exclusion.excludes_folder(path, start):
                self._note_excluded(path)
                return False
            return True

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
        if within and target.is_named:
            self.folders.append(start)
        for file in files:
            path = f"{start}/{file}" if start else file
            if self.exclusion.excludes_file(path, start):
                if within and path_kind(path) not in _NOT_READ_ANYWAY:
                    self._note_excluded(path)
                continue
            self.found.add(path if within else self._outside_file(target, file))

    def _note_excluded(self, path: str) -> None:
        self.unread.setdefault(path, "excluded")

    def _outside_file(self, target: _Target, file: str) -> str:
        real = target.real / file
        if real.is_relative_to(self.root):
            return real.relative_to(self.root).as_posix()
        return self._outside_name(f"{target.text}/{file}", real)
