"""What git knows of a release: its base, the release before it, and what of the working tree is not in it.

Who makes a release may also make branches and tags, so names that mean several things are refused.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from archlint.files.git import Git, GitProblem, RevisionError
from archlint.files.kinds import Kind, path_kind
from archlint.finding.regex import regex

_NAME = regex(r"[^~^:@{}\s]++")
_HASH = regex(r"[0-9a-f]{4,64}\Z")
_POINTER = regex(r"ref:|[0-9a-f]{40}")
_LONGEST = 100
_LOOKED_AT = "H"
_SPARSE = "S"
_SUBMODULE = "160000"
_LARGE = 50_000_000
_CHUNK = 1 << 20
"""How ``git ls-files -v`` marks what git looks at, and what a sparse checkout leaves out."""
_CONVERSIONS = ("filter", "ident", "working-tree-encoding")
_NO_CONVERSION = ("unspecified", "unset")
_MOST_ASKED = 1000
_FAR_AWAY = 2**31
"""A time that no file has."""
_CANDIDATES = 100
_PRE_RELEASES = ("*-rc*", "*-alpha*", "*-beta*", "*-pre*", "*-dev*", "*-SNAPSHOT*", "*.rc*", "*[0-9]rc[0-9]*")
_TAGS = "refs/tags/"
_PLACES = (_TAGS, "refs/heads/", "refs/remotes/")


def release_base(git: Git, revision: str) -> str:
    """What a release is judged against: a tag itself, which is what runs, else the merge base of ``HEAD`` and
    a revision whose name means one thing. Raises ``RevisionError``, also where ``HEAD`` has nothing new."""
    refuse_ambiguous(git, revision)
    base = git.merge_base(revision)
    if base == git.resolve("HEAD"):
        raise RevisionError(
            f"HEAD holds nothing that '{revision}' does not: there is no release to judge. Name what was"
            " released before, or the branch that the change is made for."
        )
    return git.resolve(revision) if _is_tag(git, revision) else base


def _is_tag(git: Git, revision: str) -> bool:
    """Whether a revision, which means one thing, is a tag. Releases are often tagged beside the branch that
    they come from, with files and corrections that the branch has not: to its last commit in common with
    ``HEAD`` nobody goes back."""
    names = [name for name in (revision, f"refs/{revision}", f"{_TAGS}{revision}") if name.startswith(_TAGS)]
    return not {*names}.isdisjoint(_existing(git, names))


def _existing(git: Git, names: Sequence[str]) -> list[str]:
    """Those of some full names that are branches or tags."""
    _, output, _ = git.run("for-each-ref", "--format=%(refname)", *names)
    return [name for name in output.decode("utf-8", "replace").splitlines() if name in names]


def refuse_ambiguous(git: Git, revision: str) -> None:
    """Raises ``RevisionError`` for a name that is that of several branches or tags: a local branch called
    ``origin/main`` would be taken for the remote one."""
    named = _NAME.match(revision)
    if named is None:
        return
    found = _existing(git, [f"{place}{named[0]}" for place in _PLACES])
    if found and _is_own_file(git, named[0]):
        found.append("a file in git's own folder")
    if found and _HASH.match(named[0]) and git.run("rev-parse", f"--disambiguate={named[0]}")[1].strip():
        found.append("a commit")
    if len(found) > 1:
        raise RevisionError(
            f"'{revision}' is several things here ({', '.join(found)}). Write the one that is meant in full."
        )


def _is_own_file(git: Git, name: str) -> bool:
    """Whether a name is also that of a file beside ``HEAD``, which git takes before branches and tags."""
    if name.startswith("refs/"):
        return False
    _, output, _ = git.run("rev-parse", "--git-path", name)
    path = git.root / os.fsdecode(output.rstrip(b"\n"))
    try:
        with path.open(encoding="latin-1") as file:
            return _POINTER.match(file.read(_LONGEST)) is not None
    except OSError:
        return False


def last_release(git: Git, commit: str, patterns: Sequence[str]) -> str | None:
    """The tag of some patterns that is nearest before a commit: that from which it has the fewest commits,
    and no pre-release if there is another. Dates of tags say nothing, as who tags chooses them."""
    wanted = [f"--match={each}" for each in patterns]
    for left_out in ([f"--exclude={each}" for each in _PRE_RELEASES], []):
        code, output, _ = git.run(
            *("describe", "--tags", "--abbrev=0", f"--candidates={_CANDIDATES}"), *wanted, *left_out, commit
        )
        name = output.decode("utf-8", "replace").strip()
        if code == 0 and name:
            return name
    return None


def releases_before(git: Git, commit: str, patterns: Sequence[str]) -> list[str]:
    """All tags of some patterns that a commit contains, the newest version first; raises ``GitProblem``."""
    names = [f"refs/tags/{each}" for each in patterns]
    sort, form = "--sort=-version:refname", "--format=%(refname:strip=2)"
    code, output, errors = git.run("for-each-ref", sort, form, f"--merged={commit}", *names)
    if code != 0:
        raise GitProblem(f"git for-each-ref failed: {errors or 'no reason given'}")
    return output.decode("utf-8", "replace").split()


def not_in_head(git: Git) -> Iterator[str]:
    """The files of the working tree that are not as ``HEAD`` has them, untracked ones included, and of those
    that are ignored what archlint would read; raises ``GitProblem``. What git was told not to look at
    (``--assume-unchanged``, ``--skip-worktree``) is looked at here."""
    staged = _names(git, "diff-index", "--cached", "-z", "--name-only", "--ignore-submodules=all", "HEAD")
    untracked = _names(git, "ls-files", "-z", "--others", "--exclude-standard")
    index = _Index(git)
    yield from sorted({*staged, *index.edited(), *untracked, *_ignored(git)})


class _Index:
    """What git knows of the working tree. git itself compares only times and sizes here: where these cannot
    tell, it would read the file through the filters that the repository's configuration names."""

    def __init__(self, git: Git) -> None:
        self._git = git
        self._objects: dict[str, str] = {}
        self._overlooked: list[str] = []
        for row in _names(git, "ls-files", "-z", "-s", "-v"):
            facts, _, path = row.partition("\t")
            tag, mode, name, *_ = facts.split(" ")
            if mode == _SUBMODULE:
                continue
            self._objects[path] = name
            is_left_out = tag.upper() == _SPARSE and not os.path.lexists(git.root / path)
            if tag != _LOOKED_AT and not is_left_out:
                self._overlooked.append(path)

    def edited(self) -> set[str]:
        """The files that have another content than the index."""
        _, output, _ = self._git.run("rev-parse", "--git-path", "index")
        index = self._git.root / os.fsdecode(output.rstrip(b"\n"))
        try:
            written = index.stat().st_mtime
        except OSError:  # there is none in a repository in which nothing was ever added
            return set()
        doubtful = {*self._touched(index), *self._overlooked}
        same = {path for path in self._objects if path not in doubtful and self._is_recent(path, written)}
        differing = {path for path in doubtful if not self._is_as_known(path)}
        return differing | self._unconverted([path for path in same if not self._is_as_known(path)])

    def _touched(self, index: Path) -> list[str]:
        """What has another time or size than git noted. A copy of the index that is newer than all files
        keeps git from reading any."""
        with TemporaryDirectory(prefix="archlint-index-") as folder:
            copy = Path(folder) / "index"
            shutil.copyfile(index, copy)
            os.utime(copy, (_FAR_AWAY, _FAR_AWAY))
            return _names(self._git, "diff-files", "-z", "--name-only", "--ignore-submodules=all", index=copy)

    def _is_recent(self, path: str, written: float) -> bool:
        """Whether a file was changed in the second in which the index was written, or later: git has to look
        at its content."""
        try:
            return os.lstat(self._git.root / path).st_mtime >= int(written)
        except OSError:
            return False

    def _unconverted(self, paths: Sequence[str]) -> set[str]:
        """Those of some files that git does not convert when it checks them out."""
        if not paths:
            return set()
        found = _names(self._git, "check-attr", "--cached", "-z", *_CONVERSIONS, "--", *paths[:_MOST_ASKED])
        converted = {found[at] for at in range(0, len(found) - 2, 3) if found[at + 2] not in _NO_CONVERSION}
        return {*paths} - converted

    def _is_as_known(self, path: str) -> bool:
        """Whether a file has the content that the index has, perhaps with other line ends."""
        target, known = self._git.root / path, self._objects.get(path)
        if known is None:
            return False
        try:
            facts = target.stat(follow_symlinks=False)
            if stat.S_ISLNK(facts.st_mode):
                return known == _object(os.fsencode(target.readlink()), known)
            if not stat.S_ISREG(facts.st_mode):
                return False
            if facts.st_size > _LARGE:
                return known == _object_of_file(target, facts.st_size, known)
            content = target.read_bytes()
        except OSError:
            return False
        return known in (_object(content, known), _object(content.replace(b"\r\n", b"\n"), known))


