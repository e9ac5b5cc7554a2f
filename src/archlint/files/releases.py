"""What git knows of a release: its base, the release before it, and what of the working tree is not in it.

Who makes a release may also make branches and tags, so names that mean several things are refused.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

from archlint.files.git import Git, GitProblem, RevisionError
from archlint.finding.regex import regex

_PLAIN_NAME = regex(r"[^~^:@{}\s]+\Z")
_PLACES = ("refs/tags/", "refs/heads/", "refs/remotes/")


def release_base(git: Git, revision: str) -> str:
    """The commit at which a release began: the merge base of ``HEAD`` and a revision whose name means one
    thing. Raises ``RevisionError``, also where nothing lies between the two."""
    refuse_ambiguous(git, revision)
    base = git.merge_base(revision)
    if base == git.resolve("HEAD"):
        raise RevisionError(
            f"HEAD holds nothing that '{revision}' does not: there is no release to judge. Name what was"
            " released before, or the branch that the change is made for."
        )
    return base


def refuse_ambiguous(git: Git, revision: str) -> None:
    """Raises ``RevisionError`` for a name that is that of several branches or tags: a local branch called
    ``origin/main`` would be taken for the remote one."""
    if _PLAIN_NAME.match(revision) is None:
        return
    names = [f"{place}{revision}" for place in _PLACES]
    _, output, _ = git.run("for-each-ref", "--format=%(refname) %(objectname)", *names)
    rows = [line.split(" ") for line in output.decode("utf-8", "replace").splitlines()]
    found = [name for name, _ in rows if name in names]
    if len(found) > 1:
        raise RevisionError(
            f"'{revision}' is several things here ({', '.join(found)}). Write the one that is meant in full."
        )


def newest_tag(git: Git, commit: str, patterns: Sequence[str]) -> str | None:
    """The newest tag of some patterns among those from which a commit comes; raises ``GitProblem``."""
    code, output, errors = git.run(
        *("for-each-ref", f"--merged={commit}", "--sort=-creatordate", "--format=%(refname)", "refs/tags")
    )
    if code != 0:
        raise GitProblem(f"git cannot list the tags: {errors or 'no reason given'}")
    names = (line.removeprefix("refs/tags/") for line in output.decode("utf-8", "replace").splitlines())
    return next((name for name in names if any(fnmatchcase(name, each) for each in patterns)), None)


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
