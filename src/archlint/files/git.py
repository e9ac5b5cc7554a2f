"""git as a read-only source of files and facts, treating the repository's own configuration as hostile.

Only plumbing commands run. None of them reads text conversions, content filters, hooks, pagers, aliases or
external diff programs, and the settings below take the rest away: file system monitors, hooks, bare
repositories hidden in folders, and every transport, so that a partial clone fetches nothing.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote, urlsplit

from archlint.files.git_files import odd_file
from archlint.finding import Notice
from archlint.finding.records import dataclass

TIMEOUT = 30.0
"""Seconds that one git command may take; listing 100,000 files takes about one."""
_HUNG: set[Path] = set()
"""Repositories in which a command took longer: no other one is waited for."""

_SAFE_OPTIONS = (
    *("-c", "core.fsmonitor=false"),
    *("-c", "core.hooksPath=/dev/null"),
    *("-c", "safe.bareRepository=explicit"),
    *("-c", "protocol.allow=never"),
    "--no-optional-locks",
    "--no-pager",
    "--literal-pathspecs",
)

# Of git's own variables only those stay that say where the user's configuration is. Others are set by git
# for its hooks (GIT_DIR, GIT_INDEX_FILE, GIT_PREFIX) and would make a run in a hook read something else.
_KEPT_VARIABLES = ("GIT_CONFIG_", "GIT_EXEC_PATH", "GIT_CEILING_DIRECTORIES")

_SET_VARIABLES = {
    "GIT_ALLOW_PROTOCOL": "none",  # unlike protocol.allow, the repository's configuration cannot override it
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "",
    "SSH_ASKPASS": "",
    "LC_ALL": "C",
}

# Patterns are compiled on first use, as most runs need none of them.
_COMMIT = rb"[0-9a-f]{40}(?:[0-9a-f]{24})?"
_SCP_LIKE = r"(?:[^@/:]+@)?([\w.-]{2,}):(?!:|//)(.+)"


_SKIPPED = b"S"
"""How `git ls-files -t` marks what a sparse checkout leaves out."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What git knows of a work tree, with ``/``; a path may be gone, a link or a submodule."""

    files: list[str]
    """Sorted."""
    skipped: frozenset[str]
    """Tracked files that a sparse checkout leaves out."""
    notices: list[Notice]


