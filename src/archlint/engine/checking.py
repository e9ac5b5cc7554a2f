"""``archlint check`` and ``archlint breaking`` as functions: a request in, an outcome out."""

from __future__ import annotations

from collections.abc import Container, Iterator, MutableMapping, Sequence
from pathlib import Path
from typing import Any

from archlint.documents import load_text
from archlint.engine.choosing import Choice
from archlint.engine.comparable import nothing_compared
from archlint.engine.coverage import all_unread, read_paths
from archlint.engine.examining import Examined, examine, open_cache
from archlint.engine.parsing import Kept, Parse
from archlint.engine.reading import CONTRACTS, read_world
from archlint.engine.request import Outcome, Request, Side
from archlint.engine.running import Runner
from archlint.engine.settling import Settled, Terms, only_new, settle
from archlint.finding import Finding, Notice, Result, Severity, Unread
from archlint.finding.records import replace
from archlint.finding.regex import regex
from archlint.judging import resolve
from archlint.model.world import World

UNREADABLE = "LINT001"
"""The rule about files that cannot be read: what cannot be read cannot be compared."""
MALFORMED = "OAS001"
"""The rule about the form of a document: what stands where a schema belongs and is none is not compared."""
UNDECIDED = "OAS570"
"""The rule about schemas of which a comparison cannot tell what they mean now."""
UNRESOLVED = "OAS002"
"""The rule about references that lead nowhere: nothing stands there that could be compared."""

_KEYWORD = regex(r"(?<![A-Za-z$])([A-Za-z$]++): ")
"""A keyword and what stands there, as the reason of a verdict names it."""


def check(request: Request) -> Outcome:
    """Run the rules of a request and judge what they see."""
    runner = Runner(request.rules, request.settings.options, _promises(request))
    with open_cache(request) as cache:
        parse = load_text if cache is None else Kept(cache.parsed)
        if request.changes_only:
            seen = Examined(_contracts(request.revision, None if cache is None else cache.blobs, parse), ())
        else:
            seen = examine(request, request.revision, runner, cache)
        base = None if request.base is None else _contracts(request.base, seen.world.kept, parse)
        settled = _settled(request, seen, base, runner)
    choice = Choice(request.lies_below)
    result = Result(
        findings=choice.of(unique(settled.findings)),
        notices=(
            *request.notices,
            *seen.notices,
            *_uncompared_sides(request, base, seen.world),
            *settled.notices,
            *runner.failures,
        ),
        files=_count_files(request, seen.world),
        read=None if request.changes_only else sum(map(request.lies_below, read_paths(seen.world))),
        unread=() if request.changes_only else _unread(request, seen.world),
        suppressed=choice.of(unique(settled.suppressed)),
        base=request.base_commit,
        root=request.root,
        revision=request.facts,
    )
    failed = any(notice.level == "error" for notice in result.notices)
    uncompared = nothing_compared(base, seen.world) if base is not None and request.changes_only else None
    return Outcome(result, settled.baseline, failed, uncompared)


def _count_files(request: Request, world: World) -> int:
    """The files below the named paths; of a comparison only the contracts."""
    paths = world.paths(*CONTRACTS) if request.changes_only else request.revision.paths
    return sum(map(request.lies_below, paths))


def _unread(request: Request, world: World) -> tuple[Unread, ...]:
    """What lies below the named paths and was not read."""
    return tuple(item for item in all_unread(world, request.unread) if request.lies_below(item.path))


def _settled(request: Request, seen: Examined, base: World | None, runner: Runner) -> Settled:
    terms = Terms(
        registry=request.registry,
        settings=request.settings,
        today=request.today,
        root=Path(request.root),
        covers=request.covers,
        choice=Choice(request.lies_below),
        whole=request.whole and not request.changes_only,
        sees_all=request.sees_all and not request.changes_only,
        baseline=request.baseline,
        update=request.update_baseline,
        changes=None if request.base is None else runner,
        has_name=seen.contents.names_archlint if seen.contents else None,
    )
    found = told_once([*seen.findings, *_broken(request, base, seen.world, runner)])
    if request.changes_only:  # rules about suppressions look at whole files, and so have their say in check
        return settle(found, seen.world, Runner((), {}), terms)
    if request.base is None or not request.new_only:
        return settle(found, seen.world, runner, terms)
    # The base is judged with today's rules, in a run of its own, so that its failures are not this run's.
    base_runner = Runner(request.rules, request.settings.options, _promises(request))
    old = examine(request, request.base, base_runner)
    settled = settle(found, seen.world, runner, terms)
    return replace(settled, findings=only_new(settled.findings, old.findings, old.world, base_runner, terms))


