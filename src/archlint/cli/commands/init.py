"""``archlint init``: files to begin with, never over what is there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import click

from archlint.cli.exits import Exit, UsageProblem
from archlint.cli.output import tell
from archlint.config import locate
from archlint.config.hooks import HookProblem, add_hook
from archlint.config.starter import CONFIGURATION, HOOK_ID, hook_entry, workflow
from archlint.files import FileProblem, TextProblem, WorkingTree, decode, find_root
from archlint.finding.records import dataclass
from archlint.origin.addresses import SourceProblem
from archlint.origin.installed import Installed, installed_source
from archlint.origin.metadata import own_metadata
from archlint.origin.sources import GitSource, InstallSource
from archlint.origin.specs import source_named

CONFIG, HOOKS, WORKFLOW = "archlint.yaml", ".pre-commit-config.yaml", ".github/workflows/archlint.yml"


@click.command("init")
@click.argument("path", default=".", metavar="[PATH]")
@click.option("--force", is_flag=True, help="Replace archlint.yaml and the workflow if they exist.")
@click.option(
    "--source",
    metavar="SPEC",
    help="Where hook and workflow get archlint from: git+https://HOST/PATH@REV, the address of an archive, or"
    " archlint==VERSION; 'none' writes neither. By default what this archlint was installed from.",
)
@click.option("--rev", metavar="REV", help="Revision of a git repository that --source names without one.")
def command(path: str, force: bool, source: str | None, rev: str | None) -> Exit:
    """Write archlint.yaml, a pre-commit hook and a GitHub workflow into the repository that PATH lies in."""
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
        written = [*start.hook(chosen), *start.workflow(chosen)]
        lines += [*written, ""]
        if not all(line.startswith("kept") for line in written):
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
    elif isinstance(source, GitSource) and source.revision.startswith("v") and (is_named or installed.remark):
        yield f"Make sure that the revision exists: git ls-remote {source.url} {source.revision}"


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

    def workflow(self, source: InstallSource) -> Iterator[str]:
        """The workflow."""
        yield self._whole(WORKFLOW, workflow(source))

    def hook(self, source: InstallSource) -> Iterator[str]:
        """The hook, added to what is there."""
        entry = hook_entry(source)
        if not os.path.lexists(self.root / HOOKS):
            self._write(HOOKS, "repos:\n" + "".join(f"  {line}" for line in entry.splitlines(keepends=True)))
            yield f"created  {HOOKS}"
            return
        try:
            made = add_hook(decode(WorkingTree(self.root).read(HOOKS)), entry, HOOK_ID)
        except (HookProblem, FileProblem, TextProblem) as problem:
            reason = getattr(problem, "message", str(problem))
            yield f"kept     {HOOKS}: a hook cannot be added ({reason}); add this to its 'repos':\n\n{entry}"
            return
        if made is None:
            yield f"kept     {HOOKS}: it has the hook already"
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