class GitProblem(Exception):
    """git could not answer: ``message`` says why and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class RevisionError(GitProblem):
    """A revision that cannot be compared with: ``message`` says what to type instead."""


@lru_cache(maxsize=1)
def _program(search_path: str) -> str | None:
    """The git program, never from a relative ``PATH`` entry: that may lie in the repository under test."""
    import shutil

    folders = [folder for folder in search_path.split(os.pathsep) if Path(folder).is_absolute()]
    return shutil.which("git", path=os.pathsep.join(folders)) if folders else None


class Git:
    """The repository whose top level is ``root`` (as from ``find_root``)."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def command(self, *arguments: str) -> list[str]:
        """The full command line of a git command; raises ``GitProblem`` if git is not installed."""
        program = _program(os.environ.get("PATH", os.defpath))
        if program is None:
            raise GitProblem("git is not installed. Install it, or use commands that need no revision.")
        return [program, *_SAFE_OPTIONS, "-C", os.fspath(self.root), *arguments]

    def environment(self) -> dict[str, str]:
        """The environment of every git command."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("GIT_") or name.startswith(_KEPT_VARIABLES)
        }
        ceilings = [os.fspath(self.root.parent), kept.get("GIT_CEILING_DIRECTORIES", "")]
        # Naming the work tree overrides core.worktree; the ceiling keeps git from a repository further up.
        return {
            **kept,
            **_SET_VARIABLES,
            "GIT_WORK_TREE": os.fspath(self.root),
            "GIT_CEILING_DIRECTORIES": os.pathsep.join(filter(None, ceilings)),
        }

    def run(self, *arguments: str, index: Path | None = None) -> tuple[int, bytes, str]:
        """Exit code, output and error output of a command, perhaps with another ``index``; raises
        ``GitProblem`` if it gives no answer."""
        import subprocess

        self._refuse_odd_files()
        try:
            done = subprocess.run(
                self.command(*arguments),
                env={**self.environment(), **({} if index is None else {"GIT_INDEX_FILE": os.fspath(index)})},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=TIMEOUT,
                check=False,
            )
        except subprocess.TimeoutExpired:
            _HUNG.add(self.root)
            raise GitProblem(f"git {arguments[0]} gave no answer within {TIMEOUT:g} seconds.") from None
        except (OSError, ValueError) as error:
            raise GitProblem(f"git cannot be run: {error}.") from None
        return done.returncode, done.stdout, done.stderr.decode("utf-8", "replace").strip()

    def _refuse_odd_files(self) -> None:
        """Raises ``GitProblem`` where git would wait for ever."""
        if self.root in _HUNG:
            raise GitProblem(f"git gave no answer within {TIMEOUT:g} seconds before.")
        odd = odd_file(self.root)
        if odd is not None:
            raise GitProblem(f"'{odd}' is a pipe or a device, which git would wait for. Remove it.")

    def _answer(self, *arguments: str) -> bytes:
        code, output, errors = self.run(*arguments)
        if code != 0:
            raise GitProblem(self._explain(errors) or f"git {arguments[0]} failed: {_first_line(errors)}")
        return output

    def _explain(self, errors: str) -> str | None:
        if "dubious ownership" in errors or "unsafe repository" in errors:
            return (
                f"git does not trust {self.root}, which belongs to another user. "
                f"If you do, run: git config --global --add safe.directory '{self.root}'"
            )
        return None

    def files(self, below: Sequence[str] = (), *, untracked: bool = True) -> Listing:
        """Tracked files, and ``untracked`` ones that are not ignored, below the given paths.

        Raises ``GitProblem``.
        """
        others = ("--others", "--exclude-standard") if untracked else ()
        code, output, errors = self.run(
            *("ls-files", "-z", "-t", "--cached", *others, "--full-name", "--"), *below
        )
        if code != 0:
            raise GitProblem(self._explain(errors) or f"git ls-files failed: {_first_line(errors)}")
        rows = [(row[:1], os.fsdecode(row[2:])) for row in output.split(b"\0") if row]
        unread = [line for line in errors.splitlines() if "could not open directory" in line]
        return Listing(
            files=sorted({path for _, path in rows}),
            skipped=frozenset(path for tag, path in rows if tag == _SKIPPED),
            notices=[Notice("warning", f"git: {line.removeprefix('warning: ')}") for line in unread],
        )

    def resolve(self, revision: str) -> str:
        """The commit that a revision names; raises ``RevisionError``."""
        if not revision or revision.startswith(("-", "^")) or not revision.isprintable() or ".." in revision:
            raise RevisionError(f"{revision!r} is not a revision. Name a branch, a tag or a commit.")
        commit = self._commit(revision)
        return commit if commit is not None else self._fail_revision(revision)

    def _commit(self, revision: str) -> str | None:
        code, output, errors = self.run("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
        reason = self._explain(errors)
        if reason:
            raise RevisionError(reason)
        commit = output.strip()
        return commit.decode("ascii") if code == 0 and re.fullmatch(_COMMIT, commit) else None

    def _fail_revision(self, revision: str) -> str:
        """Raises the ``RevisionError`` that fits a revision which does not exist."""
        if self._commit("HEAD") is None:
            raise RevisionError("The repository has no commit yet. Commit first, or leave the revision out.")
        if self.is_shallow():
            raise RevisionError(
                f"Revision '{revision}' does not exist in this shallow clone. Fetch the history "
                f"(`git fetch --unshallow`; actions/checkout: `fetch-depth: 0`), "
                f"or compare with the parent: `--base HEAD^1` with `fetch-depth: 2`."
            )
        remote = f"origin/{revision}"
        hint = (
            f"Did you mean '{remote}'?"
            if self._commit(remote)
            else "`git branch -a` and `git tag` list those that do."
        )
        raise RevisionError(f"Revision '{revision}' does not exist. {hint}")

    def is_shallow(self) -> bool:
        """Whether the clone lacks some of the history; raises ``GitProblem``."""
        return self.run("rev-parse", "--is-shallow-repository")[1].strip() == b"true"

    def merge_base(self, revision: str) -> str:
        """The commit from which ``HEAD`` and the revision went apart; raises ``RevisionError``."""
        commit = self.resolve(revision)
        code, output, errors = self.run("merge-base", commit, "HEAD")
        base = output.split(b"\n")[0].strip()
        if code == 0 and re.fullmatch(_COMMIT, base):
            return base.decode("ascii")
        if self.is_shallow():
            raise RevisionError(
                f"This shallow clone has no common ancestor of '{revision}' and HEAD. Fetch the history "
                f"(`git fetch --unshallow`; actions/checkout: `fetch-depth: 0`), "
                f"or compare with the parent: `--base HEAD^1` with `fetch-depth: 2`."
            )
        if code == 1:
            raise RevisionError(
                f"'{revision}' and HEAD have no common ancestor. Name a revision of the same history."
            )
        raise RevisionError(f"git found no merge base of '{revision}' and HEAD: {_first_line(errors)}")

    def renames(self, base_commit: str, commit: str | None = None) -> dict[str, str]:
        """Paths that were renamed since a commit, new to old, in a later commit, else as far as they are in
        the index.

        The index, not the working tree, is compared: for the latter git would run content filters. Where
        git cannot compare contents (a partial clone), only unchanged files are found.
        """
        compared = ("diff-index", "--cached") if commit is None else ("diff-tree", "-r")
        for similarity in ("-M50%", "-M100%"):
            code, output, _ = self.run(
                *(*compared, "-z", "--diff-filter=R", similarity, "-l1000"),
                *("--no-ext-diff", "--no-textconv", "--ignore-submodules=all", base_commit),
                *([] if commit is None else [commit]),
                "--",
            )
            if code == 0:
                return _parse_renames(output)
        return {}

    def facts(self) -> Mapping[str, str]:
        """``commit``, ``branch`` and ``repository`` (an https URL without user or token) where known."""
        found: dict[str, str] = {}
        questions = {
            "commit": ("rev-parse", "--verify", "--quiet", "HEAD^{commit}"),
            "branch": ("symbolic-ref", "--quiet", "--short", "HEAD"),
            "repository": ("config", "--local", "--get", "remote.origin.url"),
        }
        for name, question in questions.items():
            try:
                code, output, _ = self.run(*question)
            except GitProblem:
                return found
            answer = output.decode("utf-8", "replace").strip()
            if name == "repository":
                answer = public_url(answer) or ""
            if code == 0 and answer:
                found[name] = answer
        return found


def _parse_renames(output: bytes) -> dict[str, str]:
    fields = [os.fsdecode(field) for field in output.split(b"\0")]
    return {fields[at + 2]: fields[at + 1] for at in range(0, len(fields) - 2, 3)}


def _first_line(errors: str) -> str:
    return errors.splitlines()[0].removeprefix("fatal: ") if errors else "no reason given"


def public_url(remote: str) -> str | None:
    """The https address of a remote, without user, password, token and query; ``None`` for a local path."""
    scp = re.fullmatch(_SCP_LIKE, remote)
    if scp:
        host, path, port = scp.group(1), scp.group(2), None
    else:
        try:
            parts = urlsplit(remote)
            host, path = parts.hostname or "", parts.path
            port = parts.port if parts.scheme in ("http", "https") else None
        except ValueError:
            return None
        if parts.scheme not in ("http", "https", "ssh", "git", "git+ssh", "git+https") or not host:
            return None
    if not re.fullmatch(r"[\w.-]+", host, re.ASCII):
        return None
    path = quote(path.strip("/").removesuffix(".git"), safe="/~@+%")
    return f"https://{host}{f':{port}' if port not in (None, 80, 443) else ''}/{path}" if path else None
