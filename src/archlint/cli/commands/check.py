"""``archlint check``: what is wrong below some paths, and with ``--base`` what a change breaks."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from archlint.cache import cache_folder
from archlint.cli.delivery import deliver
from archlint.cli.exits import Exit, UsageProblem
from archlint.cli.flags import Flags
from archlint.cli.options import shared_options
from archlint.cli.session import open_session
from archlint.engine.checking import Request, Side, base_side, check
from archlint.files import FileSet, FileTree, Git, GitProblem, InputError, discover


@click.command("check")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--base", metavar="REV", help="Judge changes against the merge base of REV and HEAD.")
@click.option("--new-only", is_flag=True, help="With --base: only findings that the base does not have.")
@shared_options
def command(paths: tuple[str, ...], base: str | None, new_only: bool, **given: Any) -> Exit:
    """Check the contracts and manifests below PATHs (default: the current folder)."""
    flags = Flags(**given)
    if new_only and base is None:
        raise UsageProblem("--new-only compares with a base; add --base REV, such as --base origin/main")
    named = paths or (".",)
    session = open_session(named, flags)
    try:
        files = discover(named, root=session.root, cwd=Path.cwd(), exclude=session.settings.exclude)
        old, commit, renames = _base(files, base)
    except (InputError, GitProblem) as problem:
        raise UsageProblem(problem.message) from None
    request = Request(
        revision=Side(files.tree(), files.paths, files.named),
        root=str(session.root),
        registry=session.registry,
        rules=session.rules,
        settings=session.settings,
        today=flags.today or date.today(),
        base=old,
        base_commit=commit,
        renames=renames,
        new_only=new_only,
        jobs=flags.jobs,
        cache_folder=None if flags.no_cache else cache_folder(),
        notices=(*session.notices, *files.notices),
    )
    trees: dict[str | None, FileTree] = {None: request.revision.tree}
    if old is not None:
        trees["base"] = old.tree
    return deliver(check(request), flags, session.registry, trees)


def _base(files: FileSet, revision: str | None) -> tuple[Side | None, str | None, dict[str, str]]:
    if revision is None:
        return None, None, {}
    git = Git(files.root)
    commit = git.merge_base(revision)
    return base_side(git, files, commit), commit, git.renames(commit)
