"""``archlint verify EVIDENCE...``: contracts held against recorded traffic."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from archlint.cache import cache_folder
from archlint.cli.baselines import baseline_keeper, read_baseline
from archlint.cli.delivery import deliver
from archlint.cli.exits import Exit, UsageProblem
from archlint.cli.flags import Flags
from archlint.cli.options import shared_options
from archlint.cli.output import write_report
from archlint.cli.progress import progress
from archlint.cli.session import Session, open_session
from archlint.cli.sides import base_side
from archlint.cli.standing import opened_from
from archlint.comparison.evidence.coverage import CoverageRow
from archlint.engine.evidence import read_evidence
from archlint.engine.request import Request, Side
from archlint.engine.verifying import NothingHeld, verify
from archlint.files import FileSet, Git, GitProblem, InputError, WorkingTree, WorldReach, discover
from archlint.finding.records import replace
from archlint.model.evidence.log_formats import FORMATS, LogFormat, log_format
from archlint.reports.coverage import coverage_json, coverage_markdown


@click.command("verify")
@click.argument("evidence", nargs=-1, required=True, metavar="EVIDENCE...")
@click.option(
    "--contract",
    "contracts",
    multiple=True,
    metavar="FILE|DIR",
    help="Contracts to hold it against (default: all of the repository); repeatable.",
)
@click.option("--show-values", is_flag=True, help="Show values of the evidence, which may be secrets.")
@click.option(
    "--base",
    metavar="REV",
    help="Tell which recorded requests, and which expectations of Pact files, changes since then break.",
)
@click.option(
    "--log-format",
    metavar="FORMAT",
    help=f"How access logs are written: {', '.join(FORMATS)}, or a format as nginx, Apache or Envoy have it"
    " in their configuration, in JSON too.",
)
@click.option(
    "--coverage",
    metavar="FILE",
    help="Write what the evidence shows of the contracts: a table, or data if the name ends in .json.",
)
@shared_options
def command(
    evidence: tuple[str, ...],
    contracts: tuple[str, ...],
    *,
    show_values: bool,
    base: str | None,
    log_format: str | None,
    coverage: str | None,
    **given: Any,
) -> Exit:
    """Hold contracts against EVIDENCE: recorded traffic (HAR files, access logs), written requests
    (collections of Postman and Bruno, .http files) and what consumers expect (Pact files): files or folders.

    Reports hold no values of the evidence, only their type and length, unless --show-values is given."""
    flags = Flags(**given)
    written = _log_format(log_format)
    session = open_session(list(contracts or ["."]), flags)
    told = _files(evidence, session, "EVIDENCE", ())
    chosen = _files(contracts or [str(session.root)], session, "--contract", session.settings.exclude)
    request = _request(session, chosen, base, flags)
    try:
        with progress(quiet=flags.quiet) as said:
            read = read_evidence(told.tree(), told.paths, told.named, written)
            asked = replace(request, progress=said)
            result = verify(asked, read, shows_values=show_values, cover=_writer(coverage, session))
    except NothingHeld as problem:
        raise UsageProblem(str(problem)) from None
    trees = {
        None: _without(chosen, told),
        "base": chosen.tree() if request.base is None else request.base.tree,
    }
    shown = opened_from(Path.cwd(), session.root, frozenset((*chosen.outside, *told.outside)))
    return deliver(result, flags, session.registry, trees, help_url=session.settings.help_url, shown=shown)


def _request(session: Session, chosen: FileSet, base: str | None, flags: Flags) -> Request:
    """What is asked of the contracts; raises ``UsageProblem``."""
    try:
        older, commit, renames = base_side(chosen, base)
    except GitProblem as problem:
        raise UsageProblem(problem.message) from None
    return Request(
        revision=Side(chosen.tree(), chosen.paths, chosen.named),
        root=str(session.root),
        registry=session.registry,
        rules=session.rules,
        settings=session.settings,
        today=flags.today or date.today(),
        whole=False,
        sees_all=False,
        base=older,
        base_commit=commit,
        renames=renames,
        cache_folder=None if flags.no_cache else cache_folder(),
        baseline=read_baseline(session, flags),
        keep=baseline_keeper(session, flags),
        facts=Git(session.root).facts() if flags.wants_revision_facts else {},
        notices=(*session.notices, *chosen.notices),
        unread=chosen.unread,
        jobs=flags.jobs,
    )


def _writer(path: str | None, session: Session) -> Callable[[Sequence[CoverageRow]], None] | None:
    """What writes the coverage to a file, if one is named."""
    if path is None:
        return None
    is_data = path.lower().endswith(".json")

    def write(rows: Sequence[CoverageRow]) -> None:
        text = coverage_json(rows) if is_data else coverage_markdown(rows)
        write_report(path, text, "json" if is_data else "markdown", session.root)

    return write


def _log_format(given: str | None) -> LogFormat | None:
    """How access logs are written, if a flag tells; raises ``UsageProblem``."""
    if given is None:
        return None
    found = log_format(given)
    if found is None:
        raise UsageProblem(
            f"--log-format '{given}' has no method, path or status, and is none of {', '.join(FORMATS)}."
            " Write it as the server's settings do, such as '$remote_addr \"$request\" $status' or, for lines"
            ' in JSON, \'{"method": "$request_method", "url": "$request_uri", "code": "$status"}\''
        )
    return found


def _files(given: Sequence[str], session: Session, flag: str, exclude: tuple[str, ...]) -> FileSet:
    for path in given:
        if not os.path.lexists(path):
            raise UsageProblem(f"{flag}: '{path}' does not exist")
    try:
        return discover(given, root=session.root, cwd=Path.cwd(), exclude=exclude, reach=WorldReach.PATHS)
    except (InputError, GitProblem) as problem:
        raise UsageProblem(problem.message) from None


def _without(contracts: FileSet, evidence: FileSet) -> WorkingTree:
    """The files that reports may quote: the contracts, and no evidence beside them."""
    hidden = frozenset(evidence.paths) - contracts.named
    outside = {name: path for name, path in contracts.outside.items() if name not in hidden}
    return WorkingTree(contracts.root, contracts.paths, outside=outside, absent=hidden)
