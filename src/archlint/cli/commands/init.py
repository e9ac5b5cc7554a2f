"""``archlint init``: files to begin with, never over what is there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import click

from archlint import __version__
from archlint.cli.exits import Exit, UsageProblem
from archlint.cli.telling import tell
from archlint.config.hooks import HookProblem, add_hook
from archlint.config.starter import CONFIGURATION, HOOK_ID, Origin, hook_entry, own_origin, workflow
from archlint.files import FileProblem, TextProblem, WorkingTree, decode, find_root
from archlint.finding.records import dataclass

CONFIG, HOOKS, WORKFLOW = "archlint.yaml", ".pre-commit-config.yaml", ".github/workflows/archlint.yml"


@click.command("init")
@click.argument("path", default=".", metavar="[PATH]")
@click.option("--force", is_flag=True, help="Replace archlint.yaml and the workflow if they exist.")
@click.option(
    "--source", metavar="URL", help="Git repository that the hook and the workflow get archlint from."
)
@click.option(
    "--rev", metavar="REV", default=f"v{__version__}", show_default=True, help="Revision of --source."
)
def command(path: str, force: bool, source: str | None, rev: str) -> Exit:
    """Write archlint.yaml, a pre-commit hook and a GitHub workflow into the repository that PATH lies in."""
    if not Path(path).is_dir():
        raise UsageProblem(f"'{path}' is no folder; name the folder of a repository")
    for text in (source or "", rev):
        if not text.isprintable() or any(sign in text for sign in " \"'#{}"):
            raise UsageProblem(
                f"'{text}' cannot be written into the hook and the workflow; name a plain URL and revision"
            )
    origin = Origin(source, rev) if source else own_origin()
    start = _Start(find_root([Path(path)]), force)
    lines = [*start.configuration(), *start.hook(origin), *start.workflow(origin)]
    after = ["Next: `archlint check`, and `pre-commit install` for the hook."]
    if origin.url is None:
        after.append(
            "The hook runs the archlint of this machine, the workflow installs "
            f"{origin.requirement} from the package index; --source URL names a git repository instead."
        )
    return tell("\n".join([*lines, "", *after, ""]))


@dataclass(frozen=True, slots=True)
class _Start:
    """Writes files below a root and tells of each what it did."""

    root: Path
    force: bool

    def configuration(self) -> Iterator[str]:
        """The configuration, unless the repository has one in ``pyproject.toml``."""
        from archlint.config import locate

        found = locate([self.root]).file
        if found is not None and found != self.root / CONFIG:
            yield f"kept     {os.path.relpath(found, self.root)}: it has a configuration already"
            return
        yield self._whole(CONFIG, CONFIGURATION)

    def workflow(self, origin: Origin) -> Iterator[str]:
        """The workflow."""
        yield self._whole(WORKFLOW, workflow(origin))

    def hook(self, origin: Origin) -> Iterator[str]:
        """The hook, added to what is there."""
        entry = hook_entry(origin)
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