def _contracts(side: Side, kept: MutableMapping[str, bytes] | None, parse: Parse) -> World:
    """The contracts of one side and nothing else."""
    return read_world(side.tree, side.paths, side.named, only=CONTRACTS, kept=kept, parse=parse)


def _uncompared_sides(request: Request, base: World | None, world: World) -> Iterator[Notice]:
    """That there was nothing to compare with; what cannot be read is told as a finding."""
    if base is None or not request.changes_only or base.problems:
        return
    if world.paths(*CONTRACTS) and not base.paths(*CONTRACTS):
        yield Notice("warning", "BASE holds no contract: nothing was compared")


def _broken(request: Request, base: World | None, world: World, runner: Runner) -> Iterator[Finding]:
    """What has changed since the base, and what could not be compared."""
    if base is None:
        return
    from archlint.comparison import ComparisonTerms, Failures, compare_worlds

    failures = Failures()
    terms = ComparisonTerms(request.renames, request.settings.breaking.stability, failures)
    if request.changes_only:
        yield from _uncompared(request, base, world, runner)
    changes = compare_worlds(base, world, terms)
    for at, notice in enumerate(failures.notices):
        runner.add_failure(f"comparison {at:05}", notice)
    kinds = [kind for kind in CONTRACTS if base.paths(kind) or world.paths(kind)]
    for item in runner.over_changes(changes, kinds):
        yield resolve(item, request.settings.severities)


def _uncompared(request: Request, base: World, world: World, runner: Runner) -> Iterator[Finding]:
    """Files of either side that cannot be read, references that lead nowhere, and what a revision has that is
    no contract in some part.

    Where both sides have the same, nothing became worse: then a reference is told, and no more.
    """
    yield from _found_by(UNREADABLE, request, base, runner)
    yield from _found_by(UNREADABLE, request, world, runner)
    for code, most in ((UNRESOLVED, Severity.ERROR), (MALFORMED, Severity.WARNING)):
        found = list(_found_by(code, request, world, runner))
        older = list(_found_by(code, request, base, runner)) if found or code == UNRESOLVED else []
        before, after = ({item.fingerprint for item in items} for items in (older, found))
        for item in found:
            if item.fingerprint not in before:
                yield replace(item, severity=min(item.severity, most))
            elif code == UNRESOLVED:
                yield replace(item, severity=Severity.INFO)
        if code == UNRESOLVED:
            # it is mended, which must fail nobody; only what it led to was not compared
            mended = (item for item in older if item.fingerprint not in after)
            yield from (replace(item, severity=min(item.severity, Severity.WARNING)) for item in mended)


def _found_by(code: str, request: Request, world: World, runner: Runner) -> Iterator[Finding]:
    """What one rule finds in the files of a world, if it is in force."""
    reading = Runner([rule for rule in request.rules if rule.code == code], request.settings.options)
    for item in reading.over_files(world):
        yield resolve(item, request.settings.severities)
    for failed, notice in reading.failures_by_rule().items():
        runner.add_failure(failed, notice)


def _promises(request: Request) -> dict[str, Any]:
    """What the rules that judge changes are told: the day, and how long a deprecation must last."""
    days = dict(request.settings.breaking.deprecation_days)
    return {"today": request.today.isoformat(), "deprecation-days": days}


def told_once(findings: Sequence[Finding]) -> list[Finding]:
    """The findings without those that a schema cannot be compared for what is told to be no schema at all."""
    malformed = {
        (finding.location.path, finding.location.pointer)
        for finding in findings
        if finding.code == MALFORMED and finding.location.pointer
    }
    return [finding for finding in findings if not _is_echo(finding, malformed)]


def _is_echo(finding: Finding, malformed: Container[tuple[str, str | None]]) -> bool:
    if finding.code != UNDECIDED or finding.message_id != "unknown":
        return False
    keys = _KEYWORD.findall(str(finding.arguments.get("reason", "")))
    at = finding.location
    return any((at.path, f"{at.pointer}/{key}") in malformed for key in keys)


def unique(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings in report order, each place, rule and message once, with all that led to it."""
    seen: dict[tuple[object, ...], Finding] = {}
    through: dict[tuple[object, ...], set[str]] = {}
    for finding in sorted(findings, key=Finding.sort_key):
        at = finding.location
        key = (finding.code, at.path, at.document, at.span, finding.message)
        seen.setdefault(key, finding)
        through.setdefault(key, set()).update(finding.through)
    return tuple(replace(finding, through=tuple(sorted(through[key]))) for key, finding in seen.items())
