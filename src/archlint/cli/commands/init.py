"""``archlint init``: files to begin with, never over what is there."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import click

from archlint.cli.exits import Exit, UsageProblem
from archlint.cli.output import tell
from archlint.config import ConfigurationError, locate, read_configuration
from archlint.config.ci_service import CiService, ci_service
from archlint.config.hooks import HookProblem, add_hook, has_entry
from archlint.config.starter import CONFIGURATION, GITLAB_INCLUDE, HOOK_ID, gitlab_job, hook_entry, workflow
from archlint.files import (
    FileProblem,
    Git,
    GitProblem,
    InputError,
    Kind,
    TextProblem,
    WorkingTree,
    decode,
    discover,
    find_root,
    path_kind,
)
from archlint.finding.records import dataclass
from archlint.origin.addresses import SourceProblem
from archlint.origin.installed import Installed, installed_source
from archlint.origin.metadata import own_metadata
from archlint.origin.sources import GitSource, InstallSource
from archlint.origin.specs import source_named

CONFIG, HOOKS, WORKFLOW = "archlint.yaml", ".pre-commit-config.yaml", ".github/workflows/archlint.yml"
GITLAB, GITLAB_JOB = ".gitlab-ci.yml", ".gitlab/archlint.yml"
_WROTE = ("created", "changed", "replaced")
_CEL = "cel-expr-python>=0.1.3,<1"
"""What rules in CEL need beside archlint."""
_HELM = "helm-python-sdk==0.2.2"
"""What renders charts."""


@click.command("init")
@click.argument("path", default=".", metavar="[PATH]")
@click.option("--force", is_flag=True, help="Replace archlint.yaml and the CI job if they exist.")
@click.option(
    "--source",
    metavar="SPEC",
    help="Where hook and workflow get archlint from: git+https://HOST/PATH@REV, the address of an archive, or"
    " archlint==VERSION; 'none' writes neither. By default what this archlint was installed from.",
)
@click.option("--rev", metavar="REV", help="Revision of a git repository that --source names without one.")
@click.option(
    "--ci",
    type=click.Choice([service.value for service in CiService]),
    help="Whose CI gets a job. By default that of the files that are there, else that of origin's host.",
)
def command(path: str, force: bool, source: str | None, rev: str | None, ci: str | None) -> Exit:
    """Write archlint.yaml, a pre-commit hook and a CI job into the repository that PATH lies in."""
    if not Path(path).is_dir():
        raise UsageProblem(f"'{path}' is no folder; name the folder of a repository")
    if rev is not None and source is None:
        raise UsageProblem("--rev is the revision of a repository that --source names; add --source")
    metadata = own_metadata()
    installed = installed_source(metadata)
    chosen = _named(source, rev, installed) if source is not None else installed.source
    start = _Start(find_root([Path(path)]), force)
    lines = [*start.configuration()]
    if chosen is not None:
        packages = start.packages()
        service = CiService(ci) if ci else ci_service(start.root, _remote(start.root))
        written = [*start.hook(chosen, packages), *start.job(chosen, packages, service)]
        lines += [*written, ""]
        if any(line.startswith(_WROTE) for line in written):
            lines += _about(chosen, installed, is_named=source is not None)
        return tell("\n".join([*lines, "Next: `archlint check`, and `pre-commit install` for the hook.", ""]))
    tell("\n".join([*lines, *(["", "Next: `archlint check`."] if source else []), ""]))
    if source is not None:
        return Exit.OK
    raise UsageProblem(_asking(installed))


def _named(spec: str, revision: str | None, installed: Installed) -> InstallSource | None:
    """The source that the user names; ``None`` for the word that means none."""
    if spec == "none":
        return None
    try:
        return source_named(spec, revision, installed.revision)
    except SourceProblem as problem:
        raise UsageProblem(f"--source: {problem}") from None


def _asking(installed: Installed) -> str:
    """What to type where nothing is known that others can install."""
    return (
        f"no hook and no workflow were written, as others could not install archlint: {installed.remark}. "
        "Name where they get it from, such as\n"
        f"  archlint init --source git+https://git.example.com/team/archlint.git@{installed.revision}\n"
        "or do without hook and workflow: archlint init --source none"
    )


def _about(source: InstallSource, installed: Installed, *, is_named: bool) -> Iterator[str]:
    """What hook and workflow install, and what archlint cannot know about it."""
    if not is_named and installed.remark:
        yield f"Others get archlint from its home, as {installed.remark}."
    yield f"What was written installs {source.requirement}"
    if source.is_local:
        yield "That is a folder or file: it works only on machines that have it at the same place."
    if isinstance(source, GitSource) and source.revision.startswith("v") and (is_named or installed.remark):
        yield f"Make sure that the revision exists: git ls-remote {source.url} {source.revision}"


def _instead(entry: str) -> str:
    """What to write for a hook that is there and installs something else."""
    return f", which installs something else; to change that, put this in its place:\n\n{entry}"


def _remote(root: Path) -> str:
    """The address of origin, of which only the host is looked at; empty if there is none."""
    try:
        code, output, _ = Git(root).run("config", "--get", "remote.origin.url")
    except GitProblem:
        return ""
    return output.decode("utf-8", "replace").strip() if code == 0 else ""


@dataclass(frozen=True, slots=True)
class _Start:
    """Writes files below a root and tells of each what it did."""

    root: Path
    force: bool

    def configuration(self) -> Iterator[str]:
        """The configuration, unless the repository has one in ``pyproject.toml``."""
        found = locate([self.root]).file
        if found is not None and found != self.root / CONFIG:
            yield f"kept     {os.path.relpath(found, self.root)}: it has a configuration already"
            return
        yield self._whole(CONFIG, CONFIGURATION)

    def packages(self) -> tuple[str, ...]:
        """What the repository needs beside archlint: for rules in CEL, and for charts."""
        return (*self._for_rules(), *((_HELM,) if self._has_charts() else ()))

    def _has_charts(self) -> bool:
        try:
            files = discover([str(self.root)], root=self.root, cwd=self.root)
        except (InputError, GitProblem):
            return False
        return any(path_kind(path) is Kind.CHART for path in files.paths)

    def _for_rules(self) -> tuple[str, ...]:
        """What the configuration needs; one that cannot be read is told by ``check``."""
        found = locate([self.root]).file
        try:
            folders = read_configuration(found, self.root).rule_folders if found is not None else ()
        except ConfigurationError:
            return ()
        return (_CEL,) if folders else ()

    def job(self, source: InstallSource, packages: Sequence[str], service: CiService) -> Iterator[str]:
        """The job of a CI service."""
        if service is CiService.GITHUB:
            yield self._whole(WORKFLOW, workflow(source, packages))
        elif service is CiService.GITLAB:
            yield self._whole(GITLAB_JOB, gitlab_job(source, packages))
            yield self._include()
        else:
            yield "no CI job; --ci github or --ci gitlab writes one"

    def _include(self) -> str:
        """GitLab reads one file; a job of its own file is included there."""
        if not os.path.lexists(self.root / GITLAB):
            self._write(GITLAB, GITLAB_INCLUDE)
            return f"created  {GITLAB}"
        with suppress(FileProblem, TextProblem):
            if GITLAB_JOB in decode(WorkingTree(self.root).read(GITLAB)):
                return f"kept     {GITLAB}: it includes the job already"
        return f"kept     {GITLAB}: it exists; add this to it:\n\n{GITLAB_INCLUDE}"

    def hook(self, source: InstallSource, packages: Sequence[str]) -> Iterator[str]:
        """The hook, added to what is there."""
        entry = hook_entry(source, packages)
        whole = "repos:\n" + "".join(f"  {line}" for line in entry.splitlines(keepends=True))
        if not os.path.lexists(self.root / HOOKS):
            self._write(HOOKS, whole)
            yield f"created  {HOOKS}"
            return
        try:
            text = decode(WorkingTree(self.root).read(HOOKS))
            made = add_hook(text, entry, HOOK_ID)
            is_same = made is None and has_entry(text, entry)
        except (HookProblem, FileProblem, TextProblem) as problem:
            reason = getattr(problem, "message", str(problem))
            yield f"kept     {HOOKS}: a hook cannot be added ({reason}); add this to its 'repos':\n\n{entry}"
            return
        if made is None:
            yield f"kept     {HOOKS}: it has the hook already{'' if is_same else _instead(entry)}"
            return
        self._write(HOOKS, made)
        yield f"changed  {HOOKS}: added the hook"

    def _whole(self, path: str, text: str) -> str:
        existed = os.path.lexists(self.root / path)
        if existed and not self.force:
            return f"kept     {path}: it exists (--force replaces it)"
        self._write(path, text)
        return f"{'replaced' if existed else 'created '} {path}"

    def _write(self, path: str, text: str) -> None:
        """Write a file, but not through a link that leads elsewhere; raises ``UsageProblem``."""
        target = self.root / path
        try:
            if target.is_symlink() or not target.parent.resolve().is_relative_to(self.root.resolve()):
                raise UsageProblem(f"{path} is a symbolic link or lies behind one; remove it first")
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("w", encoding="utf-8", newline="") as file:
                file.write(text)
        except OSError as error:
            raise UsageProblem(f"{path} cannot be written: {error.strerror or error}") from None
