"""``archlint breaking BASE REVISION``: what a contract breaks against an older one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import click

from archlint.cache import cache_folder
from archlint.cli.baselines import baseline_keeper, read_baseline
from archlint.cli.delivery import deliver
from archlint.cli.exits import Exit, UsageProblem
from archlint.cli.flags import Flags
from archlint.cli.images import image_side, pairs_by_name
from archlint.cli.options import shared_options
from archlint.cli.progress import progress
from archlint.cli.session import open_session
from archlint.cli.sides import GivenSide, given_side, repository_of, start_of
from archlint.engine.breaking import NothingCompared, breaking
from archlint.engine.request import Request
from archlint.files import Git, GitProblem, InputError
from archlint.finding.records import replace

_CHANGELOG = "changelog"
"""The tag of the rules that tell of compatible changes, which only this command runs without being told."""


@click.command("breaking")
@click.argument("base")
@click.argument("revision")
@shared_options
def command(base: str, revision: str, **given: Any) -> Exit:
    """Judge what REVISION breaks against BASE; each is a file, a folder, REV:PATH, or an image of proto
    files."""
    flags = Flags(**given)
    session = open_session([start_of(base, revision)], flags)
    try:
        images = image_side(base, "base"), image_side(revision, None)
        old = images[0] or given_side(base, session.root, "base", session.settings.exclude)
        new = images[1] or given_side(revision, session.root, None, session.settings.exclude)
    except (InputError, GitProblem) as problem:
        raise UsageProblem(problem.message) from None
    if old.is_file != new.is_file and not any(images):
        raise UsageProblem("BASE and REVISION must both be files or both be folders")
    request = Request(
        revision=new.side,
        root=str(session.root),
        registry=session.registry,
        rules=session.rules_with(_CHANGELOG),
        settings=session.settings,
        today=flags.today or date.today(),
        renames=_pairs(old, new, images),
        names_pairs=True,
        repository=lambda: repository_of(old, new, session),
        whole=False,
        sees_all=False,
        cache_folder=None if flags.no_cache else cache_folder(),
        baseline=read_baseline(session, flags),
        keep=baseline_keeper(session, flags),
        facts=Git(session.root).facts() if flags.wants_revision_facts else {},
        notices=(*session.notices, *old.notices, *new.notices),
        base_commit=old.commit,
        jobs=flags.jobs,
    )
    try:
        with progress(quiet=flags.quiet) as told:
            result = breaking(old.side, replace(request, progress=told))
    except NothingCompared as problem:
        raise UsageProblem(f"{problem} (BASE was '{base}', REVISION '{revision}'.)") from None
    trees = {None: new.side.tree, "base": old.side.tree}
    return deliver(result, flags, session.registry, trees, help_url=session.settings.help_url)


def _pairs(
    old: GivenSide, new: GivenSide, images: tuple[GivenSide | None, GivenSide | None]
) -> Mapping[str, str]:
    """Which old path each new path has: the two files, or the paths below the two folders that are alike; the
    names in an image are ends of paths."""
    if images[0] is not None:
        return pairs_by_name(old.side.paths, new.side.paths)
    if images[1] is not None:
        return {name: path for path, name in pairs_by_name(new.side.paths, old.side.paths).items()}
    if new.is_file:
        return dict(zip(new.side.paths, old.side.paths, strict=True))
    older = {_below(path, old.folder): path for path in old.side.paths}
    return {
        path: older[_below(path, new.folder)] for path in new.side.paths if _below(path, new.folder) in older
    }


def _below(path: str, folder: str) -> str:
    return path if folder == "." else path.removeprefix(folder + "/")
