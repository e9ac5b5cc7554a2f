"""What git knows of a release: its base, the release before it, and what of the working tree is not in it.

Who makes a release may also make branches and tags, so names that mean several things are refused.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence

from archlint.files.git import Git, GitProblem, RevisionError
from archlint.finding.regex import regex

_NAME = regex(r"[^~^:@{}\s]++")
_HASH = regex(r"[0-9a-f]{4,64}\Z")
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
    if found and _HASH.match(named[0]) and git.run("rev-parse", f"--disambiguate={named[0]}")[1].strip():
        found.append("a commit")
    if len(found) > 1:
        raise RevisionError(
            f"'{revision}' is several things here ({', '.join(found)}). Write the one that is meant in full."
        )


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
    """The files of the working tree that are not as ``HEAD`` has them, untracked ones included; raises
    ``GitProblem``. git itself compares only what it knows of files without reading them, as it would run the
    repository's filters on their content."""
    staged = _names(git, "diff-index", "--cached", "-z", "--name-only", "--ignore-submodules=all", "HEAD")
    touched = _names(git, "diff-files", "-z", "--name-only", "--ignore-submodules=all")
    untracked = _names(git, "ls-files", "-z", "--others", "--exclude-standard")
    known = _index(git) if touched else {}
    edited = [path for path in touched if not _is_as_known(git, path, known.get(path))]
    yield from sorted({*staged, *edited, *untracked})


def _names(git: Git, *arguments: str) -> list[str]:
    code, output, errors = git.run(*arguments)
    if code != 0:
        raise GitProblem(f"git {arguments[0]} failed: {errors or 'no reason given'}")
    return [os.fsdecode(name) for name in output.split(b"\0") if name]


def _index(git: Git) -> dict[str, str]:
    """The object of each path in the index."""
    rows = (row.partition("\t") for row in _names(git, "ls-files", "-z", "-s"))
    return {path: facts.split(" ")[1] for facts, _, path in rows}


def _is_as_known(git: Git, path: str, known: str | None) -> bool:
    """Whether a file has the content that the index has, perhaps with other line ends."""
    target = git.root / path
    if known is None or target.is_symlink() or not target.is_file():
        return False
    try:
        content = target.read_bytes()
    except OSError:
        return False
    return known in (_object(content, known), _object(content.replace(b"\r\n", b"\n"), known))


def _object(content: bytes, like: str) -> str:
    """The name that git gives to a content, by the hash that another name was made with."""
    digest = hashlib.sha256() if len(like) > 40 else hashlib.sha1(usedforsecurity=False)
    digest.update(b"blob %d\0" % len(content))
    digest.update(content)
    return digest.hexdigest()
