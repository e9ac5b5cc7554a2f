"""Where the policy of a gate comes from: a file that a flag names, a revision, or the base, and never the
release that is judged.

What belongs to a policy (configuration, baseline, rules of the team, schemas) is copied from its revision to
a folder of its own, since the working tree has what the release makes of it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from posixpath import normpath
from tempfile import TemporaryDirectory

from archlint.cli.baselines import read_baseline
from archlint.cli.exits import UsageProblem
from archlint.cli.flags import Flags
from archlint.cli.session import Session, schema_folders, session_with
from archlint.config import ConfigurationError, Located, read_configuration
from archlint.config.gate import default_policy
from archlint.config.locating import FILE_NAME, PYPROJECT
from archlint.config.reading import has_table
from archlint.config.rulesets.files import files_of_ruleset
from archlint.config.rulesets.names import NAMES as RULESETS
from archlint.config.rulesets.names import REDOCLY, ignore_file_of
from archlint.engine.gate.safeguards import PolicyFiles
from archlint.files import FileProblem, Git, GitProblem, GitTree
from archlint.files.releases import refuse_ambiguous
from archlint.finding.records import dataclass, replace
from archlint.judging.baseline import DEFAULT_PATH, Baseline
from archlint.judging.release.policy import GatePolicy

_MOST_BYTES = 50_000_000
"""Bytes of all files of a policy together."""


@dataclass(frozen=True)
class PolicySource:
    """A policy as it is in force."""

    session: Session
    """Rules and settings of the policy, with the root of the release."""
    baseline: Baseline
    schemas: tuple[tuple[str, Path], ...]
    policy: GatePolicy
    name: str
    """Where it comes from, as people can find it."""
    files: PolicyFiles


@contextmanager
def open_policy(given: str | None, git: Git, base_commit: str, flags: Flags) -> Iterator[PolicySource]:
    """The policy that a flag names, else that of the base; raises ``UsageProblem``."""
    with TemporaryDirectory(prefix="archlint-policy-") as folder:
        place = Path(os.path.realpath(folder))
        if given is None:
            with _with_way_out(git, base_commit):
                located, name = _copied(git, base_commit, None, place)
                source = _source(located, name, git, flags)
            yield source
            return
        if ":" in given and not given.startswith((".", "/")):
            # whatever is called so here: who makes a release may add a file of this name
            revision, _, path = given.partition(":")
            refuse_ambiguous(git, revision)
            located, name = _copied(git, revision, normpath(path), place)
        else:
            file = Path(given)
            if not file.is_file():
                raise UsageProblem(f"--policy: '{given}' is no plain file; name one, or REV:PATH")
            located, name = Located(Path(os.path.realpath(file.parent)), file), given
        yield _source(located, name, git, flags)


@contextmanager
def _with_way_out(git: Git, base_commit: str) -> Iterator[None]:
    """What is wrong with the policy of the base, with how a change that mends it comes through its gate."""
    try:
        yield
    except UsageProblem as problem:
        with GitTree(git, base_commit) as tree:
            path = _nearest(tree, git.root) or FILE_NAME
        raise UsageProblem(
            f"{problem}\nThis is the policy of the base ({base_commit[:12]}), which judges each release until"
            " it is mended. Mend it in a change of its own, and name the mended one in that change's gate:"
            f" --policy HEAD:{path}, or --policy FILE"
        ) from None


def _own_file(located: Located, name: str, git: Git) -> tuple[str | None, bool]:
    """The policy's path below the root, if it is a file of the release itself, and whether its commit's."""
    if located.file is None:
        return None, False
    commit, _, path = name.partition(":")
    if path and git.resolve("HEAD").startswith(commit):
        return path, True
    place = Path(os.path.realpath(located.file))
    return (place.relative_to(git.root).as_posix() if place.is_relative_to(git.root) else None), False


def _source(located: Located, name: str, git: Git, flags: Flags) -> PolicySource:
    session = session_with(located, flags)
    settings = session.settings
    baseline = read_baseline(session, flags)
    others = {normpath(path): "a rule of the team" for path in settings.rule_folders}
    others |= {normpath(path): "a schema" for path in settings.schemas}
    others[settings.baseline or DEFAULT_PATH] = "the baseline"
    ruleset = settings.ruleset
    others |= dict.fromkeys(RULESETS if ruleset is None else ruleset.files, "a ruleset")
    of_redocly = REDOCLY if settings.redocly is None else settings.redocly.files
    others |= dict.fromkeys((*of_redocly, ignore_file_of(of_redocly[0])), "a ruleset")
    here = Path.cwd()
    folders = [here, *here.parents]
    names = [
        (folder / file).relative_to(git.root).as_posix()
        for folder in folders
        if folder.is_relative_to(git.root)
        for file in (FILE_NAME, PYPROJECT)
    ]
    return PolicySource(
        replace(session, root=git.root),
        baseline,
        schema_folders(session, flags),
        settings.gate or default_policy(),
        name,
        PolicyFiles((*names, *_named_in(name, names)), others, *_own_file(located, name, git)),
    )


def _copied(git: Git, revision: str, path: str | None, place: Path) -> tuple[Located, str]:
    """A configuration and what it names, copied out of a revision; raises ``UsageProblem``."""
    try:
        commit = git.resolve(revision)
        with GitTree(git, commit) as tree:
            found = path if path is not None else _nearest(tree, git.root)
            if found is None:
                _copy(tree, _ruleset_files(tree, None), place)
                return Located(place, None), f"archlint's defaults, as {commit[:12]} has no configuration"
            if found not in tree:
                raise UsageProblem(f"--policy: there is no file '{found}' at revision '{revision}'")
            _copy(tree, [found], place)
            located = Located(place, place / found)
            named = _named_by(located)
            _copy(tree, [each for each in tree.paths() if _lies_in(each, named)], place)
            _copy(tree, _ruleset_files(tree, read_configuration(place / found, place).ruleset), place)
    except GitProblem as problem:
        raise UsageProblem(problem.message) from None
    return located, f"{commit[:12]}:{found}"


def _ruleset_files(tree: GitTree, configured: str | None) -> list[str]:
    """The files of the ruleset that is in force: that of the configuration, else the one at the root."""
    of_spectral = (normpath(configured),) if configured else RULESETS
    sets = (of_spectral,) if configured else (of_spectral, REDOCLY)
    found: list[str] = []
    for names in sets:
        found += next((files_of_ruleset(name, tree.read) for name in names if name in tree), [])
    return found


def _nearest(tree: GitTree, root: Path) -> str | None:
    """The configuration above the working directory, as a run there would find it."""
    here = Path(os.path.realpath(Path.cwd()))
    for folder in (here, *here.parents):
        if not folder.is_relative_to(root):
            return None
        for name in (FILE_NAME, PYPROJECT):
            path = (PurePosixPath(folder.relative_to(root).as_posix()) / name).as_posix()
            if path in tree and (name == FILE_NAME or has_table(tree.read(path))):
                return path
            if path in tree.others():
                raise UsageProblem(f"'{path}' of {tree.commit[:12]} is a link; name the policy with --policy")
    return None


def _named_in(name: str, known: Sequence[str]) -> Iterator[str]:
    """The path in the name of a policy of a revision, if it is none of those that are looked for anyway."""
    path = name.partition(":")[2]
    if path and path not in known:
        yield path


def _named_by(located: Located) -> Sequence[str]:
    """The files and folders that a configuration names, relative to the root."""
    assert located.file is not None
    try:
        node = read_configuration(located.file, located.root).node
    except ConfigurationError as problem:
        raise UsageProblem(str(problem)) from None
    folders = (*node.get("rule-folders").elements(), *node.get("schemas").elements())
    return [
        normpath(item)
        for item in (node.get("baseline").text or DEFAULT_PATH, *(each.text or "" for each in folders))
    ]


def _lies_in(path: str, places: Sequence[str]) -> bool:
    return any(path == place or path.startswith(f"{place.rstrip('/')}/") for place in places)


def _copy(tree: GitTree, paths: Sequence[str], place: Path) -> None:
    room = _MOST_BYTES
    for path in paths:
        try:
            content = tree.read(path)
        except FileProblem as problem:
            raise UsageProblem(f"the policy's file '{path}' cannot be read: {problem.message}") from None
        room -= len(content)
        if room < 0:
            raise UsageProblem("the files that the policy names have more than 50 MB; name fewer")
        target = place / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
