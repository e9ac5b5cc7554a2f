"""``archlint check``: what is wrong below some paths, and with ``--base`` what a change breaks."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from archlint.cache import cache_folder
from archlint.cli.baselines import keep_baseline, read_baseline
from archlint.cli.delivery import deliver
from archlint.cli.exits import Exit, UsageProblem
from archlint.cli.flags import Flags, refuse_misuse
from archlint.cli.options import shared_options
from archlint.cli.session import open_session
from archlint.engine.checking import check
from archlint.engine.request import Request, Side
from archlint.files import FileSet, FileTree, Git, GitProblem, InputError, Reach, discover, git_top

_KUBE_SCORE = "--kube-score"


class _Command(click.Command):
    """A command whose ``--kube-score`` takes a value only after ``=``: no PATH is taken for a program."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does, with the program's plain name where none is given."""
        end = args.index("--") if "--" in args else len(args)
        options = [f"{_KUBE_SCORE}=kube-score" if arg == _KUBE_SCORE else arg for arg in args[:end]]
        return super().parse_args(ctx, options + args[end:])


@click.command("check", cls=_Command)
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--base", metavar="REV", help="Judge changes against the merge base of REV and HEAD.")
@click.option("--new-only", is_flag=True, help="With --base: only findings that the base does not have.")
@click.option(
    _KUBE_SCORE,
    metavar="[=PATH]",
    help="Ask kube-score too: the one on PATH, or the program at a path of its own.",
)
@click.option("--tracked", is_flag=True, help="Read only what git tracks, as it is on disk.")
@click.option(
    "--isolated",
    is_flag=True,
    help="Take the PATHs for all there is; read nothing else.",
)
@click.option("--fix", is_flag=True, help="Mend what can be mended safely, then check again.")
@click.option("--unsafe-fixes", is_flag=True, help="With --fix: also where it may change what is meant.")
@click.option("--diff", is_flag=True, help="Print what --fix would change, and change nothing.")
@shared_options
def command(
    paths: tuple[str, ...], base: str | None, new_only: bool, kube_score: str | None, **given: Any
) -> Exit:
    """Check the contracts and manifests below PATHs (default: the current folder).

    PATHs choose what is reported; rules that hold files against each other see the whole repository."""
    flags = Flags(**given)
    if new_only and base is None:
        raise UsageProblem("--new-only compares with a base; add --base REV, such as --base origin/main")
    if "" in paths:
        raise UsageProblem("a PATH is empty; write '.' for the current folder")
    named = paths or (".",)
    refuse_misuse(flags)
    session = open_session(named, flags)
    try:
        files = discover(
            named,
            root=session.root,
            cwd=Path.cwd(),
            exclude=session.settings.exclude,
            reach=Reach.PATHS if flags.isolated else Reach.ROOT,
            tracked=flags.tracked,
        )
        old, commit, renames = _base(files, base)
    except (InputError, GitProblem) as problem:
        raise UsageProblem(problem.message) from None
    request = Request(
        revision=Side(files.tree(), files.paths, files.named),
        covers=files.covers,
        lies_below=files.scope.lies_below,
        whole=files.scope.is_whole,
        sees_all=files.scope.is_whole or files.reach is Reach.ROOT,
        unread=files.unread,
        root=str(session.root),
        registry=session.registry,
        rules=session.rules,
        settings=session.settings,
        today=flags.today or date.today(),
        base=old,
        base_commit=commit,
        renames=renames,
        new_only=new_only,
        baseline=read_baseline(session, flags),
        update_baseline=flags.update_baseline,
        kube_score=kube_score,
        facts=Git(files.root).facts() if flags.wants_revision_facts else {},
        jobs=flags.jobs,
        cache_folder=None if flags.no_cache else cache_folder(),
        notices=(*session.notices, *files.notices),
    )
    trees: dict[str | None, FileTree] = {None: request.revision.tree}
    if old is not None:
        trees["base"] = old.tree
    if flags.fix or flags.diff:
        from archlint.cli.fixes import check_and_mend

        outcome, diff = check_and_mend(request, flags)
        return deliver(outcome, flags, session.registry, trees, instead=diff)
    outcome = check(request)
    if flags.update_baseline:
        keep_baseline(session, outcome.baseline)
    return deliver(outcome, flags, session.registry, trees)


def _base(files: FileSet, revision: str | None) -> tuple[Side | None, str | None, dict[str, str]]:
    if revision is None:
        return None, None, {}
    if git_top(files.root) is None:
        raise UsageProblem(f"'{files.root}' lies in no git repository; --base needs one")
    git = Git(files.root)
    commit = git.merge_base(revision)
    tree, renames = git.tree(commit), git.renames(commit)
    moved_in = {old for new, old in renames.items() if files.belongs(new)}
    moved_out = {old for new, old in renames.items() if not files.belongs(new)}
    belonging = {path for path in tree.paths() if files.belongs(path)}
    paths = tuple(sorted((belonging - moved_out) | moved_in))
    return Side(tree, paths, files.named), commit, renames
