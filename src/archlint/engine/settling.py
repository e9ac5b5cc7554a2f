"""What becomes of findings: suppressed, known from a baseline, or reported."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from archlint.checks import Scope
from archlint.engine.choosing import belongs
from archlint.engine.request import Request
from archlint.engine.running import Runner
from archlint.files import Kind
from archlint.finding import Finding, Notice
from archlint.finding.records import dataclass, replace
from archlint.finding.words import quoted
from archlint.judging.baseline import (
    Baseline,
    Compared,
    RunCoverage,
    compare,
    new_only,
    stale_entries,
    updated,
)
from archlint.judging.candidates import RENDERED, candidates, holds, may_suppress
from archlint.model.judged import InvalidSuppression, StaleBaselineEntry, UnusedSuppression
from archlint.model.kubernetes.building.builds import builds
from archlint.model.world import World

if TYPE_CHECKING:
    from archlint.engine.examining import Examined
    from archlint.judging.suppressions import Suppressions

_BUILDING = frozenset((Kind.KUSTOMIZATION, Kind.KUSTOMIZE_PATCH, Kind.UNUSED_PATCH, Kind.DATA, Kind.OTHER))
_FOREIGN = "trivy:ignore:"
REPEATED_KEY = "LINT005"
"""The rule about keys that are set twice."""
KNOWN = "known from the baseline"
"""Why a finding does not count that the baseline has."""


@dataclass(frozen=True, slots=True)
class Settled:
    """Findings that count, and those that do not with the reason."""

    findings: tuple[Finding, ...]
    suppressed: tuple[Finding, ...]
    notices: tuple[Notice, ...] = ()


def settle(
    findings: Iterable[Finding],
    world: World,
    runner: Runner,
    request: Request,
    *,
    changes: Runner | None = None,
    has_name: Callable[[str], bool] | None = None,
) -> Settled:
    """Hold findings against the suppressions of files and configuration, then against the baseline.

    Suppressions without effect or use, and stale entries, add findings of their own, which may be suppressed
    in their turn. ``changes`` is what judged the changes since a base, if there is one; ``has_name`` tells
    whether a file holds archlint's name, where the cache knows that.
    """
    findings = _as_grave_as_there(findings, world, request)
    contents = _texts(world, findings, request, has_name)
    findings = _with_templates(findings, contents, world)
    contents = [each for each in contents if may_suppress(each[1])]
    suppressions = _suppressions_of(contents, world, request)
    findings, invalid = _by_foreign_comments(findings, contents, world, request)
    if suppressions:
        invalid = [*suppressions.invalid, *invalid]
    told = _apply(suppressions, [*findings, *runner.over_verdicts({InvalidSuppression: invalid})])
    if suppressions:
        told += _apply(suppressions, _unused(suppressions, runner, request))
    settled = _against_baseline(told, suppressions, runner, request)
    if suppressions and changes:
        return replace(settled, notices=tuple(_idle(suppressions, world, changes, request)))
    return settled


def _by_foreign_comments(
    findings: list[Finding], contents: Sequence[tuple[str, bytes]], world: World, request: Request
) -> tuple[list[Finding], list[InvalidSuppression]]:
    """The findings, held against comments for other programs, and what is wrong with these comments."""
    if request.trusts is not None or not any(holds(content, _FOREIGN) for _, content in contents):
        return findings, []
    from archlint.judging.foreign_comments import ForeignComments

    comments = ForeignComments(contents, world, request.today)
    return comments.apply(findings), comments.unknown


def _unused(suppressions: Suppressions, runner: Runner, request: Request) -> Iterable[Finding]:
    """Findings about suppressions that hid nothing."""
    unused = suppressions.unused(
        lambda code: runner.has_run(code, *_scopes(request)), whole=request.whole, looked_at=request.covers
    )
    return runner.over_verdicts({UnusedSuppression: unused})


def _against_baseline(
    findings: Sequence[Finding], suppressions: Suppressions | None, runner: Runner, request: Request
) -> Settled:
    """Findings held against the baseline, which is written anew if the request keeps one."""
    shown, hidden = _parted(findings)
    compared = _compared(shown, request)
    known = [replace(finding, suppressed=KNOWN) for finding in compared.known]
    coverage = RunCoverage(
        lambda code: runner.has_run(code, *_scopes(request), Scope.VERDICT),
        request.registry.by_code,
        request.covers,
    )
    if request.keep is not None:
        request.keep(_updated(shown, coverage, request))
        known += [replace(finding, suppressed=KNOWN) for finding in compared.new]
        return Settled((), (*hidden, *known))
    stale = stale_entries(request.baseline, compared.left, coverage)
    late, late_hidden = _parted(_apply(suppressions, runner.over_verdicts({StaleBaselineEntry: stale})))
    return Settled((*compared.new, *late), (*hidden, *late_hidden, *known))


def _scopes(request: Request) -> tuple[Scope, ...]:
    """How much a rule must have seen to be sure that it finds nothing more."""
    return (Scope.FILE, Scope.WORLD) if request.sees_all else (Scope.FILE,)


def _as_grave_as_there(findings: Iterable[Finding], world: World, request: Request) -> list[Finding]:
    """The findings, as grave as the ruleset wants them where they are."""
    local, ruleset, redocly = request.settings.local_levels, world.ruleset, world.redocly
    if local is None and ruleset is None and redocly is None:
        return list(findings)
    from archlint.judging.house_findings import HouseDemands
    from archlint.judging.local_severities import LevelOf, LevelThere, with_levels
    from archlint.judging.redocly_ignores import RedoclyIgnores
    from archlint.model.rulesets.judging import judged_paths
    from archlint.model.rulesets.merging import severity_of

    findings = list(findings)
    levels: list[LevelOf] = [HouseDemands(findings).there]
    if local is not None:
        levels.append(local.there)
    repeated = None if ruleset is None else ruleset.of_repeated_keys
    if redocly is not None:
        levels.append(RedoclyIgnores(redocly).there)
    if ruleset is not None and repeated is not None and REPEATED_KEY not in request.settings.severities:
        contracts = frozenset(judged_paths(world, ruleset))
        said = LevelThere(severity_of(repeated), f"off in 'parserOptions' of {ruleset.name}")
        levels.append(
            lambda each: said if each.code == REPEATED_KEY and each.location.path in contracts else None
        )
    return list(with_levels(findings, levels))


def _compared(findings: Sequence[Finding], request: Request) -> Compared:
    """Findings held against the baseline in the order of reports, which matters where there are entries."""
    entries = request.baseline.entries
    ordered = sorted(findings, key=Finding.sort_key) if entries else findings
    return compare(ordered, entries, request.has_file)


def _idle(suppressions: Suppressions, world: World, runner: Runner, request: Request) -> Iterator[Notice]:
    """Elements that entries about changes name, and at which nothing was suppressed: a slip of the pen, or a
    change that the base has by now."""
    paths = [path for path in world.kinds if request.covers(path)]
    for place, elements in suppressions.idle_elements(lambda code: runner.has_run(code, Scope.CHANGE), paths):
        names = ", ".join(quoted(elements))
        words = f"suppress: nothing was suppressed at {names} in what was compared (line {place.span().line})"
        yield Notice("warning", words, place.source.path)


def _updated(findings: Iterable[Finding], coverage: RunCoverage, request: Request) -> Baseline:
    """The baseline with the chosen findings; entries that stand for others stay as they are."""
    chosen: list[Finding] = []
    others: list[Finding] = []
    for finding in sorted(findings, key=Finding.sort_key):
        (chosen if belongs(finding, request.lies_below) else others).append(finding)
    left = compare(chosen, request.baseline.entries, request.has_file).left
    stale = compare(others, left, request.has_file).left
    return updated(request.baseline, chosen, left, stale, coverage)


def _texts(
    world: World, findings: Iterable[Finding], request: Request, has_name: Callable[[str], bool] | None
) -> list[tuple[str, bytes]]:
    """The files that may hold suppressions for some findings, or such that are judged themselves.

    A file that nobody read for its documents, asked to be judged or found anything in needs no look.
    """
    places = {place.path for finding in findings for place in (finding.location, *finding.related)}
    kinds = {
        path: kind
        for path, kind in world.kinds.items()
        if path in places
        or (kind is not Kind.CHART_TEMPLATE and (request.covers(path) or world.count_documents(path)))
    }
    return list(candidates(world.tree, kinds, has_name))


def _suppressions_of(
    contents: Sequence[tuple[str, bytes]], world: World, request: Request
) -> Suppressions | None:
    """All suppressions of some files and of the configuration; ``None`` if there are none."""
    if not contents and not request.settings.suppress:
        return None
    from archlint.judging.marks import marks_of_built, read_marks
    from archlint.judging.suppressions import Suppressions

    marks = read_marks(contents, world.documents())
    if any(world.kinds.get(path) in _BUILDING and _annotates(content) for path, content in contents):
        marks += marks_of_built(world.fact(builds).documents, marks)
    if request.trusts is not None:
        marks = [mark for mark in marks if request.trusts(mark)]
    return Suppressions(
        marks,
        request.settings.suppress,
        request.registry,
        request.today,
        world=world,
        revision=world.tree.revision,
    )


def _with_templates(
    findings: list[Finding], contents: Iterable[tuple[str, bytes]], world: World
) -> list[Finding]:
    """The findings; those in files that say what they were rendered from with the template."""
    rendered = [
        (path, content)
        for path, content in contents
        if world.kinds.get(path) is Kind.KUBERNETES and holds(content, RENDERED)
    ]
    if not rendered:
        return findings
    from archlint.judging.rendered_files import with_templates

    return with_templates(findings, rendered, world)


def _annotates(content: bytes) -> bool:
    """Whether a file may give an annotation with suppressions to what it builds."""
    return holds(content, "archlint/ignore") or holds(content, "archlint~1ignore")


def _apply(suppressions: Suppressions | None, findings: Iterable[Finding]) -> list[Finding]:
    """The findings, those that are suppressed with the reason."""
    if suppressions is None:
        return list(findings)
    kept, suppressed = suppressions.apply(findings)
    return [*kept, *suppressed]


def _parted(findings: Iterable[Finding]) -> tuple[list[Finding], list[Finding]]:
    """The findings that count, and those that are suppressed."""
    shown: list[Finding] = []
    hidden: list[Finding] = []
    for finding in findings:
        (shown if finding.suppressed is None else hidden).append(finding)
    return shown, hidden


def only_new(
    findings: Iterable[Finding], base: Examined, runner: Runner, request: Request
) -> tuple[Finding, ...]:
    """The findings that the base does not have, settled alike; ``runner`` is that of the base.

    What is suppressed in the base counts as not had, so taking a suppression away brings its finding.
    """
    had = settle(base.findings, base.world, runner, replace(request, keep=None)).findings
    return new_only(sorted(findings, key=Finding.sort_key), had, request.has_file).new
