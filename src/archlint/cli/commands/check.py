"""``archlint check``: what is wrong below some paths, and with ``--base`` what a change breaks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import click

from archlint.cache import cache_folder
from archlint.cli.baselines import baseline_keeper, read_baseline
from archlint.cli.delivery import deliver
from archlint.cli.exits import Exit, UsageProblem, leave
from archlint.cli.flags import Flags, refuse_misuse
from archlint.cli.options import HELM, ISOLATED, TRACKED, ProgramCommand, shared_options
from archlint.cli.progress import progress
from archlint.cli.session import Session, helm_program, open_session, schema_folders
from archlint.cli.sides import base_side, earlier_sides
from archlint.cli.standing import opened_from_parts
from archlint.cli.stdin import standard_input
from archlint.engine.checking import check_and_look
from archlint.engine.merging import RepositoryRun, merged, side_by_side
from archlint.engine.request import Request, Side
from archlint.files import (
    FileTree,
    Git,
    GitProblem,
    InputError,
    WorldReach,
    discover,
)
from archlint.files.root import by_repository, root_name
from archlint.files.tree import Overlay
from archlint.finding import Notice, Result
from archlint.finding.records import replace
from archlint.model.world import World
from archlint.registry import Registry


@click.command("check", cls=ProgramCommand)
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--base", metavar="REV", help="Judge changes against the merge base of REV and HEAD.")
@click.option("--new-only", is_flag=True, help="With --base: only findings that the base does not have.")
@click.option(
    "--kube-score",
    metavar="[=PATH]",
    help="Ask kube-score too: the one on PATH, or the program at a path of its own.",
)
@HELM
@TRACKED
@ISOLATED
@click.option(
    "--stdin-filename", metavar="NAME", help="With PATH -: standard input takes the place of this file."
)
@click.option(
    "--kubernetes-version",
    metavar="VERSION",
    help="The version of the clusters, such as 1.33; the newest that is known if it is left out.",
)
@click.option(
    "--schemas",
    multiple=True,
    metavar="DIR",
    help="Folder with schemas of custom resources: their definitions in YAML, or"
    " {group}/{kind}_{version}.json; repeatable.",
)
@click.option(
    "--ruleset",
    metavar="FILE",
    help="Ruleset of Spectral with rules of your own; without it that of the root.",
)
@click.option("--watch", is_flag=True, help="Check again whenever a file changes, until Ctrl-C.")
@click.option("--fix", is_flag=True, help="Fix what can be fixed safely, then check again.")
@click.option("--unsafe-fixes", is_flag=True, help="With --fix: also where it may change what is meant.")
@click.option("--diff", is_flag=True, help="Print what --fix would change, and change nothing.")
@shared_options
def command(
    paths: tuple[str, ...],
    base: str | None,
    new_only: bool,
    kube_score: str | None,
    watch: bool,
    **given: Any,
) -> Exit:
    """Check the contracts and manifests below PATHs (default: the current folder).

    PATHs choose what is reported; rules that hold files against each other see the whole repository."""
    flags = Flags(**given)
    if new_only and base is None:
        raise UsageProblem("--new-only compares with a base; add --base REV, such as --base origin/main")
    if "" in paths:
        raise UsageProblem("a PATH is empty; write '.' for the current folder")
    refuse_misuse(flags)
    given_text = standard_input(paths, flags.stdin_filename)
    wishes = _Wishes(base, new_only, kube_score, given_text)
    groups = by_repository([flags.stdin_filename] if flags.stdin_filename else paths or (".",), Path.cwd())
    if len(groups) > 1 and flags.baseline is not None:
        raise UsageProblem(
            "--baseline names one file, and the PATHs lie in several repositories; run each alone"
        )
    if watch:
        return _watch(groups, flags, wishes)
    runs = [_run(groups[0], flags, wishes), *(_run_beside(named, flags, wishes) for named in groups[1:])]
    leave(runs)
    parts = [
        RepositoryRun(root_name(Path(runs[at].result.root), named) if at else "", *runs[at][:2])
        for at, named in enumerate(groups)
    ]
    diff = None if runs[0].diff is None else "".join(run.diff or "" for run in runs)
    if len(parts) == 1:
        return _deliver(runs[0], flags, diff)
    together = runs[0]._replace(result=merged(parts), trees=side_by_side(parts))
    return _deliver(together, flags, diff, opened_from_parts(Path.cwd(), parts))


class _Wishes(NamedTuple):
    """The flags that only this command has."""

    base: str | None
    new_only: bool
    kube_score: str | None
    standard_input: bytes | None
    """The content of the file that the flag names."""


class _Run(NamedTuple):
    """What the run over one repository gave."""

    result: Result
    trees: dict[str | None, FileTree]
    registry: Registry
    help_url: str | None = None
    diff: str | None = None
    world: World | None = None
    """What was looked at, where that is known."""


def _watch(groups: Sequence[Sequence[str]], flags: Flags, wishes: _Wishes) -> Exit:
    """Check the repository that some paths lie in, again and again."""
    from archlint.cli.watching import Watched, looked_at, watch

    if len(groups) > 1:
        raise UsageProblem("--watch looks at one repository, and the PATHs lie in several; run each alone")
    if flags.fix or flags.diff or flags.update_baseline or wishes.standard_input is not None:
        raise UsageProblem(
            "--watch reports and changes nothing; leave out --fix, --diff, --update-baseline and '-'"
        )

    def prepared() -> Watched[tuple[Session, Request]]:
        session = open_session(groups[0], flags)
        request = _request(groups[0], session, flags, wishes)
        return Watched((session, request), *looked_at(session, request, flags))

    def act(work: tuple[Session, Request]) -> Exit:
        run = _perform(*work, flags)
        return _deliver(run, flags)

    return watch(prepared, act)


def _deliver(
    run: _Run, flags: Flags, diff: str | None = None, shown: Callable[[str], str] | None = None
) -> Exit:
    return deliver(
        run.result, flags, run.registry, run.trees, help_url=run.help_url, shown=shown, instead=diff
    )


def _run(named: Sequence[str], flags: Flags, wishes: _Wishes) -> _Run:
    """Check the repository that some paths lie in."""
    session = open_session(named, flags)
    return _perform(session, _request(named, session, flags, wishes), flags)


def _perform(session: Session, request: Request, flags: Flags) -> _Run:
    trees: dict[str | None, FileTree] = {None: request.revision.tree}
    if request.base is not None:
        trees["base"] = request.base.tree
    if flags.fix or flags.diff:
        from archlint.cli.fixes import check_and_mend

        result, diff = check_and_mend(request, flags)
        return _Run(result, trees, session.registry, session.settings.help_url, diff)
    with progress(quiet=flags.quiet) as told:
        result, world = check_and_look(replace(request, progress=told), lambda world: world)
    return _Run(result, trees, session.registry, session.settings.help_url, world=world)


def _run_beside(named: Sequence[str], flags: Flags, wishes: _Wishes) -> _Run:
    """As ``_run`` for another repository than that of the first path, in which nothing is fixed."""
    if not flags.fix or flags.diff:
        return _run(named, flags, wishes)
    run = _run(named, replace(flags, fix=False), wishes)
    result = run.result
    text = "the file is not fixed: it lies in another repository than the first PATH; run --fix there"
    fixable = {item.location.path for item in result.findings if item.fix is not None}
    notices = (*result.notices, *(Notice("warning", text, path) for path in sorted(fixable)))
    return run._replace(result=replace(result, notices=notices))


def _request(named: Sequence[str], session: Session, flags: Flags, wishes: _Wishes) -> Request:
    try:
        files = discover(
            named,
            root=session.root,
            cwd=Path.cwd(),
            exclude=session.settings.exclude,
            reach=WorldReach.PATHS if flags.isolated else WorldReach.ROOT,
            tracked=flags.tracked,
            supplied=() if wishes.standard_input is None else named,
        )
        old, commit, renames = base_side(files, wishes.base)
        earlier = earlier_sides(Git(files.root), commit, session.settings, files.belongs)
    except (InputError, GitProblem) as problem:
        raise UsageProblem(problem.message) from None
    tree: FileTree = files.tree()
    if wishes.standard_input is not None:
        tree = Overlay(tree, dict.fromkeys(files.named, wishes.standard_input))
    return Request(
        revision=Side(tree, files.paths, files.named),
        covers=files.covers,
        lies_below=files.scope.lies_below,
        whole=files.scope.is_whole,
        sees_all=files.scope.is_whole or files.reach is WorldReach.ROOT,
        unread=files.unread,
        root=str(session.root),
        registry=session.registry,
        rules=session.rules,
        on_request=session.rules_on_request,
        settings=session.settings,
        today=flags.today or date.today(),
        base=old,
        base_commit=commit,
        renames=renames,
        earlier=earlier,
        new_only=wishes.new_only,
        baseline=read_baseline(session, flags),
        keep=baseline_keeper(session, flags),
        kube_score=wishes.kube_score,
        helm=helm_program(flags),
        schema_folders=schema_folders(session, flags),
        facts=Git(files.root).facts() if flags.wants_revision_facts else {},
        jobs=flags.jobs,
        cache_folder=None if flags.no_cache else cache_folder(),
        notices=(*session.notices, *files.notices),
    )