def _ignored(git: Git) -> Iterator[str]:
    """Ignored files that would be manifests, contracts or the like; of ignored folders, such as those with
    dependencies, nothing."""
    found = _names(git, "ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory")
    for path in found:
        is_read = not path.endswith("/") and path_kind(path) not in (Kind.OTHER, Kind.MARKDOWN)
        if is_read and not path.endswith(".json"):
            yield path


def _names(git: Git, *arguments: str, index: Path | None = None) -> list[str]:
    code, output, errors = git.run(*arguments, index=index)
    if code != 0:
        raise GitProblem(f"git {arguments[0]} failed: {errors or 'no reason given'}")
    return [os.fsdecode(name) for name in output.split(b"\0") if name]


def _object(content: bytes, like: str) -> str:
    """The name that git gives to a content, by the hash that another name was made with."""
    digest = _digest(len(content), like)
    digest.update(content)
    return digest.hexdigest()


def _object_of_file(path: Path, size: int, like: str) -> str:
    """As ``_object``, of a file that is too large to be held in memory."""
    digest = _digest(size, like)
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _digest(size: int, like: str) -> hashlib._Hash:
    digest = hashlib.sha256() if len(like) > 40 else hashlib.sha1(usedforsecurity=False)
    digest.update(b"blob %d\0" % size)
    return digest
